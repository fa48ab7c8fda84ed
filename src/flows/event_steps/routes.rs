//! Findings and steps over HTTP.

use super::{TransitionIn, bulk, findings, take};
use crate::{
    accounts::{Allowed, may},
    events::{
        refusals::Refusal,
        routes::{EventOut, View},
    },
    platform::{
        db::Tx,
        fault::{Code, Fault, Refuse as _},
        http::{
            answer::Done,
            body::Once,
            endpoint::{Endpoint, get, post},
            path::Path,
            request::Context,
            version::IfMatch,
        },
        ids::EventId,
    },
};

const TAG: &str = "Events";

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/events/{id}/findings", findings::list_event_findings).about(
            TAG,
            "What is found about an event",
            "Everything that blocks, warns or is worth knowing, with the inputs of each rule. \
             The same rules judge submit, approve and amend.",
        ),
        post("/events/{id}/transitions", move_event)
            .about(
                TAG,
                "Take an event a step on",
                "`submit`, `endorse`, `request_changes`, `reject`, `approve`, `withdraw`, \
                 `amend`, `start`, `cancel`, `close`, `reopen`; the event names those that are \
                 yours in `allowed_actions`. Authors, endorser and approver are three different \
                 people. An approval takes venue and people: when another approved event has \
                 them, 409 names it, the minutes of overlap and the two nearest free slots. \
                 Blocking findings come as one entry of `errors` each.",
            )
            .refuses(refusals()),
        post("/events/transitions", bulk::move_events).about(
            TAG,
            "Take many events the same step on",
            "At most 200, each for itself and with a result of its own, in the order sent. A \
             repeated request with the same key does again only what failed.",
        ),
    ]
}

fn refusals() -> impl Iterator<Item = &'static Code> {
    [
        Refusal::VenueTaken,
        Refusal::PersonTaken,
        Refusal::WrongState,
        Refusal::Frozen,
        Refusal::Unbalanced,
        Refusal::Duties,
        Refusal::NotYours,
        Refusal::Findings,
        Refusal::CapacityBelowRegistered,
    ]
    .into_iter()
    .map(|refusal| refusal.code())
}

async fn move_event(
    who: Allowed<may::MoveEvents>,
    cx: Context,
    path: Path<EventId>,
    seen: IfMatch,
    body: Once<TransitionIn>,
) -> Result<Done<EventOut>, Fault> {
    let (id, caller, language, input) = (path.0, who.caller(), cx.request.language, body.value);
    let work = move |tx: &mut Tx<'_>| {
        let event = take(tx, &caller, id, seen, &input)?;
        let view = View { who: &caller, language, now: tx.meta.now };
        view.detail(tx, event)
    };
    Ok(Done(cx.write_once(cx.meta(who.user), body.retry, work).await?))
}
