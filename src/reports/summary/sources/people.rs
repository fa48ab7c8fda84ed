//! Who was in at events, and who was expected and never came. A person's day at an event
//! is that of the first admitted scan.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Part, Places};
use crate::{
    catalogue::attendance::ParticipantRole,
    checkins::model::Standing,
    events::model::EventState,
    platform::{
        db::Conn,
        fault::Fault,
        ids::{EventId, ParticipantId},
        time::Day,
    },
    registrations::model::RegistrationState,
    reports::summary::{
        facts::{Belongs, Fact},
        figures::Figures,
    },
    schema::{check_in_presence, events, registrations, scans},
};

type Attendance = (EventId, ParticipantId);

pub fn facts(conn: &mut Conn, part: &Part, places: &Places) -> Result<Vec<Fact>, Fault> {
    let roles = present(conn, part)?;
    let days = first_days(conn, part)?;
    let mut facts = Vec::new();
    for (attendance, role) in &roles {
        let (event, person) = *attendance;
        let Some(belongs) = places.get(&event) else { continue };
        let day = days.get(attendance).copied();
        facts.push(Fact {
            kind: "attendance",
            id: format!("{event}/{person}"),
            belongs: Belongs { day, ..belongs.clone() },
            figures: Figures { people_in: 1, ..Figures::default() },
            person: Some((*role, person)),
        });
    }
    for (event, person) in expected(conn, part)? {
        let Some(belongs) = places.get(&event) else { continue };
        if !roles.contains_key(&(event, person)) {
            facts.push(Fact {
                kind: "no_show",
                id: format!("{event}/{person}"),
                belongs: belongs.clone(),
                figures: Figures { no_shows: 1, ..Figures::default() },
                person: None,
            });
        }
    }
    Ok(facts)
}

/// Everybody in at an event of the season, with the role counted.
fn present(conn: &mut Conn, part: &Part) -> QueryResult<BTreeMap<Attendance, ParticipantRole>> {
    let season = events::table.filter(events::season.eq(&part.season)).select(events::id);
    let rows: Vec<(EventId, ParticipantId, ParticipantRole)> = check_in_presence::table
        .filter(check_in_presence::event_id.eq_any(season))
        .filter(check_in_presence::scans.gt(0))
        .select((
            check_in_presence::event_id,
            check_in_presence::participant_id,
            check_in_presence::role,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|(event, person, role)| ((event, person), role)).collect())
}

fn first_days(conn: &mut Conn, part: &Part) -> QueryResult<BTreeMap<Attendance, Day>> {
    let season =
        events::table.filter(events::season.eq(&part.season)).select(events::id.nullable());
    let rows: Vec<(Option<EventId>, Option<ParticipantId>, Day)> = scans::table
        .filter(scans::event_id.eq_any(season))
        .filter(scans::standing.eq(Standing::Admitted))
        .select((scans::event_id, scans::participant_id, scans::day))
        .load(conn)?;
    let mut days = BTreeMap::new();
    for (event, person, day) in rows {
        let (Some(event), Some(person)) = (event, person) else { continue };
        let first = days.entry((event, person)).or_insert(day);
        *first = day.min(*first);
    }
    Ok(days)
}

/// Who was registered, not waitlisted, for an event that is closed now.
fn expected(conn: &mut Conn, part: &Part) -> QueryResult<Vec<Attendance>> {
    let closed = events::table
        .filter(events::season.eq(&part.season))
        .filter(events::state.eq(EventState::Closed))
        .select(events::id);
    registrations::table
        .filter(registrations::event_id.eq_any(closed))
        .filter(registrations::state.eq(RegistrationState::Registered))
        .select((registrations::event_id, registrations::participant_id))
        .load(conn)
}
