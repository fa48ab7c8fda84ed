//! Scans by the plain rule: of the scans of a person at a place that count, the earliest
//! holds the place, whatever came when.

use std::collections::{BTreeMap, BTreeSet};

use campus_ops::platform::time::Instant;
use uuid::Uuid;

/// Where a scan was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Gate,
    /// The booth, where a person counts once a day.
    Booth,
}

/// A scan as it truly happened.
#[derive(Clone, Debug)]
pub struct Scan {
    pub id: Uuid,
    pub place: Place,
    /// Number of the guest.
    pub guest: usize,
    /// The true time, whatever the phone's clock said.
    pub at: Instant,
    pub device: Uuid,
    /// What the phone decided by itself: `admitted` or `denied`.
    pub local: Option<&'static str>,
    /// Why the person may not come in, if so.
    pub refused: Option<&'static str>,
    /// The coordinator let it count after all.
    pub accepted: bool,
    pub annulled: bool,
    /// Received when the event was closed.
    pub late: bool,
}

/// Everything that has come to the server.
#[derive(Default)]
pub struct Door {
    pub scans: Vec<Scan>,
}

/// A phone's decision with which the server does not agree.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    pub scan: String,
    pub kind: &'static str,
    pub settled: bool,
}

type Held = (Place, String, usize);

impl Scan {
    fn counts(&self) -> bool {
        !self.annulled && (self.refused.is_none() || self.accepted)
    }

    fn held(&self) -> Held {
        let day = match self.place {
            Place::Gate => String::new(),
            Place::Booth => self.at.day().to_string(),
        };
        (self.place, day, self.guest)
    }

    fn rank(&self) -> (Instant, Uuid) {
        (self.at, self.id)
    }
}

impl Door {
    /// What a phone is told if this scan comes now: verdict and reason.
    pub fn told(&self, scan: &Scan) -> (&'static str, Option<&'static str>) {
        if scan.refused.is_some() {
            return ("denied", scan.refused);
        }
        let holders = self.holders();
        match holders.get(&scan.held()) {
            Some(other) if other.rank() < scan.rank() => ("duplicate", Some("already_checked_in")),
            _ => ("admitted", None),
        }
    }

    /// The scan that holds each place.
    pub fn holders(&self) -> BTreeMap<Held, &Scan> {
        let mut holders: BTreeMap<Held, &Scan> = BTreeMap::new();
        for scan in self.scans.iter().filter(|scan| scan.counts()) {
            let holder = holders.entry(scan.held()).or_insert(scan);
            if scan.rank() < holder.rank() {
                *holder = scan;
            }
        }
        holders
    }

    /// Who is in, at the gate or at the booth.
    pub fn inside(&self) -> BTreeSet<usize> {
        self.scans.iter().filter(|scan| scan.counts()).map(|scan| scan.guest).collect()
    }

    pub fn standing(&self, scan: &Scan) -> &'static str {
        if scan.annulled {
            return "annulled";
        }
        if !scan.counts() {
            return "denied";
        }
        let holders = self.holders();
        if holders[&scan.held()].id == scan.id { "admitted" } else { "duplicate" }
    }

    pub fn find(&mut self, id: Uuid) -> &mut Scan {
        self.scans.iter_mut().find(|scan| scan.id == id).expect("it has come")
    }

    /// Where a phone and the server do not agree, or did not until a coordinator spoke.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let holders = self.holders();
        let conflict = |scan: &Scan| {
            let standing = self.standing(scan);
            let differs = match scan.local? {
                "admitted" => ["duplicate", "denied"].contains(&standing),
                _ => standing == "admitted",
            };
            if !differs && !scan.accepted {
                return None;
            }
            let holder = holders.get(&scan.held());
            let twice = standing == "duplicate"
                && holder.is_some_and(|holder| {
                    holder.device != scan.device && holder.local == Some("admitted")
                });
            let kind = if twice { "two_devices" } else { "verdict" };
            Some(Conflict { scan: scan.id.to_string(), kind, settled: scan.accepted })
        };
        let mut found: Vec<Conflict> = self.scans.iter().filter_map(conflict).collect();
        found.sort();
        found
    }
}
