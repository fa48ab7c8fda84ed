//! Changing an event's list, one write after the other.

use std::collections::BTreeMap;

use super::{
    Refusal,
    model::{NotPlaced, Registration, RegistrationState},
    rules, store,
};
use crate::{
    campuses::store::campuses,
    events::store::people::{self, Counts, Door},
    participants::{self, model::Known},
    platform::{
        db::{Audit, Change, Tx},
        fault::Fault,
        http::codes,
        ids::{CampusId, EventId, ParticipantId, RegistrationId},
    },
};

/// The held list of an event.
pub struct Desk {
    door: Door,
    counts: Counts,
    /// Sites of the event's university, once somebody from another campus asked.
    sites: Option<Vec<CampusId>>,
}

/// Holds an event's list, works on it, lets those who wait move up, and writes the counts.
fn at<T>(
    tx: &mut Tx<'_>,
    event: EventId,
    work: impl FnOnce(&mut Desk, &mut Tx<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let counts = people::hold_people(tx, event)?.ok_or(codes::Refusal::NotFound)?;
    // Read again: what was read before the list was held may be old.
    let door = people::find_door(tx, event)?.ok_or(codes::Refusal::NotFound)?;
    let mut desk = Desk { door, counts, sites: None };
    let value = work(&mut desk, tx)?;
    if rules::is_open(desk.door.state) {
        desk.move_up(tx)?;
    }
    if desk.counts != counts {
        people::set_counts(tx, event, desk.counts)?;
    }
    Ok(value)
}

/// Lets those who wait have what places there are now: after a higher capacity.
pub fn promote(tx: &mut Tx<'_>, event: EventId) -> Result<(), Fault> {
    at(tx, event, |_, _| Ok(()))
}

/// A person to be put on a list, by any of their ids, with the id the row gets.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub id: RegistrationId,
    pub participant: ParticipantId,
}

/// What became of a wish: the person's own id and whether they came onto the list by it.
pub type Placed = Result<(ParticipantId, bool), NotPlaced>;

/// Puts people on an event's list in the order given. Refuses all when the list is closed.
pub fn register(tx: &mut Tx<'_>, event: EventId, wishes: &[Wish]) -> Result<Vec<Placed>, Fault> {
    let asked: Vec<ParticipantId> = wishes.iter().map(|wish| wish.participant).collect();
    let known = hold_known(tx, &asked)?;
    at(tx, event, |desk, tx| {
        if !rules::is_open(desk.door.state) {
            return Err(Refusal::NotOpen.into());
        }
        wishes.iter().map(|wish| desk.register(tx, wish, known.get(&wish.participant))).collect()
    })
}

/// Holds the people behind these ids, in the order of their own ids, and reads them: nobody
/// is erased between this and the end of the write.
fn hold_known(
    tx: &mut Tx<'_>,
    asked: &[ParticipantId],
) -> Result<BTreeMap<ParticipantId, Known>, Fault> {
    let named = participants::store::known(tx, asked)?;
    let mut own: Vec<ParticipantId> = named.values().map(|known| known.id).collect();
    own.sort_unstable();
    own.dedup();
    participants::store::write::hold(tx, &own)?;
    Ok(participants::store::known(tx, asked)?)
}

/// Takes a person off an event's list. `false` when they are not on it.
pub fn cancel(tx: &mut Tx<'_>, event: EventId, participant: ParticipantId) -> Result<bool, Fault> {
    at(tx, event, |desk, tx| {
        if !rules::is_open(desk.door.state) {
            return Err(Refusal::NotOpen.into());
        }
        desk.cancel(tx, participant)
    })
}

/// Takes a person off every open list; whoever waits moves up. Lists of events that are over
/// stay, for their totals. Hold the person first.
pub fn leave_all(tx: &mut Tx<'_>, participant: ParticipantId) -> Result<(), Fault> {
    for event in store::events_of(tx, participant)? {
        at(tx, event, |desk, tx| match rules::is_open(desk.door.state) {
            true => desk.cancel(tx, participant),
            false => Ok(false),
        })?;
    }
    Ok(())
}

impl Desk {
    fn register(
        &mut self,
        tx: &mut Tx<'_>,
        wish: &Wish,
        known: Option<&Known>,
    ) -> Result<Placed, Fault> {
        let Some(known) = known else { return Ok(Err(NotPlaced::Unknown)) };
        if known.erased_at.is_some() {
            return Ok(Err(NotPlaced::Erased));
        }
        let same_university = self.has_site(tx, known.campus_id)?;
        if let Err(why) = rules::admitted(&self.door.admits, known.role, same_university) {
            return Ok(Err(why));
        }
        let old = store::find(tx, self.door.id, known.id)?;
        if old.as_ref().is_some_and(|row| row.state != RegistrationState::Cancelled) {
            return Ok(Ok((known.id, false)));
        }
        let row = Registration {
            id: old.as_ref().map_or(wish.id, |row| row.id),
            event_id: self.door.id,
            participant_id: known.id,
            state: rules::place(self.door.capacity, self.counts),
            position: store::next_position(tx, self.door.id)?,
            registered_at: tx.meta.now,
            promoted_at: None,
            cancelled_at: None,
        };
        match old {
            Some(_) => store::update(tx, &row, row.registered_at)?,
            None => store::insert(tx, &row)?,
        }
        *self.count_of(row.state) += 1;
        self.note(tx, "registration.register", &row)?;
        Ok(Ok((known.id, true)))
    }

    fn cancel(&mut self, tx: &mut Tx<'_>, participant: ParticipantId) -> Result<bool, Fault> {
        let Some(mut row) = store::find(tx, self.door.id, participant)? else { return Ok(false) };
        if row.state == RegistrationState::Cancelled {
            return Ok(true);
        }
        let now = tx.meta.now;
        *self.count_of(row.state) -= 1;
        (row.state, row.cancelled_at) = (RegistrationState::Cancelled, Some(now));
        store::update(tx, &row, now)?;
        self.note(tx, "registration.cancel", &row)?;
        Ok(true)
    }

    fn move_up(&mut self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let free = rules::free_places(self.door.capacity, self.counts);
        if free == 0 {
            return Ok(());
        }
        let waiting = Some(RegistrationState::Waitlisted);
        let now = tx.meta.now;
        for mut row in store::of_event(tx, self.door.id, waiting, None, free)? {
            (row.state, row.promoted_at) = (RegistrationState::Registered, Some(now));
            store::update(tx, &row, now)?;
            self.counts.waitlisted -= 1;
            self.counts.registered += 1;
            self.note(tx, "registration.promote", &row)?;
        }
        Ok(())
    }

    fn has_site(&mut self, tx: &mut Tx<'_>, campus: CampusId) -> Result<bool, Fault> {
        if campus == self.door.campus_id {
            return Ok(true);
        }
        if self.sites.is_none() {
            self.sites = Some(campuses::sister_sites(tx, self.door.campus_id)?);
        }
        Ok(self.sites.as_ref().is_some_and(|sites| sites.contains(&campus)))
    }

    fn count_of(&mut self, state: RegistrationState) -> &mut i64 {
        match state {
            RegistrationState::Waitlisted => &mut self.counts.waitlisted,
            _ => &mut self.counts.registered,
        }
    }

    fn note(&self, tx: &mut Tx<'_>, action: &'static str, row: &Registration) -> Result<(), Fault> {
        let (city, campus) = (Some(self.door.city), Some(self.door.campus_id));
        let detail = serde_json::json!({
            "event": row.event_id, "participant": row.participant_id, "state": row.state,
        });
        let (kind, id) = ("registration", row.id.to_string());
        tx.audit(Audit { action, kind, id, city, campus, detail })?;
        tx.changed(Change { kind, id: row.id.into(), campus, city, deleted: false });
        Ok(())
    }
}
