//! Decisions about spots, hours and days. Pure.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::model::{Counted, Minute, Plan, Tally};
use crate::platform::{ids::BoothId, time::Day, visible::is_invisible};

/// Longest name of a spot, in characters, after normalising.
pub const MAX_SPOT: usize = 40;

/// A spot's name as it is compared and shown: NFKC, without spaces and invisible marks,
/// upper case. `None` when nothing is left, or too much.
pub fn spot(text: &str) -> Option<String> {
    let visible: String = text.nfkc().filter(|c| !is_space(*c)).collect();
    let upper = visible.to_uppercase();
    let plain: String = upper.nfkc().filter(|c| !is_space(*c)).collect();
    (1..=MAX_SPOT).contains(&plain.chars().count()).then_some(plain)
}

/// White space and what has no width: spots that look the same are the same.
fn is_space(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Opening hours within one day; closing at 00:00 is the end of the day. `None` when they
/// are empty or would cross midnight.
pub fn hours(opens_at: Minute, closes_at: Minute) -> Option<(Minute, Minute)> {
    let closes_at = if closes_at == Minute::MIDNIGHT { Minute::END_OF_DAY } else { closes_at };
    (opens_at < closes_at).then_some((opens_at, closes_at))
}

/// Whether two booths of one spot would stand there at once: they share a day, and a minute
/// of that day. The end of the hours is free for the next one.
pub fn clash(a: &Plan, b: &Plan) -> bool {
    let days = a.opens_on <= b.closes_on && b.opens_on <= a.closes_on;
    days && a.opens_at < b.closes_at && b.opens_at < a.closes_at
}

/// Whether the booth is open on the day.
pub fn open_on(plan: &Plan, day: Day) -> bool {
    plan.opens_on <= day && day <= plan.closes_on
}

/// The days before `today` on which a booth was open and nobody wrote a tally. A day counts
/// once it is over, whatever the hours; today does not.
pub fn missing_days(
    booth: BoothId,
    plan: &Plan,
    tallied: &BTreeSet<(BoothId, Day)>,
    today: Day,
) -> Vec<Day> {
    let last = plan.closes_on.min(today.plus(-1));
    (0..=plan.opens_on.days_until(last))
        .map(|days| plan.opens_on.plus(days))
        .filter(|day| !tallied.contains(&(booth, *day)))
        .collect()
}

/// What all people of a day counted together; notes are each one's own.
pub fn total(tallies: &[Tally]) -> Counted {
    tallies.iter().fold(Counted::default(), |sum, tally| Counted {
        visitors: sum.visitors + tally.counted.visitors,
        installs: sum.installs + tally.counted.installs,
        purchases: sum.purchases + tally.counted.purchases,
        cards: sum.cards + tally.counted.cards,
        note: None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::booths::model::BoothKind;

    fn minute(text: &str) -> Minute {
        text.parse().unwrap()
    }

    fn plan(days: (i64, i64), hours: (i64, i64)) -> Plan {
        let first = Day::new(2011, 9, 1).unwrap();
        Plan {
            event_id: None,
            kind: BoothKind::Tent,
            spot: "A3".into(),
            latitude: None,
            longitude: None,
            opens_on: first.plus(days.0),
            closes_on: first.plus(days.1),
            opens_at: Minute(hours.0),
            closes_at: Minute(hours.1),
            permit_no: None,
        }
    }

    #[test]
    fn a_day_is_missing_once_it_is_over_and_nobody_counted_it() {
        let (booth, first) = (BoothId::new(), Day::new(2011, 9, 1).unwrap());
        let plan = plan((0, 2), (540, 1440));
        let tallied = BTreeSet::from([(booth, first.plus(1)), (BoothId::new(), first)]);
        let missing = |today: i64| missing_days(booth, &plan, &tallied, first.plus(today));
        assert_eq!((missing(-3), missing(0)), (vec![], vec![]));
        assert_eq!((missing(1), missing(2)), (vec![first], vec![first]));
        assert_eq!(missing(99), [first, first.plus(2)]);
    }

    #[test]
    fn one_spot_has_one_name() {
        for text in ["A3", "a3", " a 3 ", "Ａ３", "ａ\u{3000}3", "a\u{200B}3", "A\t3"] {
            assert_eq!(spot(text).as_deref(), Some("A3"), "{text:?}");
        }
        assert_eq!(spot("北门 ① 号").as_deref(), Some("北门1号"));
        for hidden in "\u{AD}\u{34F}\u{180E}\u{202E}\u{2062}\u{3164}\u{FE0F}\u{E0041}".chars() {
            assert_eq!(spot(&format!("a{hidden}3")).as_deref(), Some("A3"), "{hidden:?}");
        }
        assert_eq!(spot("straße").as_deref(), Some("STRASSE"));
    }

    #[test]
    fn a_spot_has_a_name_of_fitting_length() {
        assert_eq!(spot(" \u{3000}\u{FEFF}"), None);
        assert_eq!(spot(&"x".repeat(MAX_SPOT)).map(|s| s.len()), Some(MAX_SPOT));
        assert_eq!(spot(&"x".repeat(MAX_SPOT + 1)), None);
        // One character that becomes eighteen.
        assert_eq!(spot(&"\u{FDFA}".repeat(3)), None);
    }

    #[test]
    fn hours_stay_within_a_day() {
        assert_eq!(hours(minute("09:00"), minute("17:30")), Some((Minute(540), Minute(1050))));
        assert_eq!(hours(minute("18:00"), minute("00:00")), Some((Minute(1080), Minute(1440))));
        assert_eq!(hours(minute("00:00"), minute("00:00")), Some((Minute(0), Minute(1440))));
        assert_eq!(hours(minute("18:00"), minute("02:00")), None);
        assert_eq!(hours(minute("09:00"), minute("09:00")), None);
    }

    #[test]
    fn times_of_day_are_read_strictly() {
        for text in ["9:00", "24:00", "09:60", "09:00:00", "+9:00", "0900", "", "０９:00"] {
            assert!(text.parse::<Minute>().is_err(), "{text}");
        }
        assert_eq!(Minute::END_OF_DAY.to_string(), "00:00");
        assert_eq!(minute("23:59").to_string(), "23:59");
    }

    #[test]
    fn booths_clash_only_when_both_days_and_hours_meet() {
        let day = plan((0, 4), (540, 1080));
        assert!(clash(&day, &plan((4, 6), (600, 660))));
        assert!(!clash(&day, &plan((5, 6), (600, 660))));
        assert!(!clash(&day, &plan((0, 4), (1080, 1440))));
        assert!(!clash(&day, &plan((0, 4), (0, 540))));
    }

    proptest! {
        #[test]
        fn a_normalised_spot_stays_as_it_is(text in "\\PC{0,12}") {
            if let Some(once) = spot(&text) {
                prop_assert_eq!(spot(&once), Some(once.clone()));
            }
        }

        #[test]
        fn a_clash_is_a_day_and_minute_in_common(
            a in (0i64..6, 0i64..4, 0i64..20, 1i64..20),
            b in (0i64..6, 0i64..4, 0i64..20, 1i64..20),
        ) {
            let make = |t: (i64, i64, i64, i64)| plan((t.0, t.0 + t.1), (t.2, t.2 + t.3));
            let has = |t: (i64, i64, i64, i64), day: i64, minute: i64| {
                (t.0..=t.0 + t.1).contains(&day) && (t.2..t.2 + t.3).contains(&minute)
            };
            let common = (0..12).any(|d| (0..40).any(|m| has(a, d, m) && has(b, d, m)));
            prop_assert_eq!(clash(&make(a), &make(b)), common);
            prop_assert_eq!(clash(&make(b), &make(a)), common);
        }
    }
}
