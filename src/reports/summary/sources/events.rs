//! Events, who registered for them, and who did not come.

use diesel::prelude::*;

use super::{Part, Places};
use crate::{
    events::{model::EventState, rules::figures::Standing},
    in_scope,
    platform::{
        db::Conn,
        fault::Fault,
        ids::{CampusId, EventId},
        names::CityCode,
        time::{Day, Instant},
    },
    reports::summary::{
        facts::{Belongs, Fact},
        figures::Figures,
    },
    schema::{event_counters, events},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct Event {
    id: EventId,
    campus_id: CampusId,
    city: CityCode,
    theme: String,
    facet: String,
    activity: String,
    starts_day: Option<Day>,
    state: EventState,
    first_submitted_at: Option<Instant>,
    lead_time_overridden: bool,
}

impl Event {
    fn belongs(&self) -> Belongs {
        Belongs {
            city: Some(self.city),
            campus: Some(self.campus_id),
            activity: Some((self.theme.clone(), self.facet.clone(), self.activity.clone())),
            day: self.starts_day,
        }
    }

    fn figures(&self, registrations: i64) -> Figures {
        let standing = Standing {
            state: self.state,
            ever_submitted: self.first_submitted_at.is_some(),
            lead_time_overridden: self.lead_time_overridden,
        };
        Figures {
            planned: standing.planned().into(),
            approved: standing.approved().into(),
            held: standing.held().into(),
            cancelled: standing.cancelled().into(),
            on_time: standing.on_time().into(),
            registrations,
            ..Figures::default()
        }
    }
}

/// A fact per event, and where each event belongs.
pub fn facts(conn: &mut Conn, part: &Part) -> Result<(Vec<Fact>, Places), Fault> {
    let mut query = events::table
        .left_join(event_counters::table)
        .filter(events::season.eq(&part.season))
        .select((Event::as_select(), event_counters::registered.nullable()))
        .into_boxed();
    query = in_scope!(query, &part.scope, events);
    if let Some(city) = part.city {
        query = query.filter(events::city.eq(city));
    }
    if let Some(campus) = part.campus {
        query = query.filter(events::campus_id.eq(campus));
    }
    if let Some(theme) = &part.theme {
        query = query.filter(events::theme.eq(theme));
    }
    if let Some(activity) = &part.activity {
        query = query.filter(events::activity.eq(activity));
    }
    let rows: Vec<(Event, Option<i64>)> = query.load(conn)?;
    let places = rows.iter().map(|(event, _)| (event.id, event.belongs())).collect();
    let facts = rows.iter().map(|(event, registered)| Fact {
        kind: "event",
        id: event.id.to_string(),
        belongs: event.belongs(),
        figures: event.figures(registered.unwrap_or(0)),
        person: None,
    });
    Ok((facts.collect(), places))
}
