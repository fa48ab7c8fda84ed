//! What a slice comes to: an answer to each item, and what to write.

use std::collections::BTreeMap;

use super::{
    facts::{Presence, Stored},
    item::{Annulment, AnnulmentKey},
};
use crate::{
    catalogue::attendance::ParticipantRole,
    checkins::model::{
        AnnulmentState, ConflictKind, Decision, FirstCheckIn, LocalVerdict, Place, Reason,
        Standing, Verdict,
    },
    platform::{
        ids::{BoothId, EventId, ParticipantId, ScanId},
        time::{Day, Instant},
    },
};

/// The result of [`super::judge`]. All maps are sorted by key: write them in that order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// One for each item, in the order given.
    pub outcomes: Vec<Outcome>,
    /// Scans to insert.
    pub new: BTreeMap<ScanId, NewScan>,
    /// Attempts to keep beside the scans as received, by index of the item (`id_reused`).
    pub attempts: Vec<usize>,
    /// New standings of scans that are stored already.
    pub standings: BTreeMap<ScanId, Standing>,
    /// Decisions to note on stored scans.
    pub resolutions: BTreeMap<ScanId, Decision>,
    /// Verdicts of phones that came with a repetition of a stored scan.
    pub heard: BTreeMap<ScanId, LocalVerdict>,
    /// Annulments to insert, or to update where they waited.
    pub annulments: BTreeMap<AnnulmentKey, (Annulment, AnnulmentState)>,
    /// Places whose holder changed.
    pub places: BTreeMap<Place, PlaceChange>,
    /// Attendances that changed; `scans` 0 = out again.
    pub presence: BTreeMap<(EventId, ParticipantId), Presence>,
    /// Changes of the number of people in, by event and role.
    pub event_in: BTreeMap<(EventId, ParticipantRole), i64>,
    /// Changes of the number of people at a booth on a day.
    pub booth_in: BTreeMap<(BoothId, Day), i64>,
    /// Conflicts to record unless the scan has one already.
    pub conflicts: BTreeMap<ScanId, Conflict>,
    /// Events that the slice brought someone in to, each with the first item that did: a scan
    /// that was let in, or the decision to accept one. That starts the event. Of scans at
    /// booths only those count that were made while the gate was open: a booth may be up days
    /// before its event.
    pub entered: BTreeMap<EventId, usize>,
}

/// The answer to one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Scan(ScanOutcome),
    Annul(AnnulOutcome),
    Resolve(ResolveOutcome),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanOutcome {
    pub scan_id: ScanId,
    pub verdict: Verdict,
    pub reason: Option<Reason>,
    pub first: Option<FirstCheckIn>,
    /// Absent where the time is suspect or nothing was dated.
    pub effective_at: Option<Instant>,
    /// Whose block and counters to render, fresh.
    pub participant: Option<ParticipantId>,
    /// Whether they showed a pass; else somebody named them.
    pub shown: bool,
    pub event: Option<EventId>,
    pub terminal: bool,
    pub replayed: bool,
}

impl ScanOutcome {
    /// Whether whoever came belongs to the event, or does once somebody at the door says so.
    pub fn is_welcome(&self) -> bool {
        self.verdict != Verdict::Denied || self.reason == Some(Reason::WalkInNeedsConfirmation)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnnulOutcome {
    Annulled,
    /// It was annulled before.
    Already,
    /// Stored; its scan has not come yet.
    Waiting,
    /// Stored as refused: not the scan's device within 15 minutes, not lead, not coordinator.
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolveOutcome {
    /// Done, or done before with the same decision.
    Resolved(Standing),
    UnknownScan,
    /// The other decision was taken before.
    DecidedOtherwise,
    /// The scan is in the set, annulled, or was refused for what a coordinator cannot waive.
    NotOpen,
    /// The scan names nobody whom one could let in.
    Nobody,
}

/// A scan to insert; the rest of its columns is in the item it came as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewScan {
    /// Index of the item.
    pub item: usize,
    pub scan: Stored,
    /// Received when its event was closed.
    pub late: bool,
}

/// Who held a place before the slice, and who holds it after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceChange {
    pub before: Option<FirstCheckIn>,
    pub after: Option<FirstCheckIn>,
}

/// Two verdicts about one scan that do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub kind: ConflictKind,
    pub local: LocalVerdict,
    pub standing: Standing,
    /// The scan that holds the place, when it is another one.
    pub other: Option<ScanId>,
    pub event: Option<EventId>,
    pub participant: Option<ParticipantId>,
}
