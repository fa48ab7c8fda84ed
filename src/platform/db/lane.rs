//! SQLite's write lane: one thread owns the writing connection and commits what has queued
//! as one group, each job in its own savepoint. Only after the `COMMIT` is anybody answered.
//! Why: `docs/decisions/0001-the-write-lane.md`.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Mutex,
    thread::{self, JoinHandle},
    time::{Duration, Instant as Tick},
};

use tokio::sync::{mpsc, oneshot};

use super::{Conn, OpenError};
use crate::platform::fault::Fault;

const QUEUE: usize = 4096;
const GROUP: usize = 256;
const GROUP_TIME: Duration = Duration::from_millis(8);
const MAX_WAIT: Duration = Duration::from_secs(5);
const SLOW: Duration = Duration::from_millis(20);

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
    since: Tick,
    job: Box<dyn Job>,
}

/// A closure with the place its answer goes to; the lane does not know their types.
trait Job: Send {
    /// Nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
    /// Runs it. `true`: its work stays if the group commits.
    fn run(&mut self, conn: &mut Conn) -> bool;
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

    fn settle(self: Box<Self>, lost: Option<&'static str>) {
        let answer = match (lost, self.answer) {
            (Some(why), _) => Err(Fault::Busy(why)),
            (None, Some(answer)) => answer,
            (None, None) => Err(Fault::Bug("a write panicked".to_owned())),
        };
        // The caller may have gone; the work is done all the same.
        drop(self.reply.send(answer));
    }
}

impl Lane {
    pub fn start(
        connect: impl Fn() -> Result<Conn, OpenError> + Send + 'static,
    ) -> Result<Self, OpenError> {
        let conn = connect()?;
        let (queue, jobs) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new()
            .name("write-lane".to_owned())
            .spawn(move || Worker { connect, conn: Some(conn), jobs }.run())?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) })
    }

    /// Queues a job and waits until its group is durable.
    pub async fn submit<T, F>(&self, kind: Kind, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T, Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Typed { work, answer: None, reply });
        let queued = Queued { kind, since: Tick::now(), job };
        let sent = match self.queue.lock() {
            Ok(queue) => queue.as_ref().map(|queue| queue.try_send(queued)),
            Err(_) => None,
        };
        match sent {
            Some(Ok(())) => {}
            Some(Err(mpsc::error::TrySendError::Full(_))) => {
                return Err(Fault::Busy("write queue is full"));
            }
            Some(Err(mpsc::error::TrySendError::Closed(_))) | None => {
                return Err(Fault::Busy("the writer has stopped"));
            }
        }
        answer.await.unwrap_or(Err(Fault::Busy("waited too long in the write queue")))
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
}

impl<C: Fn() -> Result<Conn, OpenError>> Worker<C> {
    fn run(mut self) {
        let mut held: Option<Queued> = None;
        loop {
            let next = held.take().or_else(|| self.jobs.blocking_recv());
            let Some(first) = next else { return };
            held = self.group(first);
        }
    }

    /// Runs one group, answers it, and gives back a job that must not share with it.
    fn group(&mut self, first: Queued) -> Option<Queued> {
        let Some(mut conn) = self.connection() else {
            first.job.settle(Some("database is away"));
            return None;
        };
        let began = Tick::now();
        let alone = first.kind == Kind::Alone;
        let mut settled = Settled::default();
        let mut held = None;
        let mut failure = conn.control("BEGIN IMMEDIATE").err();
        let mut next = Some(first);
        while let (Some(queued), None) = (next.take(), &failure) {
            failure = settled.take(queued, &mut conn, alone);
            if alone || settled.jobs.len() >= GROUP || began.elapsed() >= GROUP_TIME {
                break;
            }
            match self.jobs.try_recv() {
                Ok(queued) if queued.kind == Kind::Alone => held = Some(queued),
                other => next = other.ok(),
            }
        }
        if failure.is_none() {
            failure = conn.control("COMMIT").err();
        }
        if let Some(error) = &failure {
            tracing::error!(%error, jobs = settled.jobs.len(), "a group of writes was lost");
        }
        if failure.is_none() && !settled.panicked {
            self.conn = Some(conn);
        }
        let lost = failure.map(|_| "the group of writes was lost");
        settled.jobs.into_iter().chain(next.map(|n| n.job)).for_each(|job| job.settle(lost));
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

/// The jobs of a group that have run, and how it went.
#[derive(Default)]
struct Settled {
    jobs: Vec<Box<dyn Job>>,
    panicked: bool,
}

impl Settled {
    /// Runs one job in its savepoint. Answers the error of a control statement: then the
    /// whole group is lost.
    fn take(
        &mut self,
        queued: Queued,
        conn: &mut Conn,
        alone: bool,
    ) -> Option<diesel::result::Error> {
        let Queued { since, mut job, .. } = queued;
        if job.is_abandoned() || (!alone && since.elapsed() > MAX_WAIT) {
            // Dropping the job tells its caller, if there still is one.
            return None;
        }
        let began = Tick::now();
        let failure = self.run(&mut *job, conn).err();
        if !alone && began.elapsed() > SLOW {
            tracing::warn!(elapsed = ?began.elapsed(), "a write took long");
        }
        self.jobs.push(job);
        failure
    }

    fn run(&mut self, job: &mut dyn Job, conn: &mut Conn) -> diesel::QueryResult<()> {
        conn.control("SAVEPOINT job")?;
        let kept = catch_unwind(AssertUnwindSafe(|| job.run(conn)));
        self.panicked |= kept.is_err();
        if kept.unwrap_or(false) {
            conn.control("RELEASE job")
        } else {
            conn.control("ROLLBACK TO job; RELEASE job")
        }
    }
}

#[cfg(test)]
mod tests;
