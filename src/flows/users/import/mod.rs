//! Staff that comes as CSV: ambassadors and liaisons of a city, or, for the province,
//! anybody. All or nothing; each wrong cell with its line and column.
//!
//! A phone that has no account gets one with a first password, which the answer shows once;
//! a phone that has one is brought up to date in name and place, and blank cells keep what is
//! there. Roles never change, nobody is deactivated or taken off. So the same file twice
//! changes nothing the second time.
//!
//! First passwords are hashed before the write, in the lane of passwords, and so at most
//! [`MOST_NEW`] accounts are made at once.

mod lines;
mod plan;
mod routes;

use std::collections::HashMap;

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use self::plan::{Known, plan};
pub use self::{
    lines::{COLUMNS, EXAMPLE, Line, read},
    plan::{Account, Plan},
    routes::{endpoint, import_people},
};
use super::{change, note_made};
use crate::{
    accounts::{
        Refusal, Scope,
        model::User,
        passwords::Passwords,
        store::{self, UserChanges, lists},
    },
    campuses::store::{campuses, cities},
    platform::{
        crypto::random,
        db::{Audit, Conn, Db, Meta, Tx},
        fault::Fault,
        ids::UserId,
        names::Phone,
    },
};

/// So many are hashed in a few seconds.
pub const MOST_NEW: usize = 500;

/// What an import of people did, or with `dry_run` would do.
#[derive(Serialize, ToSchema)]
pub struct PeopleImportOut {
    pub dry_run: bool,
    /// Rows of the file, without its header.
    pub rows: usize,
    pub created: usize,
    pub updated: usize,
    /// Rows that say what is there already.
    pub unchanged: usize,
    /// The accounts that were made, in the order of the file; empty with `dry_run`.
    pub accounts: Vec<NewAccountOut>,
}

/// An account that an import made. Its password is shown here and never again.
#[derive(Serialize, ToSchema)]
pub struct NewAccountOut {
    /// Line of the file; the header is line 1.
    pub line: u64,
    pub id: UserId,
    pub name: String,
    pub phone: Phone,
    /// Must be changed at the first sign-in.
    pub temporary_password: String,
}

/// A first password and what is stored of it.
struct First {
    password: String,
    hash: String,
}

/// Takes the list in, or with `dry_run` only says what would happen.
pub async fn run(
    db: &Db,
    passwords: &Passwords,
    meta: Meta,
    scope: Scope,
    lines: Vec<Line>,
    dry_run: bool,
) -> Result<PeopleImportOut, Fault> {
    let rows = lines.len();
    let (seen, of) = (lines.clone(), scope.clone());
    let expected = db.snapshot(move |conn| plan_now(conn, &seen, &of)).await?;
    if dry_run {
        return Ok(told(&expected, rows, None));
    }
    let first = first_passwords(passwords, &expected).await?;
    let hashes: HashMap<Phone, String> =
        first.iter().map(|(phone, first)| (phone.clone(), first.hash.clone())).collect();
    let done = db.write_alone(meta, move |tx| {
        let plan = plan_now(tx, &lines, &scope)?;
        carry_out(tx, &plan, &hashes)?;
        tx.audit(Audit {
            action: "user.import",
            kind: "user",
            city: if let Scope::City(city) = scope { Some(city) } else { None },
            detail: json!({ "created": plan.new.len(), "updated": plan.changed.len() }),
            ..Audit::default()
        })?;
        Ok(plan)
    });
    Ok(told(&done.await?, rows, Some(&first)))
}

async fn first_passwords(
    passwords: &Passwords,
    plan: &Plan,
) -> Result<HashMap<Phone, First>, Fault> {
    let made: Vec<String> = plan.new.iter().map(|_| random::readable(12)).collect();
    let hashes = passwords.hash_all(made.clone()).await?;
    let first = made.into_iter().zip(hashes).map(|(password, hash)| First { password, hash });
    Ok(plan.new.iter().map(|account| account.phone.clone()).zip(first).collect())
}

/// What the list comes to now.
fn plan_now(conn: &mut Conn, lines: &[Line], scope: &Scope) -> Result<Plan, Fault> {
    let phones: Vec<Phone> = lines.iter().map(|line| line.phone.clone()).collect();
    let mut codes: Vec<String> =
        lines.iter().flat_map(|line| line.campuses.iter().cloned()).collect();
    codes.sort_unstable();
    codes.dedup();
    let users = lists::by_phones(conn, &phones)?;
    let campuses = campuses::by_codes(conn, &codes)?;
    let known = Known {
        users: users.into_iter().map(|(user, own)| (user.phone.clone(), (user, own))).collect(),
        campuses: campuses.into_iter().map(|c| (c.code.clone(), (c.id, c.city))).collect(),
        cities: cities::codes(conn)?.into_iter().collect(),
    };
    let plan = plan(lines, &known, scope)?;
    if plan.new.len() > MOST_NEW {
        return Err(Refusal::TooManyNew.into());
    }
    Ok(plan)
}

/// Writes a plan that was made in this write.
fn carry_out(tx: &mut Tx<'_>, plan: &Plan, hashes: &HashMap<Phone, String>) -> Result<(), Fault> {
    let met = || Fault::Collision("accounts changed during an import".to_owned());
    let mut made = Vec::with_capacity(plan.new.len());
    for account in &plan.new {
        let hash = hashes.get(&account.phone).ok_or_else(met)?;
        made.push((row(account, hash, tx.meta), account.places.clone()));
    }
    if !lists::insert_all(tx, &made)? {
        return Err(met());
    }
    note_made(tx, &made)?;
    for (old, account) in &plan.changed {
        let changes = UserChanges {
            name: Some(account.name.clone()),
            city: Some(account.city),
            ..UserChanges::default()
        };
        let places = store::campuses_of(tx, old.id)?;
        change(tx, old, &changes, (&places, &account.places), "user.update")?;
    }
    Ok(())
}

fn row(account: &Account, hash: &str, meta: Meta) -> User {
    User {
        id: account.id,
        phone: account.phone.clone(),
        name: account.name.clone(),
        role: account.role,
        city: account.city,
        password_hash: hash.to_owned(),
        must_change_password: true,
        active: true,
        slot_seq: 0,
        version: 1,
        created_at: meta.real_now,
    }
}

/// `first` is what was made; without it nothing was.
fn told(plan: &Plan, rows: usize, first: Option<&HashMap<Phone, First>>) -> PeopleImportOut {
    let shown = |account: &Account| {
        let first = first?.get(&account.phone)?;
        Some(NewAccountOut {
            line: account.line,
            id: account.id,
            name: account.name.clone(),
            phone: account.phone.clone(),
            temporary_password: first.password.clone(),
        })
    };
    PeopleImportOut {
        dry_run: first.is_none(),
        rows,
        created: plan.new.len(),
        updated: plan.changed.len(),
        unchanged: plan.unchanged,
        accounts: plan.new.iter().filter_map(shown).collect(),
    }
}
