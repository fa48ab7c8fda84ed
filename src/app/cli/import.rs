//! `campus-ops import`: lists that are CSV files, brought in as the province would.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{Failure, print, said};
use crate::{
    accounts::{
        Scope,
        passwords::{Cost, Passwords},
    },
    app::seed::machine_meta,
    campuses::import::{calendar, campuses},
    flows::users::import as people,
    participants::import as participants,
    platform::{
        csv_import::{Columns, ImportOut},
        db::Db,
        fault::{Fault, FieldError},
    },
};

#[derive(Subcommand)]
pub enum List {
    /// Campuses: seats of universities and their further sites
    #[command(after_help = teach(&campuses::COLUMNS, campuses::EXAMPLE, CAMPUSES))]
    Campuses(File),
    /// Days of the calendar: holidays and working days in their place
    #[command(after_help = teach(&calendar::COLUMNS, calendar::EXAMPLE, CALENDAR))]
    Calendar(File),
    /// People who sign in; prints the first passwords of new accounts, once
    #[command(after_help = teach(&people::COLUMNS, people::EXAMPLE, PEOPLE))]
    People(File),
    /// Participants: student developers, promotion experts and others who are checked in
    #[command(after_help = teach(&participants::COLUMNS, participants::EXAMPLE, PARTICIPANTS))]
    Participants(File),
}

#[derive(Args)]
pub struct File {
    /// The list: CSV, UTF-8 or GB18030, with a header, at most 10,000 rows
    file: PathBuf,
    /// Check the list and say what would happen; write nothing
    #[arg(long)]
    dry_run: bool,
}

const CAMPUSES: &str = "A row whose code is known is written over; blank cells keep what is there.";
const CALENDAR: &str = "A day that is known is written over; blank names take its name away.";
const PEOPLE: &str = "Roles: ambassador, liaison, coordinator, province, auditor. Ambassadors and \
    liaisons have campus_codes, with ; between; coordinators have a city_code. An account whose \
    phone is known is brought up to date in name and place; its role stays. At most 500 new \
    accounts at once; their passwords must be changed at the first sign-in.";
const PARTICIPANTS: &str = "Roles: student_developer, promotion_expert, attendee, team. consent_at \
    is 2011-09-01T02:30:00Z, or local time as 2011-09-01 10:30. Skills with ; between. A phone \
    that is known keeps its record as it is.";

fn teach(columns: &Columns, example: &str, rules: &str) -> String {
    let example = example.trim_end().replace('\n', "\n  ");
    format!(
        "Columns, in any order: {}\nIf you like: {}\n\n{rules}\n\nA list is taken whole or not \
         at all. When a row is wrong, every wrong cell is named with its line and column, and \
         the command fails.\n\nExample:\n  {example}",
        columns.required.join(", "),
        columns.optional.join(", "),
    )
}

/// Brings the list in, or says what is wrong with it.
pub async fn run(db: &Db, list: &List) -> Result<(), Failure> {
    let (List::Campuses(source)
    | List::Calendar(source)
    | List::People(source)
    | List::Participants(source)) = list;
    let bytes = read(&source.file)?;
    match take(db, list, &bytes, source.dry_run).await {
        Ok(said) => Ok(print::text(said)?),
        Err(fault) => Err(explain(&fault)),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()).into())
}

/// What to print once it is done.
async fn take(db: &Db, list: &List, bytes: &[u8], dry_run: bool) -> Result<String, Fault> {
    let (meta, scope) = (machine_meta(), Scope::All);
    match list {
        List::Campuses(_) => {
            let lines = campuses::read(bytes)?;
            campuses::run(db, meta, scope, lines, dry_run).await.map(|done| counts(&done))
        }
        List::Calendar(_) => {
            let lines = calendar::read(bytes)?;
            calendar::run(db, meta, lines, dry_run).await.map(|done| counts(&done))
        }
        List::People(_) => {
            let lines = people::read(bytes)?;
            let passwords = Passwords::new(Cost::STANDARD)?;
            let done = people::run(db, &passwords, meta, scope, lines, dry_run).await?;
            Ok(accounts(&done))
        }
        List::Participants(_) => {
            let lines = participants::read(bytes)?;
            let done = participants::run(db, meta, scope, lines, dry_run).await?;
            let (rows, created, existed) = (done.rows, done.created, done.existed);
            Ok(format!("{}{rows} rows: {created} new, {existed} known\n", mode(dry_run)))
        }
    }
}

fn mode(dry_run: bool) -> &'static str {
    if dry_run { "nothing written; would be " } else { "" }
}

fn counts(done: &ImportOut) -> String {
    let ImportOut { dry_run, rows, created, updated, unchanged } = done;
    let mode = mode(*dry_run);
    format!("{mode}{rows} rows: {created} new, {updated} changed, {unchanged} as they were\n")
}

fn accounts(done: &people::PeopleImportOut) -> String {
    let people::PeopleImportOut { dry_run, rows, created, updated, unchanged, accounts } = done;
    let (dry_run, rows, created, updated) = (*dry_run, *rows, *created, *updated);
    let mut text = counts(&ImportOut { dry_run, rows, created, updated, unchanged: *unchanged });
    if !accounts.is_empty() {
        text.push_str("\nFirst passwords, shown only now:\n\nline  phone        password\n");
    }
    for new in accounts {
        let (phone, password) = (new.phone.digits(), &new.temporary_password);
        text.push_str(&format!("{:>4}  {phone}  {password}  {}\n", new.line, new.name));
    }
    text
}

/// Names every wrong cell; answers why the command fails.
fn explain(fault: &Fault) -> Failure {
    if let Fault::Refused(problem) = fault {
        problem.errors.iter().for_each(|error| print::complain(wrong(error)));
    }
    said(fault).into()
}

fn wrong(error: &FieldError) -> String {
    let at = |name: &str| error.data.as_ref().and_then(|data| data.get(name));
    let line = at("line").map(ToString::to_string).unwrap_or_default();
    let column = at("column").and_then(|column| column.as_str()).filter(|name| !name.is_empty());
    let column = column.map(|name| format!(", {name}")).unwrap_or_default();
    format!("line {line}{column}: {} ({})", error.message.en, error.code)
}
