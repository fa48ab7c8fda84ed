//! What must be known to judge a slice. Plain values: the store loads them set-based.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;

use super::{dated::Dated, item::Annulment};
use crate::{
    catalogue::attendance::{Admits, ParticipantRole, WalkIn},
    checkins::model::{
        Decision, FirstCheckIn, Identity, LocalVerdict, PassHash, Place, Reason, Standing, Target,
        Verdict,
    },
    platform::{
        ids::{BoothId, DeviceId, EventId, ParticipantId, ScanId, UserId},
        time::{Day, Instant},
    },
};

/// Everything a slice is judged by. What is absent is unknown.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Events and booths the items name, the events of those booths, and the events of the
    /// stored scans that are annulled or resolved.
    pub events: BTreeMap<EventId, EventFacts>,
    /// What each said about itself, since it was registered.
    pub booths: BTreeMap<BoothId, Dated<BoothFacts>>,
    /// Items, by their index, whose event or booth does not exist for who sent them.
    pub unseen: BTreeSet<usize>,
    pub passes: BTreeMap<PassHash, PassFact>,
    /// By every id that a scan or a pass names; an alias leads to the same person.
    pub people: BTreeMap<ParticipantId, Person>,
    /// Stored scans among the ids the items name.
    pub scans: BTreeMap<ScanId, Stored>,
    /// Stored annulments that wait for scans of this slice.
    pub waiting: BTreeMap<ScanId, Vec<Annulment>>,
    /// For each place of [`super::Wanted::places`] the scan that holds it; for those of
    /// [`super::Wanted::lines`] all scans of it that are in the set.
    pub lines: BTreeMap<Place, Vec<Member>>,
    /// Of [`super::Wanted::attendances`]; absent = not in.
    pub presence: BTreeMap<(EventId, ParticipantId), Presence>,
    /// Of [`super::Wanted::losing`], all scans of the set with the role of each.
    pub roles: BTreeMap<(EventId, ParticipantId), BTreeMap<Rank, ParticipantRole>>,
    /// Of [`super::Wanted::registrations`]; absent = never registered.
    pub registrations: BTreeMap<(EventId, ParticipantId), Dated<Enrolment>>,
    /// Of [`super::Wanted::authority`], the pairs where the user is the lead of the event (of
    /// the booth's event), or coordinator of its city, or the province.
    pub overrules: BTreeSet<(UserId, Target)>,
}

/// Whether an event takes people in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not approved yet, or withdrawn, rejected, cancelled.
    Shut,
    /// Approved or running.
    Open,
    /// Closed: scans still merge, marked late.
    Closed,
}

/// What an event said about its door at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub phase: Phase,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub admits: Admits,
    pub walk_in: WalkIn,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFacts {
    /// Of the event's campus.
    pub moe_code: String,
    /// One entry for each transition, amendment and change of the walk-in policy.
    pub terms: Dated<Terms>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoothFacts {
    pub event: Option<EventId>,
    pub opens_on: Day,
    pub closes_on: Day,
    /// Minutes since local midnight; closing at the end of the day is 1,440.
    pub opens_at: i64,
    pub closes_at: i64,
}

impl Facts {
    /// What a booth said at the time of a scan; before it was registered what it said first.
    pub(super) fn booth(&self, id: BoothId, at: Instant) -> Option<&BoothFacts> {
        self.booths.get(&id)?.at_or_first(at)
    }
}

/// What is known about a shown token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassFact {
    Found { participant: ParticipantId, expires_at: Instant, revoked_at: Option<Instant> },
    Unknown { signature_ok: bool },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The person's own id, not an alias.
    pub id: ParticipantId,
    pub role: ParticipantRole,
    /// Of the person's campus.
    pub moe_code: String,
    pub erased_at: Option<Instant>,
}

/// Where someone stands on an event's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enrolment {
    Registered,
    Waitlisted,
    Cancelled,
}

/// Whom a scan is about, as stored with it: the role is the one at first receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attendee {
    pub id: ParticipantId,
    pub role: ParticipantRole,
}

/// What a phone was told first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub verdict: Verdict,
    pub reason: Option<Reason>,
    /// Who held the place then: the scan itself when it was admitted.
    pub first: Option<FirstCheckIn>,
}

/// A stored scan, as far as judging needs it. All but the last three is fixed at first receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub identity: Identity,
    /// Who sent it.
    pub by: UserId,
    pub session_device: DeviceId,
    pub received_at: Instant,
    pub skew: Duration,
    pub effective_at: Instant,
    pub answer: Answer,
    /// Nobody when the pass or the id is unknown.
    pub attendee: Option<Attendee>,
    /// The event it counts for: of the gate, or of the booth if it had one.
    pub event: Option<EventId>,
    pub standing: Standing,
    pub resolution: Option<Decision>,
    pub local_verdict: Option<LocalVerdict>,
}

impl Stored {
    /// The place it is in line for once it is in the set.
    pub fn place(&self) -> Option<Place> {
        let participant = self.attendee?.id;
        Some(match self.identity.target {
            Target::Event(event) => Place::Gate { event, participant },
            Target::Booth(booth) => {
                Place::Booth { booth, day: self.effective_at.day(), participant }
            }
        })
    }

    pub(super) fn member(&self, scan_id: ScanId) -> Member {
        let booth_id = match self.identity.target {
            Target::Event(_) => None,
            Target::Booth(booth) => Some(booth),
        };
        Member {
            first: FirstCheckIn {
                scan_id,
                effective_at: self.effective_at,
                device_id: self.identity.device_id,
                booth_id,
            },
            event: self.event,
            local_verdict: self.local_verdict,
        }
    }
}

/// A scan of the set, in the line of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    pub first: FirstCheckIn,
    /// The event it counts for.
    pub event: Option<EventId>,
    pub local_verdict: Option<LocalVerdict>,
}

/// What decides which of two scans is first.
pub type Rank = (Instant, ScanId);

impl Member {
    /// What decides who is first.
    pub const fn rank(&self) -> Rank {
        (self.first.effective_at, self.first.scan_id)
    }
}

/// How often someone was scanned for an event, at its gate and its booths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Scans in the set; the person is in while there is one.
    pub scans: i64,
    /// The first of them, in whatever order they came; of nobody who is in it says nothing.
    pub first: Option<Rank>,
    /// The role the person is counted under: that of the first scan.
    pub role: ParticipantRole,
}
