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
        gather::{Single, Together},
        genuine,
        input::{Envelope, Single as In},
        try_out,
    },
    participants::passes::PassKeys,
    platform::{
        db::Conn,
        fault::Fault,
        http::{answer::Found, codes::Refusal, page::Query, path::Path, request::Context},
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
    together: Data<Together>,
    path: Path<EventId>,
    trial: Query<Trial>,
    body: In,
) -> Result<Found<CheckInOut>, Fault> {
    let simulate = trial.0.simulate.unwrap_or(false);
    let target = Target::Event(path.0);
    let shown = Shown { who: who.caller(), target, simulate, body };
    check_in(cx, &keys, &together, shown).await
}

pub async fn check_in_at_booth(
    who: Allowed<may::CheckIn>,
    cx: Context,
    keys: Data<PassKeys>,
    together: Data<Together>,
    path: Path<BoothId>,
    trial: Query<Trial>,
    body: In,
) -> Result<Found<CheckInOut>, Fault> {
    let simulate = trial.0.simulate.unwrap_or(false);
    let target = Target::Booth(path.0);
    let shown = Shown { who: who.caller(), target, simulate, body };
    check_in(cx, &keys, &together, shown).await
}

/// A scan as it came, and where it is to be judged.
struct Shown {
    who: Arc<Caller>,
    target: Target,
    simulate: bool,
    body: In,
}

async fn check_in(
    cx: Context,
    keys: &PassKeys,
    together: &Together,
    shown: Shown,
) -> Result<Found<CheckInOut>, Fault> {
    let Shown { who, target, simulate, body } = shown;
    let (received_at, request) = (cx.now(), cx.request.id);
    let (device_id, sent_at, mode) = (None, None, Mode::Online);
    let envelope = Envelope { who: &who, request, device_id, sent_at, received_at, mode };
    let item = body.scan.parse(target, envelope).ok_or(Refusal::BadBody)?;
    let slip = body.slip(envelope);
    let (pass, language) = (body.scan.pass, cx.request.language);
    let single = Single { target, item, slip, pass, language };
    if simulate {
        return try_one(&cx, keys, single).await.map(Found);
    }
    together.submit(single).await.map(Found)
}

/// As if, without a trace.
async fn try_one(cx: &Context, keys: &PassKeys, single: Single) -> Result<CheckInOut, Fault> {
    let (keys, today) = (keys.clone(), cx.today());
    let (who, language) = (Arc::clone(&single.slip.who), single.language);
    let look = move |conn: &mut Conn| {
        let genuine = genuine(conn, &keys, single.pass.as_deref().as_slice())?;
        let mut slice = Slice::default();
        slice.push(single.item.clone(), single.slip.clone());
        let asked = Asked { slice, genuine: Some(genuine), heard: BTreeMap::new() };
        let judged = there(single.target, try_out(conn, &asked)?)?;
        let told = match judged.judgement.outcomes.into_iter().next() {
            Some(Outcome::Scan(outcome)) => Told::Scan(single.target, outcome),
            _ => return Err(Fault::bug("a scan without an answer")),
        };
        let around = Surroundings::of(conn, std::slice::from_ref(&told), today)?;
        Ok((told, around))
    };
    let (told, around) = cx.snapshot(look).await?;
    Ok(told.dress(&who, &around, language, cx.now()))
}

/// 404 where the event or booth of the path does not exist for the caller.
fn there(target: Target, judged: Judged) -> Result<Judged, Fault> {
    let loaded = &judged.loaded;
    let seen = loaded.homes.contains_key(&target) && loaded.facts.unseen.is_empty();
    if seen { Ok(judged) } else { Err(Refusal::NotFound.into()) }
}
