//! What the lane promises: groups, order, answers. The lane is held by a channel, never by
//! a sleep.

mod losses;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc as channel,
};

use diesel::{
    connection::{Connection as _, InstrumentationEvent},
    prelude::*,
};
use futures_util::future::{BoxFuture, FutureExt, join_all, poll_immediate};
use tempfile::TempDir;

use super::{worker::*, *};
use crate::platform::db::Target;

diesel::table! { notes (id) { id -> BigInt, parent -> Nullable<BigInt>, } }

const SCHEMA: &str = "CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT; \
    CREATE TABLE notes (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents) STRICT;";

type Answer = Result<i64, Fault>;

/// A lane over a database of its own that keeps a record of its control statements.
struct Bench {
    lane: Arc<Lane>,
    target: Target,
    record: Arc<Mutex<Vec<String>>>,
    away: Arc<AtomicBool>,
    _folder: TempDir,
}

/// Keeps the lane busy until it is told to go on.
struct Hold {
    go: channel::Sender<()>,
    done: BoxFuture<'static, Answer>,
}

impl Hold {
    async fn release(self) {
        self.go.send(()).unwrap();
        self.done.await.unwrap();
    }
}

impl Bench {
    fn new() -> Self {
        Self::paced(Duration::from_secs(3600))
    }

    fn paced(group_time: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("lane.db"));
        target.creator().unwrap().control(SCHEMA).unwrap();
        let record = Arc::new(Mutex::new(Vec::new()));
        let away = Arc::new(AtomicBool::new(false));
        let connect = {
            let (target, record, away) = (target.clone(), record.clone(), away.clone());
            move || {
                if away.load(Ordering::SeqCst) {
                    return Err(OpenError::NoFile);
                }
                let mut conn = target.writer()?;
                record.lock().unwrap().push("open".to_owned());
                let record = record.clone();
                conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                    if let InstrumentationEvent::StartQuery { query, .. } = event {
                        record.lock().unwrap().push(query.to_string());
                    }
                });
                Ok(conn)
            }
        };
        let lane = Arc::new(Lane::paced(connect, group_time).unwrap());
        Self { lane, target, record, away, _folder: folder }
    }

    /// Queues a job; it stands in the queue when this returns.
    async fn queue<F>(&self, kind: Kind, work: F) -> BoxFuture<'static, Answer>
    where
        F: Fn(&mut Conn) -> Answer + Send + 'static,
    {
        let lane = self.lane.clone();
        let mut answer = async move { lane.submit(kind, None, work).await }.boxed();
        match poll_immediate(&mut answer).await {
            Some(early) => async { early }.boxed(),
            None => answer,
        }
    }

    async fn note(&self, id: i64) -> BoxFuture<'static, Answer> {
        self.queue(Kind::Small, move |conn| insert(conn, id)).await
    }

    async fn refusal(&self, id: i64) -> BoxFuture<'static, Answer> {
        self.queue(Kind::Small, move |conn| {
            insert(conn, id)?;
            Err(Fault::bug("refused"))
        })
        .await
    }

    /// A job that has begun and waits; in a group of its own when `kind` says so.
    async fn hold(&self, kind: Kind) -> Hold {
        let (go, wait) = channel::channel::<()>();
        let (began, begun) = channel::channel();
        let done = self
            .queue(kind, move |_| {
                began.send(()).unwrap();
                wait.recv().map_err(Fault::bug)?;
                Ok(0)
            })
            .await;
        begun.recv().unwrap();
        Hold { go, done }
    }

    /// As another connection sees it.
    fn stored(&self) -> Vec<i64> {
        let mut conn = self.target.reader().unwrap();
        notes::table.select(notes::id).order(notes::id).load(&mut conn).unwrap()
    }

    fn recorded(&self, what: &str) -> usize {
        self.record.lock().unwrap().iter().filter(|statement| *statement == what).count()
    }

    /// How many jobs each group had, in order.
    fn groups(&self) -> Vec<usize> {
        let record = self.record.lock().unwrap();
        let mut groups = Vec::new();
        for statement in record.iter() {
            match (statement.as_str(), groups.last_mut()) {
                ("BEGIN IMMEDIATE", _) => groups.push(0),
                ("SAVEPOINT job", Some(jobs)) => *jobs += 1,
                _ => {}
            }
        }
        groups
    }
}

fn insert(conn: &mut Conn, id: i64) -> Answer {
    Ok(diesel::insert_into(notes::table)
        .values(notes::id.eq(id))
        .returning(notes::id)
        .get_result(conn)?)
}

fn busy(answer: Answer) -> &'static str {
    match answer {
        Err(Fault::Busy(why)) => why,
        other => panic!("expected Busy, got {other:?}"),
    }
}

fn bug(answer: Answer) -> String {
    match answer {
        Err(Fault::Bug(cause)) => cause,
        other => panic!("expected Bug, got {other:?}"),
    }
}

#[tokio::test]
async fn what_has_queued_commits_together_and_in_order() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut answers = Vec::new();
    for id in 1..=50 {
        let order = order.clone();
        let job = move |conn: &mut Conn| {
            order.lock().unwrap().push(id);
            insert(conn, id)
        };
        answers.push(bench.queue(Kind::Small, job).await);
    }
    hold.release().await;
    let answers: Vec<i64> = join_all(answers).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers, (1..=50).collect::<Vec<_>>());
    assert_eq!(*order.lock().unwrap(), answers);
    assert_eq!(bench.stored(), answers);
    assert_eq!(bench.groups(), [1, 50]);
    assert_eq!(bench.recorded("COMMIT"), 2);
}

#[tokio::test]
async fn a_group_ends_at_256_jobs() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let mut answers = Vec::new();
    for id in 1..=300 {
        answers.push(bench.note(id).await);
    }
    hold.release().await;
    assert!(join_all(answers).await.iter().all(Result::is_ok));
    assert_eq!(bench.groups(), [1, 256, 44]);
}

#[tokio::test]
async fn a_group_ends_when_its_time_is_over() {
    let bench = Bench::paced(Duration::ZERO);
    let hold = bench.hold(Kind::Small).await;
    let answers = [bench.note(1).await, bench.note(2).await];
    hold.release().await;
    assert!(join_all(answers).await.iter().all(Result::is_ok));
    assert_eq!(bench.groups(), [1, 1, 1]);
}

#[tokio::test]
async fn a_refusal_undoes_itself_alone() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let (a, no, b) = (bench.note(1).await, bench.refusal(2).await, bench.note(3).await);
    hold.release().await;
    assert_eq!(bug(no.await), "refused".to_owned());
    assert!(a.await.is_ok() && b.await.is_ok());
    assert_eq!(bench.stored(), [1, 3]);
    assert_eq!(bench.groups(), [1, 3]);
}

#[tokio::test]
async fn nobody_is_answered_before_the_commit() {
    let bench = Bench::new();
    let first = bench.hold(Kind::Alone).await;
    let (mut done, mut refused) = (bench.note(1).await, bench.refusal(2).await);
    let (go, wait) = channel::channel::<()>();
    let (began, begun) = channel::channel();
    let last = bench
        .queue(Kind::Small, move |_| {
            began.send(()).unwrap();
            wait.recv().map_err(Fault::bug)?;
            Ok(0)
        })
        .await;
    first.release().await;
    begun.recv().unwrap();
    // Both have run in the group that the last job keeps open.
    assert!(poll_immediate(&mut done).await.is_none());
    assert!(poll_immediate(&mut refused).await.is_none());
    assert!(bench.stored().is_empty());
    go.send(()).unwrap();
    assert!(last.await.is_ok() && done.await.is_ok() && refused.await.is_err());
    assert_eq!(bench.groups(), [1, 3]);
}

#[tokio::test]
async fn a_full_queue_says_busy_at_once() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let mut waiting = Vec::new();
    for _ in 0..QUEUE {
        waiting.push(bench.queue(Kind::Small, |_| Ok(0)).await);
    }
    let one_more = bench.note(1).await.now_or_never();
    assert_eq!(busy(one_more.expect("an answer at once")), FULL);
    hold.release().await;
    assert!(join_all(waiting).await.iter().all(Result::is_ok));
    assert!(bench.stored().is_empty());
}

#[tokio::test]
async fn an_abandoned_job_never_starts() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    drop(bench.note(1).await);
    drop(bench.queue(Kind::Alone, |conn| insert(conn, 2)).await);
    let stays = bench.note(3).await;
    hold.release().await;
    assert!(stays.await.is_ok());
    assert_eq!(bench.stored(), [3]);
    assert_eq!(bench.groups(), [1, 1]);
}

#[tokio::test]
async fn a_job_that_waited_too_long_never_starts() {
    let bench = Bench::new();
    for kind in [Kind::Small, Kind::Alone] {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Typed { work: |conn: &mut Conn| insert(conn, 1), answer: None, reply });
        let since = Tick::now().checked_sub(MAX_WAIT + Duration::from_millis(1)).unwrap();
        let late = Queued { kind, request: None, since, job };
        assert!(bench.lane.queue.lock().unwrap().as_ref().unwrap().try_send(late).is_ok());
        assert_eq!(busy(answer.await.unwrap()), LATE);
    }
    assert!(bench.note(2).await.await.is_ok());
    assert_eq!(bench.stored(), [2]);
}

#[tokio::test]
async fn a_job_that_must_be_alone_shares_with_nobody() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let answers = [
        bench.note(1).await,
        bench.note(2).await,
        bench.queue(Kind::Alone, |conn| insert(conn, 3)).await,
        bench.queue(Kind::Alone, |conn| insert(conn, 4)).await,
        bench.note(5).await,
        bench.note(6).await,
    ];
    hold.release().await;
    assert!(join_all(answers).await.iter().all(Result::is_ok));
    assert_eq!(bench.groups(), [1, 2, 1, 1, 2]);
    assert_eq!(bench.stored(), [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn stopping_writes_what_has_queued_and_takes_no_more() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let answers = [
        bench.note(1).await,
        bench.queue(Kind::Alone, |conn| insert(conn, 2)).await,
        bench.note(3).await,
    ];
    let mut stopping = Box::pin(bench.lane.stop());
    assert!(poll_immediate(&mut stopping).await.is_none());
    assert_eq!(busy(bench.note(4).await.await), STOPPED);
    hold.release().await;
    stopping.await;
    assert!(join_all(answers).await.iter().all(Result::is_ok));
    assert_eq!(bench.stored(), [1, 2, 3]);
    bench.lane.stop().await;
}

/// Decision 1 tells rooms about this: diesel begins a transaction of its own then.
#[tokio::test]
async fn inserting_many_rows_with_options_needs_diesels_attribute() {
    #[derive(Insertable)]
    #[diesel(table_name = notes)]
    struct Loose {
        id: i64,
        parent: Option<i64>,
    }
    #[derive(Insertable)]
    #[diesel(table_name = notes, treat_none_as_default_value = false)]
    struct Strict {
        id: i64,
        parent: Option<i64>,
    }
    let bench = Bench::new();
    let loose = bench.queue(Kind::Small, |conn| {
        let rows: Vec<_> = (1..3).map(|id| Loose { id, parent: None }).collect();
        crate::each!(conn, c => diesel::insert_into(notes::table).values(&rows).execute(c))?;
        Ok(0)
    });
    assert!(bug(loose.await.await).contains("within a transaction"));
    let strict = bench.queue(Kind::Small, |conn| {
        let rows: Vec<_> = (1..3).map(|id| Strict { id, parent: None }).collect();
        crate::each!(conn, c => diesel::insert_into(notes::table).values(&rows).execute(c))?;
        Ok(0)
    });
    strict.await.await.unwrap();
    assert_eq!(bench.stored(), [1, 2]);
}
