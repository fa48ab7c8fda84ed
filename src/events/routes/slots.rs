//! When a venue is taken and when it is free.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    accounts::{Allowed, may},
    campuses::store::venues,
    events::{
        model::{Hold, Slot},
        rules::slots::free,
        store::slots::{Busy, of_venue},
    },
    platform::{
        fault::Fault,
        http::{answer::Found, codes::Refusal, page::Query, path::Path, request::Context},
        ids::{EventId, VenueId},
        time::{Day, Instant},
    },
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct OfDay {
    /// Local day
    #[param(value_type = String)]
    date: Day,
}

/// A venue's day.
#[derive(Serialize, ToSchema)]
pub struct SlotsOut {
    pub venue_id: VenueId,
    pub date: Day,
    /// What keeps it, by start.
    pub busy: Vec<BusyOut>,
    /// What is left of the day.
    pub free: Vec<Slot>,
}

/// A time that an event keeps.
#[derive(Serialize, ToSchema)]
pub struct BusyOut {
    pub event_id: EventId,
    pub title: String,
    pub hold: Hold,
    pub starts_at: Instant,
    pub ends_at: Instant,
}

impl From<&Busy> for BusyOut {
    fn from(busy: &Busy) -> Self {
        Self {
            event_id: busy.event,
            title: busy.title.clone(),
            hold: busy.hold,
            starts_at: busy.slot.from,
            ends_at: busy.slot.to,
        }
    }
}

pub async fn show_venue_slots(
    who: Allowed<may::ReadEvents>,
    cx: Context,
    path: Path<VenueId>,
    query: Query<OfDay>,
) -> Result<Found<SlotsOut>, Fault> {
    let (id, scope, date) = (path.0, who.scope.clone(), query.0.date);
    let day = Slot { from: Instant::start_of(date), to: Instant::start_of(date.plus(1)) };
    let busy = cx
        .read(move |conn| {
            venues::find(conn, &scope, id)?.ok_or(Refusal::NotFound)?;
            Ok(of_venue(conn, id, day)?)
        })
        .await?;
    let taken: Vec<Slot> = busy.iter().map(|busy| busy.slot).collect();
    Ok(Found(SlotsOut {
        venue_id: id,
        date,
        busy: busy.iter().map(BusyOut::from).collect(),
        free: free(&taken, day),
    }))
}
