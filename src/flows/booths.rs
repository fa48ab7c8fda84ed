//! Changing and deleting a booth: a flow, since goods and check-ins hang on booths too. What
//! is recorded at a booth keeps it, and goods and check-ins keep its event.

use crate::{
    accounts::{Allowed, allowed::Caller, may},
    booths::{
        Booth, Refusal, pitch,
        routes::{BoothOut, BoothPatch, content},
    },
    checkins,
    materials::{self, place::Place},
    platform::{
        db::{Conn, Tx},
        fault::{Fault, Refuse as _},
        http::{
            answer::{Current, NoContent},
            body::Valid,
            endpoint::{Endpoint, delete, patch},
            path::Path,
            request::Context,
            version::IfMatch,
        },
        ids::BoothId,
    },
};

const TAG: &str = "Booths";

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        patch("/booths/{id}", update_booth)
            .about(
                TAG,
                "Change a booth",
                "Campus and season stay. Days on which something was counted must remain days \
                 of the booth. Its event changes only while the booth holds no goods and nobody \
                 has checked in there, and never from or to a closed event.",
            )
            .refuses(content())
            .refuses([Refusal::InUse.code()]),
        delete("/booths/{id}", delete_booth)
            .about(
                TAG,
                "Delete a booth",
                "Only while nothing hangs on it: no tallies, no check-ins, and no goods, not \
                 even such as have left again.",
            )
            .refuses([Refusal::InUse.code()]),
    ]
}

pub async fn update_booth(
    who: Allowed<may::EditBooths>,
    cx: Context,
    path: Path<BoothId>,
    version: IfMatch,
    body: Valid<BoothPatch>,
) -> Result<Current<BoothOut>, Fault> {
    let (caller, id, patch) = (who.caller(), path.0, body.0);
    let work = move |tx: &mut Tx<'_>| change(tx, &caller, id, version, patch.clone());
    Ok(Current(cx.write(cx.meta(who.user), work).await?.into()))
}

pub async fn delete_booth(
    who: Allowed<may::EditBooths>,
    cx: Context,
    path: Path<BoothId>,
    version: IfMatch,
) -> Result<NoContent, Fault> {
    let (scope, id) = (who.scope.clone(), path.0);
    cx.write(cx.meta(who.user), move |tx| {
        let booth = pitch::hold(tx, &scope, id, version)?;
        let moved = materials::store::stock::ever_at(tx, Place::Booth(id))?;
        if moved || checkins::store::read::any_at_booth(tx, id)? {
            return Err(Refusal::InUse.into());
        }
        pitch::remove(tx, &booth)
    })
    .await?;
    Ok(NoContent)
}

fn change(
    tx: &mut Tx<'_>,
    who: &Caller,
    id: BoothId,
    seen: IfMatch,
    patch: BoothPatch,
) -> Result<Booth, Fault> {
    let old = pitch::hold(tx, &who.scope, id, seen)?;
    let plan = patch.onto(old.clone())?.plan()?;
    if plan.event_id != old.plan.event_id && keeps_its_event(tx, id)? {
        return Err(Refusal::InUse.into());
    }
    pitch::rewrite(tx, who, old, plan)
}

/// Goods would drop out of an event's balance, or into a settled one; check-ins count for the
/// event that the booth had.
fn keeps_its_event(conn: &mut Conn, id: BoothId) -> Result<bool, Fault> {
    let holds = materials::store::stock::holds(conn, Place::Booth(id))?;
    Ok(holds || checkins::store::read::any_at_booth(conn, id)?)
}
