//! Events as a calendar feed (RFC 5545) for phones and mail programs, which cannot sign in:
//! the secret in its address says whose it is. So it tells little: title, time, venue.
//!
//! Whose events: those the user leads or is on the team of, wherever they are; for liaisons
//! and coordinators also all of their scope (the province's would be too many). Only what is agreed: approved, running, and
//! closed, so that what was held stays in the calendar; a cancelled event goes. Of the seasons
//! that are not over, and no more than `MOST`.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::header};
use diesel::{dsl::max, prelude::*};
use icalendar::{Calendar, Component as _, EventLike as _, Property};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    accounts::{
        Anyone, Role, Scope,
        model::User,
        store::{self as accounts, calendar},
    },
    catalogue,
    events::model::EventState,
    in_scope,
    platform::{
        crypto::sha256,
        db::{Conn, MultiBackend},
        fault::Fault,
        http::{
            codes::Refusal,
            draft::{Draft, Output},
            endpoint::{Endpoint, get},
            page::Query,
            render::Language,
            request::Context,
        },
        ids::{CampusId, EventId, VenueId},
        time::{Day, Instant},
    },
    schema::{campuses, event_history as history, event_team as team, events, venues},
};

/// Most events in a feed: those that start last.
const MOST: i64 = 1_000;

const AGREED: [EventState; 3] = [EventState::Approved, EventState::Running, EventState::Closed];

pub fn endpoints() -> Vec<Endpoint> {
    vec![get("/calendar.ics", show_calendar).about(
        "Me",
        "My events as a calendar",
        "For subscribing in a calendar program, without a Bearer header: the address is the \
         secret, from `POST /me/calendar-token`. Title, time and venue of approved, running and \
         closed events of seasons that are not over: those you lead or are on the team of; for \
         liaisons and coordinators also all others of their scope. A token that is wrong, \
         replaced, revoked, or of a deactivated user is 404.",
    )]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CalendarQuery {
    /// The calendar token
    token: String,
}

/// A feed as `text/calendar`.
pub struct Feed(String);

impl Responder for Feed {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "private, no-store"))
            .content_type("text/calendar; charset=utf-8")
            .body(self.0)
    }
}

impl Output for Feed {
    fn describe(draft: &mut Draft) {
        draft.text(200, "The calendar (RFC 5545)", "text/calendar", None, false);
    }
}

/// An event as the feed tells it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = events)]
struct Entry {
    id: EventId,
    title: String,
    starts_at: Option<Instant>,
    ends_at: Option<Instant>,
    venue_id: Option<VenueId>,
    campus_id: CampusId,
    version: i64,
    approved_at: Option<Instant>,
}

/// Names and times that an entry does not have itself.
#[derive(Default)]
struct Around {
    venues: BTreeMap<VenueId, String>,
    campuses: BTreeMap<CampusId, (String, String)>,
    changed: BTreeMap<EventId, Instant>,
}

async fn show_calendar(_: Anyone, cx: Context, query: Query<CalendarQuery>) -> Result<Feed, Fault> {
    let (hash, today) = (sha256(query.0.token.as_bytes()), cx.today());
    let look = move |conn: &mut Conn| {
        let user = calendar::find_user(conn, &hash)?.ok_or(Refusal::NotFound)?;
        let entries = entries_of(conn, &user, today)?;
        let around = around(conn, &entries)?;
        Ok((entries, around))
    };
    let (entries, around) = cx.snapshot(look).await?;
    Ok(Feed(write(&entries, &around, cx.request.language)))
}

/// The latest entries, by start.
fn entries_of(conn: &mut Conn, user: &User, today: Day) -> QueryResult<Vec<Entry>> {
    let seasons = catalogue::store::seasons_not_over(conn, today)?;
    let seasons: Vec<String> = seasons.into_iter().map(|season| season.code).collect();
    let works = team::table.filter(team::user_id.eq(user.id)).select(team::event_id);
    let mut found = latest(conn, agreed(&seasons).filter(events::id.eq_any(works)))?;
    if matches!(user.role, Role::Liaison | Role::Coordinator) {
        let campuses = accounts::campuses_of(conn, user.id)?;
        let scope = Scope::of(user, campuses.into_iter().map(|(campus, _)| campus).collect());
        found.extend(latest(conn, in_scope!(agreed(&seasons), &scope, events))?);
    }
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let excess = found.len().saturating_sub(most);
    Ok(found.into_values().skip(excess).collect())
}

fn agreed(seasons: &[String]) -> events::BoxedQuery<'static, MultiBackend> {
    events::table
        .filter(events::season.eq_any(seasons.to_vec()))
        .filter(events::state.eq_any(AGREED))
        .into_boxed()
}

fn latest(
    conn: &mut Conn,
    query: events::BoxedQuery<'static, MultiBackend>,
) -> QueryResult<BTreeMap<(Option<Instant>, EventId), Entry>> {
    let rows: Vec<Entry> = query
        .order((events::sort_at.desc(), events::id.desc()))
        .limit(MOST)
        .select(Entry::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|entry| ((entry.starts_at, entry.id), entry)).collect())
}

fn around(conn: &mut Conn, entries: &[Entry]) -> QueryResult<Around> {
    let ids: Vec<EventId> = entries.iter().map(|entry| entry.id).collect();
    let halls: Vec<VenueId> = entries.iter().filter_map(|entry| entry.venue_id).collect();
    let sites: Vec<CampusId> = entries.iter().map(|entry| entry.campus_id).collect();
    let changed: Vec<(EventId, Option<Instant>)> = history::table
        .filter(history::event_id.eq_any(ids))
        .group_by(history::event_id)
        .select((history::event_id, max(history::at)))
        .load(conn)?;
    let venues: Vec<(VenueId, String)> = venues::table
        .filter(venues::id.eq_any(halls))
        .select((venues::id, venues::name))
        .load(conn)?;
    let campuses: Vec<(CampusId, String, String)> = campuses::table
        .filter(campuses::id.eq_any(sites))
        .select((campuses::id, campuses::name_zh, campuses::name_en))
        .load(conn)?;
    Ok(Around {
        venues: venues.into_iter().collect(),
        campuses: campuses.into_iter().map(|(id, zh, en)| (id, (zh, en))).collect(),
        changed: changed.into_iter().filter_map(|(id, at)| Some((id, at?))).collect(),
    })
}

/// The feed; lines end in CRLF and are folded, texts escaped.
fn write(entries: &[Entry], around: &Around, language: Language) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Campus Ops//Events//ZH"),
        ("CALSCALE", "GREGORIAN"),
        ("X-WR-CALNAME", language.pick("MM校园营销", "MM campus")),
        ("X-PUBLISHED-TTL", "PT1H"),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    for entry in entries {
        let (Some(starts), Some(ends)) = (entry.starts_at, entry.ends_at) else { continue };
        // Without a METHOD the stamp is the last change (RFC 5545 §3.8.7.2).
        let changed = around.changed.get(&entry.id).copied().or(entry.approved_at);
        let mut event = icalendar::Event::new();
        event
            .uid(&format!("{}@campus-ops", entry.id))
            .sequence(u32::try_from(entry.version).unwrap_or(u32::MAX))
            .timestamp(changed.unwrap_or(starts).utc())
            .summary(&plain(&entry.title))
            .location(&plain(&around.place(entry, language)))
            .starts(starts.utc())
            .ends(ends.utc());
        calendar.push(event.done());
    }
    calendar.to_string()
}

impl Around {
    /// Venue and campus; the campus alone where there is no venue.
    fn place(&self, entry: &Entry, language: Language) -> String {
        let campus = self.campuses.get(&entry.campus_id);
        let campus = campus.map(|(zh, en)| language.pick(zh, en));
        let venue = entry.venue_id.and_then(|id| self.venues.get(&id)).map(String::as_str);
        venue.into_iter().chain(campus).collect::<Vec<_>>().join(", ")
    }
}

/// On one line: a control character in a name must not end a line of the feed.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_titles_stay_inside_their_line() {
        let entry = Entry {
            id: EventId::new(),
            title: format!("讲座; a, b\r\nATTENDEE:mailto:x\\ {}", "很长的标题".repeat(20)),
            starts_at: "2011-09-03T02:00:00Z".parse().ok(),
            ends_at: "2011-09-03T04:00:00Z".parse().ok(),
            venue_id: None,
            campus_id: CampusId::new(),
            version: 7,
            approved_at: None,
        };
        let feed = write(&[entry], &Around::default(), Language::Zh);
        assert!(feed.lines().all(|line| !line.starts_with("ATTENDEE") && line.len() <= 75));
        assert_eq!(feed.matches('\n').count(), feed.matches("\r\n").count());
        let unfolded = feed.replace("\r\n ", "");
        let summary = "SUMMARY:讲座\\; a\\, b  ATTENDEE:mailto:x\\\\ 很长";
        assert!(unfolded.contains(summary), "{unfolded}");
        for line in ["SEQUENCE:7", "DTSTART:20110903T020000Z", "DTEND:20110903T040000Z"] {
            assert!(unfolded.contains(&format!("\r\n{line}\r\n")), "{unfolded}");
        }
    }
}
