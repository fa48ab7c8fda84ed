//! Finding events. Scope says which exist for somebody; who leads an event or is in its team
//! finds it wherever they are, until it closes.

use diesel::prelude::*;

use super::{
    row::{EventRow, whole},
    waiting::Waiting,
};
use crate::{
    accounts::{Scope, allowed::Caller},
    catalogue::{KitLine, Theme},
    events::{
        event::Event,
        model::{EventKey, EventState, UNTIMED},
    },
    in_scope,
    platform::{
        db::{Conn, Json},
        ids::{CampusId, EventId, UserId},
        names::CityCode,
        terms,
        time::{Day, Instant},
    },
    schema::{event_authors as authors, event_team as team, event_terms as found_by, events},
};

/// What a list of events is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub season: Option<String>,
    pub city: Option<CityCode>,
    pub campus: Option<CampusId>,
    pub theme: Option<Theme>,
    pub activity: Option<String>,
    pub state: Option<EventState>,
    /// First and last local day of the start, both included.
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// Those this person leads, is in the team of, or had a hand in.
    pub of: Option<UserId>,
    /// Those that wait for somebody.
    pub waiting: Option<Waiting>,
    /// Those that are overdue by then.
    pub overdue: Option<Instant>,
    /// Words or parts of words of the title.
    pub q: Option<String>,
}

/// The event, if the caller may see it.
pub fn find(conn: &mut Conn, who: &Caller, id: EventId) -> QueryResult<Option<Event>> {
    let Some(event) = by_id(conn, id)? else { return Ok(None) };
    let content = &event.content;
    let here = who.scope.covers(content.campus_id, event.city);
    let works = content.lead_id == Some(who.user) || content.team_ids.contains(&who.user);
    let seen = here || (works && event.state.gives_rights());
    Ok(seen.then_some(event))
}

/// The event, whoever asks.
pub fn by_id(conn: &mut Conn, id: EventId) -> QueryResult<Option<Event>> {
    let row = events::table.find(id).select(EventRow::as_select()).load(conn)?;
    Ok(whole(conn, row)?.pop())
}

/// Events of a scope by start and id, from behind `after`; with `wanted.of` also those
/// outside the scope that the person works on.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    wanted: &Wanted,
    after: Option<EventKey>,
    limit: i64,
) -> QueryResult<Vec<Event>> {
    let mut query = events::table.select(EventRow::as_select()).into_boxed();
    query = match (&wanted.waiting, wanted.of) {
        (Some(waiting), _) => waiting.narrow(query, scope),
        (None, None) => in_scope!(query, scope, events),
        (None, Some(user)) => {
            let works = team::table.filter(team::user_id.eq(user)).select(team::event_id);
            let wrote = authors::table.filter(authors::user_id.eq(user)).select(authors::event_id);
            let open = events::state.ne(EventState::Closed);
            let works = events::id.eq_any(works);
            let mine = works.or(events::id.eq_any(wrote));
            match scope {
                Scope::All => query.filter(mine),
                Scope::City(city) => {
                    query.filter(works.and(open).or(mine.and(events::city.eq(*city))))
                }
                Scope::Campuses(own) => {
                    let here = events::campus_id.eq_any(own.to_vec());
                    query.filter(works.and(open).or(mine.and(here)))
                }
            }
        }
    };
    if let Some(season) = &wanted.season {
        query = query.filter(events::season.eq(season.clone()));
    }
    if let Some(city) = wanted.city {
        query = query.filter(events::city.eq(city));
    }
    if let Some(campus) = wanted.campus {
        query = query.filter(events::campus_id.eq(campus));
    }
    if let Some(theme) = wanted.theme {
        query = query.filter(events::theme.eq(theme));
    }
    if let Some(activity) = &wanted.activity {
        query = query.filter(events::activity.eq(activity.clone()));
    }
    if let Some(state) = wanted.state {
        query = query.filter(events::state.eq(state));
    }
    if let Some(now) = wanted.overdue {
        query = query
            .filter(events::state.eq(EventState::Approved))
            .filter(events::sort_at.le(now))
            .filter(events::ends_at.le(now));
    }
    if let Some(from) = wanted.from {
        query = query.filter(events::sort_at.ge(Instant::start_of(from)));
    }
    if let Some(to) = wanted.to {
        query = query.filter(events::sort_at.lt(Instant::start_of(to.plus(1))));
    }
    if wanted.from.is_some() || wanted.to.is_some() {
        query = query.filter(events::sort_at.lt(UNTIMED));
    }
    if let Some(q) = &wanted.q {
        let terms = terms::wanted(q);
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        for term in terms {
            let having = found_by::table.filter(found_by::term.eq(term)).select(found_by::event_id);
            query = query.filter(events::id.eq_any(having));
        }
    }
    if let Some(key) = after {
        query = query
            .filter(events::sort_at.ge(key.at))
            .filter(events::sort_at.gt(key.at).or(events::id.gt(key.id)));
    }
    let rows = query.order((events::sort_at, events::id)).limit(limit).load(conn)?;
    whole(conn, rows)
}

/// The kits that a city's approved and running events wait for: of those not past their end.
pub fn planned_kits(
    conn: &mut Conn,
    city: CityCode,
    now: Instant,
) -> QueryResult<Vec<(EventId, CampusId, Vec<KitLine>)>> {
    let rows: Vec<(EventId, CampusId, Json<Vec<KitLine>>)> = events::table
        .filter(events::city.eq(city))
        .filter(events::state.eq_any([EventState::Approved, EventState::Running]))
        .filter(events::ends_at.gt(now))
        .select((events::id, events::campus_id, events::kit))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, campus, Json(kit))| (id, campus, kit)).collect())
}
