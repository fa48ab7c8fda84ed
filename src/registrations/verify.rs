//! Whether counts, waitlists and facts agree with their sources.

use super::{rules, store};
use crate::{
    events::store::people::{self, Counts},
    platform::{db::Conn, fault::Fault, ids::EventId},
};

const CHUNK: i64 = 200;

/// What does not agree, as sentences; at most about `limit`.
pub fn differences(conn: &mut Conn, limit: usize) -> Result<Vec<String>, Fault> {
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < limit {
        let events = people::list_counts(conn, after, CHUNK)?;
        let ids: Vec<EventId> = events.keys().copied().collect();
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        let rows = store::count(conn, &ids)?;
        for (id, (state, capacity, kept)) in &events {
            let counted = rows.get(id).copied().unwrap_or_default();
            if *kept != counted {
                found.push(unequal(*id, *kept, counted));
            }
            let free = rules::free_places(*capacity, counted);
            if rules::is_open(*state) && free > 0 {
                found.push(format!("event {id}: {free} wait although places are free"));
            }
            if capacity.is_some_and(|capacity| counted.registered > capacity) {
                found.push(format!("event {id}: more are registered than its capacity"));
            }
        }
        for id in store::unlike_their_facts(conn, &ids)? {
            found.push(format!("registration {id}: its state is not its newest fact"));
        }
    }
    Ok(found)
}

fn unequal(id: EventId, kept: Counts, counted: Counts) -> String {
    format!(
        "event {id}: counts say {} registered and {} waiting, rows {} and {}",
        kept.registered, kept.waitlisted, counted.registered, counted.waitlisted
    )
}
