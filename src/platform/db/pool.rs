//! Pooled connections: SQLite's readers, and everything on PostgreSQL. A caller waits for a
//! free connection without holding a thread, and is told to come back when it takes long.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

use super::{Conn, OpenError, Target};
use crate::platform::fault::Fault;

const PATIENCE: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// A connection fresh from the pool may have died while idle; so many are tried.
const STALE_TRIES: u32 = 18;
/// Why a connection must not be used again.
const STALE: &str = "connection was stale";
const LOST: &str = "connection lost";
const STOPPING: &str = "database is stopping";
/// PostgreSQL answers a bare `COMMIT` of a failed transaction with success and rolls back;
/// a statement before it fails, so that work whose error was overlooked is not reported done.
const COMMIT: &str = "SELECT 1; COMMIT";

#[derive(Clone)]
pub struct Pool {
    connections: r2d2::Pool<Manager>,
    free: Arc<Semaphore>,
}

pub struct Manager(Target);

/// A pooled connection that knows when it must not be used again.
pub struct Held {
    conn: Conn,
    dead: bool,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Held;
    type Error = OpenError;

    fn connect(&self) -> Result<Held, OpenError> {
        Ok(Held { conn: self.0.reader()?, dead: false })
    }

    fn is_valid(&self, held: &mut Held) -> Result<(), OpenError> {
        Ok(held.conn.control("SELECT 1")?)
    }

    fn has_broken(&self, held: &mut Held) -> bool {
        held.dead || std::thread::panicking()
    }
}

#[derive(Debug)]
struct Log;

impl r2d2::HandleError<OpenError> for Log {
    fn handle_error(&self, error: OpenError) {
        tracing::warn!(%error, "no connection to the database");
    }
}

impl Pool {
    pub fn new(target: &Target, size: u32) -> Self {
        let connections = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(CONNECT_TIMEOUT)
            .test_on_check_out(false)
            .error_handler(Box::new(Log))
            .build_unchecked(Manager(target.clone()));
        Self { connections, free: Arc::new(Semaphore::new(size as usize)) }
    }

    /// Runs `work`, again on a fresh connection when the first turns out to be dead.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T, Fault> + Send + 'static,
    {
        self.blocking(move |pool| pool.again_when(&[STALE, LOST, STOPPING], &work)).await
    }

    /// Runs `work` again only when its transaction could not even begin: a write whose
    /// commit got lost may have happened.
    pub async fn run_once<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T, Fault> + Send + 'static,
    {
        self.blocking(move |pool| pool.again_when(&[STALE], &work)).await
    }

    async fn blocking<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, Fault> + Send + 'static,
    {
        let waiting = Arc::clone(&self.free).acquire_owned();
        let permit = match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(Ok(permit)) => permit,
            _ => return Err(Fault::Busy("no free database connection")),
        };
        let pool = self.clone();
        let running = tokio::task::spawn_blocking(move || {
            let answer = work(&pool);
            drop(permit);
            answer
        });
        running.await.unwrap_or_else(|panic| Err(Fault::Bug(format!("panic: {panic}"))))
    }

    fn again_when<T>(
        &self,
        causes: &[&str],
        work: &dyn Fn(&mut Conn) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        for _ in 1..STALE_TRIES {
            match self.with(work) {
                Err(Fault::Busy(why)) if causes.contains(&why) => {}
                answer => return answer,
            }
        }
        self.with(work)
    }

    fn with<T>(&self, work: &dyn Fn(&mut Conn) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut held = self.connections.get().map_err(|_| Fault::Busy("database is away"))?;
        let answer = work(&mut held.conn);
        held.dead |= matches!(&answer, Err(Fault::Busy(STALE | LOST | STOPPING)));
        answer
    }
}

/// One transaction: commits on `Ok`, rolls back on `Err`.
pub fn within<T>(
    conn: &mut Conn,
    begin: &str,
    work: &dyn Fn(&mut Conn) -> Result<T, Fault>,
) -> Result<T, Fault> {
    if let Err(error) = conn.control(begin) {
        tracing::debug!(%error, "a transaction could not begin");
        return Err(Fault::Busy(STALE));
    }
    match work(conn) {
        Ok(value) => match conn.control(COMMIT) {
            Ok(()) => Ok(value),
            // A commit whose answer is lost may have happened; the caller's retry is safe
            // through its idempotency key.
            Err(error) => Err(undo(conn, error.into())),
        },
        Err(fault) => Err(undo(conn, fault)),
    }
}

/// Rolls back. A connection that cannot even do that is given up.
fn undo(conn: &mut Conn, fault: Fault) -> Fault {
    match conn.control("ROLLBACK") {
        Ok(()) => fault,
        Err(error) => {
            tracing::warn!(%error, cause = %fault, "rollback failed");
            Fault::Busy(LOST)
        }
    }
}
