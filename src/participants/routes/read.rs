//! One participant.

use super::ParticipantOut;
use crate::{
    accounts::{Allowed, may},
    participants::store,
    platform::{
        fault::Fault,
        http::{answer::Current, codes::Refusal, path::Path, request::Context},
        ids::ParticipantId,
    },
};

pub async fn show_participant(
    who: Allowed<may::ReadParticipants>,
    cx: Context,
    path: Path<ParticipantId>,
) -> Result<Current<ParticipantOut>, Fault> {
    let (caller, id) = (who.caller(), path.0);
    let found = cx.read(move |conn| store::find(conn, &caller.scope, id)).await?;
    Ok(Current(ParticipantOut::seen_by(&who, found.ok_or(Refusal::NotFound)?)))
}
