//! Asks the rooms what waits: how much, and the first few rows.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{
    kinds::TaskKind,
    routes::{TaskOut, TaskRowOut},
    unreconciled,
};
use crate::{
    accounts::allowed::Caller,
    booths, catalogue,
    checkins::store::read as scans,
    events::{
        event::Event,
        model::{EventKey, EventTask},
        store as events,
    },
    materials::{self, model::Told, rules::Who, store::movements},
    platform::{
        db::Conn,
        http::{endpoint::BASE, render::Language},
        ids::EventId,
        time::{Day, Instant},
    },
    schema::events as events_table,
    wlan,
};

/// How many rows stand with a count.
const FIRST: i64 = 5;

/// For whom and when tasks are gathered.
#[derive(Clone, Copy)]
pub struct Gather<'a> {
    pub who: &'a Caller,
    pub language: Language,
    pub now: Instant,
}

/// A count with its first rows.
type Found = (i64, Vec<TaskRowOut>);

impl Gather<'_> {
    /// One kind with its count; rows are read only where there are some.
    pub fn task(&self, conn: &mut Conn, kind: TaskKind) -> QueryResult<TaskOut> {
        let (count, first) = match kind {
            TaskKind::EndorseEvents => self.events(conn, EventTask::Endorse),
            TaskKind::ApproveEvents => self.events(conn, EventTask::Approve),
            TaskKind::ReviseEvents => self.events(conn, EventTask::Revise),
            TaskKind::CloseEvents => self.events(conn, EventTask::Close),
            TaskKind::OverdueEvents => self.overdue(conn),
            TaskKind::UnreconciledEvents => self.unreconciled(conn),
            TaskKind::ApprovePromotions => self.promotions(conn),
            TaskKind::AcceptGoods => self.goods(conn),
            TaskKind::MissingTallies => self.tallies(conn),
            TaskKind::QuarantinedScans => self.scans(conn),
            TaskKind::HandsetModels => self.seasons(conn),
        }?;
        let (link, title) = (kind.link(), kind.title(self.language).to_owned());
        Ok(TaskOut { kind, title, count, link, first })
    }

    fn today(&self) -> Day {
        self.now.day()
    }

    fn events(&self, conn: &mut Conn, task: EventTask) -> QueryResult<Found> {
        let count = events::waiting::count(conn, self.who, task, self.now)?;
        if count == 0 {
            return Ok((0, Vec::new()));
        }
        let (wanted, from) = (events::Wanted::default(), None::<EventKey>);
        let task = (task, self.now);
        let rows = events::waiting::list(conn, self.who, task, &wanted, from, FIRST)?;
        Ok((count, rows.into_iter().map(event).collect()))
    }

    fn overdue(&self, conn: &mut Conn) -> QueryResult<Found> {
        let count = events::waiting::count_overdue(conn, &self.who.scope, self.now)?;
        if count == 0 {
            return Ok((0, Vec::new()));
        }
        let wanted = events::Wanted { overdue: Some(self.now), ..events::Wanted::default() };
        let rows = events::list(conn, &self.who.scope, &wanted, None, FIRST)?;
        Ok((count, rows.into_iter().map(event).collect()))
    }

    fn unreconciled(&self, conn: &mut Conn) -> QueryResult<Found> {
        let all = unreconciled::of_scope(conn, &self.who.scope, self.now)?;
        let row = |unreconciled::Unreconciled { event, .. }| TaskRowOut {
            id: event.id.to_string(),
            title: Some(event.title),
            at: event.ends_at,
            campus_id: Some(event.campus_id),
            city: Some(event.city),
            link: Some(format!("{BASE}/events/{}", event.id)),
        };
        Ok(cut(all, row))
    }

    fn promotions(&self, conn: &mut Conn) -> QueryResult<Found> {
        let (scope, user) = (&self.who.scope, self.who.user);
        let count = wlan::store::count_waiting(conn, scope, user)?;
        if count == 0 {
            return Ok((0, Vec::new()));
        }
        let wanted = wlan::store::Wanted { approver: Some(user), ..wlan::store::Wanted::default() };
        let rows = wlan::store::list(conn, scope, &wanted, self.today(), None, FIRST)?;
        let row = |promotion: wlan::model::Promotion| TaskRowOut {
            id: promotion.id.to_string(),
            at: Instant::start_of(promotion.content.starts_on),
            title: Some(promotion.content.ssid),
            campus_id: Some(promotion.campus_id),
            city: Some(promotion.city),
            link: Some(format!("{BASE}/wlan/promotions/{}", promotion.id)),
        };
        Ok((count, rows.into_iter().map(row).collect()))
    }

    fn goods(&self, conn: &mut Conn) -> QueryResult<Found> {
        let who = Who::of(self.who);
        let count = materials::store::custody::count_waiting(conn, who)?;
        if count == 0 {
            return Ok((0, Vec::new()));
        }
        let wanted = movements::Wanted::default();
        let rows = movements::list_waiting(conn, who, &wanted, None, FIRST)?;
        let row = |Told { movement, .. }| TaskRowOut {
            id: movement.id.to_string(),
            title: Some(format!("{} × {}", movement.sku, movement.quantity)),
            at: movement.recorded_at,
            campus_id: movement.to_campus,
            city: movement.to_city,
            link: None,
        };
        Ok((count, rows.into_iter().map(row).collect()))
    }

    fn tallies(&self, conn: &mut Conn) -> QueryResult<Found> {
        let all = booths::missing::of_scope(conn, &self.who.scope, self.today())?;
        let row = |(day, booth): (Day, booths::Booth)| TaskRowOut {
            id: booth.id.to_string(),
            title: Some(format!("{} {day}", booth.plan.spot)),
            at: Instant::local(day, booth.plan.closes_at.0),
            campus_id: Some(booth.campus_id),
            city: Some(booth.city),
            link: Some(format!("{BASE}/booths/{}/tallies/{day}", booth.id)),
        };
        Ok(cut(all, row))
    }

    fn scans(&self, conn: &mut Conn) -> QueryResult<Found> {
        let count = scans::count_quarantined(conn, &self.who.scope)?;
        if count == 0 {
            return Ok((0, Vec::new()));
        }
        let rows = scans::quarantined(conn, &self.who.scope, None, FIRST)?;
        let ids = rows.iter().filter_map(|scan| scan.event_id).collect();
        let titles = titles(conn, ids)?;
        let row = |scan: scans::Listed| TaskRowOut {
            id: scan.scan_id.to_string(),
            title: scan.event_id.and_then(|id| titles.get(&id).cloned()),
            at: scan.received_at,
            campus_id: None,
            city: None,
            link: None,
        };
        Ok((count, rows.into_iter().map(row).collect()))
    }

    fn seasons(&self, conn: &mut Conn) -> QueryResult<Found> {
        let all = catalogue::store::list_seasons(conn, Some(self.today()), None, i64::MAX)?;
        let row = |season: catalogue::model::Season| TaskRowOut {
            at: Instant::start_of(season.starts),
            title: Some(self.language.pick(&season.name_zh, &season.name_en).to_owned()),
            campus_id: None,
            city: None,
            link: Some(format!("{BASE}/handset-models?season={}", season.code)),
            id: season.code,
        };
        Ok(cut(all, row))
    }
}

fn event(event: Event) -> TaskRowOut {
    TaskRowOut {
        id: event.id.to_string(),
        at: event.sort_at(),
        title: Some(event.content.title),
        campus_id: Some(event.content.campus_id),
        city: Some(event.city),
        link: Some(format!("{BASE}/events/{}", event.id)),
    }
}

/// How many there are, and the first of them as rows.
fn cut<T>(all: Vec<T>, row: impl FnMut(T) -> TaskRowOut) -> Found {
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let few = usize::try_from(FIRST).unwrap_or(usize::MAX);
    (count, all.into_iter().take(few).map(row).collect())
}

fn titles(conn: &mut Conn, ids: Vec<EventId>) -> QueryResult<BTreeMap<EventId, String>> {
    let rows: Vec<(EventId, String)> = events_table::table
        .filter(events_table::id.eq_any(ids))
        .select((events_table::id, events_table::title))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
