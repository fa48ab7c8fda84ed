//! The store and its doors. `read` runs on a pooled reader; `write` is one small
//! transaction that is durable when it returns; `write_alone` is for imports, seeds and
//! purges. Nobody else begins, commits or nests a transaction.
//!
//! Closures may run again (a collision, a lost connection): ids, times and hashes are made
//! before them, and no network, file or rendering belongs inside.

mod conn;
pub mod facts;
mod lane;
mod migrate;
mod open;
mod pool;
pub mod retention;
mod tx;
pub mod types;
mod upsert;
pub mod verify;

use std::{sync::Arc, time::Duration};

pub use conn::{Conn, MultiBackend};
pub use migrate::{MigrateError, is_blank, migrate, pending};
pub use open::{OpenError, Target};
pub use tx::{Audit, Change, Meta, Tx};
pub use types::Json;
pub use upsert::Upsert;

use self::{lane::Lane, pool::Pool};
use super::fault::Fault;

/// The store of this process. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    target: Target,
    readers: Pool,
    writers: Writers,
}

enum Writers {
    /// SQLite: one thread owns the writing connection and commits in groups.
    Lane(Lane),
    /// PostgreSQL: a transaction on a pooled connection.
    Pool,
}

/// How many times a write runs that keeps meeting others.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(2);
/// How a write begins on PostgreSQL, where connections only read unless told otherwise.
const BEGIN: &str = "BEGIN READ WRITE";

impl Db {
    /// Opens the store. It must have been migrated; see [`migrate`].
    pub fn open(target: &Target) -> Result<Self, OpenError> {
        let (readers, writers) = match target {
            Target::Sqlite(_) => {
                let connect = target.clone();
                (Pool::new(target, 4), Writers::Lane(Lane::start(move || connect.writer())?))
            }
            Target::Postgres(_) => (Pool::new(target, 16), Writers::Pool),
        };
        Ok(Self { inner: Arc::new(Inner { target: target.clone(), readers, writers }) })
    }

    pub fn target(&self) -> &Target {
        &self.inner.target
    }

    /// Whether the database answers with the schema of this program. On a pooled connection:
    /// anyone may ask, and who asks often must not use up the server's connections.
    pub async fn is_current(&self) -> Result<bool, Fault> {
        self.read(|conn| match migrate::missing(conn) {
            Ok(missing) => Ok(missing.is_empty()),
            Err(MigrateError::Newer(_)) => Ok(false),
            Err(MigrateError::Query(error)) => Err(error.into()),
            Err(error) => Err(Fault::bug(error)),
        })
        .await
    }

    /// Looks things up. Several queries may see different moments; see [`Db::snapshot`].
    pub async fn read<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T, Fault> + Send + 'static,
    {
        self.inner.readers.run(work).await
    }

    /// Looks several things up as of one moment.
    pub async fn snapshot<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T, Fault> + Send + 'static,
    {
        let begin = match &self.inner.target {
            Target::Sqlite(_) => "BEGIN",
            Target::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.inner.readers.run(move |conn| pool::within(conn, begin, &work)).await
    }

    /// One small write (under 20 ms). `Ok` is durable when it returns; on `Err` nothing
    /// happened. What must stay although the answer is a refusal is an `Ok` value.
    pub async fn write<T, F>(&self, meta: Meta, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        match &self.inner.writers {
            Writers::Lane(lane) => {
                lane.submit(lane::Kind::Small, meta.request, Tx::job(meta, work)).await
            }
            Writers::Pool => self.retried(Tx::job(meta, work)).await,
        }
    }

    /// A write that takes as long as it takes and keeps others waiting on SQLite.
    pub async fn write_alone<T, F>(&self, meta: Meta, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        match &self.inner.writers {
            Writers::Lane(lane) => {
                lane.submit(lane::Kind::Alone, meta.request, Tx::job(meta, work)).await
            }
            Writers::Pool => {
                let job = Tx::job(meta, work);
                let patient = move |conn: &mut Conn| {
                    conn.control("SET LOCAL statement_timeout = 0")?;
                    job(conn)
                };
                self.retried(patient).await
            }
        }
    }

    /// PostgreSQL: one transaction, run again when it met another one.
    async fn retried<T, F>(&self, job: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T, Fault> + Send + 'static,
    {
        let again = move |conn: &mut Conn| {
            for attempt in 1..TRIES {
                match pool::within(conn, BEGIN, &job) {
                    Err(Fault::Collision(cause)) => {
                        tracing::debug!(cause, attempt, "write collided, running again");
                        std::thread::sleep(PAUSE * attempt);
                    }
                    answer => return answer,
                }
            }
            pool::within(conn, BEGIN, &job)
        };
        self.inner.readers.run_once(again).await
    }

    /// Waits until everything that was accepted is written, then stops the writer.
    pub async fn close(&self) {
        if let Writers::Lane(lane) = &self.inner.writers {
            lane.stop().await;
        }
    }
}
