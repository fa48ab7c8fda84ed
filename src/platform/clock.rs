//! Two clocks. *Business* time is what the season runs on and may be a training clock;
//! *real* time governs tokens, sessions, limits, retention, idempotency and audit.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::time::{Day, Instant};

/// A clock that can be moved: an offset to the machine's clock, in milliseconds.
#[derive(Clone, Default)]
pub struct Clock {
    offset: Arc<AtomicI64>,
    /// Where it stands still; 0 while it runs.
    held: Arc<AtomicI64>,
}

impl Clock {
    pub fn now(&self) -> Instant {
        match self.held.load(Ordering::Relaxed) {
            0 => Instant(machine_now().0 + self.offset.load(Ordering::Relaxed)),
            held => Instant(held),
        }
    }

    pub fn today(&self) -> Day {
        self.now().day()
    }

    /// Makes the clock show `now`; it runs on from there.
    pub fn set(&self, now: Instant) {
        self.offset.store(now.0 - machine_now().0, Ordering::Relaxed);
        self.held.store(0, Ordering::Relaxed);
    }

    /// Makes the clock show `now` and stand still, so that two runs can be compared.
    pub fn hold(&self, now: Instant) {
        self.held.store(now.0, Ordering::Relaxed);
    }

    /// Makes it show `now` unless it shows a later time by then; answers whether it does.
    pub fn forward(&self, now: Instant) -> bool {
        let offset = now.0 - machine_now().0;
        self.offset.fetch_max(offset, Ordering::Relaxed) <= offset
    }
}

/// The clocks of a process.
#[derive(Clone, Default)]
pub struct Clocks {
    pub business: Clock,
    pub real: Clock,
    /// Whether the business clock is a training clock; then every answer says so.
    pub training: bool,
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn machine_now() -> Instant {
    Instant(chrono::Utc::now().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_goes_forward_never_goes_back() {
        let clock = Clock::default();
        let later = clock.now() + chrono::Duration::days(2);
        assert!(clock.forward(later));
        assert!(!clock.forward(later - chrono::Duration::days(1)));
        assert!(clock.now() >= later);
        assert!(clock.forward(later + chrono::Duration::days(1)));
    }
}
