//! Scans that come one by one and wait at the same moment are judged together: what a gate's
//! phones send while the last commit is under way becomes one slice, with one look-up of each
//! kind and one commit. Nobody waits for company: the commit in flight is the only pause.
//!
//! A slice that fails is taken apart and each scan tried alone, so that one never fails
//! another.

use std::{
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant as Tick},
};

use futures_util::FutureExt;
use tokio::sync::{Mutex, mpsc, oneshot};

use super::{
    AT_ONCE, Asked, Genuine, Judged,
    answers::{CheckInOut, Surroundings, Told},
    facts, finish, genuine,
};
use crate::{
    checkins::{
        model::Target,
        rules::{Item, outcome::Outcome},
        store::{Slice, Slip},
    },
    participants::passes::PassKeys,
    platform::{
        clock::Clocks,
        db::{Conn, Db, Meta},
        fault::Fault,
        http::{codes::Refusal, render::Language},
    },
};

const QUEUE: usize = 4096;
const MAX_WAIT: Duration = Duration::from_secs(5);
/// While one slice is written the next one is being gathered and the last one answered.
const TAKERS: usize = 2;

/// The way to the takers. Cheap to clone.
#[derive(Clone)]
pub struct Together {
    queue: mpsc::Sender<Waiting>,
}

/// One scan, parsed, and who waits for its answer.
#[derive(Clone)]
pub(super) struct Single {
    pub target: Target,
    pub item: Item,
    pub slip: Slip,
    /// The token, if it shows one.
    pub pass: Option<String>,
    pub language: Language,
}

struct Waiting {
    single: Single,
    since: Tick,
    reply: oneshot::Sender<Result<CheckInOut, Fault>>,
}

/// What the takers need.
#[derive(Clone)]
struct Desk {
    db: Db,
    clocks: Clocks,
    keys: PassKeys,
}

impl Together {
    /// Starts the takers on the runtime of the caller; they end when nobody can send any more.
    pub fn start(db: Db, clocks: Clocks, keys: PassKeys) -> Self {
        let (queue, scans) = mpsc::channel(QUEUE);
        let scans = Arc::new(Mutex::new(scans));
        for _ in 0..TAKERS {
            let desk = Desk { db: db.clone(), clocks: clocks.clone(), keys: keys.clone() };
            tokio::spawn(desk.serve(Arc::clone(&scans)));
        }
        Self { queue }
    }

    /// Waits until the scan is stored, and answers it. An absent event or booth is a refusal.
    pub(super) async fn submit(&self, single: Single) -> Result<CheckInOut, Fault> {
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting { single, since: Tick::now(), reply };
        if self.queue.try_send(waiting).is_err() {
            return Err(Fault::Busy("too many scans wait"));
        }
        answer.await.unwrap_or(Err(Fault::Busy("the scans were put down")))
    }
}

impl Desk {
    async fn serve(self, scans: Arc<Mutex<mpsc::Receiver<Waiting>>>) {
        loop {
            let mut waiting = Vec::with_capacity(AT_ONCE);
            if scans.lock().await.recv_many(&mut waiting, AT_ONCE).await == 0 {
                return;
            }
            waiting.retain(|one| !one.reply.is_closed() && one.since.elapsed() < MAX_WAIT);
            if waiting.is_empty() {
                continue;
            }
            let singles: Arc<[Single]> = waiting.iter().map(|one| one.single.clone()).collect();
            // A taker must not die of one slice: whoever waits for it is told to come again.
            let answering = AssertUnwindSafe(self.answer_all(&singles)).catch_unwind();
            let Ok(answers) = answering.await else {
                tracing::error!(scans = singles.len(), "a slice of scans panicked");
                continue;
            };
            for (one, answer) in waiting.into_iter().zip(answers) {
                // Whoever has gone sends it again and gets the stored answer.
                drop(one.reply.send(answer));
            }
        }
    }

    async fn answer_all(&self, singles: &Arc<[Single]>) -> Vec<Result<CheckInOut, Fault>> {
        match self.answer(singles).await {
            Ok(answers) => answers,
            Err(Fault::Busy(why)) => singles.iter().map(|_| Err(Fault::Busy(why))).collect(),
            Err(fault) if singles.len() == 1 => vec![Err(fault)],
            Err(fault) => {
                tracing::warn!(%fault, scans = singles.len(), "a slice failed: one by one");
                let mut answers = Vec::with_capacity(singles.len());
                for single in singles.iter() {
                    let alone: Arc<[Single]> = Arc::new([single.clone()]);
                    let answer = self.answer(&alone).await;
                    answers.push(answer.and_then(|mut one| {
                        one.pop().unwrap_or_else(|| Err(Fault::bug("a scan without an answer")))
                    }));
                }
                answers
            }
        }
    }

    /// Judges and writes a slice, then dresses its answers with what holds by now.
    async fn answer(&self, singles: &Arc<[Single]>) -> Result<Vec<Answer>, Fault> {
        let judged = match self.take(singles, None).await? {
            Some(judged) => judged,
            None => {
                let good = self.genuine(singles).await?;
                let judged = self.take(singles, Some(good)).await?;
                judged.ok_or_else(|| Fault::bug("signatures were looked at twice"))?
            }
        };
        let unseen = judged.loaded.facts.unseen;
        let outcomes = judged.judgement.outcomes.into_iter().zip(singles.iter());
        let told = outcomes.enumerate().map(|(index, (outcome, single))| {
            let outcome = match outcome {
                Outcome::Scan(outcome) => outcome,
                _ => return Err(Fault::bug("a scan without an answer")),
            };
            let there = judged.loaded.homes.contains_key(&single.target);
            Ok((there && !unseen.contains(&index)).then_some(Told::Scan(single.target, outcome)))
        });
        let told: Arc<[Option<Told>]> = told.collect::<Result<_, Fault>>()?;
        let around = {
            let (told, today) = (Arc::clone(&told), self.clocks.business.now().day());
            let look = move |conn: &mut Conn| {
                let told: Vec<Told> = told.iter().flatten().cloned().collect();
                Surroundings::of(conn, &told, today)
            };
            self.db.read(look).await?
        };
        let now = self.clocks.business.now();
        let answers = singles.iter().zip(told.iter()).map(|(single, told)| match told {
            Some(told) => Ok(told.dress(&single.slip.who, &around, single.language, now)),
            None => Err(Refusal::NotFound.into()),
        });
        Ok(answers.collect())
    }

    /// `None`: a token is shown that was never issued, and its signature must be looked at
    /// before the slice can be judged. Nothing was written then.
    async fn take(
        &self,
        singles: &Arc<[Single]>,
        genuine: Option<Genuine>,
    ) -> Result<Option<Judged>, Fault> {
        let mut slice = Slice::default();
        for Single { item, slip, .. } in singles.iter() {
            slice.push(item.clone(), slip.clone());
        }
        let asked = Asked { slice, genuine, heard: BTreeMap::new() };
        let (now, real_now) = (self.clocks.business.now(), self.clocks.real.now());
        // Who opens an event says so himself.
        let meta = Meta { now, real_now, user: None, request: None };
        let work = move |tx: &mut crate::platform::db::Tx<'_>| {
            let loaded = facts::load(tx, &asked.slice, asked.genuine.as_ref(), true)?;
            if loaded.unproven {
                return Ok(None);
            }
            finish(tx, &asked, loaded).map(Some)
        };
        self.db.write(meta, work).await
    }

    async fn genuine(&self, singles: &Arc<[Single]>) -> Result<Genuine, Fault> {
        let (singles, keys) = (Arc::clone(singles), self.keys.clone());
        let look = move |conn: &mut Conn| {
            let tokens: Vec<&str> =
                singles.iter().filter_map(|single| single.pass.as_deref()).collect();
            genuine(conn, &keys, &tokens)
        };
        self.db.read(look).await
    }
}

type Answer = Result<CheckInOut, Fault>;
