//! Decisions about windows of days and numbers of models. Pure.

use crate::platform::time::{Day, Instant};

/// Fewest handset models of a season; with fewer it stands in the province's tasks (deck p.24).
pub const WANTED_MODELS: i64 = 3;
/// Most handset models that are active in a season (deck p.24).
pub const MAX_ACTIVE_MODELS: i64 = 5;

/// First and last local day on which something may be, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: Day,
    pub end: Day,
}

impl Window {
    pub fn has_day(self, day: Day) -> bool {
        self.start <= day && day <= self.end
    }

    /// Whether all days from `first` to `last` lie inside.
    pub fn has_days(self, first: Day, last: Day) -> bool {
        self.start <= first && last <= self.end
    }

    /// Whether the half-open stretch of time lies inside in local days; it may end at 24:00
    /// of the last one.
    pub fn has(self, starts_at: Instant, ends_at: Instant) -> bool {
        Instant::start_of(self.start) <= starts_at && ends_at <= Instant::start_of(self.end.plus(1))
    }
}

/// Whether one more model may become active beside `active` others.
pub fn room_for_model(active: i64) -> bool {
    active < MAX_ACTIVE_MODELS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn an_event_may_end_with_the_last_day() {
        let window =
            Window { start: "2011-09-01".parse().unwrap(), end: "2011-10-31".parse().unwrap() };
        let (first, midnight) = (at("2011-09-01T00:00:00+08:00"), at("2011-11-01T00:00:00+08:00"));
        assert!(window.has(first, midnight));
        assert!(!window.has(first, Instant(midnight.0 + 1)));
        assert!(!window.has(Instant(first.0 - 1), midnight));
        // Already the next day in UTC+8, though not in UTC.
        assert!(!window.has(at("2011-10-31T15:00:00Z"), at("2011-10-31T16:30:00Z")));
        assert!(window.has_day(window.end) && !window.has_day(window.end.plus(1)));
        assert!(window.has_days(window.start, window.end));
        assert!(!window.has_days(window.start.plus(-1), window.end));
    }

    #[test]
    fn five_models_are_enough() {
        assert!(room_for_model(4) && !room_for_model(5));
    }
}
