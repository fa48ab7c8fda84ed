//! SQLite's write lane: one thread owns the writing connection and commits what has queued
//! as one group, each job in its own savepoint. Only after the `COMMIT` is anybody answered.
//! Why: `docs/decisions/0001-the-write-lane.md`.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Mutex,
    thread::{self, JoinHandle},
    time::{Duration, Instant as Tick},
};

use tokio::sync::{mpsc, oneshot};

use super::{Conn, OpenError};
use crate::platform::{fault::Fault, ids::RequestId};

const QUEUE: usize = 4096;
const GROUP: usize = 256;
const GROUP_TIME: Duration = Duration::from_millis(8);
const MAX_WAIT: Duration = Duration::from_secs(5);
const SLOW: Duration = Duration::from_millis(20);

const FULL: &str = "write queue is full";
const STOPPED: &str = "the writer has stopped";
const LATE: &str = "waited too long in the write queue";
const AWAY: &str = "database is away";
const LOST: &str = "the group of writes was lost";

/// Whether a job shares its transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Small,
    Alone,
}

/// The way into the lane.
pub struct Lane {
    queue: Mutex<Option<mpsc::Sender<Queued>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Queued {
    kind: Kind,
    /// Whose request it is; for the log.
    request: Option<RequestId>,
    since: Tick,
    job: Box<dyn Job>,
}

impl Queued {
    /// Itself, unless it waited too long or nobody waits for it: then it never starts.
    fn ready(self) -> Option<Self> {
        if self.job.is_abandoned() || self.since.elapsed() > MAX_WAIT {
            self.job.settle(Some(LATE));
            return None;
        }
        Some(self)
    }
}

/// A closure with the place its answer goes to; the lane does not know their types.
trait Job: Send {
    /// Nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
    /// Runs it. `true`: its work stays if the group commits.
    fn run(&mut self, conn: &mut Conn) -> bool;
    /// It panicked instead.
    fn fail(&mut self, fault: Fault);
    /// Tells the caller: what it got, or that the group came to nothing.
    fn settle(self: Box<Self>, lost: Option<&'static str>);
}

struct Typed<T, F> {
    work: F,
    answer: Option<Result<T, Fault>>,
    reply: oneshot::Sender<Result<T, Fault>>,
}

impl<T, F> Job for Typed<T, F>
where
    T: Send,
    F: Fn(&mut Conn) -> Result<T, Fault> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(&mut self, conn: &mut Conn) -> bool {
        let answer = (self.work)(conn);
        let keep = answer.is_ok();
        self.answer = Some(answer);
        keep
    }

    fn fail(&mut self, fault: Fault) {
        self.answer = Some(Err(fault));
    }

    fn settle(self: Box<Self>, lost: Option<&'static str>) {
        let answer = match (lost, self.answer) {
            (Some(why), _) => Err(Fault::Busy(why)),
            (None, Some(answer)) => answer,
            (None, None) => Err(Fault::bug("a write was settled before it ran")),
        };
        // The caller may have gone; the work is done all the same.
        drop(self.reply.send(answer));
    }
}

impl Lane {
    /// Opens the connection and starts the thread; `connect` also replaces what got lost.
    pub fn start<C>(connect: C) -> Result<Self, OpenError>
    where
        C: Fn() -> Result<Conn, OpenError> + Send + 'static,
    {
        Self::paced(connect, GROUP_TIME)
    }

    fn paced<C>(connect: C, group_time: Duration) -> Result<Self, OpenError>
    where
        C: Fn() -> Result<Conn, OpenError> + Send + 'static,
    {
        let conn = Some(connect()?);
        let (queue, jobs) = mpsc::channel(QUEUE);
        let worker = Worker { connect, conn, jobs, group_time };
        let thread =
            thread::Builder::new().name("write-lane".to_owned()).spawn(move || worker.run())?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) })
    }

    /// Queues a job and waits until its group is durable.
    pub async fn submit<T, F>(
        &self,
        kind: Kind,
        request: Option<RequestId>,
        work: F,
    ) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T, Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Typed { work, answer: None, reply });
        let queued = Queued { kind, request, since: Tick::now(), job };
        let sent = match self.queue.lock() {
            Ok(queue) => queue.as_ref().map(|queue| queue.try_send(queued)),
            Err(_) => None,
        };
        match sent {
            Some(Ok(())) => {}
            Some(Err(mpsc::error::TrySendError::Full(_))) => {
                return Err(Fault::Busy(FULL));
            }
            Some(Err(mpsc::error::TrySendError::Closed(_))) | None => {
                return Err(Fault::Busy(STOPPED));
            }
        }
        answer.await.unwrap_or(Err(Fault::Busy(STOPPED)))
    }

    /// Takes no more jobs, writes what has queued and ends the thread.
    pub async fn stop(&self) {
        let queue = self.queue.lock().ok().and_then(|mut queue| queue.take());
        let thread = self.thread.lock().ok().and_then(|mut thread| thread.take());
        drop(queue);
        if let Some(thread) = thread {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the write lane ended badly");
            }
        }
    }
}

struct Worker<C> {
    connect: C,
    /// `None` after it was lost; opened again before the next group.
    conn: Option<Conn>,
    jobs: mpsc::Receiver<Queued>,
    group_time: Duration,
}

impl<C: Fn() -> Result<Conn, OpenError>> Worker<C> {
    fn run(mut self) {
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

#[cfg(test)]
mod tests;
