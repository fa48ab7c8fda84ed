//! What events said about their doors, with its time: scans are judged by what held when
//! they were made.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    catalogue::attendance::{Admits, WalkIn},
    events::{
        event::Event,
        model::{DoorPhase, EventState},
    },
    platform::{
        db::{Conn, Json, Tx},
        ids::EventId,
        time::Instant,
    },
    schema::event_doors as doors,
};

/// What held from `at` on, until the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorTerms {
    pub at: Instant,
    pub phase: DoorPhase,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub admits: Admits,
    pub walk_in: WalkIn,
}

/// Writes down what the event says from now on. Before its approval it has no door.
pub fn note(tx: &mut Tx<'_>, event: &Event) -> QueryResult<()> {
    let phase = match event.state {
        EventState::Approved | EventState::Running => DoorPhase::Open,
        EventState::Closed => DoorPhase::Closed,
        EventState::Cancelled => DoorPhase::Shut,
        _ => return Ok(()),
    };
    let Some(slot) = event.content.slot() else { return Ok(()) };
    let row = (
        doors::event_id.eq(event.id),
        doors::version.eq(event.version),
        doors::at.eq(tx.meta.now),
        doors::phase.eq(phase),
        doors::starts_at.eq(slot.from),
        doors::ends_at.eq(slot.to),
        doors::admits.eq(Json(event.content.admits.clone())),
        doors::walk_in.eq(event.walk_in),
    );
    diesel::insert_into(doors::table).values(row).execute(&mut **tx).map(drop)
}

type Columns = (EventId, Instant, DoorPhase, Instant, Instant, Json<Admits>, WalkIn);

/// The whole history of the doors of these events, each in its order.
pub fn of_events(
    conn: &mut Conn,
    ids: &[EventId],
) -> QueryResult<BTreeMap<EventId, Vec<DoorTerms>>> {
    let rows: Vec<Columns> = doors::table
        .filter(doors::event_id.eq_any(ids.to_vec()))
        .order((doors::event_id, doors::version))
        .select((
            doors::event_id,
            doors::at,
            doors::phase,
            doors::starts_at,
            doors::ends_at,
            doors::admits,
            doors::walk_in,
        ))
        .load(conn)?;
    let mut found: BTreeMap<EventId, Vec<DoorTerms>> = BTreeMap::new();
    for (event, at, phase, starts_at, ends_at, Json(admits), walk_in) in rows {
        let terms = DoorTerms { at, phase, starts_at, ends_at, admits, walk_in };
        found.entry(event).or_default().push(terms);
    }
    Ok(found)
}
