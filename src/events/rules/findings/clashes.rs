//! Findings about time: two events never have one hall or one person at the same moment.
//! Submitted and endorsed rivals warn, approved and running ones block, booth shifts warn.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Facts, Finding};
use crate::{
    events::{
        model::{FindingCode, Hold, Severity, Slot},
        rules::{slots::nearest_free, timing::local_text},
    },
    platform::{
        fault::Words,
        ids::{EventId, ShiftId, UserId, VenueId},
    },
};

/// Who or what keeps a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// Another event; its title only where the reader may see it.
    Event { id: EventId, title: Option<String>, hold: Hold },
    /// A duty at a booth, and the event the booth belongs to.
    Shift { id: ShiftId, event: Option<EventId> },
}

/// A slot that a venue or a person is kept for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    Venue { venue: VenueId, slot: Slot, by: Keeper },
    Person { person: UserId, slot: Slot, by: Keeper },
}

impl Keeper {
    /// Whether it is the event itself, or a duty at its own booth.
    fn belongs_to(&self, event: EventId) -> bool {
        match self {
            Self::Event { id, .. } => *id == event,
            Self::Shift { event: of, .. } => *of == Some(event),
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Event { hold: Hold::Hard, .. } => Severity::Block,
            Self::Event { hold: Hold::Soft, .. } | Self::Shift { .. } => Severity::Warn,
        }
    }

    fn rival(&self, kept: Slot, wanted: Slot) -> Value {
        let times = json!({
            "starts_at": kept.from,
            "ends_at": kept.to,
            "overlap_minutes": kept.overlap_minutes(wanted),
        });
        let mut rival = match self {
            Self::Event { id, title, hold } => {
                json!({"kind": "event", "id": id, "title": title, "hold": hold})
            }
            Self::Shift { id, .. } => json!({"kind": "shift", "id": id}),
        };
        if let (Value::Object(rival), Value::Object(times)) = (&mut rival, times) {
            rival.extend(times);
        }
        rival
    }
}

/// Someone else's time that overlaps what is wanted.
struct Rivals<'a> {
    kept: Vec<(Slot, &'a Keeper)>,
    wanted: Slot,
}

impl<'a> Rivals<'a> {
    fn new(kept: impl Iterator<Item = (Slot, &'a Keeper)>, facts: &Facts, wanted: Slot) -> Self {
        let mut kept: Vec<_> = kept.filter(|(_, by)| !by.belongs_to(facts.event)).collect();
        kept.sort_by_key(|(slot, _)| *slot);
        Self { kept, wanted }
    }

    fn overlapping(&self) -> impl Iterator<Item = &(Slot, &'a Keeper)> {
        self.kept.iter().filter(|(slot, _)| slot.overlaps(self.wanted))
    }

    /// `None` when nobody is in the way. Blocking is declared before warning, so the
    /// smallest severity is the heaviest.
    fn severity(&self) -> Option<Severity> {
        self.overlapping().map(|(_, by)| by.severity()).min()
    }

    fn minutes(&self) -> i64 {
        self.overlapping().map(|(slot, _)| slot.overlap_minutes(self.wanted)).max().unwrap_or(0)
    }

    fn data(&self, bounds: Slot) -> (Value, Vec<Slot>) {
        let rivals: Vec<_> =
            self.overlapping().map(|(slot, by)| by.rival(*slot, self.wanted)).collect();
        let busy: Vec<Slot> = self.kept.iter().map(|(slot, _)| *slot).collect();
        (json!(rivals), nearest_free(self.wanted, &busy, bounds))
    }
}

/// The venue is kept for another event. A format without a venue blocks no hall.
pub(super) fn venue_clash(facts: &Facts) -> Option<Finding> {
    let venue = facts.content.venue_id.filter(|_| facts.needs.venue)?;
    let kept = facts.kept.iter().filter_map(|kept| match kept {
        Kept::Venue { venue: of, slot, by } if *of == venue => Some((*slot, by)),
        _ => None,
    });
    let rivals = Rivals::new(kept, facts, facts.content.slot()?);
    let severity = rivals.severity()?;
    let (named, free) = rivals.data(facts.bounds);
    let minutes = rivals.minutes();
    Some(Finding::new(
        FindingCode::VenueClash,
        severity,
        Words::new(
            format!("场地与其他活动重叠 {minutes} 分钟{}", nearby(&free).zh),
            format!("The venue overlaps another event by {minutes} minutes{}", nearby(&free).en),
        ),
        json!({"venue_id": venue, "rivals": named, "free": free}),
    ))
}

/// Someone of the team is kept for another event or has a duty at a booth. A format that
/// does not occupy its team blocks no person.
pub(super) fn person_clash(facts: &Facts) -> Option<Finding> {
    let wanted = facts.content.slot().filter(|_| facts.needs.team)?;
    let mut by_person: BTreeMap<UserId, Vec<(Slot, &Keeper)>> =
        facts.content.people().into_iter().map(|person| (person, Vec::new())).collect();
    for kept in &facts.kept {
        if let Kept::Person { person, slot, by } = kept
            && let Some(slots) = by_person.get_mut(person)
        {
            slots.push((*slot, by));
        }
    }
    let people: Vec<(UserId, Rivals<'_>)> = by_person
        .into_iter()
        .map(|(person, kept)| (person, Rivals::new(kept.into_iter(), facts, wanted)))
        .filter(|(_, rivals)| rivals.severity().is_some())
        .collect();
    let severity = people.iter().filter_map(|(_, rivals)| rivals.severity()).min()?;
    let minutes = people.iter().map(|(_, rivals)| rivals.minutes()).max().unwrap_or(0);
    let data: Vec<_> = people
        .iter()
        .map(|(person, rivals)| {
            let (named, free) = rivals.data(facts.bounds);
            json!({"user_id": person, "rivals": named, "free": free})
        })
        .collect();
    let count = people.len();
    Some(Finding::new(
        FindingCode::PersonClash,
        severity,
        Words::new(
            format!("{count} 名成员另有安排，最多重叠 {minutes} 分钟"),
            format!("{count} of the team are taken, overlapping by up to {minutes} minutes"),
        ),
        json!({ "people": data }),
    ))
}

/// The free slots as the end of a sentence.
fn nearby(free: &[Slot]) -> Words {
    if free.is_empty() {
        return Words::new("", "");
    }
    let times: Vec<String> = free.iter().map(|slot| local_text(slot.from)).collect();
    Words::new(
        format!("；最近的空档始于 {}", times.join("、")),
        format!("; the nearest free times start at {}", times.join(" and ")),
    )
}
