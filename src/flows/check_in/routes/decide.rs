//! What people decide about a scan: taking it out, or letting it in after all.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    accounts::{self, Allowed, allowed::Caller, may},
    checkins::{
        Refusal,
        model::Decision,
        routes::ScanOut,
        rules::{
            Annulment, Item, Resolve,
            outcome::{AnnulOutcome, Outcome, ResolveOutcome},
        },
        store::{Attempt, Slice, Slip, read},
    },
    flows::check_in::{Asked, Genuine, Judged, take},
    platform::{
        db::Tx,
        fault::Fault,
        http::{
            answer::Posted,
            body::{Once, not_blank},
            codes,
            idempotency::Replayable,
            path::Path,
            request::Context,
        },
        ids::ScanId,
    },
};

/// Why a scan is taken out of the set.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "扫错了人" }))]
pub struct AnnulIn {
    #[validate(length(max = 500), custom(function = "not_blank"))]
    pub reason: String,
}

/// What a coordinator decides about a scan that was not let in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decision": "accept", "reason": "手机时间有误，现场已核实" }))]
pub struct ResolveIn {
    pub decision: Decision,
    #[validate(length(max = 500), custom(function = "not_blank"))]
    pub reason: String,
}

pub async fn annul_check_in(
    who: Allowed<may::CheckIn>,
    cx: Context,
    path: Path<ScanId>,
    body: Once<AnnulIn>,
) -> Result<Posted<ScanOut>, Fault> {
    if who.device_revoked {
        return Err(accounts::Refusal::DeviceRevoked.into());
    }
    let item = Item::Annul(Annulment {
        scan_id: path.0,
        by: who.user,
        session_device: who.device,
        device_revoked: false,
        at: None,
        received_at: cx.now(),
    });
    let asked = ask(&cx, &who.caller(), item, body.value.reason);
    let done = cx.write_once(cx.meta(who.user), body.retry, move |tx| {
        match decide(tx, &asked)?.judgement.outcomes.first() {
            Some(Outcome::Annul(AnnulOutcome::Annulled | AnnulOutcome::Already)) => now(tx, &asked),
            Some(Outcome::Annul(AnnulOutcome::Refused)) => Err(Refusal::NotYours.into()),
            _ => Err(codes::Refusal::NotFound.into()),
        }
    });
    posted(done.await?)
}

pub async fn resolve_check_in(
    who: Allowed<may::ResolveScans>,
    cx: Context,
    path: Path<ScanId>,
    body: Once<ResolveIn>,
) -> Result<Posted<ScanOut>, Fault> {
    let item = Item::Resolve(Resolve { scan_id: path.0, decision: body.value.decision });
    let asked = ask(&cx, &who.caller(), item, body.value.reason);
    let done = cx.write_once(cx.meta(who.user), body.retry, move |tx| {
        match decide(tx, &asked)?.judgement.outcomes.first() {
            Some(Outcome::Resolve(ResolveOutcome::Resolved(_))) => now(tx, &asked),
            Some(Outcome::Resolve(ResolveOutcome::DecidedOtherwise)) => {
                Err(Refusal::Decided.into())
            }
            Some(Outcome::Resolve(ResolveOutcome::NotOpen)) => Err(Refusal::NotOpen.into()),
            Some(Outcome::Resolve(ResolveOutcome::Nobody)) => Err(Refusal::Nobody.into()),
            _ => Err(codes::Refusal::NotFound.into()),
        }
    });
    posted(done.await?)
}

fn ask(cx: &Context, who: &Arc<Caller>, item: Item, reason: String) -> Asked {
    let attempt = Attempt {
        session_device: who.device,
        user: who.user,
        scan_id: Some(item.scan_id()),
        received_at: cx.now(),
        body: String::new(),
        body_sha256: [0; 32],
    };
    let (who, request) = (Arc::clone(who), cx.request.id);
    let slip = Slip { who, request, device_seq: None, queue: None, reason, attempt };
    let mut slice = Slice::default();
    slice.push(item, slip);
    Asked { slice, genuine: Some(Genuine::new()), heard: BTreeMap::new() }
}

/// Refuses a scan that does not exist for the caller. A refusal undoes the write.
fn decide(tx: &mut Tx<'_>, asked: &Asked) -> Result<Judged, Fault> {
    let judged = take(tx, asked)?;
    let mut asked = asked.slice.items.iter().zip(&asked.slice.slips);
    let seen = asked.all(|(item, Slip { who, .. })| {
        let scan = judged.loaded.facts.scans.get(&item.scan_id());
        scan.is_some_and(|scan| judged.loaded.shows(item.scan_id(), scan, who))
    });
    if seen { Ok(judged) } else { Err(codes::Refusal::NotFound.into()) }
}

/// The scan as it stands after the decision.
fn now(tx: &mut Tx<'_>, asked: &Asked) -> Result<ScanOut, Fault> {
    let id = asked.slice.items.first().map(Item::scan_id);
    let id = id.ok_or_else(|| Fault::bug("a decision about nothing"))?;
    let line = read::find(tx, id)?.ok_or(codes::Refusal::NotFound)?;
    Ok(line.into())
}

fn posted(done: Replayable<ScanOut>) -> Result<Posted<ScanOut>, Fault> {
    let Replayable { value, replayed } = done;
    Ok(Posted { value, created: false, replayed, version: None })
}
