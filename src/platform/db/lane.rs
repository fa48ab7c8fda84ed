//! SQLite's write lane: one thread owns the writing connection and commits what has queued
//! as one group, each job in its own savepoint. Only after the `COMMIT` is anybody answered.
//! Why: `docs/decisions/0001-the-write-lane.md`.

mod worker;

use std::{
    sync::Mutex,
    thread::{self, JoinHandle},
    time::{Duration, Instant as Tick},
};

use tokio::sync::{mpsc, oneshot};

use self::worker::Worker;
use super::{Conn, OpenError};
use crate::platform::{fault::Fault, ids::RequestId};

const QUEUE: usize = 4096;
const GROUP_TIME: Duration = Duration::from_millis(8);
const MAX_WAIT: Duration = Duration::from_secs(5);

const FULL: &str = "write queue is full";
const STOPPED: &str = "the writer has stopped";
const LATE: &str = "waited too long in the write queue";

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

#[cfg(test)]
mod tests;
