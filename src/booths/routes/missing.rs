//! Booth days of which nobody wrote a tally.

use serde::Serialize;
use utoipa::ToSchema;

use super::types::BoothKey;
use crate::{
    accounts::{Allowed, may},
    booths::{
        missing,
        model::{Booth, BoothKind, Minute},
    },
    platform::{
        fault::Fault,
        http::{
            answer::Listed,
            page::{NoFilters, PageQuery},
            request::Context,
        },
        ids::{BoothId, CampusId, EventId},
        names::CityCode,
        time::Day,
    },
};

/// A day of a booth that is over and was not counted.
#[derive(Serialize, ToSchema)]
pub struct MissingTallyOut {
    pub booth_id: BoothId,
    /// Write it with `PUT /booths/{booth_id}/tallies/{date}`.
    pub date: Day,
    pub kind: BoothKind,
    pub spot: String,
    pub opens_at: Minute,
    pub closes_at: Minute,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub event_id: Option<EventId>,
}

impl MissingTallyOut {
    fn of((date, booth): (Day, Booth)) -> Self {
        Self {
            booth_id: booth.id,
            date,
            kind: booth.plan.kind,
            spot: booth.plan.spot,
            opens_at: booth.plan.opens_at,
            closes_at: booth.plan.closes_at,
            campus_id: booth.campus_id,
            city: booth.city,
            event_id: booth.plan.event_id,
        }
    }
}

pub async fn list_missing_tallies(
    who: Allowed<may::ReadBooths>,
    cx: Context,
    query: PageQuery<NoFilters, BoothKey>,
) -> Result<Listed<MissingTallyOut>, Fault> {
    let (scope, today) = (who.scope.clone(), cx.today());
    let mut rows = cx.snapshot(move |conn| Ok(missing::of_scope(conn, &scope, today)?)).await?;
    if let Some(BoothKey(day, id)) = query.after {
        rows.retain(|(date, booth)| (*date, booth.id) > (day, id));
    }
    let page = query.page(rows, |(date, booth)| BoothKey(*date, booth.id));
    Ok(Listed(page.map(MissingTallyOut::of)))
}
