//! When a step may be taken, and what is late. The caller brings the time.

use chrono::Duration;

use crate::{
    events::model::EventState,
    platform::time::{Day, Instant},
};

/// How long before its start an event may be started.
pub const START_AHEAD: Duration = Duration::hours(2);
/// How many days after its season an event may still be reopened.
pub const REOPEN_DAYS: i64 = 60;

/// The first moment at which an event may be started.
pub fn may_start_from(starts_at: Instant) -> Instant {
    starts_at - START_AHEAD
}

/// Whether a closed event may be reopened on this day.
pub fn may_reopen(season_ends: Day, today: Day) -> bool {
    today <= season_ends.plus(REOPEN_DAYS)
}

/// Approved, past its end, and never started: it waits for the coordinator.
pub fn overdue(state: EventState, ends_at: Option<Instant>, now: Instant) -> bool {
    state == EventState::Approved && ends_at.is_some_and(|end| end <= now)
}

/// An instant as people on a campus read it: `2011-09-03 10:00`.
pub fn local_text(at: Instant) -> String {
    let minute = (at - Instant::start_of(at.day())).num_minutes();
    format!("{} {:02}:{:02}", at.day(), minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::rules::content::tests::day;

    #[test]
    fn two_hours_before_the_start() {
        let start = Instant::local(day("2011-09-03"), 600);
        assert_eq!(may_start_from(start), Instant::local(day("2011-09-03"), 480));
        assert_eq!(local_text(may_start_from(start)), "2011-09-03 08:00");
    }

    #[test]
    fn sixty_days_after_the_season() {
        let end = day("2011-12-31");
        assert!(may_reopen(end, day("2012-02-29")));
        assert!(!may_reopen(end, day("2012-03-01")));
    }

    #[test]
    fn overdue_from_its_very_end() {
        let end = Instant(1_000);
        assert!(!overdue(EventState::Approved, Some(end), Instant(999)));
        assert!(overdue(EventState::Approved, Some(end), end));
        assert!(!overdue(EventState::Running, Some(end), end));
        assert!(!overdue(EventState::Approved, None, end));
    }
}
