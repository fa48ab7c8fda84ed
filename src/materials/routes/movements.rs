//! Movements as clients see them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    accounts::{Allowed, may},
    materials::{
        model::{Movement, MovementKind, MovementState, MovementTask, Told},
        place::Place,
        rules::Who,
        store::movements::{self, Viewer, Wanted},
    },
    platform::{
        fault::Fault,
        http::{
            answer::{Listed, Versioned},
            page::{PageQuery, bad},
            request::Context,
        },
        ids::{EventId, MovementId, UserId},
        time::{Day, Instant},
    },
};

/// Filters of the list of movements.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct MovementFilters {
    /// One material.
    sku: Option<String>,
    /// One place, on either side.
    #[param(value_type = Option<String>, example = "city:440100")]
    place: Option<Place>,
    /// One kind.
    kind: Option<MovementKind>,
    /// One event's own place, as `place=event:{id}`.
    #[param(value_type = Option<String>, format = Uuid)]
    event: Option<EventId>,
    /// One state; `sent` is what waits for its receiver.
    state: Option<MovementState>,
    /// Only what waits for me to do this; nothing when my role never does it.
    #[param(inline)]
    task: Option<MovementTask>,
    /// First local day.
    from: Option<Day>,
    /// Last local day.
    to: Option<Day>,
}

/// A movement and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MovementOut {
    pub movement_id: MovementId,
    pub sku: String,
    pub quantity: i64,
    /// The pieces, of a serialised material.
    pub serials: Vec<String>,
    pub from: Place,
    pub to: Place,
    pub kind: MovementKind,
    /// `done` at once; where the keeper changes `sent`, then `accepted`, `rejected` or
    /// `returned`.
    pub state: MovementState,
    pub occurred_at: Instant,
    /// When the server heard of it.
    pub recorded_at: Instant,
    /// Who moved or sent it.
    pub recorded_by: UserId,
    /// Who accepted or rejected it, and when.
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Instant>,
    pub reason: Option<String>,
    /// What it takes back.
    pub reverses: Option<MovementId>,
    /// What took it back.
    pub reversed_by: Option<MovementId>,
}

impl MovementFilters {
    fn wanted(self) -> Result<Wanted, Fault> {
        let place = match (self.place, self.event) {
            (Some(_), Some(_)) => return Err(bad("event", "either place or event")),
            (place, event) => place.or(event.map(Place::Event)),
        };
        let Self { sku, kind, state, from, to, .. } = self;
        Ok(Wanted { sku, place, kind, state, from, to })
    }
}

impl From<Told> for MovementOut {
    fn from(told: Told) -> Self {
        let state = told.state();
        let Told { movement: Movement { entry: movement, .. }, custody, serials, reversed_by } =
            told;
        let (decided_by, decided_at) =
            custody.map_or((None, None), |custody| (custody.decided_by, custody.decided_at));
        Self {
            movement_id: movement.id,
            sku: movement.sku,
            quantity: movement.quantity,
            serials,
            from: movement.from_place,
            to: movement.to_place,
            kind: movement.kind,
            state,
            occurred_at: movement.occurred_at,
            recorded_at: movement.recorded_at,
            recorded_by: movement.recorded_by,
            decided_by,
            decided_at,
            reason: movement.reason,
            reverses: movement.reverses,
            reversed_by,
        }
    }
}

/// A movement never changes; its state does once. Nothing asks for this version back.
impl Versioned for MovementOut {
    fn version(&self) -> i64 {
        1 + i64::from(self.decided_at.is_some())
    }
}

pub async fn list_movements(
    who: Allowed<may::ReadStock>,
    cx: Context,
    query: PageQuery<MovementFilters, i64>,
) -> Result<Listed<MovementOut>, Fault> {
    let caller = who.caller();
    let wanted = query.filters.clone().wanted()?;
    let (after, limit) = (query.after, query.fetch());
    let task = query.filters.task;
    let rows = cx.snapshot(move |conn| {
        Ok(if let Some(MovementTask::Accept) = task {
            movements::list_waiting(conn, Who::of(&caller), &wanted, after, limit)?
        } else {
            let viewer = Viewer { user: caller.user, scope: &caller.scope };
            movements::list(conn, viewer, &wanted, after, limit)?
        })
    });
    let rows = rows.await?;
    Ok(Listed(query.page(rows, |told| told.movement.seq).map(MovementOut::from)))
}
