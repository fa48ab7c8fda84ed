//! The end of a slice: standings, holders, counters and conflicts as they came out.

use super::{
    conflicts::{Seen, conflict},
    eligibility::is_open,
    facts::Stored,
    judge::Bench,
    outcome::{Judgement, NewScan},
};
use crate::{
    checkins::model::{Place, Standing},
    platform::ids::{EventId, ScanId},
};

impl Bench<'_> {
    /// What is to be written.
    pub(super) fn close(mut self) -> Judgement {
        self.ledger.close(&mut self.out);
        self.settle_moved();
        for id in std::mem::take(&mut self.touched) {
            let Some(mut scan) = self.scans.get(&id).cloned() else { continue };
            scan.standing = self.standing(id, &scan);
            self.clash(id, &Seen::scan(&scan, scan.standing), scan.place());
            match self.new.get(&id) {
                Some((item, late)) => {
                    self.out.entered.extend(self.entered(&scan));
                    self.out.new.insert(id, NewScan { item: *item, scan, late: *late });
                }
                None if self.facts.scans.get(&id).map(|s| s.standing) != Some(scan.standing) => {
                    self.out.standings.insert(id, scan.standing);
                }
                None => {}
            }
        }
        self.out
    }

    /// Scans that were stored before and lost their place, or got it.
    fn settle_moved(&mut self) {
        let moved: Vec<_> = self.ledger.moved().collect();
        for (place, before, after) in moved {
            let still = before.filter(|before| self.ledger.holds(place, before));
            let changed = [(still, Standing::Duplicate), (after, Standing::Admitted)];
            for (member, standing) in changed {
                let Some(member) = member else { continue };
                let id = member.first.scan_id;
                if self.touched.contains(&id) {
                    continue;
                }
                self.out.standings.insert(id, standing);
                self.clash(id, &Seen::member(&member, place, standing), Some(place));
            }
        }
    }

    /// The event that a new scan brought someone in to while it was on.
    fn entered(&self, scan: &Stored) -> Option<EventId> {
        let (id, at) = (scan.event?, scan.effective_at);
        let terms = self.facts.events.get(&id)?.terms.at(at)?;
        (scan.standing == Standing::Admitted && is_open(terms, at)).then_some(id)
    }

    fn clash(&mut self, id: ScanId, seen: &Seen, place: Option<Place>) {
        let head = place.and_then(|place| self.ledger.head(place));
        let other = head.filter(|head| head.first.scan_id != id);
        if let Some(found) = conflict(seen, other.as_ref()) {
            self.out.conflicts.insert(id, found);
        }
    }
}
