//! Movements over HTTP: one, or many at once.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::{Moved, move_stock};
use crate::{
    accounts::{self, Allowed, allowed::Caller, may},
    events,
    materials::{
        Refusal,
        order::{MovementIn, Order},
        routes::MovementOut,
    },
    platform::{
        fault::{Fault, Problem, Refuse},
        http::{
            answer::{Created, Found},
            body::{self, BodyLimit, Once, Valid},
            codes,
            endpoint::{Endpoint, post},
            idempotency::Replayable,
            render,
            request::Context,
        },
        ids::MovementId,
    },
};

/// Movements of one batch at most.
const MANY: u64 = 200;

/// Movements that are tried one after the other, in this order.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "items": [
        {
            "movement_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e08",
            "kind": "issue",
            "sku": "banner",
            "quantity": 4,
            "from": "campus:01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01",
            "to": "event:01323f5a-1c00-7a10-8a3e-5b1f0c2d4e04",
            "occurred_at": "2011-09-02T08:00:00.000Z",
            "reason": "讲座布置",
        },
    ],
}))]
pub struct MovementBatchIn {
    /// 1 to 200; each stands or falls alone.
    #[validate(length(min = 1, max = MANY))]
    #[schema(min_items = 1, max_items = 200)]
    pub items: Vec<MovementIn>,
}

/// What became of one movement of a batch: `movement` or `problem`.
#[derive(Serialize, ToSchema)]
pub struct MovementResult {
    pub movement_id: MovementId,
    /// 201, or the status of the problem.
    pub status: u16,
    pub movement: Option<MovementOut>,
    /// Why it was refused, as the single request would say it (RFC 9457).
    #[schema(value_type = Option<Object>)]
    pub problem: Option<Value>,
}

/// The results, in the order of the request.
#[derive(Serialize, ToSchema)]
pub struct MovementResults {
    pub results: Vec<MovementResult>,
}

pub fn endpoints() -> Vec<Endpoint> {
    let refusals = || {
        let own = [
            Refusal::Insufficient,
            Refusal::SerialElsewhere,
            Refusal::PersonLimit,
            Refusal::AlreadyReversed,
            Refusal::IdReused,
            Refusal::NotSettled,
            Refusal::NotReversible,
        ];
        own.map(|refusal| refusal.code()).into_iter().chain([
            accounts::Refusal::Forbidden.code(),
            events::refusals::Refusal::WrongState.code(),
        ])
    };
    vec![
        post("/movements", create_movement)
            .about(
                "Materials",
                "Move goods",
                "`movement_id` is yours and unique for ever: sent again with the same content \
                 it gives the first answer, with other content 409. Where the keeper changes \
                 (province, city, campus, user) the goods go into `transit` and the movement \
                 is `sent` until somebody else accepts it; otherwise it is `done`. A `reverse` \
                 names the movement it takes back in `reverses`; the rest follows from that. To a \
                 user goods go only if that user, not yourself, can accept them. `find` brings \
                 back at most what was lost there: at a campus also what its events and booths \
                 lost; in a hand what that user lost.",
            )
            .refuses(refusals()),
        post("/movements/batch", create_movements)
            .about(
                "Materials",
                "Move goods, up to 200 times",
                "What a phone has gathered. Each movement is tried alone, in the order given; \
                 a refused one does not stop the next. Send it again if the answer is lost.",
            )
            .body_limit(BodyLimit::BATCH),
    ]
}

pub async fn create_movement(
    who: Allowed<may::MoveStock>,
    cx: Context,
    body: Once<MovementIn>,
) -> Result<Created<MovementOut>, Fault> {
    let caller = who.caller();
    let order = Order::read(body.value, who.user, cx.now())?;
    let made = cx.write_once(cx.meta(who.user), body.retry, move |tx| {
        let Moved { told, known } = move_stock(tx, &caller, &order)?;
        Ok((MovementOut::from(told), known))
    });
    let Replayable { value: (movement, known), replayed } = made.await?;
    Ok(Created(Replayable { value: movement, replayed: replayed || known }))
}

pub async fn create_movements(
    who: Allowed<may::MoveStock>,
    cx: Context,
    body: Valid<MovementBatchIn>,
) -> Result<Found<MovementResults>, Fault> {
    let mut results = Vec::with_capacity(body.0.items.len());
    for item in body.0.items {
        let movement_id = item.movement_id;
        let result = match one(&who, &cx, item).await {
            Ok(movement) => {
                MovementResult { movement_id, status: 201, movement: Some(movement), problem: None }
            }
            Err(Fault::Refused(problem)) => refused(movement_id, &problem, &cx),
            // The store is away: what stands stands, the caller sends the batch again.
            Err(Fault::Busy(_) | Fault::Collision(_)) if !results.is_empty() => {
                refused(movement_id, &codes::Refusal::Busy.problem(), &cx)
            }
            Err(fault) => return Err(fault),
        };
        results.push(result);
    }
    Ok(Found(MovementResults { results }))
}

fn refused(movement_id: MovementId, problem: &Problem, cx: &Context) -> MovementResult {
    let document = render::document(problem, &cx.request);
    MovementResult {
        movement_id,
        status: problem.code.status,
        movement: None,
        problem: Some(document),
    }
}

async fn one(
    who: &Allowed<may::MoveStock>,
    cx: &Context,
    item: MovementIn,
) -> Result<MovementOut, Fault> {
    body::check(&item)?;
    let order = Order::read(item, who.user, cx.now())?;
    let caller: std::sync::Arc<Caller> = who.caller();
    let moved = cx.write(cx.meta(who.user), move |tx| move_stock(tx, &caller, &order)).await?;
    Ok(MovementOut::from(moved.told))
}
