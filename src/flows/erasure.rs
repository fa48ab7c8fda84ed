//! Forgetting a participant: the record loses all that tells who it was, passes end now,
//! open registrations are cancelled and those who wait move up. Scans, gifts and totals stay.

use crate::{
    accounts::{Allowed, allowed::Caller, may},
    participants::store,
    platform::{
        db::{Audit, Change, Tx},
        fault::Fault,
        http::{
            answer::NoContent,
            codes::Refusal,
            endpoint::{Endpoint, delete},
            path::Path,
            request::Context,
            version::{IfMatch, stale},
        },
        ids::ParticipantId,
    },
    registrations,
};

pub fn endpoints() -> Vec<Endpoint> {
    vec![delete("/participants/{id}", erase_participant).about(
        "Participants",
        "Erase a participant",
        "Keeps id, role, campus and the time of erasure; name, phone and all else go for good. \
         The passes are revoked, open registrations cancelled. Check-ins and totals stay.",
    )]
}

pub async fn erase_participant(
    who: Allowed<may::EditParticipants>,
    cx: Context,
    path: Path<ParticipantId>,
    version: IfMatch,
) -> Result<NoContent, Fault> {
    let (caller, id) = (who.caller(), path.0);
    cx.write(cx.meta(who.user), move |tx| erase(tx, &caller, id, version)).await?;
    Ok(NoContent)
}

/// Erasing again changes nothing, whatever version is named.
fn erase(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: ParticipantId,
    version: IfMatch,
) -> Result<(), Fault> {
    let old = store::find(tx, &caller.scope, id)?.ok_or(Refusal::NotFound)?;
    if old.erased_at.is_some() {
        return Ok(());
    }
    version.expect(old.version)?;
    let now = tx.meta.now;
    if !store::write::erase_if(tx, old.id, old.version, now)? {
        return Err(stale(old.version + 1));
    }
    let passes = store::passes::revoke(tx, old.id, now)?;
    registrations::leave_all(tx, old.id)?;
    let (city, campus) = (Some(old.city), Some(old.campus_id));
    let detail = serde_json::json!({ "passes": passes });
    let (kind, id) = ("participant", old.id.to_string());
    tx.audit(Audit { action: "participant.erase", kind, id, city, campus, detail })?;
    tx.changed(Change { kind, id: old.id.into(), campus, city, deleted: false });
    Ok(())
}
