//! Many registrations at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::single::{RegistrationIn, RegistrationOut, door, outs};
use crate::{
    accounts::{Allowed, may},
    platform::{
        db::Conn,
        fault::Fault,
        http::{
            answer::Posted,
            body::Once,
            path::Path,
            render,
            request::{Context, Request},
        },
        ids::{EventId, ParticipantId, RegistrationId},
    },
    registrations::{
        desk::{self, Wish},
        model::NotPlaced,
        store,
    },
};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "items": [{"participant_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e05"}],
}))]
pub struct RegistrationsIn {
    #[validate(length(min = 1, max = 200), nested)]
    pub items: Vec<RegistrationIn>,
}

/// A result for each item, in the order sent.
#[derive(Serialize, ToSchema)]
pub struct RegistrationsOut {
    pub results: Vec<RegistrationResult>,
}

/// What became of one item.
#[derive(Serialize, ToSchema)]
pub struct RegistrationResult {
    /// As sent.
    pub participant_id: ParticipantId,
    /// What the single request would have answered.
    pub status: u16,
    pub registration: Option<RegistrationOut>,
    /// The problem document, when it was refused.
    #[schema(value_type = Option<Object>)]
    pub problem: Option<Value>,
}

/// What an answer keeps for its repetition: no personal data.
type Kept = Vec<(ParticipantId, Result<(ParticipantId, bool), NotPlaced>)>;

pub async fn register_many(
    who: Allowed<may::EditRegistrations>,
    cx: Context,
    path: Path<EventId>,
    body: Once<RegistrationsIn>,
) -> Result<Posted<RegistrationsOut>, Fault> {
    let (caller, event, items) = (who.caller(), path.0, body.value.items);
    let wish =
        |item: RegistrationIn| Wish { id: RegistrationId::new(), participant: item.participant_id };
    let wishes: Vec<Wish> = items.into_iter().map(wish).collect();
    let done = cx.write_once(cx.meta(who.user), body.retry, move |tx| {
        door(tx, &caller, event)?;
        let placed = desk::register(tx, event, &wishes)?;
        Ok(wishes.iter().map(|wish| wish.participant).zip(placed).collect::<Kept>())
    });
    let done = done.await?;
    let (caller, kept) = (who.caller(), done.value);
    let own: Vec<ParticipantId> =
        kept.iter().filter_map(|(_, placed)| placed.ok().map(|(own, _)| own)).collect();
    let look = move |conn: &mut Conn| {
        let (_, works) = door(conn, &caller, event)?;
        let rows = store::of_people(conn, event, &own)?;
        outs(conn, &caller, works, rows)
    };
    let shown = cx.snapshot(look).await?;
    let value = RegistrationsOut { results: results(kept, shown, &cx.request) };
    Ok(Posted { value, created: false, replayed: done.replayed, version: None })
}

fn results(kept: Kept, shown: Vec<RegistrationOut>, request: &Request) -> Vec<RegistrationResult> {
    let shown: BTreeMap<ParticipantId, RegistrationOut> =
        shown.into_iter().map(|out| (out.participant_id, out)).collect();
    let result = |(participant_id, placed)| match placed {
        Ok((own, created)) => RegistrationResult {
            participant_id,
            status: if created { 201 } else { 200 },
            registration: shown.get(&own).cloned(),
            problem: None,
        },
        Err(why) => {
            let problem = NotPlaced::problem(why);
            let status = problem.code.status;
            let problem = Some(render::document(&problem, request));
            RegistrationResult { participant_id, status, registration: None, problem }
        }
    };
    kept.into_iter().map(result).collect()
}
