//! Moving goods. The ledger is kept by materials; which campus and city a place belongs to
//! is known by the rooms whose rows the places are, and is found out here.

mod places;
mod receivers;
mod routes;
mod team;

pub use places::locate;
pub use routes::endpoints;

use std::collections::BTreeSet;

use self::{receivers::can_accept, team::worked_at};
use crate::{
    accounts::{Scope, allowed::Caller, policy::Relation},
    booths,
    events::{self, model::EventState},
    materials::{
        model::Told,
        order::{Goods, Order, What},
        place::{Located, Place},
        rules::Who,
        store::{self, Wanted},
    },
    participants,
    platform::{
        db::{Conn, Tx},
        fault::Fault,
        http::codes::Refusal,
        ids::EventId,
    },
};

/// A movement, and whether it was there before.
pub struct Moved {
    pub told: Told,
    pub known: bool,
}

/// Carries out one movement. The same id with the same content gives the first answer.
pub fn move_stock(tx: &mut Tx<'_>, caller: &Caller, order: &Order) -> Result<Moved, Fault> {
    if let Some(told) = store::known(tx, order)? {
        return Ok(Moved { told, known: true });
    }
    let (wanted, works_at) = wanted(tx, caller, &order.what)?;
    caller.must(wanted.action(), Relation::Scoped)?;
    wanted.check(Who { works_at: &works_at, ..Who::of(caller) })?;
    can_accept(tx, caller, &wanted)?;
    hold_person(tx, &wanted)?;
    hold(tx, &wanted)?;
    let told = store::post(tx, order, &wanted)?;
    Ok(Moved { told, known: false })
}

/// What is to be moved, and where the caller has rights by working on an event.
fn wanted(conn: &mut Conn, caller: &Caller, what: &What) -> Result<(Wanted, Vec<Place>), Fault> {
    match what {
        What::Goods(goods) => {
            let works_at = worked_at(conn, caller, [goods.from, goods.to])?;
            Ok((placed(conn, &caller.scope, goods)?, works_at))
        }
        What::Reverse(reverse) => {
            let told = store::movements::find(conn, reverse.of)?.ok_or(Refusal::NotFound)?;
            let sides = [told.movement.from_place, told.movement.to_place];
            let works_at = worked_at(conn, caller, sides)?;
            let who = Who { works_at: &works_at, ..Who::of(caller) };
            Ok((store::wanted_reverse(who, &told, reverse)?, works_at))
        }
    }
}

/// What one person may be given counts over several materials: whoever gives comes one after
/// the other.
fn hold_person(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<(), Fault> {
    match (wanted.from.place, wanted.to.place) {
        (Place::Participant(id), _) | (_, Place::Participant(id)) => {
            Ok(participants::store::write::hold(tx, &[id])?)
        }
        _ => Ok(()),
    }
}

/// Holds the booth and the events on both sides. So an event cannot close at the same moment
/// with a balance it did not see, and no booth is taken away under its goods.
fn hold(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<(), Fault> {
    let (from, to) = (event_of(tx, wanted.from.place)?, event_of(tx, wanted.to.place)?);
    let events: BTreeSet<EventId> = from.into_iter().chain(to).collect();
    for id in events {
        events::store::people::hold_people(tx, id)?;
    }
    to.map_or(Ok(()), |id| open_for_goods(tx, id))
}

/// The event that a place belongs to: itself, or that of a booth, which is held first.
fn event_of(tx: &mut Tx<'_>, place: Place) -> Result<Option<EventId>, Fault> {
    match place {
        Place::Event(id) => Ok(Some(id)),
        Place::Booth(id) => {
            booths::store::anchor_records(tx, id)?;
            let booth = booths::store::find(tx, &Scope::All, id)?.ok_or(Refusal::NotFound)?;
            Ok(booth.plan.event_id)
        }
        _ => Ok(None),
    }
}

/// Goods come to an event while it is approved or running.
fn open_for_goods(conn: &mut Conn, id: EventId) -> Result<(), Fault> {
    let event = events::store::people::find_door(conn, id)?.ok_or(Refusal::NotFound)?;
    match event.state {
        EventState::Approved | EventState::Running => Ok(()),
        _ => Err(events::refusals::Refusal::WrongState.into()),
    }
}

/// The goods with their places found; 404 for a place that is not there.
fn placed(conn: &mut Conn, scope: &Scope, goods: &Goods) -> Result<Wanted, Fault> {
    let mut find = |place: Place| -> Result<Located, Fault> {
        locate(conn, scope, place)?.ok_or_else(|| Refusal::NotFound.into())
    };
    let (from, to) = (find(goods.from)?, find(goods.to)?);
    Ok(Wanted {
        kind: goods.kind,
        counts_as: goods.kind,
        sku: goods.sku.clone(),
        amount: goods.amount.clone(),
        from,
        to,
        reverses: None,
    })
}
