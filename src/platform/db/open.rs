//! Where the store is and how a connection to it is set up.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use diesel::{Connection, PgConnection, SqliteConnection};

use super::Conn;

/// A database, as `DATABASE_URL` names it.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// `sqlite:PATH`
    Sqlite(PathBuf),
    /// `postgres://…`
    Postgres(String),
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("DATABASE_URL must begin with sqlite: or postgres://")]
    UnknownScheme,
    #[error("DATABASE_URL must name a file after sqlite:")]
    NoFile,
    #[error("cannot open the database: {0}")]
    Connect(#[from] diesel::ConnectionError),
    #[error("cannot set up the database connection: {0}")]
    Setup(#[from] diesel::result::Error),
    #[error("cannot start the writer: {0}")]
    Thread(#[from] std::io::Error),
}

impl FromStr for Target {
    type Err = OpenError;

    fn from_str(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return match path.strip_prefix("//").unwrap_or(path) {
                // Each connection would get a database of its own.
                "" | ":memory:" => Err(OpenError::NoFile),
                path => Ok(Self::Sqlite(path.into())),
            };
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(OpenError::UnknownScheme)
    }
}

/// Without what may be secret in it.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite at {}", path.display()),
            Self::Postgres(url) => {
                let place = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
                // A password may hold `?` and a parameter may hold `@`: cut where libpq cuts.
                let (login, name) = place.split_once('/').unwrap_or((place, ""));
                let host = login.rsplit_once('@').map_or(login, |(_, host)| host);
                let bare = |part: &str| part.split('?').next().unwrap_or_default().to_owned();
                write!(f, "PostgreSQL at {}/{}", bare(host), bare(name))
            }
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const SQLITE: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
    PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA mmap_size = 268435456; \
    PRAGMA temp_store = MEMORY;";
/// What is deleted is overwritten: an erased person leaves nothing in free pages.
const SQLITE_WRITER: &str = "PRAGMA cache_size = -32768; PRAGMA secure_delete = ON; \
    PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864;";
const SQLITE_READER: &str = "PRAGMA cache_size = -4096; PRAGMA query_only = ON;";
const POSTGRES: &str = "SET lock_timeout = '3s'; SET statement_timeout = '10s'; \
    SET default_transaction_isolation = 'read committed'; SET timezone = 'UTC';";
const POSTGRES_READER: &str = "SET default_transaction_read_only = on;";
/// Faults are told apart by the server's words, so it should say them in English. Only a
/// superuser, or who was granted it, may choose; `migrate` warns of the others.
const POSTGRES_ENGLISH: &str = "DO $$ BEGIN PERFORM set_config('lc_messages', 'C', false); \
    EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;";

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Create,
    Write,
    Read,
}

impl Target {
    /// A connection that may write, to a database that need not exist yet (SQLite).
    pub(super) fn creator(&self) -> Result<Conn, OpenError> {
        self.connect(Use::Create)
    }

    /// A connection that may write. On SQLite there is one such per process.
    pub fn writer(&self) -> Result<Conn, OpenError> {
        self.connect(Use::Write)
    }

    /// A connection that reads, unless a transaction says otherwise (PostgreSQL).
    pub fn reader(&self) -> Result<Conn, OpenError> {
        self.connect(Use::Read)
    }

    fn connect(&self, for_what: Use) -> Result<Conn, OpenError> {
        let reads = for_what == Use::Read;
        match self {
            Self::Sqlite(path) => {
                let uri = sqlite_uri(path, for_what);
                let mut conn = Conn::Sqlite(SqliteConnection::establish(&uri)?);
                conn.control(SQLITE)?;
                conn.control(if reads { SQLITE_READER } else { SQLITE_WRITER })?;
                Ok(conn)
            }
            Self::Postgres(url) => {
                let mut conn = Conn::Pg(PgConnection::establish(url)?);
                conn.control(POSTGRES)?;
                conn.control(POSTGRES_ENGLISH)?;
                if reads {
                    conn.control(POSTGRES_READER)?;
                }
                Ok(conn)
            }
        }
    }
}

/// Only [`Use::Create`] makes a file: a mistyped path or a vanished file is an error, not
/// an empty database.
fn sqlite_uri(path: &Path, for_what: Use) -> String {
    let path = path.to_string_lossy();
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    // With an (empty) authority two slashes at the start of a path are not taken for one.
    let authority = if path.starts_with('/') { "//" } else { "" };
    let mode = if for_what == Use::Create { "rwc" } else { "rw" };
    format!("file:{authority}{path}?mode={mode}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown() {
        let shown = |url: &str| url.parse::<Target>().unwrap().to_string();
        assert_eq!(shown("postgres://ops:p?w@host:5432/ops"), "PostgreSQL at host:5432/ops");
        assert_eq!(shown("postgresql://host/ops?password=a@b"), "PostgreSQL at host/ops");
        assert_eq!(shown("postgres:///ops?host=/run&password=x"), "PostgreSQL at /ops");
        assert_eq!(shown("sqlite:data/ops.db"), "SQLite at data/ops.db");
    }

    #[test]
    fn a_database_url_names_one_database() {
        let refused = |url: &str| url.parse::<Target>().unwrap_err().to_string();
        assert!(refused("mysql://host/ops").contains("sqlite:"));
        assert!(refused("sqlite:").contains("name a file"));
        assert!(refused("sqlite::memory:").contains("name a file"));
    }

    #[test]
    fn only_a_creator_makes_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("100% sure? #1.db");
        let target = Target::Sqlite(path.clone());
        assert!(target.reader().is_err());
        assert!(target.writer().is_err());
        assert!(!path.exists());
        target.creator().unwrap().control("CREATE TABLE t (a INTEGER) STRICT").unwrap();
        assert!(path.exists());
        target.writer().unwrap().control("INSERT INTO t VALUES (1)").unwrap();
    }

    #[test]
    fn a_reader_does_not_write() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("ops.db"));
        target.creator().unwrap().control("CREATE TABLE t (a INTEGER) STRICT").unwrap();
        let refused = target.reader().unwrap().control("INSERT INTO t VALUES (1)").unwrap_err();
        assert!(refused.to_string().contains("readonly"), "{refused}");
    }
}
