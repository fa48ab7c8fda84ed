//! Our own count of what was done: written down as it happens, by the plainest rule there is,
//! and never read from the server.

pub mod door;
pub mod shelf;

use std::collections::BTreeMap;

pub use door::Door;
pub use shelf::Shelf;

#[derive(Default)]
pub struct Tally {
    /// By title.
    pub events: BTreeMap<&'static str, Planned>,
    pub list: List,
    pub shelf: Shelf,
    pub door: Door,
    /// What was counted at the booth, by day.
    pub booth: BTreeMap<&'static str, Counted>,
}

/// An event, with the steps taken.
#[derive(Default)]
pub struct Planned {
    pub state: &'static str,
    pub overridden: bool,
    pub steps: Vec<String>,
}

/// Who is on the gala's list, by number of the guest, in the order of asking.
#[derive(Default)]
pub struct List {
    pub capacity: usize,
    pub registered: Vec<usize>,
    pub waiting: Vec<usize>,
    pub cancelled: Vec<usize>,
}

#[derive(Clone, Copy, Default)]
pub struct Counted {
    pub visitors: i64,
    pub installs: i64,
    pub purchases: i64,
    pub cards: i64,
}

impl Tally {
    /// How many events are in one of these states.
    pub fn events_in(&self, states: &[&str]) -> i64 {
        count(self.events.values().filter(|event| states.contains(&event.state)))
    }

    /// The sum of one count over the days of the booth.
    pub fn counted(&self, what: impl Fn(&Counted) -> i64) -> i64 {
        self.booth.values().map(what).sum()
    }

    /// Registered for the gala and never seen.
    pub fn no_shows(&self) -> i64 {
        let inside = self.door.inside();
        count(self.list.registered.iter().filter(|guest| !inside.contains(guest)))
    }
}

impl List {
    pub fn ask(&mut self, guest: usize) {
        self.waiting.push(guest);
        self.move_up();
    }

    pub fn cancel(&mut self, guest: usize) {
        self.registered.retain(|other| *other != guest);
        self.cancelled.push(guest);
        self.move_up();
    }

    /// Whoever has waited longest gets what places there are.
    pub fn move_up(&mut self) {
        while self.registered.len() < self.capacity && !self.waiting.is_empty() {
            self.registered.push(self.waiting.remove(0));
        }
    }
}

pub fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    i64::try_from(items.count()).unwrap()
}
