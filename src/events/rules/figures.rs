//! Which figure of a report an event counts in (deck p.26).

use crate::events::model::EventState;

/// What of an event decides its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: EventState,
    /// Submitted at least once.
    pub ever_submitted: bool,
    /// Approved in spite of too short a lead time.
    pub lead_time_overridden: bool,
}

/// The states that count as approved.
pub const APPROVED: [EventState; 3] =
    [EventState::Approved, EventState::Running, EventState::Closed];
/// The states that count as held.
pub const HELD: [EventState; 2] = [EventState::Running, EventState::Closed];
/// The states in which a submitted event counts no longer as planned.
pub const NOT_PLANNED: [EventState; 2] = [EventState::Rejected, EventState::Withdrawn];

impl Standing {
    /// Submitted at least once, not rejected or withdrawn.
    pub fn planned(self) -> bool {
        self.ever_submitted && !NOT_PLANNED.contains(&self.state)
    }

    /// Now approved, running or closed.
    pub fn approved(self) -> bool {
        APPROVED.contains(&self.state)
    }

    /// Running or closed.
    pub fn held(self) -> bool {
        HELD.contains(&self.state)
    }

    /// Cancelled, which only what was approved can be.
    pub fn cancelled(self) -> bool {
        self.state == EventState::Cancelled
    }

    /// Approved with a week of preheat, or more.
    pub fn on_time(self) -> bool {
        self.approved() && !self.lead_time_overridden
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(state: EventState) -> [bool; 5] {
        let s = Standing { state, ever_submitted: true, lead_time_overridden: false };
        [s.planned(), s.approved(), s.held(), s.cancelled(), s.on_time()]
    }

    #[test]
    fn figures_of_every_state() {
        use EventState::*;
        assert_eq!(figures(Draft), [true, false, false, false, false]);
        assert_eq!(figures(Submitted), [true, false, false, false, false]);
        assert_eq!(figures(Approved), [true, true, false, false, true]);
        assert_eq!(figures(Running), [true, true, true, false, true]);
        assert_eq!(figures(Closed), [true, true, true, false, true]);
        assert_eq!(figures(Cancelled), [true, false, false, true, false]);
        assert_eq!(figures(Rejected), [false; 5]);
        assert_eq!(figures(Withdrawn), [false; 5]);
    }

    #[test]
    fn a_draft_nobody_saw_counts_nowhere() {
        let draft = Standing {
            state: EventState::Draft,
            ever_submitted: false,
            lead_time_overridden: false,
        };
        assert!(!draft.planned());
        let late = Standing {
            state: EventState::Closed,
            ever_submitted: true,
            lead_time_overridden: true,
        };
        assert!(late.held() && !late.on_time());
    }
}
