//! Participants that come as CSV: all or nothing, each wrong cell with its line and column.
//! Nobody comes in without the version and time of a consent. A known phone keeps its record
//! as it is, as when one registers it: the answer names that record. So the same file twice
//! changes nothing the second time.

mod lines;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

pub use self::lines::{COLUMNS, EXAMPLE, Line, read};
use super::{model::NewParticipant, registering, store};
use crate::{
    accounts::Scope,
    campuses::store::campuses,
    platform::{
        csv_import::{self, cell_error},
        db::{Audit, Conn, Db, Meta, Tx},
        fault::{Fault, FieldError, Words},
        ids::{CampusId, ParticipantId},
        names::{CityCode, Phone},
    },
};

/// What an import of participants did, or with `dry_run` would do.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ParticipantImportOut {
    pub dry_run: bool,
    /// Rows of the file, without its header.
    pub rows: usize,
    pub created: usize,
    /// Rows whose phone was on record before; their records stay as they are.
    pub existed: usize,
    /// The record of each row, in the order of the file; empty with `dry_run`.
    pub participants: Vec<ImportedOut>,
}

/// The record of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedOut {
    /// Line of the file; the header is line 1.
    pub line: u64,
    pub id: ParticipantId,
    pub existed: bool,
}

/// What is there of what the list names.
#[derive(Debug, Default)]
pub struct Known {
    pub phones: HashMap<Phone, ParticipantId>,
    pub campuses: HashMap<String, (CampusId, CityCode)>,
}

/// What a list comes to, given what is there.
#[derive(Debug, Default)]
pub struct Plan {
    pub new: Vec<NewParticipant>,
    /// The record of each row.
    pub rows: Vec<ImportedOut>,
}

/// Decides what to write; refuses the list when any row cannot be.
pub fn plan(lines: &[Line], known: &Known, scope: &Scope, meta: Meta) -> Result<Plan, Fault> {
    let mut errors = Vec::new();
    let mut seen = HashSet::new();
    let mut plan = Plan::default();
    for line in lines {
        if !seen.insert(&line.person.phone) {
            let (zh, en) = ("文件中已有此手机号", "The file has this phone already");
            errors.push(line.error("phone", "import.repeated_row", zh, en));
            continue;
        }
        let (campus_id, city) = match line.place(known, scope) {
            Ok(place) => place,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let of_phone = known.phones.get(&line.person.phone).copied();
        let (id, existed) = (of_phone.unwrap_or(line.id), of_phone.is_some());
        plan.rows.push(ImportedOut { line: line.number, id, existed });
        if !existed {
            plan.new.push(NewParticipant {
                id,
                role: line.role,
                campus_id,
                city,
                person: line.person.clone(),
                request_sha256: None,
                created_by: meta.user,
                created_at: meta.now,
            });
        }
    }
    csv_import::refuse(errors)?;
    Ok(plan)
}

impl Line {
    fn error(&self, column: &str, code: &'static str, zh: &str, en: &str) -> FieldError {
        cell_error(self.number, column, code, Words::new(zh, en))
    }

    fn place(&self, known: &Known, scope: &Scope) -> Result<(CampusId, CityCode), FieldError> {
        let Some((campus, city)) = known.campuses.get(&self.campus).copied() else {
            let (zh, en) = ("没有这个校区", "There is no such campus");
            return Err(self.error("campus_code", "import.unknown_campus", zh, en));
        };
        if !scope.covers(campus, city) {
            let (zh, en) = ("不在您的城市", "It is not in your city");
            return Err(self.error("campus_code", "import.out_of_scope", zh, en));
        }
        Ok((campus, city))
    }
}

/// What the list comes to now.
fn plan_now(conn: &mut Conn, lines: &[Line], scope: &Scope, meta: Meta) -> Result<Plan, Fault> {
    let phones: Vec<Phone> = lines.iter().map(|line| line.person.phone.clone()).collect();
    let mut codes: Vec<String> = lines.iter().map(|line| line.campus.clone()).collect();
    codes.sort_unstable();
    codes.dedup();
    let campuses = campuses::by_codes(conn, &codes)?;
    let known = Known {
        phones: store::by_phones(conn, &phones)?,
        campuses: campuses.into_iter().map(|c| (c.code.clone(), (c.id, c.city))).collect(),
    };
    plan(lines, &known, scope, meta)
}

/// Writes a plan that was made in this write.
fn carry_out(tx: &mut Tx<'_>, plan: &Plan) -> Result<(), Fault> {
    if !store::write::insert_all(tx, &plan.new)? {
        return Err(Fault::Collision("participants changed during an import".to_owned()));
    }
    registering::note_all(tx, &plan.new)
}

/// Takes the list in, or with `dry_run` only says what would happen.
pub async fn run(
    db: &Db,
    meta: Meta,
    scope: Scope,
    lines: Vec<Line>,
    dry_run: bool,
) -> Result<ParticipantImportOut, Fault> {
    let rows = lines.len();
    let plan = if dry_run {
        db.snapshot(move |conn| plan_now(conn, &lines, &scope, meta)).await?
    } else {
        db.write_alone(meta, move |tx| {
            let plan = plan_now(tx, &lines, &scope, meta)?;
            carry_out(tx, &plan)?;
            let created = plan.new.len();
            tx.audit(Audit {
                action: "participant.import",
                kind: "participant",
                city: if let Scope::City(city) = scope { Some(city) } else { None },
                detail: json!({ "created": created, "existed": plan.rows.len() - created }),
                ..Audit::default()
            })?;
            Ok(plan)
        })
        .await?
    };
    let created = plan.new.len();
    let participants = if dry_run { Vec::new() } else { plan.rows };
    Ok(ParticipantImportOut { dry_run, rows, created, existed: rows - created, participants })
}
