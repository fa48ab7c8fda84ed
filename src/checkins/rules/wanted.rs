//! What more to load, once it is known whom and what the items name.

use std::collections::BTreeSet;

use super::{
    eligibility::bearer,
    facts::{Attendee, Facts, Stored},
    item::{Annulment, Item, Scan},
    time::Timing,
};
use crate::{
    checkins::model::{Place, Target},
    platform::ids::{EventId, ParticipantId, UserId},
};

/// The second step of loading. On PostgreSQL the rows of `attendances` and `places` are locked
/// (made when absent) in this order before the lines are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub attendances: BTreeSet<(EventId, ParticipantId)>,
    /// Those among them that may lose a stored scan: all their scans of the set must be known.
    pub losing: BTreeSet<(EventId, ParticipantId)>,
    /// Places whose holder must be known.
    pub places: BTreeSet<Place>,
    /// Those among them that may lose a stored scan: all their scans of the set must be known.
    pub lines: BTreeSet<Place>,
    pub registrations: BTreeSet<(EventId, ParticipantId)>,
    /// Users whose authority over a target decides about an annulment.
    pub authority: BTreeSet<(UserId, Target)>,
}

impl Facts {
    /// Asks for what `items` need; the facts of the first step must be there.
    pub fn wanted(&self, items: &[Item]) -> Wanted {
        let mut wanted = Wanted::default();
        for (index, item) in items.iter().enumerate() {
            match item {
                Item::Scan(scan) => self.want_scan(index, scan, &mut wanted),
                Item::Annul(annulment) => self.want_annulment(annulment, items, &mut wanted),
                Item::Resolve(resolve) => {
                    if let Some(stored) = self.scans.get(&resolve.scan_id) {
                        wanted.stored(stored);
                    }
                }
            }
        }
        wanted
    }

    fn want_scan(&self, index: usize, scan: &Scan, wanted: &mut Wanted) {
        if let Some(stored) = self.scans.get(&scan.scan_id) {
            return wanted.stored(stored);
        }
        for annulment in self.waiting.get(&scan.scan_id).into_iter().flatten() {
            wanted.authority.insert((annulment.by, scan.target));
        }
        // Nothing is stored about a place that is not there.
        let there = match scan.target {
            Target::Event(id) => self.events.contains_key(&id),
            Target::Booth(id) => self.booths.contains_key(&id),
        };
        let Ok(bearer) = bearer(self, scan.subject) else { return };
        if !there || self.unseen.contains(&index) {
            return;
        }
        let participant = bearer.person.id;
        match scan.target {
            Target::Event(event) => {
                wanted.attendances.insert((event, participant));
                wanted.registrations.insert((event, participant));
                wanted.places.insert(Place::Gate { event, participant });
            }
            Target::Booth(booth) => {
                let timing = Timing::new(scan.scanned_at, scan.sent_at, scan.received_at);
                let facts = self.booth(booth, timing.effective_at);
                let event = facts.and_then(|facts| facts.event);
                wanted.attendances.extend(event.map(|event| (event, participant)));
                let day = timing.effective_at.day();
                wanted.places.insert(Place::Booth { booth, day, participant });
            }
        }
    }

    fn want_annulment(&self, annulment: &Annulment, items: &[Item], wanted: &mut Wanted) {
        if let Some(stored) = self.scans.get(&annulment.scan_id) {
            wanted.authority.insert((annulment.by, stored.identity.target));
            wanted.lines.extend(stored.place());
            let who = stored.attendee.map(|attendee| attendee.id);
            wanted.losing.extend(stored.event.zip(who));
            return wanted.stored(stored);
        }
        let named = items.iter().filter_map(|item| match item {
            Item::Scan(scan) if scan.scan_id == annulment.scan_id => Some(scan.target),
            _ => None,
        });
        wanted.authority.extend(named.map(|target| (annulment.by, target)));
    }
}

impl Wanted {
    fn stored(&mut self, scan: &Stored) {
        let Some(Attendee { id, .. }) = scan.attendee else { return };
        self.attendances.extend(scan.event.map(|event| (event, id)));
        self.places.extend(scan.place());
    }
}
