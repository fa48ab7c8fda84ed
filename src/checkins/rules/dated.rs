//! Facts with a history: what was so at an instant.

use crate::platform::time::Instant;

/// Values by the instant each began to hold; each holds until the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<T>(Vec<(Instant, T)>);

impl<T> Default for Dated<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Dated<T> {
    /// Takes the changes in any order; of two at the same instant the later in the list holds.
    pub fn new(mut changes: Vec<(Instant, T)>) -> Self {
        changes.sort_by_key(|(since, _)| *since);
        Self(changes)
    }

    /// What held at `at`; `None` before the first change.
    pub fn at(&self, at: Instant) -> Option<&T> {
        let next = self.0.partition_point(|(since, _)| *since <= at);
        self.0[..next].last().map(|(_, value)| value)
    }

    /// What held at `at`, or first of all when that is earlier than anything known.
    pub fn at_or_first(&self, at: Instant) -> Option<&T> {
        self.at(at).or_else(|| self.0.first().map(|(_, value)| value))
    }

    /// What holds by now.
    pub fn latest(&self) -> Option<&T> {
        self.0.last().map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_holds_until_the_next_begins() {
        let history = Dated::new(vec![(Instant(20), 'b'), (Instant(10), 'a'), (Instant(20), 'c')]);
        let seen = [9, 10, 19, 20, 99].map(|at| history.at(Instant(at)).copied());
        assert_eq!(seen, [None, Some('a'), Some('a'), Some('c'), Some('c')]);
        assert_eq!(history.at_or_first(Instant(1)), Some(&'a'));
        assert_eq!(history.latest(), Some(&'c'));
    }
}
