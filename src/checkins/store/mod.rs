//! All SQL of check-in. A slice of scans is judged in one transaction: [`load`] locks and
//! reads what the rules ask for, [`save`] writes what they decided, sorted by key.
//!
//! On PostgreSQL three kinds of rows stand for sets and are locked, in this order and sorted,
//! before the sets are read: scan ids, attendances, places. SQLite writes one after another,
//! so there the rows appear only when they say something.

pub mod load;
pub mod queues;
pub mod read;
mod row;
pub mod save;
pub mod sums;

use std::sync::Arc;

use crate::{
    accounts::allowed::Caller,
    checkins::rules::{Item, item::AnnulmentKey},
    platform::{
        ids::{CampusId, DeviceId, RequestId, ScanId, UserId},
        names::CityCode,
        time::Instant,
    },
};

/// Where an event or booth is: scans carry it for their scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    pub campus: CampusId,
    pub city: CityCode,
}

/// Items to judge together, of one request or of several, each with what is kept beside it.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    pub items: Vec<Item>,
    /// As many as there are items.
    pub slips: Vec<Slip>,
    /// What could not even be read.
    pub malformed: Vec<Attempt>,
}

/// What is kept of an item and plays no part in judging it.
#[derive(Clone, Debug)]
pub struct Slip {
    pub who: Arc<Caller>,
    pub request: RequestId,
    /// The number the phone gave it.
    pub device_seq: Option<i64>,
    /// The claimed device whose number that is.
    pub queue: Option<DeviceId>,
    /// Why someone annuls or resolves.
    pub reason: String,
    /// To be kept when the item makes no scan.
    pub attempt: Attempt,
}

/// Something received that makes no scan.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub session_device: DeviceId,
    pub user: UserId,
    pub scan_id: Option<ScanId>,
    pub received_at: Instant,
    /// As received, cut to 2 KiB.
    pub body: String,
    pub body_sha256: [u8; 32],
}

impl Slice {
    pub fn push(&mut self, item: Item, slip: Slip) {
        self.items.push(item);
        self.slips.push(slip);
    }

    /// The ids its items name, sorted.
    pub fn scan_ids(&self) -> Vec<ScanId> {
        let mut ids: Vec<ScanId> = self.items.iter().map(Item::scan_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Why the annulment of this key was asked for; one that waited is in no slice.
    fn reason_of(&self, key: &AnnulmentKey) -> &str {
        let found = self.items.iter().zip(&self.slips).find(|(item, _)| match item {
            Item::Annul(annulment) => annulment.key() == *key,
            _ => false,
        });
        found.map_or("", |(_, slip)| &slip.reason)
    }
}
