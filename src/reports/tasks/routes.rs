//! Tasks over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    gather::Gather,
    kinds::{TaskKind, kinds},
    unreconciled::{self, Held, Unreconciled},
};
use crate::{
    accounts::{Allowed, may},
    events::model::EventState,
    materials::place::Place,
    platform::{
        db::Conn,
        fault::Fault,
        http::{
            answer::{Found, Listed},
            endpoint::{Endpoint, get},
            page::{NoFilters, PageQuery},
            request::Context,
        },
        ids::{CampusId, EventId, UserId},
        names::CityCode,
        time::Instant,
    },
};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/me/tasks", show_tasks).about(
            "Me",
            "What waits for me",
            "The start page: one entry for each kind of work your role can have, also where \
             nothing waits. Each has its exact count, a title in your language and a link to \
             the list that shows exactly what was counted; lists may come in several pages. \
             You are never asked for what duties forbid you: an event you wrote does not wait \
             for your approval.",
        ),
        get("/reports/unreconciled", list_unreconciled).about(
            "Reports",
            "Events that are over and still hold goods",
            "Of your scope, in whatever state, the longest over first, with what the event and \
             its booths hold. Use it up, give it, return it or write it off to take the event \
             off the list.",
        ),
    ]
}

/// What waits for the caller.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "total": 3,
    "items": [{
        "kind": "approve_events", "title": "Events to approve", "count": 3,
        "link": "/api/v1/events?task=approve",
        "first": [{
            "id": "0190a3f0-7c3e-7d1a-9b57-0242ac120002", "title": "MM创业讲座",
            "at": "2011-09-03T02:00:00.000Z", "campus_id": "0190a3f0-7c3e-7d1a-9b57-0242ac120003",
            "city": "440100", "link": "/api/v1/events/0190a3f0-7c3e-7d1a-9b57-0242ac120002",
        }],
    }],
}))]
pub struct TasksOut {
    /// The sum of the counts, for a badge.
    pub total: i64,
    /// In the order of the start page.
    pub items: Vec<TaskOut>,
}

/// One kind of work.
#[derive(Serialize, ToSchema)]
pub struct TaskOut {
    /// New kinds may come: show one you do not know by its title and link.
    pub kind: TaskKind,
    /// In the language of the request.
    pub title: String,
    pub count: i64,
    /// Path of the list with exactly `count` rows over all its pages.
    #[schema(example = "/api/v1/events?task=approve")]
    pub link: String,
    /// The first rows of that list, at most five.
    pub first: Vec<TaskRowOut>,
}

/// A row that waits, in short.
#[derive(Serialize, ToSchema)]
pub struct TaskRowOut {
    /// Of the event, promotion, movement, booth or scan; the code of a season.
    pub id: String,
    /// Title of the event, SSID, material and quantity, spot and day, or name of the season.
    pub title: Option<String>,
    /// What it is ordered by in time: start of an event, promotion or season (end of an
    /// unreconciled event), closing time of a booth's day, sending of goods, receipt of a scan.
    pub at: Instant,
    pub campus_id: Option<CampusId>,
    pub city: Option<CityCode>,
    /// Path of the row itself; null where only the list shows it.
    pub link: Option<String>,
}

/// An event that is over and still holds goods.
#[derive(Serialize, ToSchema)]
pub struct UnreconciledOut {
    pub event_id: EventId,
    pub title: String,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub state: EventState,
    pub lead_id: Option<UserId>,
    pub ends_at: Instant,
    pub held: Vec<HeldOut>,
}

/// Goods at an event or at a booth of it.
#[derive(Serialize, ToSchema)]
pub struct HeldOut {
    pub place: Place,
    pub sku: String,
    pub quantity: i64,
}

/// Place of an event in the list.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct UnreconciledKey(Instant, EventId);

impl From<Unreconciled> for UnreconciledOut {
    fn from(Unreconciled { event, held }: Unreconciled) -> Self {
        let held = held.into_iter();
        Self {
            event_id: event.id,
            title: event.title,
            campus_id: event.campus_id,
            city: event.city,
            state: event.state,
            lead_id: event.lead_id,
            ends_at: event.ends_at,
            held: held
                .map(|Held { place, sku, quantity }| HeldOut { place, sku, quantity })
                .collect(),
        }
    }
}

async fn show_tasks(who: Allowed<may::SeeTasks>, cx: Context) -> Result<Found<TasksOut>, Fault> {
    let (caller, language, now) = (who.caller(), cx.request.language, cx.now());
    let look = move |conn: &mut Conn| {
        let gather = Gather { who: &caller, language, now };
        let kinds = kinds(caller.role).iter();
        let items = kinds.map(|kind| gather.task(conn, *kind));
        Ok(items.collect::<Result<Vec<TaskOut>, _>>()?)
    };
    let items = cx.snapshot(look).await?;
    Ok(Found(TasksOut { total: items.iter().map(|task| task.count).sum(), items }))
}

async fn list_unreconciled(
    who: Allowed<may::ReadReports>,
    cx: Context,
    query: PageQuery<NoFilters, UnreconciledKey>,
) -> Result<Listed<UnreconciledOut>, Fault> {
    let (scope, now) = (who.scope.clone(), cx.now());
    let look = move |conn: &mut Conn| Ok(unreconciled::of_scope(conn, &scope, now)?);
    let mut rows = cx.snapshot(look).await?;
    if let Some(UnreconciledKey(at, id)) = query.after {
        rows.retain(|row| (row.event.ends_at, row.event.id) > (at, id));
    }
    let page = query.page(rows, |row| UnreconciledKey(row.event.ends_at, row.event.id));
    Ok(Listed(page.map(UnreconciledOut::from)))
}
