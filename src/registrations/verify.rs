//! Whether counts, waitlists and facts agree with their sources.

use super::{rules, store};
use crate::{
    events::store::people::{self, Bounded, Counts},
    platform::{db::Conn, fault::Fault, ids::EventId},
};

const CHUNK: i64 = 200;

/// What does not agree, as sentences; at most about `limit`.
pub fn differences(conn: &mut Conn, limit: usize) -> Result<Vec<String>, Fault> {
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < limit {
        let events = people::list_counts(conn, after, CHUNK)?;
        let ids: Vec<EventId> = events.iter().map(|event| event.id).collect();
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        let rows = store::count(conn, &ids)?;
        for event in &events {
            compare(event, rows.get(&event.id).copied().unwrap_or_default(), &mut found);
        }
        for id in store::unlike_their_facts(conn, &ids)? {
            found.push(format!("registration {id}: its state is not its newest fact"));
        }
    }
    Ok(found)
}

/// An event's counts against its rows, and its rows against its capacity.
fn compare(event: &Bounded, rows: Counts, found: &mut Vec<String>) {
    let Bounded { id, state, capacity, counts } = *event;
    if counts != rows {
        found.push(unequal(id, counts, rows));
    }
    let free = rules::free_places(capacity, rows);
    if rules::is_open(state) && free > 0 {
        found.push(format!("event {id}: {free} wait although places are free"));
    }
    if capacity.is_some_and(|capacity| rows.registered > capacity) {
        found.push(format!("event {id}: more are registered than its capacity"));
    }
}

fn unequal(id: EventId, kept: Counts, counted: Counts) -> String {
    format!(
        "event {id}: counts say {} registered and {} waiting, rows {} and {}",
        kept.registered, kept.waitlisted, counted.registered, counted.waitlisted
    )
}
