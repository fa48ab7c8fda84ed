//! Moving goods. The ledger is kept by materials; which campus and city a place belongs to
//! is known by the rooms whose rows the places are, and is found out here.

mod places;
mod routes;

pub use places::locate;
pub use routes::endpoints;

use std::collections::BTreeSet;

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
    let mut who = Who::of(caller);
    let wanted = match &order.what {
        What::Goods(goods) => placed(tx, &caller.scope, goods)?,
        What::Reverse(reverse) => store::wanted_reverse(tx, who, reverse)?,
    };
    caller.must(wanted.action(), Relation::Scoped)?;
    who.works_on = team_event(tx, caller, &wanted)?;
    wanted.check(who)?;
    hold(tx, &wanted)?;
    let told = store::post(tx, order, &wanted)?;
    Ok(Moved { told, known: false })
}

/// The event on one of the sides whose team the caller belongs to, wherever they moved.
fn team_event(conn: &mut Conn, caller: &Caller, wanted: &Wanted) -> Result<Option<EventId>, Fault> {
    for place in [wanted.from.place, wanted.to.place] {
        let Place::Event(id) = place else { continue };
        if events::store::people::works_on(conn, id, caller.user)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
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
