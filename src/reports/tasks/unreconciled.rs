//! Events that are over while they, or booths of theirs, still hold goods: in whatever state,
//! since what a cancelled event was issued has to come back too.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{dsl::sql, prelude::*, sql_types::Bool};

use crate::{
    accounts::Scope,
    events::model::EventState,
    in_scope,
    materials::place::Place,
    platform::{
        db::Conn,
        ids::{BoothId, CampusId, EventId, UserId},
        names::CityCode,
        time::Instant,
    },
    schema::{balances, booths, events},
};

/// Goods that stand at an event or at a booth of it.
#[derive(Clone, Debug)]
pub struct Held {
    pub place: Place,
    pub sku: String,
    pub quantity: i64,
}

/// An event that is over and holds goods.
#[derive(Clone, Debug)]
pub struct Unreconciled {
    pub event: Over,
    pub held: Vec<Held>,
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct Over {
    pub id: EventId,
    pub title: String,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub state: EventState,
    pub lead_id: Option<UserId>,
    #[diesel(select_expression = events::ends_at.assume_not_null())]
    pub ends_at: Instant,
}

/// The unreconciled events of a scope, the longest over first. As many as hold goods at a
/// moment, so they are read at once.
pub fn of_scope(conn: &mut Conn, scope: &Scope, now: Instant) -> QueryResult<Vec<Unreconciled>> {
    let mut held = held_by_event(conn, scope)?;
    let query = events::table
        .filter(events::id.eq_any(held.keys().copied().collect::<Vec<_>>()))
        .filter(events::ends_at.le(now))
        .into_boxed();
    let over: Vec<Over> = in_scope!(query, scope, events)
        .order((events::ends_at, events::id))
        .select(Over::as_select())
        .load(conn)?;
    let whole = |event: Over| {
        let held = held.remove(&event.id).unwrap_or_default();
        Unreconciled { event, held }
    };
    Ok(over.into_iter().map(whole).collect())
}

fn held_by_event(conn: &mut Conn, scope: &Scope) -> QueryResult<BTreeMap<EventId, Vec<Held>>> {
    // The literal is what the partial index knows.
    let at_work = sql::<Bool>("quantity > 0 AND place_kind IN ('event', 'booth')");
    let query = balances::table.filter(at_work).into_boxed();
    // Sorted here: asked for an order, SQLite would walk all balances by their key.
    let mut rows: Vec<(Place, String, i64)> = in_scope!(query, scope, balances)
        .select((balances::place, balances::sku, balances::quantity))
        .load(conn)?;
    rows.sort_by_cached_key(|(place, sku, _)| (place.to_string(), sku.clone()));
    let events_of = events_of_booths(conn, &rows)?;
    let mut found: BTreeMap<EventId, Vec<Held>> = BTreeMap::new();
    for (place, sku, quantity) in rows {
        let event = match place {
            Place::Event(id) => Some(id),
            Place::Booth(id) => events_of.get(&id).copied(),
            _ => None,
        };
        if let Some(event) = event {
            found.entry(event).or_default().push(Held { place, sku, quantity });
        }
    }
    Ok(found)
}

fn events_of_booths(
    conn: &mut Conn,
    rows: &[(Place, String, i64)],
) -> QueryResult<BTreeMap<BoothId, EventId>> {
    let ids: BTreeSet<BoothId> = rows
        .iter()
        .filter_map(|(place, ..)| match place {
            Place::Booth(id) => Some(*id),
            _ => None,
        })
        .collect();
    let pairs: Vec<(BoothId, Option<EventId>)> = booths::table
        .filter(booths::id.eq_any(ids.into_iter().collect::<Vec<_>>()))
        .select((booths::id, booths::event_id))
        .load(conn)?;
    Ok(pairs.into_iter().filter_map(|(booth, event)| Some((booth, event?))).collect())
}
