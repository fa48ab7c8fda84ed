//! Where each SIM kit is, by its serial, and how the kits went.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Shelf {
    /// Serials by place.
    pub at: BTreeMap<String, BTreeSet<String>>,
    /// Pieces by kind of movement, as they arrived.
    pub moved: BTreeMap<&'static str, i64>,
    /// Movements by kind, as they were sent.
    pub movements: BTreeMap<&'static str, i64>,
}

impl Shelf {
    /// The first serials of a place.
    pub fn pick(&self, place: &str, many: usize) -> Vec<String> {
        let there = self.at.get(place).into_iter().flatten();
        let picked: Vec<String> = there.take(many).cloned().collect();
        assert_eq!(picked.len(), many, "the story takes more from {place} than is there");
        picked
    }

    pub fn carry(&mut self, from: &str, to: &str, serials: &[String]) {
        for serial in serials {
            if from != "supplier" {
                let left = self.at.get_mut(from).is_some_and(|place| place.remove(serial));
                assert!(left, "the story takes {serial} from {from}, where it is not");
            }
            self.at.entry(to.to_owned()).or_default().insert(serial.clone());
        }
    }

    pub fn note(&mut self, kind: &'static str, pieces: usize) {
        *self.moved.entry(kind).or_default() += i64::try_from(pieces).unwrap();
    }

    pub fn many(&self, place: &str) -> usize {
        self.at.get(place).map_or(0, BTreeSet::len)
    }

    /// Pieces moved by a kind of movement.
    pub fn pieces(&self, kind: &str) -> i64 {
        self.moved.get(kind).copied().unwrap_or(0)
    }
}
