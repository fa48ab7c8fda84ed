//! A list of people over HTTP.

use actix_web::web::Data;

use super::{EXAMPLE, PeopleImportOut, read, run};
use crate::{
    accounts::{Allowed, Refusal, callers::Callers, may, passwords::Passwords},
    platform::{
        csv_import::{CsvFile, ImportMode, takes_list},
        fault::{Fault, Refuse},
        http::{
            answer::Found,
            endpoint::{Endpoint, post},
            page::Query,
            request::{Context, beside},
        },
    },
};

pub fn endpoint() -> Endpoint {
    let row = post("/imports/people", import_people).about(
        "Imports",
        "Bring in people who sign in",
        "As the campuses. Columns: `phone`, `name`, `role`, and if you like `city_code` \
         (coordinators) and `campus_codes` (ambassadors and liaisons; several with `;` \
         between). Coordinators bring in ambassadors and liaisons of their city, the province \
         everybody. A known phone is brought up to date in name and place; blank cells keep \
         what is there; the role stays. A new one gets an account with a first password, at \
         most 500 at once. The answer shows these passwords once and is never given again: if \
         it is lost, reset them one by one.",
    );
    takes_list(row, EXAMPLE).refuses([Refusal::TooManyNew.code(), Refusal::SignInBusy.code()])
}

pub async fn import_people(
    who: Allowed<may::Import>,
    cx: Context,
    passwords: Data<Passwords>,
    callers: Data<Callers>,
    mode: Query<ImportMode>,
    file: CsvFile,
) -> Result<Found<PeopleImportOut>, Fault> {
    let lines = beside(move || read(&file.0)).await?;
    let (meta, scope) = (cx.meta(who.user), who.scope.clone());
    let done = run(&cx.db, &passwords, meta, scope, lines, mode.0.dry_run).await?;
    callers.forget();
    Ok(Found(done))
}
