//! When a scan happened. Phones may be wrong about the time by any constant: what they say is
//! moved by the difference between their clock and ours at the moment of sending.

use chrono::Duration;

use crate::platform::time::Instant;

/// Below this a difference is the network's, not the clock's.
const NEGLIGIBLE: Duration = Duration::seconds(2);
/// How far a corrected time may lie after receipt before nobody believes it.
const TOLERANCE: Duration = Duration::minutes(10);
/// The year 1 begins, in UTC: what lies before can be neither written nor read.
const EARLIEST: Instant = Instant(-62_135_596_800_000);

/// The times of a scan, fixed at first receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Server's clock minus phone's clock; zero when below two seconds.
    pub skew: Duration,
    /// What dates the scan: never after its receipt.
    pub effective_at: Instant,
    /// Scanned more than ten minutes after it was sent, or before the first year of the
    /// calendar: `effective_at` is the time of receipt and counts only when a coordinator
    /// accepts the scan.
    pub suspect: bool,
}

impl Timing {
    pub fn new(scanned_at: Instant, sent_at: Instant, received_at: Instant) -> Self {
        let difference = received_at - sent_at;
        let skew = if difference.abs() < NEGLIGIBLE { Duration::zero() } else { difference };
        let corrected = scanned_at + skew;
        let suspect = corrected < EARLIEST || corrected > received_at + TOLERANCE;
        let effective_at = if suspect { received_at } else { corrected.min(received_at) };
        Self { skew, effective_at, suspect }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::time::Day;

    const NOON: Instant = Instant(1_314_936_000_000);

    fn timing(scanned_s: i64, sent_s: i64) -> Timing {
        let at = |seconds| NOON + Duration::seconds(seconds);
        Timing::new(at(scanned_s), at(sent_s), NOON)
    }

    #[test]
    fn a_constant_error_of_the_phone_is_corrected() {
        for wrong_by in [-86_400, -7_200, -2, 2, 45, 31_536_000] {
            let made = timing(wrong_by - 60, wrong_by);
            assert_eq!(made.effective_at, NOON - Duration::seconds(60), "wrong by {wrong_by} s");
            assert!(!made.suspect);
        }
    }

    #[test]
    fn less_than_two_seconds_is_no_skew() {
        assert_eq!(timing(-61, -1).effective_at, NOON - Duration::seconds(61));
        assert_eq!(timing(-59, 1).effective_at, NOON - Duration::seconds(59));
        let edge = Timing::new(NOON, NOON - Duration::milliseconds(1_999), NOON);
        assert_eq!(edge.skew, Duration::zero());
    }

    #[test]
    fn a_scan_later_than_its_receipt_is_dated_at_receipt() {
        let made = timing(600, 0);
        assert_eq!((made.effective_at, made.suspect), (NOON, false));
    }

    #[test]
    fn more_than_ten_minutes_after_sending_is_suspect() {
        assert!(timing(601, 0).suspect);
        assert!(timing(7_200 + 601, 7_200).suspect);
        assert!(!timing(7_200 + 600, 7_200).suspect);
        assert_eq!(timing(9_000, 0).effective_at, NOON);
    }

    #[test]
    fn a_time_before_all_calendars_is_suspect() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let made = Timing::new(at("0001-06-01T00:00:00Z"), at("9998-01-01T00:00:00Z"), NOON);
        assert_eq!((made.effective_at, made.suspect), (NOON, true));
    }

    proptest! {
        #[test]
        fn a_scan_is_dated_by_what_can_be_read_again(
            scanned in -62_135_596_800_000..253_339_200_000_000i64,
            sent in -62_135_596_800_000..253_339_200_000_000i64,
            received in 0..4_102_444_800_000i64,
        ) {
            let made = Timing::new(Instant(scanned), Instant(sent), Instant(received));
            let at = made.effective_at;
            prop_assert!(at <= Instant(received));
            prop_assert_eq!(at.to_string().parse::<Instant>().unwrap(), at);
            prop_assert_eq!(at.day().to_string().parse::<Day>().unwrap(), at.day());
        }
    }
}
