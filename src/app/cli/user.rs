//! `campus-ops user create`: the first account, and any other.

use std::io::Read;

use clap::{Args, Subcommand};

use super::Failure;
use crate::{
    accounts::{
        Role,
        passwords::{Cost, Passwords},
    },
    app::seed::machine_meta,
    campuses,
    flows::users::{self, NewUser},
    platform::{
        db::Db,
        ids::{CampusId, UserId},
        names::{CityCode, Phone},
    },
};

#[derive(Subcommand)]
pub enum UserCommand {
    /// Make an account; the password is read from standard input
    Create(Create),
}

#[derive(Args)]
pub struct Create {
    /// ambassador, liaison, coordinator, province or auditor
    #[arg(long)]
    role: Role,
    /// Mobile number of eleven digits
    #[arg(long)]
    phone: Phone,
    #[arg(long)]
    name: String,
    /// Six digits of the coordinator's city
    #[arg(long, value_name = "CODE")]
    city: Option<CityCode>,
    /// Code of a campus of an ambassador or liaison; may be given several times
    #[arg(long, value_name = "CODE")]
    campus: Vec<String>,
    /// Read the password from standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Do not ask for another password at the first sign-in
    #[arg(long)]
    no_password_change: bool,
}

const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 10..=128;

/// Makes the account; answers its id.
pub async fn create(db: &Db, args: Create) -> Result<UserId, Failure> {
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    if !PASSWORD_LENGTH.contains(&password.chars().count()) {
        return Err("the password must have 10 to 128 characters".into());
    }
    let campuses = campuses_of(db, args.campus).await?;
    let new = NewUser {
        id: UserId::new(),
        phone: args.phone,
        name: args.name,
        role: args.role,
        city: args.city,
        campuses,
        password_hash: Passwords::new(Cost::STANDARD)?.hash_blocking(password)?,
        must_change_password: !args.no_password_change,
    };
    let made = db.write(machine_meta(), move |tx| users::create(tx, &new, None)).await;
    Ok(made.map_err(|fault| super::said(&fault))?.id)
}

async fn campuses_of(db: &Db, codes: Vec<String>) -> Result<Vec<CampusId>, Failure> {
    let wanted = codes.clone();
    let found =
        db.read(move |conn| Ok(campuses::store::campuses::by_codes(conn, &wanted)?)).await?;
    let known = |code: &String| {
        let campus = found.iter().find(|campus| campus.code == *code).map(|campus| campus.id);
        campus.ok_or_else(|| Failure::from(format!("there is no campus with the code {code}")))
    };
    codes.iter().map(known).collect()
}
