//! The end of a slice: standings, holders, counters and conflicts as they came out.

use super::{
    conflicts::{Seen, conflict},
    eligibility::is_open,
    facts::Stored,
    judge::Bench,
    outcome::{Judgement, NewScan},
};
use crate::{
    checkins::model::{Place, Standing, Target},
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
            self.enter(id, &scan);
            match self.new.get(&id) {
                Some((item, late)) => {
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

    /// Notes whether a scan that is new, or accepted now, brought someone in to its event.
    fn enter(&mut self, id: ScanId, scan: &Stored) {
        let new = self.new.get(&id).map(|(index, _)| *index);
        let Some(index) = new.or_else(|| self.accepted.get(&id).copied()) else { return };
        let Some(event) = scan.event.filter(|_| scan.standing == Standing::Admitted) else {
            return;
        };
        if self.is_of_its_day(event, scan) {
            let first = self.out.entered.entry(event).or_insert(index);
            *first = index.min(*first);
        }
    }

    /// What counts at the gate was made while it was open, or a coordinator says that it
    /// counts all the same.
    fn is_of_its_day(&self, event: EventId, scan: &Stored) -> bool {
        let at = scan.effective_at;
        match scan.identity.target {
            Target::Event(_) => true,
            Target::Booth(_) => {
                let event = self.facts.events.get(&event);
                let terms = event.and_then(|event| event.terms.at(at));
                terms.is_some_and(|terms| is_open(terms, at))
            }
        }
    }

    fn clash(&mut self, id: ScanId, seen: &Seen, place: Option<Place>) {
        let head = place.and_then(|place| self.ledger.head(place));
        let other = head.filter(|head| head.first.scan_id != id);
        if let Some(found) = conflict(seen, other.as_ref()) {
            self.out.conflicts.insert(id, found);
        }
    }
}
