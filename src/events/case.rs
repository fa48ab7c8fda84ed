//! An event with all that its steps are judged by, and the writing of a step.

use std::collections::BTreeSet;

use super::{
    event::{Event, Told},
    model::{EventAction, EventState, FormatNeeds, HistoryAction, Slot},
    rules::{
        content::Content,
        duties::Signatures,
        findings::{CalendarMark, Facts, Stage, findings},
        permit::{self, AllowedAction, Circumstances, Denial},
        timing::may_start_from,
    },
    store,
};
use crate::{
    accounts::{Role, Scope, allowed::Caller, store::staff},
    campuses::{
        self, DayType, Days,
        rules::touching,
        store::{calendar, venues},
    },
    catalogue::{Activity, Format, Season, store as catalogue},
    platform::{
        db::{Audit, Conn, Tx},
        fault::{Fault, Refuse as _, Words},
        http::version::stale,
        ids::{EventId, UserId},
        time::{Day, Instant},
    },
};

/// How far from its time free slots are looked for.
const NEARBY_DAYS: i64 = 7;

/// An event and its surroundings, of one moment.
#[derive(Clone, Debug)]
pub struct Case {
    pub event: Event,
    pub signed: Signatures,
    pub season: Season,
    pub activity: Activity,
    pub format: Format,
    pub media: BTreeSet<String>,
    /// Whether the campus has an active liaison.
    pub has_liaison: bool,
}

impl Case {
    pub fn open(conn: &mut Conn, event: Event) -> Result<Self, Fault> {
        let content = &event.content;
        let season = catalogue::find_season(conn, &content.season)?;
        let activity = catalogue::find_activity(conn, &content.season, &content.activity)?;
        let format = catalogue::find_format(conn, &content.season, &content.format)?;
        let (Some(season), Some(activity), Some(format)) = (season, activity, format) else {
            return Err(Fault::bug("an event whose catalogue entries are gone"));
        };
        let media = catalogue::media_of(conn, &[&content.season])?;
        let has_liaison = staff::has_active(conn, content.campus_id, Role::Liaison)?;
        let signed = store::signatures(conn, &event)?;
        let media = media.into_iter().map(|medium| medium.code).collect();
        Ok(Self { event, signed, season, activity, format, media, has_liaison })
    }

    /// What the event keeps of its venue and its people.
    pub fn needs(&self) -> FormatNeeds {
        FormatNeeds::from(&self.format)
    }

    /// The state after `action`, or the refusal.
    pub fn permit(
        &self,
        who: &Caller,
        action: EventAction,
        now: Instant,
    ) -> Result<EventState, Fault> {
        permit::permit(action, &self.circumstances(who, now)).map_err(denied)
    }

    pub fn circumstances(&self, who: &Caller, now: Instant) -> Circumstances<'_> {
        Circumstances {
            state: self.event.state,
            actor: who.user,
            role: who.role,
            ties: self.event.ties(who, self.signed.is_author(who.user)),
            signed: &self.signed,
            has_liaison: self.has_liaison,
            starts_at: self.event.content.starts_at,
            season_ends: self.season.ends,
            now,
        }
    }

    /// What the caller may do with the event now, and what not for which reason.
    pub fn allowed_actions(
        &self,
        conn: &mut Conn,
        who: &Caller,
        now: Instant,
    ) -> Result<Vec<AllowedAction>, Fault> {
        let blocking = if self.event.state.judges_findings() {
            let facts = self.facts(conn, &who.scope, Stage::of(self.event.state), now)?;
            findings(&facts).into_iter().find(|f| f.blocks() && !f.overridable).map(|f| f.code)
        } else {
            None
        };
        Ok(permit::allowed_actions(&self.circumstances(who, now), blocking))
    }

    /// What the findings ask, without stock. Titles of rivals show only within the scope.
    pub fn facts(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        stage: Stage,
        now: Instant,
    ) -> Result<Facts, Fault> {
        let content = &self.event.content;
        let needs = self.needs();
        let (kept, bounds, calendar) = match content.slot() {
            Some(slot) => {
                let (near, bounds) = self.nearby(slot, now);
                let venue = content.venue_id.filter(|_| needs.venue);
                let people: Vec<UserId> =
                    content.people().into_iter().filter(|_| needs.team).collect();
                let kept = store::slots::kept(conn, scope, venue, &people, near)?;
                (kept, bounds, marks(conn, content, slot)?)
            }
            None => (Vec::new(), Slot { from: now, to: now }, Vec::new()),
        };
        let venue = match content.venue_id {
            Some(id) => venues::find(conn, &Scope::All, id)?,
            None => None,
        };
        Ok(Facts {
            event: self.event.id,
            stage,
            today: now.day(),
            content: content.clone(),
            window: self.activity.window(),
            needs,
            media: self.media.clone(),
            lead_time_days: self.season.lead_time_days,
            preparation_deadline: self.season.preparation_deadline,
            first_submitted: self.event.first_submitted_at.map(Instant::day),
            has_liaison: self.has_liaison,
            venue_capacity: venue.map(|venue| venue.capacity),
            kept,
            bounds,
            available: None,
            default_kit: self.activity.default_kit.0.clone(),
            calendar,
        })
    }

    /// The days around a slot, and the part of them where the activity may be and has not
    /// passed.
    fn nearby(&self, slot: Slot, now: Instant) -> (Slot, Slot) {
        let from = Instant::start_of(slot.from.day().plus(-NEARBY_DAYS));
        let to = Instant::start_of(slot.to.day().plus(NEARBY_DAYS + 1));
        let window = self.activity.window();
        let bounds = Slot {
            from: from.max(Instant::start_of(window.start)).max(now),
            to: to.min(Instant::start_of(window.end.plus(1))),
        };
        (Slot { from, to }, bounds)
    }

    /// Writes `new` over the event with all that a step leaves: slots, door, history, audit.
    /// 412 when the event has changed since it was read.
    pub fn write(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        new: &Event,
        told: &Told,
    ) -> Result<(), Fault> {
        self.save(tx, new)?;
        store::history::note(tx, user, &self.event, new, told)?;
        tx.audit(entry(told.action.audited(), new))?;
        Ok(())
    }

    /// The same for a change that is no step.
    pub fn save(&self, tx: &mut Tx<'_>, new: &Event) -> Result<(), Fault> {
        if self.save_if(tx, new)? { Ok(()) } else { Err(stale(new.version)) }
    }

    /// `false` when the event has changed since it was read.
    fn save_if(&self, tx: &mut Tx<'_>, new: &Event) -> Result<bool, Fault> {
        let old = &self.event;
        if !store::update_if(tx, old.version, old, new)? {
            return Ok(false);
        }
        let needs = if new.content.format == old.content.format {
            self.needs()
        } else {
            let (season, code) = (&new.content.season, &new.content.format);
            let format = catalogue::find_format(tx, season, code)?;
            FormatNeeds::from(&format.ok_or_else(|| Fault::bug("a format that is gone"))?)
        };
        if old.state.hold().is_some() || new.state.hold().is_some() {
            store::slots::keep(tx, new, needs)?;
        }
        store::doors::note(tx, new)?;
        Ok(true)
    }
}

/// Starts an approved event because somebody was let in; `false` when it is not approved
/// (any more), or could not be started by hand yet: it may have been put off since the scan.
pub fn start_by_scan(tx: &mut Tx<'_>, id: EventId, user: UserId) -> Result<bool, Fault> {
    let Some(event) = store::by_id(tx, id)? else { return Ok(false) };
    if event.state != EventState::Approved {
        return Ok(false);
    }
    let now = tx.meta.now;
    let starts_at = event.content.slot().map(|slot| slot.from);
    if starts_at.is_none_or(|starts_at| now < may_start_from(starts_at)) {
        return Ok(false);
    }
    let new = event.stepped(EventAction::Start, EventState::Running, user, now);
    let case = Case::open(tx, event)?;
    if !case.save_if(tx, &new)? {
        return Err(Fault::Collision("the event changed while a scan started it".into()));
    }
    let data = serde_json::json!({ "by": "scan" });
    let told = Told { action: HistoryAction::Start, comment: None, data };
    store::history::note(tx, user, &case.event, &new, &told)?;
    tx.audit(entry("event.start", &new))?;
    Ok(true)
}

/// An audit entry about an event.
pub fn entry(action: &'static str, event: &Event) -> Audit {
    Audit {
        action,
        kind: "event",
        id: event.id.to_string(),
        city: Some(event.city),
        campus: Some(event.content.campus_id),
        detail: serde_json::json!({ "version": event.version, "state": event.state }),
    }
}

/// Makes writers of these slots come one after the other: the venue first, then people.
pub fn anchor(tx: &mut Tx<'_>, content: &Content, needs: FormatNeeds) -> Result<(), Fault> {
    if let Some(venue) = content.venue_id.filter(|_| needs.venue) {
        venues::anchor_slots(tx, venue)?;
    }
    if needs.team {
        let people: Vec<UserId> = content.people().into_iter().collect();
        crate::accounts::store::bump_slots(tx, &people)?;
    }
    Ok(())
}

/// The refusal for a step that may not be taken.
pub fn denied(denial: Denial) -> Fault {
    let Words { zh, en } = denial.words();
    denial.refusal().problem().detail(zh, en).into()
}

fn marks(conn: &mut Conn, content: &Content, slot: Slot) -> Result<Vec<CalendarMark>, Fault> {
    let days = Days { from: slot.from.day(), to: Instant(slot.to.0 - 1).day() };
    let mut marks: Vec<CalendarMark> = Vec::new();
    for day in calendar::between(conn, days)? {
        if day.day_type != DayType::Holiday {
            continue;
        }
        let name = Words::new(
            day.name_zh.unwrap_or_else(|| "节假日".into()),
            day.name_en.unwrap_or_else(|| "Holiday".into()),
        );
        let next: Day = day.date;
        match marks.last_mut() {
            Some(last) if last.name == name && last.to.plus(1) == next => last.to = next,
            _ => marks.push(CalendarMark { from: next, to: next, name }),
        }
    }
    let Some(campus) = campuses::store::campuses::find(conn, content.campus_id)? else {
        return Ok(marks);
    };
    let kinds = [
        (campus.facts.registration, "新生报到", "Registration days"),
        (campus.facts.exams, "考试周", "Exam weeks"),
    ];
    for (list, zh, en) in kinds {
        marks.extend(touching(&list, days).into_iter().map(|stretch| CalendarMark {
            from: stretch.from,
            to: stretch.to,
            name: Words::new(zh, en),
        }));
    }
    Ok(marks)
}

impl HistoryAction {
    /// The audit's word for it.
    const fn audited(self) -> &'static str {
        match self {
            Self::Edit => "event.edit",
            Self::Submit => "event.submit",
            Self::Endorse => "event.endorse",
            Self::RequestChanges => "event.request_changes",
            Self::Reject => "event.reject",
            Self::Approve => "event.approve",
            Self::Withdraw => "event.withdraw",
            Self::Amend => "event.amend",
            Self::Start => "event.start",
            Self::Cancel => "event.cancel",
            Self::Close => "event.close",
            Self::Reopen => "event.reopen",
        }
    }
}
