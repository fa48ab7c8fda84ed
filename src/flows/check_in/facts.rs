//! Gathers what a slice is judged by from the rooms that know it, in the two steps the rules
//! ask for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Genuine;
use crate::{
    accounts::{self, Role, allowed::Caller},
    booths::{self, model::DoorTerms},
    campuses::store::campuses,
    catalogue::attendance::ParticipantRole,
    checkins::{
        model::{PassHash, Subject, Target},
        rules::{
            Facts, Item, Wanted,
            dated::Dated,
            facts::{BoothFacts, Enrolment, EventFacts, PassFact, Person, Phase, Stored, Terms},
        },
        store::{Home, Slice, load},
    },
    events::{
        model::DoorPhase,
        store::{
            doors,
            gates::{self, Gate},
        },
    },
    participants::{self, model::Known},
    platform::{
        db::Conn,
        fault::Fault,
        ids::{BoothId, CampusId, EventId, ParticipantId, ScanId, UserId},
    },
    registrations::{self, model::RegistrationState},
};

/// Facts, and what is known beside them of the places they speak of.
pub struct Loaded {
    pub facts: Facts,
    /// Where events, booths and stored scans are.
    pub homes: BTreeMap<Target, Home>,
    pub scan_homes: BTreeMap<ScanId, Home>,
    pub gates: BTreeMap<EventId, Gate>,
    /// A pass that nobody here issued, and whose signature was not looked at.
    pub unproven: bool,
    /// The events that each booth belongs to, or did.
    booth_events: BTreeMap<BoothId, BTreeSet<EventId>>,
}

/// Loads all that the slice is judged by. `lock` holds what it changes until the write ends;
/// a trial run only looks.
pub fn load(
    conn: &mut Conn,
    slice: &Slice,
    genuine: Option<&Genuine>,
    lock: bool,
) -> Result<Loaded, Fault> {
    let ids = slice.scan_ids();
    if lock {
        load::lock_scans(conn, &ids)?;
    }
    let mut loaded = Loaded {
        facts: Facts { waiting: load::waiting(conn, &ids)?, ..Facts::default() },
        homes: BTreeMap::new(),
        scan_homes: BTreeMap::new(),
        gates: BTreeMap::new(),
        unproven: false,
        booth_events: BTreeMap::new(),
    };
    for (id, (home, scan)) in load::scans(conn, &ids)? {
        loaded.scan_homes.insert(id, home);
        loaded.facts.scans.insert(id, scan);
    }
    loaded.find_places(conn, slice)?;
    loaded.find_people(conn, &slice.items, genuine)?;
    let wanted = loaded.facts.wanted(&slice.items);
    if lock {
        load::lock_lines(conn, &wanted, &loaded.roles())?;
    }
    loaded.facts.lines = load::lines(conn, &wanted)?;
    loaded.facts.presence = load::presence(conn, &wanted)?;
    loaded.facts.roles = load::roles(conn, &wanted)?;
    loaded.find_registrations(conn, &wanted)?;
    loaded.find_authority(conn, slice, &wanted)?;
    Ok(loaded)
}

impl Loaded {
    /// Events and booths that the items name, and those of stored scans, which only decide who
    /// may annul.
    fn find_places(&mut self, conn: &mut Conn, slice: &Slice) -> Result<(), Fault> {
        let named = slice.items.iter().filter_map(target);
        let stored = self.facts.scans.values();
        let all = named.chain(stored.map(|scan| scan.identity.target));
        let (mut events, mut booths) = (BTreeSet::new(), BTreeSet::new());
        for target in all {
            match target {
                Target::Event(id) => drop(events.insert(id)),
                Target::Booth(id) => drop(booths.insert(id)),
            }
        }
        let mut doors = BTreeMap::new();
        if !booths.is_empty() {
            let booths: Vec<BoothId> = booths.into_iter().collect();
            for booth in booths::store::by_ids(conn, &booths)? {
                let home = Home { campus: booth.campus_id, city: booth.city };
                self.homes.insert(Target::Booth(booth.id), home);
            }
            doors = booths::store::doors_of(conn, &booths)?;
            events.extend(doors.values().flatten().filter_map(|door| door.event_id));
        }
        events.extend(self.facts.scans.values().filter_map(|scan| scan.event));
        let events: Vec<EventId> = events.into_iter().collect();
        self.gates = gates::of_events(conn, &events)?;
        for (id, gate) in &self.gates {
            let home = Home { campus: gate.campus, city: gate.city };
            self.homes.insert(Target::Event(*id), home);
        }
        self.find_booths(doors);
        let items = slice.items.iter().zip(&slice.slips).enumerate();
        let unseen = items.filter(|(_, (item, slip))| {
            target(item).is_some_and(|target| !self.is_seen(target, &slip.who))
        });
        self.facts.unseen = unseen.map(|(index, _)| index).collect();
        self.find_terms(conn)
    }

    /// What booths said. A booth may have stood for a draft that has been deleted since: then
    /// it stood for itself.
    fn find_booths(&mut self, doors: BTreeMap<BoothId, Vec<DoorTerms>>) {
        for (id, said) in doors {
            let said = said.into_iter().map(|door| {
                let event = door.event_id.filter(|event| self.gates.contains_key(event));
                (door.at, booth_facts(&door, event))
            });
            let said: Vec<_> = said.collect();
            let had = said.iter().filter_map(|(_, facts)| facts.event).collect();
            self.booth_events.insert(id, had);
            self.facts.booths.insert(id, Dated::new(said));
        }
    }

    /// Whether the caller may bring scans there.
    fn is_seen(&self, target: Target, who: &Caller) -> bool {
        match target {
            Target::Event(id) => self.gates.get(&id).is_some_and(|gate| gate.is_seen_by(who)),
            Target::Booth(_) => {
                let works = self.gates_of(target).any(|gate| gate.has(who.user));
                let home = self.homes.get(&target);
                works || home.is_some_and(|home| who.scope.covers(home.campus, home.city))
            }
        }
    }

    /// Whether a scan exists for the caller: they made it, it lies in their scope, or they work
    /// on its event.
    pub fn shows(&self, id: ScanId, scan: &Stored, who: &Caller) -> bool {
        let home = self.scan_homes.get(&id).or_else(|| self.homes.get(&scan.identity.target));
        let gate = scan.event.and_then(|event| self.gates.get(&event));
        scan.by == who.user
            || home.is_some_and(|home| who.scope.covers(home.campus, home.city))
            || gate.is_some_and(|gate| gate.has(who.user))
    }

    /// The gate of an event, or those of a booth's events.
    fn gates_of(&self, target: Target) -> impl Iterator<Item = &Gate> {
        let events: Vec<EventId> = match target {
            Target::Event(id) => vec![id],
            Target::Booth(id) => {
                self.booth_events.get(&id).into_iter().flatten().copied().collect()
            }
        };
        events.into_iter().filter_map(|id| self.gates.get(&id))
    }

    fn find_terms(&mut self, conn: &mut Conn) -> Result<(), Fault> {
        let campuses: Vec<CampusId> = self.gates.values().map(|gate| gate.campus).collect();
        let codes = campuses::moe_codes_of(conn, &campuses)?;
        let events: Vec<EventId> = self.gates.keys().copied().collect();
        let mut terms = doors::of_events(conn, &events)?;
        for (id, gate) in &self.gates {
            let changes = terms.remove(id).unwrap_or_default().into_iter().map(|said| {
                let phase = match said.phase {
                    DoorPhase::Shut => Phase::Shut,
                    DoorPhase::Open => Phase::Open,
                    DoorPhase::Closed => Phase::Closed,
                };
                let (starts_at, ends_at) = (said.starts_at, said.ends_at);
                let (admits, walk_in) = (said.admits, said.walk_in);
                (said.at, Terms { phase, starts_at, ends_at, admits, walk_in })
            });
            let terms = Dated::new(changes.collect());
            let moe_code = code_of(&codes, gate.campus)?;
            self.facts.events.entry(*id).or_insert(EventFacts { moe_code, terms });
        }
        Ok(())
    }

    fn find_people(
        &mut self,
        conn: &mut Conn,
        items: &[Item],
        genuine: Option<&Genuine>,
    ) -> Result<(), Fault> {
        let subjects = items.iter().filter_map(|item| match item {
            Item::Scan(scan) => Some(scan.subject),
            Item::Annul(_) | Item::Resolve(_) => None,
        });
        let (mut hashes, mut named) = (BTreeSet::new(), BTreeSet::new());
        for subject in subjects {
            match subject {
                Subject::Pass(PassHash(hash)) => drop(hashes.insert(hash)),
                Subject::Participant(id) => drop(named.insert(id)),
            }
        }
        let hashes: Vec<[u8; 32]> = hashes.into_iter().collect();
        let found = participants::store::passes::by_hashes(conn, &hashes)?;
        for hash in hashes {
            let hash = PassHash(hash);
            let fact = match found.get(&hash.0) {
                Some(pass) => {
                    named.insert(pass.participant_id);
                    PassFact::Found {
                        participant: pass.participant_id,
                        expires_at: pass.expires_at,
                        revoked_at: pass.revoked_at,
                    }
                }
                None => {
                    self.unproven |= genuine.is_none();
                    let signature_ok = genuine.is_some_and(|good| good.contains(&hash));
                    PassFact::Unknown { signature_ok }
                }
            };
            self.facts.passes.insert(hash, fact);
        }
        let named: Vec<ParticipantId> = named.into_iter().collect();
        let known = participants::store::known(conn, &named)?;
        let campuses: Vec<CampusId> = known.values().map(|person| person.campus_id).collect();
        let codes = campuses::moe_codes_of(conn, &campuses)?;
        for (asked, Known { id, role, campus_id, erased_at, .. }) in known {
            let moe_code = code_of(&codes, campus_id)?;
            self.facts.people.insert(asked, Person { id, role, moe_code, erased_at });
        }
        Ok(())
    }

    fn roles(&self) -> BTreeMap<ParticipantId, ParticipantRole> {
        let stored = self.facts.scans.values().filter_map(|scan| scan.attendee);
        let mut roles: BTreeMap<_, _> = stored.map(|who| (who.id, who.role)).collect();
        roles.extend(self.facts.people.values().map(|person| (person.id, person.role)));
        roles
    }

    fn find_registrations(&mut self, conn: &mut Conn, wanted: &Wanted) -> Result<(), Fault> {
        let (events, people): (BTreeSet<_>, BTreeSet<_>) =
            wanted.registrations.iter().copied().unzip();
        let (events, people): (Vec<_>, Vec<_>) =
            (events.into_iter().collect(), people.into_iter().collect());
        if events.is_empty() {
            return Ok(());
        }
        for (key, history) in registrations::store::histories(conn, &events, &people)? {
            let changes = history.into_iter().map(|(at, state)| {
                let enrolment = match state {
                    RegistrationState::Registered => Enrolment::Registered,
                    RegistrationState::Waitlisted => Enrolment::Waitlisted,
                    RegistrationState::Cancelled => Enrolment::Cancelled,
                };
                (at, enrolment)
            });
            self.facts.registrations.insert(key, Dated::new(changes.collect()));
        }
        Ok(())
    }

    /// Lead of the event, coordinator of the city, or the province.
    fn find_authority(
        &mut self,
        conn: &mut Conn,
        slice: &Slice,
        wanted: &Wanted,
    ) -> Result<(), Fault> {
        for (user, target) in &wanted.authority {
            let leads = self.gates_of(*target).any(|gate| gate.lead == Some(*user));
            let Some(home) = self.homes.get(target).copied() else { continue };
            let calling = slice.slips.iter().map(|slip| &slip.who).find(|who| who.user == *user);
            let decides = match calling {
                Some(who) => {
                    matches!(who.role, Role::Coordinator | Role::Province)
                        && who.scope.covers(home.campus, home.city)
                }
                None => decides_in(conn, *user, home)?,
            };
            if decides || leads {
                self.facts.overrules.insert((*user, *target));
            }
        }
        Ok(())
    }
}

/// Whether somebody who is not calling coordinates the city of a place now.
fn decides_in(conn: &mut Conn, user: UserId, home: Home) -> Result<bool, Fault> {
    let found = accounts::store::find(conn, user)?.filter(|user| user.active);
    Ok(found.is_some_and(|user| match user.role {
        Role::Province => true,
        Role::Coordinator => user.city == Some(home.city),
        Role::Ambassador | Role::Liaison | Role::Auditor => false,
    }))
}

fn target(item: &Item) -> Option<Target> {
    match item {
        Item::Scan(scan) => Some(scan.target),
        Item::Annul(_) | Item::Resolve(_) => None,
    }
}

fn booth_facts(door: &DoorTerms, event: Option<EventId>) -> BoothFacts {
    BoothFacts {
        event,
        opens_on: door.opens_on,
        closes_on: door.closes_on,
        opens_at: door.opens_at.0,
        closes_at: door.closes_at.0,
    }
}

fn code_of(codes: &HashMap<CampusId, String>, campus: CampusId) -> Result<String, Fault> {
    codes.get(&campus).cloned().ok_or_else(|| Fault::bug("a campus that is not there"))
}
