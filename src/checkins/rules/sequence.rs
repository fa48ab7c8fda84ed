//! Which of a phone's records have arrived. A phone numbers what it makes from 1 upwards; what
//! it says it made and we never saw is asked for again.

use serde::{Deserialize, Serialize};

/// Ranges a phone is told at most.
const MOST: usize = 100;
/// Ranges that are kept of a phone at most: far more gaps than it is told of.
const KEPT: usize = 1_000;

/// The numbers received from one (session's device, `device_id`), as ranges in order that
/// neither touch nor overlap. Kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Received(Vec<(i64, i64)>);

impl Received {
    /// Notes a number; those below 1 are none. Of a phone that leaves out very many numbers
    /// the lowest ranges are forgotten: should it ask again, it sends them twice.
    pub fn insert(&mut self, number: i64) {
        if number < 1 {
            return;
        }
        let next = self.0.partition_point(|(_, to)| *to < number - 1);
        let (mut from, mut to) = (number, number);
        let mut end = next;
        while let Some((a, b)) = self.0.get(end).copied() {
            if a > number.saturating_add(1) {
                break;
            }
            (from, to) = (from.min(a), to.max(b));
            end += 1;
        }
        self.0.splice(next..end, [(from, to)]);
        let over = self.0.len().saturating_sub(KEPT);
        self.0.drain(..over);
    }

    /// The highest number received, 0 when none was.
    pub fn highest(&self) -> i64 {
        self.0.last().map_or(0, |(_, to)| *to)
    }

    /// The ranges in `1..=high` that never arrived, newest first, at most 100.
    pub fn missing(&self, high: i64) -> Vec<(i64, i64)> {
        let mut gaps = Vec::new();
        let mut upto = high;
        for (from, to) in self.0.iter().rev().copied().filter(|(from, _)| *from <= high) {
            if gaps.len() == MOST {
                return gaps;
            }
            if to < upto {
                gaps.push((to + 1, upto));
            }
            upto = from - 1;
        }
        if upto >= 1 && gaps.len() < MOST {
            gaps.push((1, upto));
        }
        gaps
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn received(numbers: &[i64]) -> Received {
        let mut all = Received::default();
        numbers.iter().for_each(|n| all.insert(*n));
        all
    }

    #[test]
    fn gaps_come_newest_first() {
        let all = received(&[2, 3, 7, 41]);
        assert_eq!(all.missing(45), [(42, 45), (8, 40), (4, 6), (1, 1)]);
        assert_eq!(all.missing(7), [(4, 6), (1, 1)]);
        assert_eq!(received(&[]).missing(3), [(1, 3)]);
        assert_eq!(received(&[1, 2, 3]).missing(3), []);
        assert_eq!(received(&[0, -4]), Received::default());
    }

    #[test]
    fn a_phone_is_told_a_hundred_ranges_at_most() {
        let odd: Vec<i64> = (0..300).map(|n| 2 * n + 1).collect();
        let gaps = received(&odd).missing(600);
        assert_eq!((gaps.len(), gaps[0], gaps[99]), (100, (600, 600), (402, 402)));
    }

    #[test]
    fn what_is_kept_has_an_end() {
        let all = received(&(0..5_000).map(|n| 2 * n + 1).collect::<Vec<_>>());
        assert_eq!((all.0.len(), all.highest()), (KEPT, 9_999));
        assert_eq!(all.missing(9_999)[0], (9_998, 9_998));
    }

    proptest! {
        #[test]
        fn ranges_say_what_a_set_says(numbers in prop::collection::vec(-2..60i64, 0..60), high in 0..70i64) {
            let all = received(&numbers);
            let set: BTreeSet<i64> = numbers.into_iter().filter(|n| *n >= 1).collect();
            let told: BTreeSet<i64> =
                all.missing(high).into_iter().flat_map(|(from, to)| from..=to).collect();
            let want: BTreeSet<i64> = (1..=high).filter(|n| !set.contains(n)).collect();
            prop_assert_eq!(told, want);
            prop_assert_eq!(all.highest(), set.last().copied().unwrap_or(0));
            prop_assert!(all.0.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0));
        }
    }
}
