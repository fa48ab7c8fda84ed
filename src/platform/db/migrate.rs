//! Bringing the schema up to date. Two sets of migrations with the same names; they run at
//! start, one process at a time, and refuse a database that is newer than this binary.

use diesel::{Connection, connection::SimpleConnection};
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
    #[error("the database is newer than this program: it has migration {0}")]
    Newer(String),
    #[error("migration failed: {0}")]
    Failed(String),
}

/// Runs what is missing; answers the names of the migrations that ran.
pub fn migrate(target: &Target) -> Result<Vec<String>, MigrateError> {
    match target.writer()? {
        Conn::Sqlite(mut conn) => run(&mut conn, SQLITE),
        Conn::Pg(mut conn) => {
            let lock = format!(
                "SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock({LOCK})"
            );
            conn.batch_execute(&lock).map_err(OpenError::from)?;
            // Closing the connection gives the lock back, also when a migration fails.
            run(&mut conn, POSTGRES)
        }
    }
}

/// The migrations that [`migrate`] would run.
pub fn pending(target: &Target) -> Result<Vec<String>, MigrateError> {
    match target.writer()? {
        Conn::Sqlite(mut conn) => missing(&mut conn, SQLITE),
        Conn::Pg(mut conn) => missing(&mut conn, POSTGRES),
    }
}

fn run<C>(conn: &mut C, set: EmbeddedMigrations) -> Result<Vec<String>, MigrateError>
where
    C: MigrationHarness<C::Backend> + Connection,
{
    refuse_newer(conn, &set)?;
    let ran = conn.run_pending_migrations(set).map_err(failed)?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

fn missing<C>(conn: &mut C, set: EmbeddedMigrations) -> Result<Vec<String>, MigrateError>
where
    C: MigrationHarness<C::Backend> + Connection,
{
    refuse_newer(conn, &set)?;
    let list = conn.pending_migrations(set).map_err(failed)?;
    Ok(list.iter().map(|m| m.name().to_string()).collect())
}

fn refuse_newer<C>(conn: &mut C, set: &EmbeddedMigrations) -> Result<(), MigrateError>
where
    C: MigrationHarness<C::Backend> + Connection,
{
    use diesel::migration::MigrationSource;
    let known = MigrationSource::<C::Backend>::migrations(set).map_err(failed)?;
    let known: Vec<String> = known.iter().map(|m| m.name().version().to_string()).collect();
    let applied = conn.applied_migrations().map_err(failed)?;
    match applied.iter().map(ToString::to_string).find(|version| !known.contains(version)) {
        Some(version) => Err(MigrateError::Newer(version)),
        None => Ok(()),
    }
}

fn failed(error: impl std::fmt::Display) -> MigrateError {
    MigrateError::Failed(error.to_string())
}
