//! The words and value types of an event.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    catalogue::Format,
    platform::{
        ids::EventId,
        time::{Day, Instant},
    },
};

crate::words! {
    /// Where an event stands in its chain.
    pub enum EventState {
        Draft = "draft",
        Submitted = "submitted",
        Endorsed = "endorsed",
        ChangesRequested = "changes_requested",
        Approved = "approved",
        Running = "running",
        Closed = "closed",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Cancelled = "cancelled",
    }
}

impl EventState {
    /// Whether lead and team have their rights on the event, wherever they have moved. When
    /// it has closed, those outside its campus may still upload scans and annulments made for
    /// it, and nothing else.
    pub const fn gives_rights(self) -> bool {
        !matches!(self, Self::Closed)
    }
}

crate::words! {
    /// What someone may ask of an event.
    pub enum EventAction {
        Submit = "submit",
        Endorse = "endorse",
        RequestChanges = "request_changes",
        Reject = "reject",
        Approve = "approve",
        Withdraw = "withdraw",
        Amend = "amend",
        Start = "start",
        Cancel = "cancel",
        Close = "close",
        Reopen = "reopen",
    }
}

crate::words! {
    /// What an event can wait for somebody to do.
    pub enum EventTask {
        /// The liaison of its campus.
        Endorse = "endorse",
        /// The coordinator of its city.
        Approve = "approve",
        /// Lead and authors: changes were requested.
        Revise = "revise",
        /// The lead: it is over and still running.
        Close = "close",
    }
}

crate::words! {
    /// What the history of an event tells.
    pub enum HistoryAction {
        /// A guarded field changed after others had seen it: back to draft.
        Edit = "edit",
        Submit = "submit",
        Endorse = "endorse",
        RequestChanges = "request_changes",
        Reject = "reject",
        Approve = "approve",
        Withdraw = "withdraw",
        Amend = "amend",
        Start = "start",
        Cancel = "cancel",
        Close = "close",
        Reopen = "reopen",
    }
}

impl From<EventAction> for HistoryAction {
    fn from(action: EventAction) -> Self {
        match action {
            EventAction::Submit => Self::Submit,
            EventAction::Endorse => Self::Endorse,
            EventAction::RequestChanges => Self::RequestChanges,
            EventAction::Reject => Self::Reject,
            EventAction::Approve => Self::Approve,
            EventAction::Withdraw => Self::Withdraw,
            EventAction::Amend => Self::Amend,
            EventAction::Start => Self::Start,
            EventAction::Cancel => Self::Cancel,
            EventAction::Close => Self::Close,
            EventAction::Reopen => Self::Reopen,
        }
    }
}

impl EventAction {
    /// Whether it takes a reason: a `comment` that is not blank.
    pub const fn needs_comment(self) -> bool {
        matches!(
            self,
            Self::RequestChanges | Self::Reject | Self::Amend | Self::Cancel | Self::Reopen
        )
    }
}

crate::words! {
    /// How much a finding weighs.
    pub enum Severity {
        Block = "block",
        Warn = "warn",
        Note = "note",
    }
}

crate::words! {
    /// What can be found about a plan.
    pub enum FindingCode {
        OutsideWindow = "outside_window",
        Incomplete = "incomplete",
        NoPublicity = "no_publicity",
        LeadTime = "lead_time",
        VenueClash = "venue_clash",
        PersonClash = "person_clash",
        CapacityExceedsVenue = "capacity_exceeds_venue",
        MaterialShort = "material_short",
        KitDiffers = "kit_differs",
        LatePreparation = "late_preparation",
        CalendarNote = "calendar_note",
        NoLiaison = "no_liaison",
    }
}

crate::words! {
    /// How firmly an event keeps its venue and its people.
    pub enum Hold {
        /// Submitted or endorsed: others are warned.
        Soft = "soft",
        /// Approved or running: others are refused.
        Hard = "hard",
    }
}

crate::words! {
    /// What a slot is kept of.
    pub enum SlotKind {
        Venue = "venue",
        Person = "person",
    }
}

crate::words! {
    /// Whether an event takes people in.
    pub enum DoorPhase {
        /// Cancelled.
        Shut = "shut",
        /// Approved or running.
        Open = "open",
        /// Scans still merge, marked late.
        Closed = "closed",
    }
}

impl EventState {
    /// Whether it has come to its end; only a closed event can be taken up again.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Rejected | Self::Withdrawn | Self::Cancelled)
    }

    /// How an event in this state keeps its slots; `None` leaves them free.
    pub const fn hold(self) -> Option<Hold> {
        match self {
            Self::Submitted | Self::Endorsed => Some(Hold::Soft),
            Self::Approved | Self::Running => Some(Hold::Hard),
            _ => None,
        }
    }

    /// Whether a step that findings can stop may follow: submit or approve.
    pub const fn judges_findings(self) -> bool {
        matches!(self, Self::Draft | Self::ChangesRequested | Self::Submitted | Self::Endorsed)
    }
}

/// How an event is announced: one medium of the season, with its days.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Publicity {
    /// Code of one of the season's media.
    pub medium: String,
    pub from: Day,
    /// Last day; absent means the one day `from`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
}

/// What a format keeps of its events: a mailing blocks neither a hall nor a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatNeeds {
    pub venue: bool,
    pub team: bool,
}

impl From<&Format> for FormatNeeds {
    fn from(format: &Format) -> Self {
        Self { venue: format.needs_venue, team: format.occupies_team }
    }
}

/// A half-open time `[from, to)`: the end is free for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Slot {
    #[serde(rename = "starts_at")]
    pub from: Instant,
    #[serde(rename = "ends_at")]
    pub to: Instant,
}

/// The end report of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndReport {
    /// At most 10,000 characters.
    #[validate(length(max = 10_000))]
    pub summary: String,
    /// At most 2,000 characters.
    #[validate(length(max = 2_000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance_note: Option<String>,
}

/// One line of the list of events by `starts_at, id`; events without a time come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventKey {
    pub at: Instant,
    pub id: EventId,
}

/// Where events without a time stand in lists: after all others, on the last day that the
/// API knows (31 December 9998).
pub const UNTIMED: Instant = Instant(253_370_678_400_000);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_without_a_time_has_a_place_in_lists() {
        let key = EventKey { at: UNTIMED, id: EventId::new() };
        let text = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<EventKey>(&text).unwrap(), key);
        assert_eq!(UNTIMED.to_string(), "9998-12-31T00:00:00.000Z");
    }

    #[test]
    fn every_action_has_its_word_in_the_history() {
        for &action in EventAction::ALL {
            assert_eq!(HistoryAction::from(action).word(), action.word());
        }
    }

    #[test]
    fn only_what_is_under_way_keeps_its_slots() {
        let holds: Vec<_> = EventState::ALL.iter().filter_map(|state| state.hold()).collect();
        assert_eq!(holds, [Hold::Soft, Hold::Soft, Hold::Hard, Hold::Hard]);
    }
}
