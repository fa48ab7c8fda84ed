//! `campus-ops demo`: a fresh training season to look at, gone from memory but not from
//! its folder when it stops.

use std::net::SocketAddr;

use super::{Failure, said, serve};
use crate::{
    accounts::{
        Role,
        passwords::{Cost, Passwords},
    },
    app::{
        seed::{self, machine_meta},
        server::{self, Options},
    },
    campuses,
    flows::users::{self, NewUser},
    platform::{
        clock::Clocks,
        config::Settings,
        crypto::random,
        db::{self, Db, Tx},
        fault::Fault,
        ids::UserId,
        lock::WriterLock,
        time::Instant,
    },
};

/// Noon of the first day of the arrival activities.
const START: &str = "2011-08-20T04:00:00Z";
/// Sun Yat-sen University, Guangzhou.
const CAMPUS: &str = "4144010558";
const CITY: &str = "440100";

/// An account of the demonstration with its password, printed once.
struct Account {
    role: Role,
    phone: String,
    name: &'static str,
    password: String,
}

pub fn run(mut settings: Settings) -> Result<(), Failure> {
    let folder = settings.data_dir.clone().unwrap_or_else(|| "./data/demo".into());
    settings.data_dir = Some(folder);
    settings.listen = settings.listen.or(Some(SocketAddr::from(([127, 0, 0, 1], 8080))));
    if !settings.listen().ip().is_loopback() {
        return Err("demo serves on loopback alone: it shows passwords".into());
    }
    let target = settings.target()?;
    let _lock = WriterLock::take(&target)?;
    if !db::is_blank(&target)? {
        return Err(format!("{target} is in use already; demo makes a database of its own").into());
    }
    db::migrate(&target)?;
    let clocks = Clocks { training: true, ..Clocks::default() };
    clocks.business.set(START.parse::<Instant>()?);
    actix_web::rt::System::new().block_on(async {
        let db = Db::open(&target)?;
        seed::load(&db, seed::Season::Original).await.map_err(|fault| said(&fault))?;
        let accounts = people(&db).await.map_err(|fault| said(&fault))?;
        db.close().await;
        let listening = server::listen(&settings, &Options { clocks, ..Options::default() })?;
        tell(listening.address, &accounts);
        serve::until_stopped(listening).await
    })
}

/// Makes one account per role.
async fn people(db: &Db) -> Result<Vec<Account>, Fault> {
    let passwords = Passwords::new(Cost::STANDARD)?;
    let names = ["林小雨", "何老师", "陈建国", "周敏", "黄审计"];
    let mut accounts = Vec::new();
    let mut rows = Vec::new();
    for (number, (role, name)) in Role::ALL.iter().zip(names).enumerate() {
        let password = random::readable(12);
        let phone = format!("1380013800{number}");
        rows.push((*role, phone.clone(), name, passwords.hash_blocking(&password)?, UserId::new()));
        accounts.push(Account { role: *role, phone, name, password });
    }
    db.write(machine_meta(), move |tx| {
        db::facts::set(tx, db::facts::TRAINING, "true")?;
        rows.iter().try_for_each(|row| person(tx, row))
    })
    .await?;
    Ok(accounts)
}

fn person(
    tx: &mut Tx<'_>,
    (role, phone, name, hash, id): &(Role, String, &'static str, String, UserId),
) -> Result<(), Fault> {
    let placed = matches!(role, Role::Ambassador | Role::Liaison);
    let campus = campuses::store::campuses::by_codes(tx, &[CAMPUS.to_owned()])?;
    let new = NewUser {
        id: *id,
        phone: phone.parse().map_err(Fault::bug)?,
        name: (*name).to_owned(),
        role: *role,
        city: (*role == Role::Coordinator).then(|| CITY.parse()).transpose().map_err(Fault::bug)?,
        campuses: campus.into_iter().filter(|_| placed).map(|campus| campus.id).collect(),
        password_hash: hash.clone(),
        must_change_password: false,
    };
    users::create(tx, &new, None).map(drop)
}

fn tell(address: SocketAddr, accounts: &[Account]) {
    println!("listening on http://{address}");
    println!("\nThe autumn season of 2011 in Guangdong; the clock stands at {START} and runs.");
    println!("API document: http://{address}/docs\n");
    println!("{:<12}  {:<11}  {:<12}  name", "role", "phone", "password");
    for Account { role, phone, name, password } in accounts {
        println!("{:<12}  {phone:<11}  {password:<12}  {name}", role.word());
    }
    let Some(first) = accounts.first() else { return };
    let (phone, password) = (&first.phone, &first.password);
    println!("\nTry:\n");
    println!("  curl -s http://{address}/api/v1/auth/login -H 'Content-Type: application/json' \\");
    println!("    -d '{{\"phone\":\"{phone}\",\"password\":\"{password}\"}}'");
    println!("\nand with its access_token:\n");
    println!(
        "  curl -s http://{address}/api/v1/activities?season=2011-autumn -H \"Authorization: Bearer $TOKEN\""
    );
}
