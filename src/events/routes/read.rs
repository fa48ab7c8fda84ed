//! Finding events, and what others have seen of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::out::{EventOut, View};
use crate::{
    accounts::{Allowed, may},
    catalogue::Theme,
    events::{
        model::{EventKey, EventState, EventTask, HistoryAction},
        store::{self, Wanted, history::Entry},
    },
    platform::{
        db::Conn,
        fault::Fault,
        http::{
            answer::{Current, Listed},
            codes::Refusal,
            page::{NoFilters, PageQuery},
            path::Path,
            request::Context,
        },
        ids::{CampusId, EventId, UserId},
        names::CityCode,
        time::{Day, Instant},
    },
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct EventFilters {
    /// Code of the season
    season: Option<String>,
    /// Six digits of the city
    #[param(value_type = Option<String>)]
    city: Option<CityCode>,
    #[param(value_type = Option<String>)]
    campus: Option<CampusId>,
    theme: Option<Theme>,
    /// Code of the activity
    activity: Option<String>,
    state: Option<EventState>,
    /// First local day of the start
    #[param(value_type = Option<String>)]
    from: Option<Day>,
    /// Last local day of the start
    #[param(value_type = Option<String>)]
    to: Option<Day>,
    /// Only events that I lead, am in the team of, or had a hand in
    mine: Option<bool>,
    /// Only what waits for me to do this; nothing when my role never does it
    #[param(inline)]
    task: Option<EventTask>,
    /// Only approved events that are over and were never started
    overdue: Option<bool>,
    /// Words or parts of words of the title, Chinese or English
    q: Option<String>,
}

/// One thing that happened to an event before others' eyes.
#[derive(Serialize, ToSchema)]
pub struct HistoryOut {
    pub seq: i64,
    pub at: Instant,
    pub user_id: UserId,
    pub action: HistoryAction,
    pub from_state: EventState,
    pub to_state: EventState,
    /// The version it led to.
    pub version: i64,
    pub comment: Option<String>,
    /// SHA-256 over the guarded fields as they were then.
    pub content_hash: String,
    /// Overridden findings with the reason, changed fields, or the end report with the figures it
    /// was signed with, named as in the reports: `registrations`, `waitlisted`, `no_shows`,
    /// `people_in`, `people_in_by_role`, `issued`, `used`, `given`, `returned`, `lost`, `damaged`.
    #[schema(value_type = Object)]
    pub data: Value,
}

impl From<Entry> for HistoryOut {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            user_id: entry.user_id,
            action: entry.action,
            from_state: entry.from_state,
            to_state: entry.to_state,
            version: entry.version,
            comment: entry.comment,
            content_hash: entry.content_hash,
            data: entry.data.0,
        }
    }
}

impl EventFilters {
    fn wanted(&self, caller: UserId, now: Instant) -> Wanted {
        Wanted {
            season: self.season.clone(),
            city: self.city,
            campus: self.campus,
            theme: self.theme,
            activity: self.activity.clone(),
            state: self.state,
            from: self.from,
            to: self.to,
            of: self.mine.unwrap_or(false).then_some(caller),
            waiting: None,
            overdue: self.overdue.unwrap_or(false).then_some(now),
            q: self.q.clone(),
        }
    }
}

pub async fn list_events(
    who: Allowed<may::ReadEvents>,
    cx: Context,
    query: PageQuery<EventFilters, EventKey>,
) -> Result<Listed<EventOut>, Fault> {
    let (caller, now) = (who.caller(), cx.now());
    let (task, wanted) = (query.filters.task, query.filters.wanted(who.user, now));
    let (after, limit) = (query.after, query.fetch());
    let look = move |conn: &mut Conn| {
        Ok(match task {
            Some(task) => store::waiting::list(conn, &caller, (task, now), &wanted, after, limit)?,
            None => store::list(conn, &caller.scope, &wanted, after, limit)?,
        })
    };
    let rows = cx.snapshot(look).await?;
    let view = View { who: &who, language: cx.request.language, now };
    let page = query.page(rows, |event| EventKey { at: event.sort_at(), id: event.id });
    Ok(Listed(page.map(|event| view.line(event))))
}

pub async fn show_event(
    who: Allowed<may::ReadEvents>,
    cx: Context,
    path: Path<EventId>,
) -> Result<Current<EventOut>, Fault> {
    let (id, caller, language, now) = (path.0, who.caller(), cx.request.language, cx.now());
    let found = cx
        .snapshot(move |conn| {
            let event = store::find(conn, &caller, id)?.ok_or(Refusal::NotFound)?;
            View { who: &caller, language, now }.detail(conn, event)
        })
        .await?;
    Ok(Current(found))
}

pub async fn list_event_history(
    who: Allowed<may::ReadEvents>,
    cx: Context,
    path: Path<EventId>,
    query: PageQuery<NoFilters, i64>,
) -> Result<Listed<HistoryOut>, Fault> {
    let (id, caller) = (path.0, who.caller());
    let (after, limit) = (query.after, query.fetch());
    let rows = cx
        .read(move |conn| {
            store::find(conn, &caller, id)?.ok_or(Refusal::NotFound)?;
            Ok(store::history::list(conn, id, after, limit)?)
        })
        .await?;
    Ok(Listed(query.page(rows, |entry| entry.seq).map(HistoryOut::from)))
}
