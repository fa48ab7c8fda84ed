//! Half-open times: overlap, its length, and where there is room.

use chrono::Duration;

use crate::{events::model::Slot, platform::time::Instant};

impl Slot {
    /// `None` unless it ends after it starts.
    pub fn new(from: Instant, to: Instant) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    pub fn length(self) -> Duration {
        self.to - self.from
    }

    /// Whether the two share any time; one may start when the other ends.
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// The shared time in minutes, a minute begun counting whole; 0 when there is none.
    pub fn overlap_minutes(self, other: Self) -> i64 {
        let shared = self.to.min(other.to) - self.from.max(other.from);
        (shared.num_milliseconds().max(0) + 59_999) / 60_000
    }

    fn starting(from: Instant, length: Duration) -> Self {
        Self { from, to: from + length }
    }
}

/// The two free slots nearest to `wanted`, of its length, apart from each other and inside
/// `bounds`; fewer when there is no room. Nearest by start; of two as near, the earlier first.
pub fn nearest_free(wanted: Slot, busy: &[Slot], bounds: Slot) -> Vec<Slot> {
    let mut taken: Vec<Slot> = busy.to_vec();
    let mut found = Vec::new();
    while found.len() < 2 {
        let Some(slot) = nearest(wanted, &mut taken, bounds) else { break };
        taken.push(slot);
        found.push(slot);
    }
    found
}

fn nearest(wanted: Slot, taken: &mut [Slot], bounds: Slot) -> Option<Slot> {
    taken.sort_unstable();
    let length = wanted.length();
    let distance = |start: Instant| (start - wanted.from).abs();
    gaps(taken, bounds)
        .filter(|gap| gap.length() >= length)
        .map(|gap| wanted.from.clamp(gap.from, gap.to - length))
        .min_by_key(|&start| (distance(start), start))
        .map(|start| Slot::starting(start, length))
}

/// What these times leave of `bounds`.
pub fn free(busy: &[Slot], bounds: Slot) -> Vec<Slot> {
    let mut taken = busy.to_vec();
    taken.sort_unstable();
    gaps(&taken, bounds).collect()
}

/// What `taken`, sorted by start, leaves of `bounds`.
fn gaps(taken: &[Slot], bounds: Slot) -> impl Iterator<Item = Slot> {
    let mut free_from = bounds.from;
    let after = [Slot { from: bounds.to, to: bounds.to }];
    taken.iter().copied().chain(after).filter_map(move |busy| {
        let gap = Slot::new(free_from, busy.from.min(bounds.to));
        free_from = free_from.max(busy.to);
        gap
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Hours of some day.
    fn hours(from: i64, to: i64) -> Slot {
        Slot { from: Instant(from * 3_600_000), to: Instant(to * 3_600_000) }
    }

    #[test]
    fn an_event_may_start_when_another_ends() {
        assert!(!hours(8, 10).overlaps(hours(10, 12)));
        assert!(hours(8, 11).overlaps(hours(10, 12)));
        assert_eq!(hours(8, 11).overlap_minutes(hours(10, 12)), 60);
        assert_eq!(hours(8, 10).overlap_minutes(hours(10, 12)), 0);
        let one_ms = Slot { from: Instant(0), to: Instant(1) };
        assert_eq!(one_ms.overlap_minutes(hours(0, 1)), 1);
    }

    #[test]
    fn no_slot_ends_before_it_starts() {
        assert_eq!(Slot::new(Instant(5), Instant(5)), None);
        assert_eq!(Slot::new(Instant(6), Instant(5)), None);
    }

    #[test]
    fn the_two_nearest() {
        let found = nearest_free(hours(11, 13), &[hours(10, 12)], hours(0, 24));
        assert_eq!(found, [hours(12, 14), hours(8, 10)]);
    }

    #[test]
    fn no_room_no_slot() {
        assert_eq!(nearest_free(hours(1, 3), &[hours(0, 24)], hours(0, 24)), []);
        let tight = nearest_free(hours(1, 3), &[hours(2, 24)], hours(0, 24));
        assert_eq!(tight, [hours(0, 2)]);
    }

    #[test]
    fn what_is_left_of_a_day() {
        let busy = [hours(10, 12), hours(8, 9), hours(11, 13)];
        assert_eq!(free(&busy, hours(8, 24)), [hours(9, 10), hours(13, 24)]);
        assert_eq!(free(&[], hours(0, 24)), [hours(0, 24)]);
    }

    #[test]
    fn one_long_gap_gives_two() {
        let found = nearest_free(hours(1, 3), &[hours(0, 4)], hours(0, 24));
        assert_eq!(found, [hours(4, 6), hours(6, 8)]);
    }

    fn slots() -> impl Strategy<Value = Slot> {
        (0i64..200, 1i64..30).prop_map(|(from, length)| Slot {
            from: Instant(from * 60_000),
            to: Instant((from + length) * 60_000),
        })
    }

    proptest! {
        #[test]
        fn overlap_is_mutual_and_has_minutes(a in slots(), b in slots()) {
            prop_assert_eq!(a.overlaps(b), b.overlaps(a));
            prop_assert_eq!(a.overlap_minutes(b), b.overlap_minutes(a));
            prop_assert_eq!(a.overlaps(b), a.overlap_minutes(b) > 0);
        }

        #[test]
        fn free_slots_are_free_and_nearest(
            wanted in slots(),
            busy in prop::collection::vec(slots(), 0..12),
        ) {
            let bounds = Slot { from: Instant(0), to: Instant(240 * 60_000) };
            let found = nearest_free(wanted, &busy, bounds);
            for slot in &found {
                prop_assert_eq!(slot.length(), wanted.length());
                prop_assert!(bounds.from <= slot.from && slot.to <= bounds.to);
                prop_assert!(busy.iter().all(|b| !b.overlaps(*slot)));
            }
            if let [first, second] = found[..] {
                prop_assert!(!first.overlaps(second));
            }
            // Against every start there is, minute by minute.
            let starts = (0..=240i64)
                .map(|m| Slot::starting(Instant(m * 60_000), wanted.length()))
                .filter(|s| s.to <= bounds.to && busy.iter().all(|b| !b.overlaps(*s)));
            let best = starts.min_by_key(|s| ((s.from - wanted.from).abs(), s.from));
            prop_assert_eq!(found.first().copied(), best);
        }
    }
}
