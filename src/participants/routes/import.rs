//! A list of participants over HTTP.

use crate::{
    accounts::{Allowed, may},
    participants::import::{self, ParticipantImportOut},
    platform::{
        csv_import::{CsvFile, ImportMode},
        fault::Fault,
        http::{
            answer::Found,
            page::Query,
            request::{Context, beside},
        },
    },
};

pub async fn import_participants(
    who: Allowed<may::Import>,
    cx: Context,
    mode: Query<ImportMode>,
    file: CsvFile,
) -> Result<Found<ParticipantImportOut>, Fault> {
    let lines = beside(move || import::read(&file.0)).await?;
    let (meta, scope) = (cx.meta(who.user), who.scope.clone());
    Ok(Found(import::run(&cx.db, meta, scope, lines, mode.0.dry_run).await?))
}
