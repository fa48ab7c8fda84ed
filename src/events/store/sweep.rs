//! All events, some at a time, with what is kept beside them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::row::{EventRow, whole};
use crate::{
    events::event::Event,
    platform::{
        db::Conn,
        ids::{CampusId, EventId, UserId},
        names::CityCode,
        time::{Day, Instant},
    },
    schema::{event_counters as counters, event_team as team, event_terms as found_by, events},
};

/// An event with what its row says twice.
pub struct Kept {
    pub event: Event,
    pub content_hash: String,
    pub starts_day: Option<Day>,
    pub sort_at: Instant,
    /// Whether there is a row that stands for its people.
    pub counted: bool,
}

/// The events behind `after`, in the order of ids.
pub fn page(conn: &mut Conn, after: Option<EventId>, limit: i64) -> QueryResult<Vec<Kept>> {
    let mut query = events::table.select(EventRow::as_select()).into_boxed();
    if let Some(after) = after {
        query = query.filter(events::id.gt(after));
    }
    let rows: Vec<EventRow> = query.order(events::id).limit(limit).load(conn)?;
    let ids: Vec<EventId> = rows.iter().map(|row| row.id).collect();
    let counted: Vec<EventId> = counters::table
        .filter(counters::event_id.eq_any(ids))
        .select(counters::event_id)
        .load(conn)?;
    let counted: BTreeSet<EventId> = counted.into_iter().collect();
    let said: Vec<_> =
        rows.iter().map(|row| (row.content_hash.clone(), row.starts_day, row.sort_at)).collect();
    let kept = whole(conn, rows)?.into_iter().zip(said);
    let kept = kept.map(|(event, (content_hash, starts_day, sort_at))| {
        let counted = counted.contains(&event.id);
        Kept { event, content_hash, starts_day, sort_at, counted }
    });
    Ok(kept.collect())
}

/// A line by which an event is found: term, campus, city, place in lists.
pub type Term = (String, CampusId, CityCode, Instant);

/// The lines by which these events are found.
pub fn terms(conn: &mut Conn, ids: &[EventId]) -> QueryResult<BTreeMap<EventId, BTreeSet<Term>>> {
    let rows: Vec<(EventId, Term)> = found_by::table
        .filter(found_by::event_id.eq_any(ids.to_vec()))
        .select((
            found_by::event_id,
            (found_by::term, found_by::campus_id, found_by::city, found_by::sort_at),
        ))
        .load(conn)?;
    let mut found: BTreeMap<EventId, BTreeSet<Term>> = BTreeMap::new();
    for (event, term) in rows {
        found.entry(event).or_default().insert(term);
    }
    Ok(found)
}

/// Who leads these events or is in their teams, each with the event's place in lists.
pub fn people(
    conn: &mut Conn,
    ids: &[EventId],
) -> QueryResult<BTreeMap<EventId, BTreeSet<(UserId, Instant)>>> {
    let rows: Vec<(EventId, UserId, Instant)> = team::table
        .filter(team::event_id.eq_any(ids.to_vec()))
        .select((team::event_id, team::user_id, team::sort_at))
        .load(conn)?;
    let mut found: BTreeMap<EventId, BTreeSet<(UserId, Instant)>> = BTreeMap::new();
    for (event, user, at) in rows {
        found.entry(event).or_default().insert((user, at));
    }
    Ok(found)
}
