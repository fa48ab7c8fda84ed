//! One step for many events: each in a write of its own, so that one refusal stops no other.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::{TransitionIn, take};
use crate::{
    accounts::{Allowed, may},
    events::model::{EventAction, EventState},
    platform::{
        db::Tx,
        fault::{Fault, Refuse as _},
        http::{
            answer::DoneMany,
            body::Once,
            codes::Refusal,
            idempotency::{Replayable, Retry},
            render::document,
            request::Context,
            version::IfMatch,
        },
        ids::EventId,
    },
};

/// A step for many events.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "action": "approve",
    "items": [{"id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e04", "version": 3}],
}))]
pub struct TransitionsIn {
    pub action: EventAction,
    /// The same for all.
    #[validate(length(max = 1000))]
    #[serde(default)]
    pub comment: Option<String>,
    /// At most 200.
    #[validate(length(min = 1, max = 200))]
    pub items: Vec<EventSeen>,
}

/// An event in the version that was seen.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventSeen {
    pub id: EventId,
    pub version: i64,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct TransitionsOut {
    /// One for each item, in the order sent.
    pub items: Vec<MovedOut>,
}

/// What became of one event.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct MovedOut {
    pub id: EventId,
    /// What the step alone would have answered.
    pub status: u16,
    /// Where the event stands now; null when it was refused.
    pub state: Option<EventState>,
    pub version: Option<i64>,
    /// The refusal.
    #[schema(value_type = Option<Object>)]
    pub problem: Option<Value>,
}

#[derive(Serialize, Deserialize)]
struct Moved {
    state: EventState,
    version: i64,
}

pub async fn move_events(
    who: Allowed<may::MoveEvents>,
    cx: Context,
    body: Once<TransitionsIn>,
) -> Result<DoneMany<TransitionsOut>, Fault> {
    let (meta, retry) = (cx.meta(who.user), body.retry.as_ref());
    if let Some(value) = cx.answered(meta, retry).await? {
        return Ok(DoneMany(Replayable { value, replayed: true }));
    }
    let value = TransitionsOut { items: move_all(&who, &cx, body.value, retry).await? };
    cx.keep_answer(meta, retry, &value).await?;
    Ok(DoneMany(Replayable::fresh(value)))
}

async fn move_all(
    who: &Allowed<may::MoveEvents>,
    cx: &Context,
    body: TransitionsIn,
    retry: Option<&Retry>,
) -> Result<Vec<MovedOut>, Fault> {
    let TransitionsIn { action, comment, items } = body;
    let step = TransitionIn {
        action,
        comment,
        override_reason: None,
        waive_reason: None,
        changes: None,
        report: None,
    };
    let mut results = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let part = retry.map(|retry| retry.part(index));
        let moved = move_one(who, cx, item, step.clone(), part).await;
        results.push(result(item.id, moved, cx)?);
    }
    Ok(results)
}

async fn move_one(
    who: &Allowed<may::MoveEvents>,
    cx: &Context,
    item: EventSeen,
    step: TransitionIn,
    retry: Option<Retry>,
) -> Result<Moved, Fault> {
    let caller = who.caller();
    let work = move |tx: &mut Tx<'_>| {
        let event = take(tx, &caller, item.id, IfMatch(item.version), &step)?;
        Ok(Moved { state: event.state, version: event.version })
    };
    Ok(cx.write_once(cx.meta(who.user), retry, work).await?.value)
}

/// A refusal is a result; what is wrong with the store or the key is wrong with all.
fn result(id: EventId, moved: Result<Moved, Fault>, cx: &Context) -> Result<MovedOut, Fault> {
    match moved {
        Ok(Moved { state, version }) => Ok(MovedOut {
            id,
            status: 200,
            state: Some(state),
            version: Some(version),
            problem: None,
        }),
        Err(Fault::Refused(problem)) if problem.code != Refusal::KeyReused.code() => {
            let (status, document) = (problem.code.status, document(&problem, &cx.request));
            Ok(MovedOut { id, status, state: None, version: None, problem: Some(document) })
        }
        Err(other) => Err(other),
    }
}
