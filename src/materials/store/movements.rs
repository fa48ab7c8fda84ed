//! Listing movements, newest first by server sequence. A movement has two sides, each with
//! its place, campus and city; every door into the list is one indexed query over one side,
//! and the doors' rows are merged.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    accounts::Scope,
    materials::{
        model::{Custody, Movement, MovementKind, MovementState, Told},
        place::Place,
        rules::Who,
    },
    platform::{
        db::{Conn, MultiBackend},
        ids::{CampusId, MovementId, UserId},
        names::CityCode,
        time::Day,
    },
    schema::{custody, movement_serials, movements, reversals},
};

/// What a client may narrow the list by.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub sku: Option<String>,
    pub place: Option<Place>,
    pub kind: Option<MovementKind>,
    pub state: Option<MovementState>,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

/// Whose view of the list it is.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    pub user: UserId,
    pub scope: &'a Scope,
}

/// One way into the list.
#[derive(Clone, Copy)]
enum Door {
    All,
    FromPlace(Place),
    ToPlace(Place),
    FromCampus(CampusId),
    ToCampus(CampusId),
    FromCity(CityCode),
    ToCity(CityCode),
}

type Boxed = movements::BoxedQuery<'static, MultiBackend>;

/// One page of movements that a viewer sees on either side, from behind `after`.
pub fn list(
    conn: &mut Conn,
    viewer: Viewer<'_>,
    wanted: &Wanted,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Told>> {
    let mut found = BTreeMap::new();
    for door in doors(viewer, wanted.place) {
        let mut query = narrowed(through(door), wanted);
        if wanted.place.is_some() {
            query = seen(query, viewer);
        }
        let rows: Vec<Movement> = query
            .filter(movements::seq.lt(after.unwrap_or(i64::MAX)))
            .order(movements::seq.desc())
            .limit(limit)
            .select(Movement::as_select())
            .load(conn)?;
        found.extend(rows.into_iter().map(|row| (row.seq, row)));
    }
    let many = usize::try_from(limit).unwrap_or(usize::MAX);
    let rows = found.into_values().rev().take(many).collect();
    tell(conn, rows)
}

/// The movements that wait for somebody's answer, newest first, from behind `after`.
pub fn list_waiting(
    conn: &mut Conn,
    who: Who<'_>,
    wanted: &Wanted,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Told>> {
    // What is in transit to somebody is few: a reader's subquery cannot be boxed.
    let waiting: Vec<MovementId> =
        super::custody::waiting(who).select(custody::movement_id).load(conn)?;
    let mut query = narrowed(movements::table.into_boxed(), wanted);
    if let Some(place) = wanted.place {
        query = query.filter(movements::from_place.eq(place).or(movements::to_place.eq(place)));
    }
    let rows = query
        .filter(movements::id.eq_any(waiting))
        .filter(movements::seq.lt(after.unwrap_or(i64::MAX)))
        .order(movements::seq.desc())
        .limit(limit)
        .select(Movement::as_select())
        .load(conn)?;
    tell(conn, rows)
}

/// The movement with what became of it.
pub fn find(conn: &mut Conn, id: MovementId) -> QueryResult<Option<Told>> {
    let row = movements::table
        .filter(movements::id.eq(id))
        .select(Movement::as_select())
        .first(conn)
        .optional()?;
    Ok(tell(conn, row.into_iter().collect())?.pop())
}

fn doors(viewer: Viewer<'_>, place: Option<Place>) -> Vec<Door> {
    if let Some(place) = place {
        return vec![Door::FromPlace(place), Door::ToPlace(place)];
    }
    let mut doors = match viewer.scope {
        Scope::All => return vec![Door::All],
        Scope::City(city) => vec![Door::FromCity(*city), Door::ToCity(*city)],
        Scope::Campuses(own) => {
            own.iter().flat_map(|id| [Door::FromCampus(*id), Door::ToCampus(*id)]).collect()
        }
    };
    let own = Place::User(viewer.user);
    doors.extend([Door::FromPlace(own), Door::ToPlace(own)]);
    doors
}

fn through(door: Door) -> Boxed {
    let all = movements::table.into_boxed();
    match door {
        Door::All => all,
        Door::FromPlace(place) => all.filter(movements::from_place.eq(place)),
        Door::ToPlace(place) => all.filter(movements::to_place.eq(place)),
        Door::FromCampus(id) => all.filter(movements::from_campus.eq(id)),
        Door::ToCampus(id) => all.filter(movements::to_campus.eq(id)),
        Door::FromCity(code) => all.filter(movements::from_city.eq(code)),
        Door::ToCity(code) => all.filter(movements::to_city.eq(code)),
    }
}

fn narrowed(mut query: Boxed, wanted: &Wanted) -> Boxed {
    if let Some(sku) = &wanted.sku {
        query = query.filter(movements::sku.eq(sku.clone()));
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(movements::kind.eq(kind));
    }
    if let Some(from) = wanted.from {
        query = query.filter(movements::day.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(movements::day.le(to));
    }
    match wanted.state {
        None => query,
        Some(MovementState::Done) => {
            let handed = custody::table.select(custody::movement_id);
            query.filter(movements::id.ne_all(handed))
        }
        Some(state) => {
            let handed =
                custody::table.filter(custody::state.eq(state)).select(custody::movement_id);
            query.filter(movements::id.eq_any(handed))
        }
    }
}

/// Only what a viewer sees on either side.
fn seen(query: Boxed, viewer: Viewer<'_>) -> Boxed {
    let own = Place::User(viewer.user);
    let held = movements::from_place.eq(own).or(movements::to_place.eq(own));
    match viewer.scope {
        Scope::All => query,
        Scope::City(city) => {
            query.filter(held.or(movements::from_city.eq(*city)).or(movements::to_city.eq(*city)))
        }
        Scope::Campuses(campuses) => query.filter(
            held.or(movements::from_campus.eq_any(campuses.to_vec()))
                .or(movements::to_campus.eq_any(campuses.to_vec())),
        ),
    }
}

fn tell(conn: &mut Conn, rows: Vec<Movement>) -> QueryResult<Vec<Told>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<MovementId> = rows.iter().map(|row| row.id).collect();
    let handed: Vec<Custody> = custody::table
        .filter(custody::movement_id.eq_any(ids.clone()))
        .select(Custody::as_select())
        .load(conn)?;
    let mut handed: BTreeMap<_, _> = handed.into_iter().map(|row| (row.movement_id, row)).collect();
    let mut serials: BTreeMap<MovementId, Vec<String>> = BTreeMap::new();
    let pieces: Vec<(MovementId, String)> = movement_serials::table
        .filter(movement_serials::movement_id.eq_any(ids.clone()))
        .order((movement_serials::movement_id, movement_serials::serial))
        .load(conn)?;
    for (id, serial) in pieces {
        serials.entry(id).or_default().push(serial);
    }
    let reversed: Vec<(MovementId, MovementId)> =
        reversals::table.filter(reversals::reversed_id.eq_any(ids)).load(conn)?;
    let mut reversed: BTreeMap<_, _> = reversed.into_iter().collect();
    let told = |movement: Movement| Told {
        custody: handed.remove(&movement.id),
        serials: serials.remove(&movement.id).unwrap_or_default(),
        reversed_by: reversed.remove(&movement.id),
        movement,
    };
    Ok(rows.into_iter().map(told).collect())
}
