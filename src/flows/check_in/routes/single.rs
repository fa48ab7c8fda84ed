//! One scan.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::web::Data;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    accounts::{Allowed, allowed::Caller, may},
    checkins::{
        model::{Mode, Target},
        rules::outcome::Outcome,
        store::Slice,
    },
    flows::check_in::{
        Asked, Judged,
        answers::{CheckInOut, Surroundings, Told},
        genuine,
        input::{Envelope, Single},
        take, try_out,
    },
    participants::passes::PassKeys,
    platform::{
        db::Conn,
        fault::Fault,
        http::{
            answer::Found, body::Valid, codes::Refusal, page::Query, path::Path, request::Context,
        },
        ids::{BoothId, EventId},
    },
};

/// Whether it is only tried out.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// `true`: answer as if, and write nothing.
    simulate: Option<bool>,
}

pub async fn check_in_at_event(
    who: Allowed<may::CheckIn>,
    cx: Context,
    keys: Data<PassKeys>,
    path: Path<EventId>,
    trial: Query<Trial>,
    body: Valid<Single>,
) -> Result<Found<CheckInOut>, Fault> {
    let simulate = trial.0.simulate.unwrap_or(false);
    check_in(who.caller(), cx, &keys, Target::Event(path.0), simulate, body.0).await
}

pub async fn check_in_at_booth(
    who: Allowed<may::CheckIn>,
    cx: Context,
    keys: Data<PassKeys>,
    path: Path<BoothId>,
    trial: Query<Trial>,
    body: Valid<Single>,
) -> Result<Found<CheckInOut>, Fault> {
    let simulate = trial.0.simulate.unwrap_or(false);
    check_in(who.caller(), cx, &keys, Target::Booth(path.0), simulate, body.0).await
}

async fn check_in(
    who: Arc<Caller>,
    cx: Context,
    keys: &PassKeys,
    target: Target,
    simulate: bool,
    single: Single,
) -> Result<Found<CheckInOut>, Fault> {
    let received_at = cx.now();
    let envelope =
        Envelope { who: &who, device_id: None, sent_at: None, received_at, mode: Mode::Online };
    let item = single.scan.parse(target, envelope);
    let mut slice = Slice::default();
    slice.push(item.ok_or(Refusal::BadBody)?, single.slip(envelope));
    let keys = keys.clone();
    let pass = single.scan.pass.clone();
    let genuine = cx.read(move |conn| genuine(conn, &keys, pass.as_deref().as_slice())).await?;
    let asked = Asked { who: Arc::clone(&who), slice, genuine, heard: BTreeMap::new() };
    let judged = if simulate {
        cx.snapshot(move |conn| there(target, try_out(conn, &asked)?)).await?
    } else {
        cx.write(cx.meta(who.user), move |tx| {
            let judged = take(tx, &asked)?;
            there(target, judged)
        })
        .await?
    };
    let told = match judged.judgement.outcomes.into_iter().next() {
        Some(Outcome::Scan(outcome)) => Told::Scan(target, outcome),
        _ => return Err(Fault::bug("a scan without an answer")),
    };
    dress(&cx, who, told).await
}

async fn dress(cx: &Context, who: Arc<Caller>, told: Told) -> Result<Found<CheckInOut>, Fault> {
    let (today, language) = (cx.today(), cx.request.language);
    let (caller, answer) = (Arc::clone(&who), told.clone());
    let look = move |conn: &mut Conn| {
        Surroundings::of(conn, &caller, std::slice::from_ref(&answer), today)
    };
    let around = cx.read(look).await?;
    Ok(Found(told.dress(&who, &around, language, cx.now())))
}

/// 404 where the event or booth of the path does not exist for the caller; then nothing was
/// written, since a refusal undoes the write.
fn there(target: Target, judged: Judged) -> Result<Judged, Fault> {
    let facts = &judged.loaded.facts;
    let seen = match target {
        Target::Event(id) => facts.events.contains_key(&id),
        Target::Booth(id) => facts.booths.contains_key(&id),
    };
    if seen { Ok(judged) } else { Err(Refusal::NotFound.into()) }
}
