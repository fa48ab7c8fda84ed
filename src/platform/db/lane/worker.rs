//! The thread of the lane: one transaction per group, a savepoint per job, answers last.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant as Tick},
};

use tokio::sync::mpsc;

use super::{Job, Kind, Queued};
use crate::platform::{
    db::{Conn, OpenError},
    fault::Fault,
};

const GROUP: usize = 256;
const SLOW: Duration = Duration::from_millis(20);

pub(super) const AWAY: &str = "database is away";
pub(super) const LOST: &str = "the group of writes was lost";

pub(super) struct Worker<C> {
    pub connect: C,
    /// `None` after it was lost; opened again before the next group.
    pub conn: Option<Conn>,
    pub jobs: mpsc::Receiver<Queued>,
    pub group_time: Duration,
}

impl<C: Fn() -> Result<Conn, OpenError>> Worker<C> {
    pub(super) fn run(mut self) {
        let mut held: Option<Queued> = None;
        loop {
            let next = held.take().or_else(|| self.jobs.blocking_recv());
            let Some(first) = next else { return };
            let Some(first) = first.ready() else { continue };
            // Jobs are caught one by one; this is for what a value does when it is dropped.
            let ran = catch_unwind(AssertUnwindSafe(|| self.group(first)));
            held = ran.unwrap_or_else(|panic| {
                tracing::error!(panic = words_of(&*panic), "the write lane stumbled");
                None
            });
        }
    }

    /// Runs one group, answers it, and gives back a job that must not share with it.
    fn group(&mut self, first: Queued) -> Option<Queued> {
        let Some(mut conn) = self.connection() else {
            first.job.settle(Some(AWAY));
            return None;
        };
        let mut group = Group::default();
        let filled = match conn.control("BEGIN IMMEDIATE") {
            Ok(()) => group.fill(first, &mut conn, &mut self.jobs, self.group_time),
            Err(error) => {
                group.jobs.push(first.job);
                Err(error)
            }
        };
        let (held, written) = match filled {
            Ok(held) => (held, conn.control("COMMIT")),
            Err(error) => (None, Err(error)),
        };
        if written.is_ok() && !group.panicked {
            self.conn = Some(conn);
        } else {
            // Closing it undoes what is still open, before anybody is told.
            drop(conn);
        }
        let lost = written.err().map(|error| {
            tracing::error!(%error, jobs = group.jobs.len(), "a group of writes was lost");
            LOST
        });
        group.jobs.into_iter().for_each(|job| job.settle(lost));
        held
    }

    fn connection(&mut self) -> Option<Conn> {
        if let Some(conn) = self.conn.take() {
            return Some(conn);
        }
        (self.connect)()
            .inspect_err(|error| tracing::error!(%error, "cannot open the database again"))
            .ok()
    }
}

/// The jobs that have run in a transaction and wait for its end.
#[derive(Default)]
struct Group {
    jobs: Vec<Box<dyn Job>>,
    panicked: bool,
}

impl Group {
    /// Runs `first` and what has queued behind it; gives back a job that must not share. An
    /// error is one of a control statement: then the whole group is lost.
    fn fill(
        &mut self,
        first: Queued,
        conn: &mut Conn,
        queue: &mut mpsc::Receiver<Queued>,
        time: Duration,
    ) -> diesel::QueryResult<Option<Queued>> {
        let began = Tick::now();
        let alone = first.kind == Kind::Alone;
        self.take(first, conn)?;
        // After a panic the connection is only good for the commit.
        while !alone && !self.panicked && self.jobs.len() < GROUP && began.elapsed() < time {
            match queue.try_recv().map(Queued::ready) {
                Ok(Some(next)) if next.kind == Kind::Alone => return Ok(Some(next)),
                Ok(Some(next)) => self.take(next, conn)?,
                Ok(None) => {}
                Err(_) => break,
            }
        }
        Ok(None)
    }

    /// Runs one job in its savepoint.
    fn take(&mut self, queued: Queued, conn: &mut Conn) -> diesel::QueryResult<()> {
        let Queued { kind, request, mut job, .. } = queued;
        let began = Tick::now();
        let outcome = self.run(&mut *job, conn);
        self.jobs.push(job);
        if kind == Kind::Small && began.elapsed() > SLOW {
            let request_id = request.map(tracing::field::display);
            tracing::warn!(request_id, elapsed = ?began.elapsed(), "a write took long");
        }
        outcome
    }

    fn run(&mut self, job: &mut dyn Job, conn: &mut Conn) -> diesel::QueryResult<()> {
        conn.control("SAVEPOINT job")?;
        let kept = catch_unwind(AssertUnwindSafe(|| job.run(conn))).unwrap_or_else(|panic| {
            self.panicked = true;
            job.fail(Fault::Bug(format!("a write panicked: {}", words_of(&*panic))));
            false
        });
        conn.control(if kept { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" })
    }
}

/// What a panic said.
fn words_of(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words")
}
