//! Looking participants up.

use serde::Deserialize;
use utoipa::IntoParams;

use super::ParticipantOut;
use crate::{
    accounts::{Allowed, may},
    catalogue::attendance::ParticipantRole,
    participants::store::{self, Wanted},
    platform::{
        fault::Fault,
        http::{
            answer::{Current, Listed},
            codes::Refusal,
            page::PageQuery,
            path::Path,
            request::Context,
        },
        ids::{CampusId, ParticipantId},
    },
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Filters {
    pub campus: Option<CampusId>,
    #[param(inline)]
    pub role: Option<ParticipantRole>,
}

pub async fn list_participants(
    who: Allowed<may::ReadParticipants>,
    cx: Context,
    page: PageQuery<Filters, i64>,
) -> Result<Listed<ParticipantOut>, Fault> {
    let caller = who.caller();
    let wanted = Wanted { campus: page.filters.campus, role: page.filters.role };
    let (after, limit) = (page.after, page.fetch());
    let rows = cx.read(move |conn| store::list(conn, &caller.scope, wanted, after, limit)).await?;
    let page = page.page(rows, |row| row.seq);
    Ok(Listed(page.map(|row| ParticipantOut::seen_by(&who, row))))
}

pub async fn show_participant(
    who: Allowed<may::ReadParticipants>,
    cx: Context,
    path: Path<ParticipantId>,
) -> Result<Current<ParticipantOut>, Fault> {
    let (caller, id) = (who.caller(), path.0);
    let found = cx.read(move |conn| store::find(conn, &caller.scope, id)).await?;
    Ok(Current(ParticipantOut::seen_by(&who, found.ok_or(Refusal::NotFound)?)))
}
