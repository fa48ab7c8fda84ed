//! Lists that come as CSV.

use crate::{
    accounts::{Allowed, may},
    campuses::import,
    platform::{
        csv_import::{CsvFile, ImportMode, ImportOut},
        fault::Fault,
        http::{
            answer::Found,
            page::Query,
            request::{Context, beside},
        },
    },
};

pub async fn import_campuses(
    who: Allowed<may::Import>,
    cx: Context,
    mode: Query<ImportMode>,
    file: CsvFile,
) -> Result<Found<ImportOut>, Fault> {
    let lines = beside(move || import::campuses::read(&file.0)).await?;
    let meta = cx.meta(who.user);
    let scope = who.scope.clone();
    Ok(Found(import::campuses::run(&cx.db, meta, scope, lines, mode.0.dry_run).await?))
}

pub async fn import_calendar(
    who: Allowed<may::Import>,
    cx: Context,
    mode: Query<ImportMode>,
    file: CsvFile,
) -> Result<Found<ImportOut>, Fault> {
    let lines = beside(move || import::calendar::read(&file.0)).await?;
    let meta = cx.meta(who.user);
    Ok(Found(import::calendar::run(&cx.db, meta, lines, mode.0.dry_run).await?))
}
