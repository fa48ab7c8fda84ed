//! All SQL over registrations. Whoever writes holds the event's people first.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{dsl::max, prelude::*};

use super::model::{Registration, RegistrationState};
use crate::{
    events::store::people::Counts,
    platform::{
        db::Conn,
        ids::{EventId, ParticipantId, RegistrationId},
        time::Instant,
    },
    schema::{registration_facts as facts, registrations as list},
};

/// Where a person stands on an event's list, if they ever asked.
pub fn find(
    conn: &mut Conn,
    event: EventId,
    participant: ParticipantId,
) -> QueryResult<Option<Registration>> {
    list::table
        .filter(list::event_id.eq(event))
        .filter(list::participant_id.eq(participant))
        .select(Registration::as_select())
        .first(conn)
        .optional()
}

/// The registrations of these people for one event.
pub fn of_people(
    conn: &mut Conn,
    event: EventId,
    people: &[ParticipantId],
) -> QueryResult<Vec<Registration>> {
    list::table
        .filter(list::event_id.eq(event))
        .filter(list::participant_id.eq_any(people.to_vec()))
        .select(Registration::as_select())
        .load(conn)
}

/// An event's list in the order of asking, from behind `after`.
pub fn of_event(
    conn: &mut Conn,
    event: EventId,
    state: Option<RegistrationState>,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Registration>> {
    let mut query = list::table.filter(list::event_id.eq(event)).into_boxed();
    if let Some(state) = state {
        query = query.filter(list::state.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(list::position.gt(after));
    }
    query.order(list::position).limit(limit).select(Registration::as_select()).load(conn)
}

/// Who is registered, not waiting, for an event.
pub fn registered(conn: &mut Conn, event: EventId) -> QueryResult<Vec<ParticipantId>> {
    list::table
        .filter(list::event_id.eq(event))
        .filter(list::state.eq(RegistrationState::Registered))
        .select(list::participant_id)
        .load(conn)
}

/// The events on whose list a person stands, in the order of ids.
pub fn events_of(conn: &mut Conn, participant: ParticipantId) -> QueryResult<Vec<EventId>> {
    list::table
        .filter(list::participant_id.eq(participant))
        .filter(list::state.ne(RegistrationState::Cancelled))
        .order(list::event_id)
        .select(list::event_id)
        .load(conn)
}

/// Which of these people are on the lists of which of these events now, registered or waiting.
pub fn on_lists(
    conn: &mut Conn,
    events: &BTreeSet<EventId>,
    people: &BTreeSet<ParticipantId>,
) -> QueryResult<BTreeSet<(EventId, ParticipantId)>> {
    if events.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<(EventId, ParticipantId)> = list::table
        .filter(list::event_id.eq_any(events.clone()))
        .filter(list::participant_id.eq_any(people.clone()))
        .filter(list::state.ne(RegistrationState::Cancelled))
        .select((list::event_id, list::participant_id))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The end of an event's list.
pub fn next_position(conn: &mut Conn, event: EventId) -> QueryResult<i64> {
    let last: Option<i64> =
        list::table.filter(list::event_id.eq(event)).select(max(list::position)).first(conn)?;
    Ok(last.unwrap_or(0) + 1)
}

/// Puts someone on a list for the first time.
pub fn insert(conn: &mut Conn, row: &Registration) -> QueryResult<()> {
    diesel::insert_into(list::table).values(row.clone()).execute(conn)?;
    remember(conn, row.id, row.registered_at, row.state)
}

/// Writes where someone stands from `at` on.
pub fn update(conn: &mut Conn, row: &Registration, at: Instant) -> QueryResult<()> {
    diesel::update(list::table.find(row.id))
        .set((
            list::state.eq(row.state),
            list::position.eq(row.position),
            list::registered_at.eq(row.registered_at),
            list::promoted_at.eq(row.promoted_at),
            list::cancelled_at.eq(row.cancelled_at),
        ))
        .execute(conn)?;
    remember(conn, row.id, at, row.state)
}

fn remember(
    conn: &mut Conn,
    id: RegistrationId,
    at: Instant,
    state: RegistrationState,
) -> QueryResult<()> {
    let row = (facts::registration_id.eq(id), facts::at.eq(at), facts::state.eq(state));
    diesel::insert_into(facts::table).values(row).execute(conn).map(drop)
}

/// What a person's registration for an event was, by the time each state began.
pub type History = Vec<(Instant, RegistrationState)>;

/// The histories of these people for these events, oldest first; whoever never asked is left
/// out. Asks for all pairs of both lists.
pub fn histories(
    conn: &mut Conn,
    events: &[EventId],
    people: &[ParticipantId],
) -> QueryResult<BTreeMap<(EventId, ParticipantId), History>> {
    type Columns = (EventId, ParticipantId, Instant, RegistrationState);
    let rows: Vec<Columns> = list::table
        .inner_join(facts::table)
        .filter(list::event_id.eq_any(events.to_vec()))
        .filter(list::participant_id.eq_any(people.to_vec()))
        .order(facts::seq)
        .select((list::event_id, list::participant_id, facts::at, facts::state))
        .load(conn)?;
    let mut histories: BTreeMap<_, History> = BTreeMap::new();
    for (event, participant, at, state) in rows {
        histories.entry((event, participant)).or_default().push((at, state));
    }
    Ok(histories)
}

/// How many rows of each event stand in each state: what its counts must equal.
pub fn count(conn: &mut Conn, events: &[EventId]) -> QueryResult<BTreeMap<EventId, Counts>> {
    let rows: Vec<(EventId, RegistrationState, i64)> = list::table
        .filter(list::event_id.eq_any(events.to_vec()))
        .group_by((list::event_id, list::state))
        .select((list::event_id, list::state, diesel::dsl::count_star()))
        .load(conn)?;
    let mut counts: BTreeMap<EventId, Counts> = BTreeMap::new();
    for (event, state, number) in rows {
        let counted = counts.entry(event).or_default();
        match state {
            RegistrationState::Registered => counted.registered = number,
            RegistrationState::Waitlisted => counted.waitlisted = number,
            RegistrationState::Cancelled => {}
        }
    }
    Ok(counts)
}

/// Registrations of these events whose newest fact is not their state.
pub fn unlike_their_facts(conn: &mut Conn, events: &[EventId]) -> QueryResult<Vec<RegistrationId>> {
    let states: Vec<(RegistrationId, RegistrationState)> = list::table
        .filter(list::event_id.eq_any(events.to_vec()))
        .select((list::id, list::state))
        .order(list::id)
        .load(conn)?;
    let newest: BTreeMap<RegistrationId, RegistrationState> = list::table
        .inner_join(facts::table)
        .filter(list::event_id.eq_any(events.to_vec()))
        .order(facts::seq)
        .select((list::id, facts::state))
        .load(conn)?
        .into_iter()
        .collect();
    let unlike = states.into_iter().filter(|(id, state)| newest.get(id) != Some(state));
    Ok(unlike.map(|(id, _)| id).collect())
}
