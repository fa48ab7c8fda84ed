//! What phones are told: the verdict once and for ever, the person and the counters fresh.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::allowed::Caller,
    catalogue::attendance::ParticipantRole,
    checkins::{
        model::{AnnulmentState, FirstCheckIn, Reason, Target, Verdict, message},
        rules::outcome::ScanOutcome,
        store::read,
    },
    events::store::gates::{self, Gate},
    participants::{self, model::Participant, rules::sees_whole},
    platform::{
        db::Conn,
        fault::Fault,
        http::render::Language,
        ids::{EventId, ParticipantId, ScanId, UserId},
        names::masked_name,
        time::{Day, Instant},
    },
    registrations,
};

/// The answer to one scan, or to one item of a batch.
#[derive(Clone, Serialize, ToSchema)]
pub struct CheckInOut {
    /// Null only for an item whose id cannot be read.
    pub scan_id: Option<ScanId>,
    /// What the phone is told, the same for ever; null for an annulment whose scan has not
    /// come yet.
    pub verdict: Option<Verdict>,
    /// Why it is not `admitted`.
    pub reason: Option<Reason>,
    /// For the person at the door, in the language asked for.
    pub message: String,
    /// Whether the phone may drop it. `false`: nothing was stored, send it again.
    pub terminal: bool,
    /// Whether this scan had been answered before.
    pub replayed: bool,
    /// What became of an annulment; null for a scan.
    pub annulment: Option<AnnulmentState>,
    /// Whom the scan names, as the caller may see them.
    pub participant: Option<PersonOut>,
    /// The scan that held the place when this one was first answered.
    pub first_check_in: Option<FirstCheckIn>,
    /// When it counts as made; null while the phone's time is not plausible.
    pub effective_at: Option<Instant>,
    pub server_time: Instant,
    /// Of the event now; of the booth's day where it has no event.
    pub counters: Option<CountersOut>,
}

/// Someone at the door.
#[derive(Clone, Serialize, ToSchema)]
pub struct PersonOut {
    pub id: ParticipantId,
    /// The whole name for the person's campus and its coordinator, and for lead and team of
    /// the event while it has not closed: of those on its list, and of whoever shows a pass
    /// and may come in. `王**` for others, `已注销` for someone who was erased.
    pub display_name: String,
    pub role: ParticipantRole,
}

/// How full it is.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub struct CountersOut {
    /// People registered.
    pub expected: i64,
    /// Different people let in so far.
    #[serde(rename = "in")]
    pub inside: i64,
    /// How many more than the capacity are in; 0 without a capacity.
    pub over_capacity: i64,
}

/// An answer before it is dressed for the caller.
#[derive(Clone)]
pub enum Told {
    Scan(Target, ScanOutcome),
    /// The first answer of its scan, where that has come.
    Annulment(ScanId, AnnulmentState, Option<ScanOutcome>),
    /// Something that names no scan to be stored.
    Nothing(Option<ScanId>, Reason),
}

/// People, gates and counters as of now, for a set of answers.
#[derive(Default)]
pub struct Surroundings {
    people: BTreeMap<ParticipantId, Participant>,
    gates: BTreeMap<EventId, Gate>,
    /// Who is on the list of an event, where it was asked.
    listed: BTreeSet<(EventId, ParticipantId)>,
    inside: BTreeMap<EventId, i64>,
    booths: BTreeMap<(crate::platform::ids::BoothId, Day), i64>,
    today: Option<Day>,
}

impl Surroundings {
    pub fn of(conn: &mut Conn, told: &[Told], today: Day) -> Result<Self, Fault> {
        let (mut people, mut events) = (BTreeSet::new(), BTreeSet::new());
        let mut booths = BTreeSet::new();
        for (target, outcome) in told.iter().filter_map(Told::scan) {
            people.extend(outcome.participant);
            match (outcome.event, target) {
                (Some(event), _) | (None, Some(Target::Event(event))) => {
                    events.insert(event);
                }
                (None, Some(Target::Booth(booth))) => {
                    booths.insert((booth, outcome.effective_at.map_or(today, Instant::day)));
                }
                (None, None) => {}
            }
        }
        let asked = told.iter().filter_map(Told::scan);
        let asked = asked.filter_map(|(_, outcome)| asks_the_list(outcome));
        let (of, whom): (BTreeSet<_>, BTreeSet<_>) = asked.unzip();
        let people: Vec<ParticipantId> = people.into_iter().collect();
        let events: Vec<EventId> = events.into_iter().collect();
        let people = participants::store::by_ids(conn, &people)?;
        Ok(Self {
            people: people.into_iter().map(|person| (person.id, person)).collect(),
            gates: gates::of_events(conn, &events)?,
            listed: registrations::store::on_lists(conn, &of, &whom)?,
            inside: read::people_in(conn, &events)?,
            booths: read::people_at(conn, &booths)?,
            today: Some(today),
        })
    }

    fn person(&self, who: &Caller, outcome: &ScanOutcome) -> Option<PersonOut> {
        let person = self.people.get(&outcome.participant?)?;
        let whole = self.receives(who.user, outcome)
            || sees_whole(who.role, &who.scope, person.campus_id, person.city);
        let display_name = match &person.person {
            Some(known) if whole => known.name.clone(),
            Some(known) => masked_name(&known.name),
            None => "已注销".to_owned(),
        };
        Some(PersonOut { id: person.id, display_name, role: person.role })
    }

    /// Whether the user works on the event and the person comes to it: is on its list, or
    /// stands at the door with a pass and may come in. An id alone makes nobody known, else
    /// whoever leads some event could learn the name behind any id.
    fn receives(&self, user: UserId, outcome: &ScanOutcome) -> bool {
        let gate = outcome.event.and_then(|event| self.gates.get(&event));
        let works = gate.is_some_and(|gate| gate.gives_rights_to(user));
        let comes = match asks_the_list(outcome) {
            Some(key) => self.listed.contains(&key),
            None => outcome.shown && outcome.is_welcome(),
        };
        works && comes
    }

    /// None of a place that does not exist for the caller.
    fn counters(&self, target: Option<Target>, outcome: &ScanOutcome) -> Option<CountersOut> {
        if outcome.reason == Some(Reason::UnknownEvent) {
            return None;
        }
        let event = match (outcome.event, target) {
            (Some(event), _) | (None, Some(Target::Event(event))) => event,
            (None, Some(Target::Booth(booth))) => {
                let day = outcome.effective_at.map(Instant::day).or(self.today)?;
                let inside = self.booths.get(&(booth, day)).copied().unwrap_or(0);
                return Some(CountersOut { expected: 0, inside, over_capacity: 0 });
            }
            (None, None) => return None,
        };
        let gate = self.gates.get(&event)?;
        let inside = self.inside.get(&event).copied().unwrap_or(0);
        let (expected, over_capacity) = (gate.registered, gate.over(inside));
        Some(CountersOut { expected, inside, over_capacity })
    }
}

/// Whose place on which list tells whether the event's people know them; `None` where what
/// they showed tells it.
fn asks_the_list(outcome: &ScanOutcome) -> Option<(EventId, ParticipantId)> {
    let key = (outcome.event?, outcome.participant?);
    (!outcome.shown || !outcome.is_welcome()).then_some(key)
}

impl Told {
    /// The answer of a scan, and where it was made if that is known.
    fn scan(&self) -> Option<(Option<Target>, &ScanOutcome)> {
        match self {
            Self::Scan(target, outcome) => Some((Some(*target), outcome)),
            Self::Annulment(_, _, Some(outcome)) => Some((None, outcome)),
            Self::Annulment(_, _, None) | Self::Nothing(..) => None,
        }
    }

    /// As the caller gets it.
    pub fn dress(
        &self,
        who: &Caller,
        around: &Surroundings,
        language: Language,
        server_time: Instant,
    ) -> CheckInOut {
        let mut out = CheckInOut {
            scan_id: None,
            verdict: Some(Verdict::Denied),
            reason: None,
            message: String::new(),
            terminal: true,
            replayed: false,
            annulment: None,
            participant: None,
            first_check_in: None,
            effective_at: None,
            server_time,
            counters: None,
        };
        if let Some((target, outcome)) = self.scan() {
            out.scan_id = Some(outcome.scan_id);
            out.verdict = Some(outcome.verdict);
            out.reason = outcome.reason;
            out.terminal = outcome.terminal;
            out.replayed = outcome.replayed;
            out.participant = around.person(who, outcome);
            out.first_check_in = outcome.first;
            out.effective_at = outcome.effective_at;
            out.counters = around.counters(target, outcome);
        }
        match self {
            Self::Annulment(id, state, known) => {
                (out.scan_id, out.annulment) = (Some(*id), Some(*state));
                if known.is_none() {
                    out.verdict = None;
                }
            }
            Self::Nothing(id, reason) => {
                (out.scan_id, out.reason) = (*id, Some(*reason));
                out.terminal = reason.terminal();
            }
            Self::Scan(..) => {}
        }
        let words = match out.annulment {
            Some(state) => said(state),
            None => message(out.reason),
        };
        out.message = language.pick(&words.zh, &words.en).to_owned();
        out
    }
}

fn said(state: AnnulmentState) -> crate::platform::fault::Words {
    let (zh, en) = match state {
        AnnulmentState::Waiting => ("等待对应的扫码上传", "Kept until its scan arrives"),
        AnnulmentState::Done => ("该次扫码已撤销", "This scan is annulled"),
        AnnulmentState::Refused => (
            "不能撤销：须由扫码人在原设备上于 15 分钟内，或由负责人、协调人撤销",
            "Not annulled: its maker may within 15 minutes, later lead or coordinator",
        ),
    };
    crate::platform::fault::Words::new(zh, en)
}
