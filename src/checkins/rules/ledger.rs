//! The set while a slice is judged: who stands in which line, who is in, and what of it changed.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    facts::{Attendee, Facts, Member, Presence, Rank},
    outcome::{Judgement, PlaceChange},
};
use crate::{
    catalogue::attendance::ParticipantRole,
    checkins::model::{LocalVerdict, Place},
    platform::ids::{EventId, ParticipantId},
};

type Line = BTreeMap<Rank, Member>;

pub(super) struct Ledger<'a> {
    facts: &'a Facts,
    /// Lines that were asked for.
    lines: BTreeMap<Place, Line>,
    /// Attendances that changed.
    presence: BTreeMap<(EventId, ParticipantId), Presence>,
    /// The scans of those: all, or the first and what this slice adds where none that is
    /// stored can leave.
    roles: BTreeMap<(EventId, ParticipantId), BTreeMap<Rank, ParticipantRole>>,
}

impl<'a> Ledger<'a> {
    pub fn new(facts: &'a Facts) -> Self {
        let (lines, presence, roles) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { facts, lines, presence, roles }
    }

    fn line(&mut self, place: Place) -> &mut Line {
        let known = self.facts.lines.get(&place);
        self.lines.entry(place).or_insert_with(|| {
            known.into_iter().flatten().map(|member| (member.rank(), *member)).collect()
        })
    }

    /// Who holds the place now.
    pub fn head(&mut self, place: Place) -> Option<Member> {
        self.line(place).values().next().copied()
    }

    pub fn join(&mut self, place: Place, member: Member, attendee: Attendee) {
        if self.line(place).insert(member.rank(), member).is_none() {
            self.count(member, attendee, 1);
        }
    }

    /// The line must be known in full when the member was stored before.
    pub fn leave(&mut self, place: Place, member: Member, attendee: Attendee) {
        if self.line(place).remove(&member.rank()).is_some() {
            self.count(member, attendee, -1);
        }
    }

    /// Notes what the phone decided, where that was not known before.
    pub fn hear(&mut self, place: Place, rank: Rank, local: LocalVerdict) {
        if let Some(member) = self.line(place).get_mut(&rank) {
            member.local_verdict = Some(local);
        }
    }

    fn count(&mut self, member: Member, attendee: Attendee, by: i64) {
        let Some(event) = member.event else { return };
        let key = (event, attendee.id);
        let known = self.facts.presence.get(&key).copied();
        let nobody = Presence { scans: 0, first: None, role: attendee.role };
        let presence = self.presence.entry(key).or_insert(known.unwrap_or(nobody));
        let roles = self.roles.entry(key).or_insert_with(|| {
            let first = known.and_then(|known| Some((known.first?, known.role)));
            let all = self.facts.roles.get(&key).cloned();
            all.unwrap_or_else(|| first.into_iter().collect())
        });
        if by > 0 {
            roles.insert(member.rank(), attendee.role);
        } else {
            roles.remove(&member.rank());
        }
        presence.scans += by;
        let first = roles.first_key_value().map(|(rank, role)| (*rank, *role));
        presence.first = first.map(|(rank, _)| rank);
        presence.role = first.map_or(presence.role, |(_, role)| role);
    }

    /// Changes of holders: the place, who held it and who holds it.
    pub fn moved(&self) -> impl Iterator<Item = (Place, Option<Member>, Option<Member>)> + '_ {
        self.lines.iter().filter_map(|(place, line)| {
            let known = self.facts.lines.get(place).into_iter().flatten();
            let before = known.min_by_key(|member| member.rank()).copied();
            let after = line.values().next().copied();
            let same = before.map(|m| m.rank()) == after.map(|m| m.rank());
            (!same).then_some((*place, before, after))
        })
    }

    /// Whether the scan is still in the line of the place.
    pub fn holds(&self, place: Place, member: &Member) -> bool {
        self.lines.get(&place).is_some_and(|line| line.contains_key(&member.rank()))
    }

    /// Writes down holders, attendances and counters that changed.
    pub fn close(&self, into: &mut Judgement) {
        for (place, before, after) in self.moved() {
            let change =
                PlaceChange { before: before.map(|m| m.first), after: after.map(|m| m.first) };
            into.places.insert(place, change);
            if let Place::Booth { booth, day, .. } = place {
                let by = i64::from(after.is_some()) - i64::from(before.is_some());
                add(into.booth_in.entry((booth, day)), by);
            }
        }
        for (key, after) in &self.presence {
            let before = self.facts.presence.get(key);
            if before.is_some_and(|b| b == after) || (before.is_none() && after.scans == 0) {
                continue;
            }
            into.presence.insert(*key, *after);
            for (presence, by) in [(before, -1), (Some(after), 1)] {
                if let Some(counted) = presence.filter(|presence| presence.scans > 0) {
                    add(into.event_in.entry((key.0, counted.role)), by);
                }
            }
        }
        into.booth_in.retain(|_, by| *by != 0);
        into.event_in.retain(|_, by| *by != 0);
    }
}

fn add<K: Ord>(counter: Entry<'_, K, i64>, by: i64) {
    *counter.or_insert(0) += by;
}
