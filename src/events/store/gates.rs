//! What check-in asks of events, many at once.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    accounts::allowed::Caller,
    events::model::EventState,
    platform::{
        db::Conn,
        ids::{CampusId, EventId, UserId},
        names::CityCode,
    },
    schema::{event_counters as counters, event_team as team, events},
};

/// An event as someone at its gate meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    pub campus: CampusId,
    pub city: CityCode,
    pub state: EventState,
    pub lead: Option<UserId>,
    /// `None`: as many as come.
    pub capacity: Option<i64>,
    pub registered: i64,
    team: Vec<UserId>,
}

impl Gate {
    /// Whether the user leads it or is in its team.
    pub fn has(&self, user: UserId) -> bool {
        self.team.contains(&user)
    }

    /// Whether the caller may read its scans and figures: it lies in the scope, or they have
    /// rights on it.
    pub fn is_open_to(&self, who: &Caller) -> bool {
        self.gives_rights_to(who.user) || who.scope.covers(self.campus, self.city)
    }

    /// Whether the user leads it or is in its team, and it has not closed.
    pub fn gives_rights_to(&self, user: UserId) -> bool {
        self.state.gives_rights() && self.has(user)
    }

    /// Whether the caller may bring scans here: it lies in the scope, or they work on it, also
    /// when it has closed.
    pub fn is_seen_by(&self, who: &Caller) -> bool {
        self.has(who.user) || who.scope.covers(self.campus, self.city)
    }

    /// How many more than its capacity are in.
    pub fn over(&self, inside: i64) -> i64 {
        self.capacity.map_or(0, |capacity| (inside - capacity).max(0))
    }
}

type Columns = (EventId, CampusId, CityCode, EventState, Option<UserId>, Option<i64>, Option<i64>);

/// The gates of these events; events that are not there are left out.
pub fn of_events(conn: &mut Conn, ids: &[EventId]) -> QueryResult<BTreeMap<EventId, Gate>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<Columns> = events::table
        .left_join(counters::table)
        .filter(events::id.eq_any(ids.to_vec()))
        .select((
            events::id,
            events::campus_id,
            events::city,
            events::state,
            events::lead_id,
            events::capacity,
            counters::registered.nullable(),
        ))
        .load(conn)?;
    let members: Vec<(EventId, UserId)> = team::table
        .filter(team::event_id.eq_any(ids.to_vec()))
        .select((team::event_id, team::user_id))
        .load(conn)?;
    let gates = rows.into_iter().map(|(id, campus, city, state, lead, capacity, registered)| {
        let (registered, team) = (registered.unwrap_or(0), Vec::new());
        (id, Gate { campus, city, state, lead, capacity, registered, team })
    });
    let mut gates: BTreeMap<EventId, Gate> = gates.collect();
    for (event, user) in members {
        if let Some(gate) = gates.get_mut(&event) {
            gate.team.push(user);
        }
    }
    Ok(gates)
}
