//! Where the store is and how a connection to it is set up.

use std::{fmt, path::PathBuf, str::FromStr};

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
            return Ok(Self::Sqlite(path.strip_prefix("//").unwrap_or(path).into()));
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
                let place = place.rsplit_once('@').map_or(place, |(_, host)| host);
                write!(f, "PostgreSQL at {}", place.split('?').next().unwrap_or(place))
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
const SQLITE_WRITER: &str = "PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 8000; \
    PRAGMA journal_size_limit = 67108864;";
const SQLITE_READER: &str = "PRAGMA cache_size = -4096; PRAGMA query_only = ON;";
const POSTGRES: &str = "SET lock_timeout = '3s'; SET statement_timeout = '10s'; \
    SET default_transaction_isolation = 'read committed'; SET timezone = 'UTC';";

impl Target {
    /// A connection that may write. On SQLite there is one such per process.
    pub fn writer(&self) -> Result<Conn, OpenError> {
        self.connect(SQLITE_WRITER)
    }

    /// A connection of the pool: read-only on SQLite.
    pub fn reader(&self) -> Result<Conn, OpenError> {
        self.connect(SQLITE_READER)
    }

    fn connect(&self, sqlite_extra: &str) -> Result<Conn, OpenError> {
        match self {
            Self::Sqlite(path) => {
                let path = path.to_string_lossy();
                let mut conn = Conn::Sqlite(SqliteConnection::establish(&path)?);
                conn.control(SQLITE)?;
                conn.control(sqlite_extra)?;
                Ok(conn)
            }
            Self::Postgres(url) => {
                let mut conn = Conn::Pg(PgConnection::establish(url)?);
                conn.control(POSTGRES)?;
                Ok(conn)
            }
        }
    }
}
