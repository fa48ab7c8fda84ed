//! Bringing the schema up to date. Two sets of migrations with the same names; they run at
//! start, one process at a time, and refuse a database that is newer than this binary.

use std::collections::BTreeMap;

use diesel::{
    backend::Backend,
    dsl::sql,
    migration::{self, MigrationSource, MigrationVersion},
    pg::Pg,
    prelude::*,
    sql_types::{Bool, Text},
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, OpenError, Target};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Names our advisory lock on PostgreSQL: "campusop" in ASCII.
const LOCK: i64 = 0x6361_6d70_7573_6f70;

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("cannot look at the migrations: {0}")]
    Query(#[from] diesel::result::Error),
    #[error("the database is newer than this program: it has migration {0}")]
    Newer(String),
    #[error("migration failed: {0}")]
    Failed(String),
}

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// Runs what is missing; answers the names of the migrations that ran. Makes the file of a
/// SQLite database that does not exist.
pub fn migrate(target: &Target) -> Result<Vec<String>, MigrateError> {
    let mut conn = target.creator()?;
    if let Conn::Pg(_) = &conn {
        // Closing the connection gives the lock back, also when a migration fails.
        conn.control(&format!(
            "SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock({LOCK})"
        ))?;
        warn_of_language(&mut conn)?;
    }
    missing(&mut conn)?;
    let ran = match &mut conn {
        Conn::Sqlite(conn) => names(conn.run_pending_migrations(SQLITE)),
        Conn::Pg(conn) => names(conn.run_pending_migrations(POSTGRES)),
    };
    ran.map_err(failed)
}

/// The migrations that [`migrate`] would run. Only reads, and makes no file.
pub fn pending(target: &Target) -> Result<Vec<String>, MigrateError> {
    match target {
        Target::Sqlite(path) if !path.exists() => {
            Ok(known::<Sqlite>(&SQLITE)?.into_values().collect())
        }
        _ => missing(&mut target.reader()?),
    }
}

/// Whether nobody has used the database: it has no table of any kind, or no file. Only reads.
pub fn is_blank(target: &Target) -> Result<bool, MigrateError> {
    match target {
        Target::Sqlite(path) if !path.exists() => Ok(true),
        _ => {
            let mut conn = target.reader()?;
            let nothing = sql::<Bool>(match &conn {
                Conn::Sqlite(_) => "NOT EXISTS (SELECT 1 FROM sqlite_schema)",
                Conn::Pg(_) => {
                    "NOT EXISTS (SELECT 1 FROM pg_class c \
                     JOIN pg_namespace n ON n.oid = c.relnamespace \
                     WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema')"
                }
            });
            Ok(diesel::select(nothing).get_result(&mut conn)?)
        }
    }
}

/// What this program knows and the database has not; refuses a database that has more.
pub(super) fn missing(conn: &mut Conn) -> Result<Vec<String>, MigrateError> {
    use __diesel_schema_migrations::dsl;
    let known = match conn {
        Conn::Sqlite(_) => known::<Sqlite>(&SQLITE)?,
        Conn::Pg(_) => known::<Pg>(&POSTGRES)?,
    };
    let begun = diesel::select(sql::<Bool>(match conn {
        Conn::Sqlite(_) => {
            "EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '__diesel_schema_migrations')"
        }
        Conn::Pg(_) => "to_regclass('__diesel_schema_migrations') IS NOT NULL",
    }));
    let applied: Vec<String> = if begun.get_result(conn)? {
        dsl::__diesel_schema_migrations.select(dsl::version).order(dsl::version).load(conn)?
    } else {
        Vec::new()
    };
    match applied.iter().find(|version| !known.contains_key(*version)) {
        Some(version) => Err(MigrateError::Newer(version.clone())),
        None => Ok(known
            .into_iter()
            .filter(|(version, _)| !applied.contains(version))
            .map(|(_, name)| name)
            .collect()),
    }
}

/// Versions and names of a set, in order.
fn known<DB: Backend>(set: &EmbeddedMigrations) -> Result<BTreeMap<String, String>, MigrateError> {
    let set = MigrationSource::<DB>::migrations(set).map_err(failed)?;
    let names = set.iter().map(|migration| migration.name());
    Ok(names.map(|name| (name.version().to_string(), name.to_string())).collect())
}

fn names(ran: migration::Result<Vec<MigrationVersion<'_>>>) -> migration::Result<Vec<String>> {
    Ok(ran?.iter().map(ToString::to_string).collect())
}

/// Faults are told apart by the server's words; in another language a collision would look
/// like a defect.
fn warn_of_language(conn: &mut Conn) -> Result<(), MigrateError> {
    let language: String =
        diesel::select(sql::<Text>("current_setting('lc_messages')")).get_result(conn)?;
    if !["C", "POSIX", "en"].iter().any(|english| language.starts_with(english)) {
        tracing::warn!(
            language,
            "set lc_messages = 'C' for this database: its errors are told apart by their words"
        );
    }
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> MigrateError {
    MigrateError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> (tempfile::TempDir, Target) {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("ops.db"));
        (folder, target)
    }

    #[test]
    fn what_is_pending_runs_once() {
        let (_folder, target) = fresh();
        target.creator().unwrap().control("PRAGMA user_version = 1").unwrap();
        let before = pending(&target).unwrap();
        assert_eq!(before.first().map(String::as_str), Some("00000000000001_platform"));
        assert_eq!(migrate(&target).unwrap().len(), before.len());
        assert!(pending(&target).unwrap().is_empty());
        assert!(migrate(&target).unwrap().is_empty());
    }

    #[test]
    fn looking_makes_nothing() {
        let (folder, target) = fresh();
        let all = pending(&target).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert_eq!(migrate(&target).unwrap().len(), all.len());
    }

    #[test]
    fn a_database_is_blank_until_there_is_a_table() {
        let (_folder, target) = fresh();
        assert!(is_blank(&target).unwrap());
        target.creator().unwrap().control("PRAGMA user_version = 1").unwrap();
        assert!(is_blank(&target).unwrap());
        target.creator().unwrap().control("CREATE TABLE theirs (a INTEGER)").unwrap();
        assert!(!is_blank(&target).unwrap());
    }

    #[test]
    fn a_newer_database_is_refused_and_left_alone() {
        let (_folder, target) = fresh();
        migrate(&target).unwrap();
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
        let forgotten = "DELETE FROM __diesel_schema_migrations WHERE version LIKE '0%1'";
        target.writer().unwrap().control(newer).unwrap();
        target.writer().unwrap().control(forgotten).unwrap();
        for refused in [migrate(&target), pending(&target)] {
            assert!(matches!(refused, Err(MigrateError::Newer(v)) if v == "99990101000000"));
        }
    }

    #[test]
    fn both_sets_have_the_same_names() {
        assert_eq!(known::<Sqlite>(&SQLITE).unwrap(), known::<Pg>(&POSTGRES).unwrap());
    }
}
