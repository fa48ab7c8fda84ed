//! An event as its tables have it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::{
    catalogue::{
        Facet, KitLine, Theme,
        attendance::{Admits, WalkIn},
    },
    events::{
        event::Event,
        model::{EventState, Publicity},
        rules::content::Content,
    },
    platform::{
        db::{Conn, Json},
        ids::{CampusId, EventId, UserId, VenueId},
        names::CityCode,
        time::{Day, Instant},
    },
    schema::{event_publicity as publicity, event_team as team, events},
};

/// The row of an event; publicity and people are in tables of their own.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = events, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(in crate::events) struct EventRow {
    pub id: EventId,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub season: String,
    pub activity: String,
    pub theme: Theme,
    pub facet: Facet,
    pub format: String,
    pub venue_id: Option<VenueId>,
    pub title: String,
    pub organiser: Option<String>,
    pub plan: String,
    pub kit: Json<Vec<KitLine>>,
    pub starts_at: Option<Instant>,
    pub ends_at: Option<Instant>,
    pub starts_day: Option<Day>,
    pub sort_at: Instant,
    pub capacity: Option<i64>,
    pub lead_id: Option<UserId>,
    pub admits: Json<Admits>,
    pub walk_in: WalkIn,
    pub state: EventState,
    pub version: i64,
    pub content_hash: String,
    pub first_submitted_at: Option<Instant>,
    pub submitted_at: Option<Instant>,
    pub endorsed_by: Option<UserId>,
    pub approved_by: Option<UserId>,
    pub approved_at: Option<Instant>,
    pub lead_time_overridden: bool,
    pub closed_at: Option<Instant>,
}

impl EventRow {
    pub fn of(event: &Event) -> Self {
        let content = event.content.clone();
        Self {
            id: event.id,
            campus_id: content.campus_id,
            city: event.city,
            content_hash: event.content_hash.clone(),
            season: content.season,
            activity: content.activity,
            theme: event.theme,
            facet: event.facet,
            format: content.format,
            venue_id: content.venue_id,
            title: content.title,
            organiser: content.organiser,
            plan: content.plan,
            kit: Json(content.kit),
            starts_at: content.starts_at,
            ends_at: content.ends_at,
            starts_day: content.starts_at.map(Instant::day),
            sort_at: event.sort_at(),
            capacity: content.capacity,
            lead_id: content.lead_id,
            admits: Json(content.admits),
            walk_in: event.walk_in,
            state: event.state,
            version: event.version,
            first_submitted_at: event.first_submitted_at,
            submitted_at: event.submitted_at,
            endorsed_by: event.endorsed_by,
            approved_by: event.approved_by,
            approved_at: event.approved_at,
            lead_time_overridden: event.lead_time_overridden,
            closed_at: event.closed_at,
        }
    }

    fn with(self, publicity: Vec<Publicity>, team_ids: BTreeSet<UserId>) -> Event {
        Event {
            id: self.id,
            city: self.city,
            theme: self.theme,
            facet: self.facet,
            content: Content {
                season: self.season,
                activity: self.activity,
                format: self.format,
                campus_id: self.campus_id,
                venue_id: self.venue_id,
                title: self.title,
                organiser: self.organiser,
                plan: self.plan,
                publicity,
                kit: self.kit.0,
                starts_at: self.starts_at,
                ends_at: self.ends_at,
                capacity: self.capacity,
                lead_id: self.lead_id,
                team_ids,
                admits: self.admits.0,
            },
            content_hash: self.content_hash,
            walk_in: self.walk_in,
            state: self.state,
            version: self.version,
            first_submitted_at: self.first_submitted_at,
            submitted_at: self.submitted_at,
            endorsed_by: self.endorsed_by,
            approved_by: self.approved_by,
            approved_at: self.approved_at,
            lead_time_overridden: self.lead_time_overridden,
            closed_at: self.closed_at,
        }
    }
}

/// The rows as events, in their order, with publicity and team.
pub(super) fn whole(conn: &mut Conn, rows: Vec<EventRow>) -> QueryResult<Vec<Event>> {
    let ids: Vec<EventId> = rows.iter().map(|row| row.id).collect();
    let mut announced = announced(conn, &ids)?;
    let mut teams = teams(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let publicity = announced.remove(&row.id).unwrap_or_default();
            let team = teams.remove(&row.id).unwrap_or_default();
            row.with(publicity, team)
        })
        .collect())
}

fn announced(conn: &mut Conn, ids: &[EventId]) -> QueryResult<BTreeMap<EventId, Vec<Publicity>>> {
    let rows: Vec<(EventId, String, Day, Option<Day>)> = publicity::table
        .filter(publicity::event_id.eq_any(ids.to_vec()))
        .order((publicity::event_id, publicity::position))
        .select((publicity::event_id, publicity::medium, publicity::from_day, publicity::to_day))
        .load(conn)?;
    let mut found: BTreeMap<EventId, Vec<Publicity>> = BTreeMap::new();
    for (event, medium, from, to) in rows {
        found.entry(event).or_default().push(Publicity { medium, from, to });
    }
    Ok(found)
}

fn teams(conn: &mut Conn, ids: &[EventId]) -> QueryResult<BTreeMap<EventId, BTreeSet<UserId>>> {
    let rows: Vec<(EventId, UserId)> = team::table
        .filter(team::event_id.eq_any(ids.to_vec()))
        .filter(team::on_team.eq(true))
        .select((team::event_id, team::user_id))
        .load(conn)?;
    let mut found: BTreeMap<EventId, BTreeSet<UserId>> = BTreeMap::new();
    for (event, user) in rows {
        found.entry(event).or_default().insert(user);
    }
    Ok(found)
}
