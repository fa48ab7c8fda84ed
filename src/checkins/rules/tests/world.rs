//! A store made of maps. It loads no more than it is asked for, and checks what it writes.

use std::collections::BTreeMap;

use super::super::{Facts, Item, Judgement, facts::*, item::*, judge, outcome::*};
use crate::{
    catalogue::attendance::ParticipantRole,
    checkins::model::*,
    platform::{ids::*, time::Day},
};

pub struct World {
    /// Facts that check-in does not own.
    pub facts: Facts,
    pub scans: BTreeMap<ScanId, Stored>,
    pub annulments: BTreeMap<AnnulmentKey, (Annulment, AnnulmentState)>,
    pub places: BTreeMap<Place, FirstCheckIn>,
    pub presence: BTreeMap<(EventId, ParticipantId), Presence>,
    pub event_in: BTreeMap<(EventId, ParticipantRole), i64>,
    pub booth_in: BTreeMap<(BoothId, Day), i64>,
    pub conflicts: BTreeMap<ScanId, Conflict>,
}

impl World {
    pub fn new(facts: Facts) -> Self {
        Self {
            facts,
            scans: BTreeMap::new(),
            annulments: BTreeMap::new(),
            places: BTreeMap::new(),
            presence: BTreeMap::new(),
            event_in: BTreeMap::new(),
            booth_in: BTreeMap::new(),
            conflicts: BTreeMap::new(),
        }
    }

    pub fn send(&mut self, items: &[Item]) -> Judgement {
        let judgement = judge(&self.load(items), items);
        self.write(&judgement);
        judgement
    }

    /// Sends one scan alone.
    pub fn scan(&mut self, scan: Scan) -> ScanOutcome {
        match self.send(&[Item::Scan(scan)]).outcomes.remove(0) {
            Outcome::Scan(outcome) => outcome,
            other => panic!("{other:?}"),
        }
    }

    pub fn annul(&mut self, annulment: Annulment) -> AnnulOutcome {
        match self.send(&[Item::Annul(annulment)]).outcomes.remove(0) {
            Outcome::Annul(outcome) => outcome,
            other => panic!("{other:?}"),
        }
    }

    pub fn resolve(&mut self, scan_id: ScanId, decision: Decision) -> ResolveOutcome {
        let item = Item::Resolve(Resolve { scan_id, decision });
        match self.send(&[item]).outcomes.remove(0) {
            Outcome::Resolve(outcome) => outcome,
            other => panic!("{other:?}"),
        }
    }

    pub fn standing(&self, id: ScanId) -> Standing {
        self.scans[&id].standing
    }

    fn load(&self, items: &[Item]) -> Facts {
        let mut facts = self.facts.clone();
        (facts.registrations, facts.overrules) = Default::default();
        for item in items {
            let id = match item {
                Item::Scan(scan) => scan.scan_id,
                Item::Annul(annulment) => annulment.scan_id,
                Item::Resolve(resolve) => resolve.scan_id,
            };
            facts.scans.extend(self.scans.get(&id).map(|scan| (id, scan.clone())));
            let waiting = self
                .annulments
                .values()
                .filter(|(a, state)| a.scan_id == id && *state == AnnulmentState::Waiting);
            facts.waiting.insert(id, waiting.map(|(a, _)| a.clone()).collect());
        }
        let wanted = facts.wanted(items);
        for place in &wanted.places {
            let mut line: Vec<Member> = self.line(*place);
            if !wanted.lines.contains(place) {
                line.truncate(1);
            }
            facts.lines.insert(*place, line);
        }
        let known = |key| self.presence.get(key).map(|p| (*key, *p));
        facts.presence.extend(wanted.attendances.iter().filter_map(known));
        for key in &wanted.losing {
            let theirs = self.scans.iter().filter(|(_, scan)| scan.standing.in_set());
            let theirs = theirs.filter_map(|(id, scan)| {
                let who = scan.attendee?;
                let of = (scan.event?, who.id) == *key;
                of.then_some(((scan.effective_at, *id), who.role))
            });
            facts.roles.insert(*key, theirs.collect());
        }
        let known = |key| self.facts.registrations.get(key).map(|r| (*key, r.clone()));
        facts.registrations.extend(wanted.registrations.iter().filter_map(known));
        facts.overrules.extend(wanted.authority.intersection(&self.facts.overrules));
        facts
    }

    fn line(&self, place: Place) -> Vec<Member> {
        let of_place =
            self.scans.iter().filter(|(_, s)| s.standing.in_set() && s.place() == Some(place));
        let mut line: Vec<Member> = of_place.map(|(id, scan)| scan.member(*id)).collect();
        line.sort_by_key(Member::rank);
        line
    }

    fn write(&mut self, judgement: &Judgement) {
        for (id, new) in &judgement.new {
            assert!(self.scans.insert(*id, new.scan.clone()).is_none(), "{id:?} inserted twice");
        }
        for (id, standing) in &judgement.standings {
            let scan = self.scans.get_mut(id).unwrap();
            assert_ne!(scan.standing, *standing, "an update that changes nothing");
            scan.standing = *standing;
        }
        for (id, decision) in &judgement.resolutions {
            self.scans.get_mut(id).unwrap().resolution = Some(*decision);
        }
        for (id, local) in &judgement.heard {
            self.scans.get_mut(id).unwrap().local_verdict = Some(*local);
        }
        self.annulments.extend(judgement.annulments.clone());
        for (place, change) in &judgement.places {
            assert_eq!(self.places.remove(place), change.before);
            self.places.extend(change.after.map(|after| (*place, after)));
        }
        self.presence.extend(judgement.presence.clone());
        self.presence.retain(|_, presence| presence.scans > 0);
        for (key, by) in &judgement.event_in {
            *self.event_in.entry(*key).or_default() += by;
        }
        for (key, by) in &judgement.booth_in {
            *self.booth_in.entry(*key).or_default() += by;
        }
        self.event_in.retain(|_, count| *count != 0);
        self.booth_in.retain(|_, count| *count != 0);
        for (id, conflict) in &judgement.conflicts {
            self.conflicts.entry(*id).or_insert(*conflict);
        }
    }
}
