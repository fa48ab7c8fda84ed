//! Who comes to an event and who works on it: what registrations and doors ask of it, and
//! the counters that stand for its people.

use diesel::prelude::*;

use crate::{
    accounts::allowed::Caller,
    catalogue::attendance::Admits,
    events::model::EventState,
    platform::{
        db::{Conn, Json},
        ids::{CampusId, EventId, UserId},
        names::CityCode,
    },
    schema::{event_counters as counters, event_team as team, events},
};

/// What an event says about those who want to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    pub id: EventId,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub state: EventState,
    /// `None`: as many as come.
    pub capacity: Option<i64>,
    pub admits: Admits,
}

/// How many are on an event's list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub registered: i64,
    pub waitlisted: i64,
}

type DoorColumns = (CampusId, CityCode, EventState, Option<i64>, Json<Admits>);

pub fn find_door(conn: &mut Conn, id: EventId) -> QueryResult<Option<Door>> {
    let found: Option<DoorColumns> = events::table
        .find(id)
        .select((events::campus_id, events::city, events::state, events::capacity, events::admits))
        .first(conn)
        .optional()?;
    Ok(found.map(|(campus_id, city, state, capacity, Json(admits))| Door {
        id,
        campus_id,
        city,
        state,
        capacity,
        admits,
    }))
}

/// The door as the caller may see it, by place or by working on the event, and whether they
/// work on it: until it closes.
pub fn see_door(conn: &mut Conn, who: &Caller, id: EventId) -> QueryResult<Option<(Door, bool)>> {
    let Some(door) = find_door(conn, id)? else { return Ok(None) };
    let works = works_on(conn, id, who.user)?;
    let seen = works || who.scope.covers(door.campus_id, door.city);
    Ok(seen.then_some((door, works)))
}

/// Whether someone has the rights of its lead or team on the event, as its state gives them.
pub fn works_on(conn: &mut Conn, id: EventId, user: UserId) -> QueryResult<bool> {
    let state: Option<EventState> = team::table
        .inner_join(events::table)
        .filter(team::event_id.eq(id))
        .filter(team::user_id.eq(user))
        .select(events::state)
        .first(conn)
        .optional()?;
    Ok(state.is_some_and(EventState::gives_rights))
}

/// Makes writers of the event's people come one after the other, and answers the counts.
/// Do it before reading its registrations, in the order of ids where there are several.
pub fn hold_people(conn: &mut Conn, id: EventId) -> QueryResult<Option<Counts>> {
    let held: Option<(i64, i64)> = diesel::update(counters::table.find(id))
        .set(counters::change_seq.eq(counters::change_seq + 1))
        .returning((counters::registered, counters::waitlisted))
        .get_result(conn)
        .optional()?;
    Ok(held.map(|(registered, waitlisted)| Counts { registered, waitlisted }))
}

/// Writes the counts of an event whose people are held.
pub fn set_counts(conn: &mut Conn, id: EventId, counts: Counts) -> QueryResult<()> {
    diesel::update(counters::table.find(id))
        .set((
            counters::registered.eq(counts.registered),
            counters::waitlisted.eq(counts.waitlisted),
        ))
        .execute(conn)
        .map(drop)
}

/// An event's counts with what bounds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounded {
    pub id: EventId,
    pub state: EventState,
    pub capacity: Option<i64>,
    pub counts: Counts,
}

/// The counts of the events behind `after`, in the order of ids.
pub fn list_counts(
    conn: &mut Conn,
    after: Option<EventId>,
    limit: i64,
) -> QueryResult<Vec<Bounded>> {
    type Columns = (EventId, EventState, Option<i64>, i64, i64);
    let mut query = counters::table
        .inner_join(events::table)
        .select((
            events::id,
            events::state,
            events::capacity,
            counters::registered,
            counters::waitlisted,
        ))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(counters::event_id.gt(after));
    }
    let rows: Vec<Columns> = query.order(counters::event_id).limit(limit).load(conn)?;
    let bounded = |(id, state, capacity, registered, waitlisted)| {
        let counts = Counts { registered, waitlisted };
        Bounded { id, state, capacity, counts }
    };
    Ok(rows.into_iter().map(bounded).collect())
}
