//! One connection type for both databases, so that one set of queries serves both.
//! Why it is done this way: `docs/decisions/0002-two-databases-one-set-of-queries.md`.

use diesel::{PgConnection, SqliteConnection, connection::SimpleConnection};

/// A connection to whichever database the process runs on.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Pg(PgConnection),
    Sqlite(SqliteConnection),
}

/// Runs one body that is type-checked once per database: everything that both inner
/// connections understand works inside it, also what the shared dialect lacks
/// (`ON CONFLICT`, inserting many rows at once).
#[macro_export]
macro_rules! each {
    ($conn:expr, $inner:ident => $body:expr) => {
        match $conn {
            $crate::platform::db::Conn::Pg($inner) => $body,
            $crate::platform::db::Conn::Sqlite($inner) => $body,
        }
    };
}

impl Conn {
    /// Runs control statements (`BEGIN`, `SAVEPOINT`, `PRAGMA`) that no query builder writes.
    pub(super) fn control(&mut self, sql: &str) -> diesel::QueryResult<()> {
        each!(self, c => c.batch_execute(sql))
    }
}
