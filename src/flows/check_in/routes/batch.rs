//! What a phone gathered offline.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::{Allowed, allowed::Caller, may},
    checkins::{
        model::{AnnulmentState, Mode, Reason},
        rules::{
            Item, answered,
            outcome::{AnnulOutcome, Outcome},
            sequence::Received,
        },
        store::{
            Slice,
            queues::{Heard, Queue},
        },
    },
    flows::check_in::{
        AT_ONCE, Asked, Genuine, Judged,
        answers::{CheckInOut, Surroundings, Told},
        genuine,
        input::{BatchIn, Entry, Envelope, ItemIn},
        take,
    },
    participants::passes::PassKeys,
    platform::{
        db::Conn,
        fault::Fault,
        http::{answer::Found, body::Valid, request::Context},
        ids::ScanId,
        time::Instant,
    },
};

/// The answers to a batch.
#[derive(Serialize, ToSchema)]
pub struct BatchOut {
    /// One for each item, in the order sent.
    pub results: Vec<CheckInOut>,
    /// Ranges of numbers up to `device_seq_high` that never came, newest first, at most 100.
    pub missing_seq: Vec<(i64, i64)>,
    pub server_time: Instant,
}

pub async fn upload_check_ins(
    who: Allowed<may::CheckIn>,
    cx: Context,
    keys: Data<PassKeys>,
    body: Valid<BatchIn>,
) -> Result<Found<BatchOut>, Fault> {
    let (who, batch) = (who.caller(), body.0);
    let received_at = cx.now();
    let genuine = all_genuine(&cx, &keys, &batch.items).await?;
    let upload = Upload { cx: &cx, who: &who, batch: &batch, received_at, genuine };
    let (told, received) = upload.take_all().await?;
    let results = dress(&cx, &who, told, received_at).await?;
    let missing_seq = received.missing(batch.device_seq_high);
    Ok(Found(BatchOut { results, missing_seq, server_time: cx.now() }))
}

/// A batch with what all its slices share.
struct Upload<'a> {
    cx: &'a Context,
    who: &'a Arc<Caller>,
    batch: &'a BatchIn,
    received_at: Instant,
    genuine: Genuine,
}

impl Upload<'_> {
    /// Judges the batch slice by slice; answers the items, and what has come of the phone's
    /// queue. What earlier slices stored is acknowledged, whatever becomes of later ones.
    async fn take_all(&self) -> Result<(Vec<Told>, Received), Fault> {
        let items = &self.batch.items;
        let (mut told, mut received) = (Vec::with_capacity(items.len()), Received::default());
        // An empty batch still asks what is missing.
        let empty: &[ItemIn] = &[];
        let slices = items.chunks(AT_ONCE).chain(Some(empty).filter(|_| items.is_empty()));
        for slice in slices {
            match self.take(slice, &mut received).await {
                Ok(answers) => told.extend(answers),
                Err(fault) if told.is_empty() && !is_of_an_item(&fault, slice) => {
                    return Err(fault);
                }
                Err(fault) if is_of_an_item(&fault, slice) => {
                    tracing::warn!(%fault, items = slice.len(), "a slice failed: one by one");
                    told.extend(self.one_by_one(slice, &mut received).await);
                }
                Err(fault) => {
                    tracing::warn!(%fault, "a slice of a batch was not stored");
                    told.extend(slice.iter().map(again));
                }
            }
        }
        Ok((told, received))
    }

    /// One that cannot be stored stops none of the others; it is asked for again.
    async fn one_by_one(&self, items: &[ItemIn], received: &mut Received) -> Vec<Told> {
        let mut told = Vec::with_capacity(items.len());
        for item in items {
            match self.take(std::slice::from_ref(item), received).await {
                Ok(answers) => told.extend(answers),
                Err(fault) => {
                    tracing::error!(%fault, scan = ?item.id(), "an item could not be stored");
                    told.push(again(item));
                }
            }
        }
        told
    }

    async fn take(&self, items: &[ItemIn], heard: &mut Received) -> Result<Vec<Told>, Fault> {
        let asked = Arc::new(self.ask(items));
        let work = Arc::clone(&asked);
        let meta = self.cx.meta(self.who.user);
        let judged = self.cx.write(meta, move |tx| take(tx, &work)).await?;
        if let Some(received) = judged.received.get(&(self.who.device, self.batch.device_id)) {
            heard.clone_from(received);
        }
        Ok(answers(self.who, items, &asked, &judged))
    }

    fn ask(&self, items: &[ItemIn]) -> Asked {
        let Self { who, batch, .. } = self;
        let envelope = Envelope {
            who,
            request: self.cx.request.id,
            device_id: Some(batch.device_id),
            sent_at: Some(batch.sent_at),
            received_at: self.received_at,
            mode: Mode::Offline,
        };
        let mut slice = Slice::default();
        let mut heard: BTreeMap<Queue, Heard> = BTreeMap::new();
        heard.entry((who.device, batch.device_id)).or_default().high = Some(batch.device_seq_high);
        for item in items {
            let slip = item.slip(envelope);
            match item.parse(envelope) {
                Some(parsed) => slice.push(parsed, slip),
                None => {
                    if let (Some(queue), Some(number)) = (slip.queue, slip.device_seq) {
                        heard.entry((who.device, queue)).or_default().numbers.push(number);
                    }
                    slice.malformed.push(slip.attempt);
                }
            }
        }
        Asked { slice, genuine: Some(self.genuine.clone()), heard }
    }
}

/// Whether what failed may lie in one of the items, and not in the store.
fn is_of_an_item(fault: &Fault, items: &[ItemIn]) -> bool {
    !items.is_empty() && !matches!(fault, Fault::Busy(_))
}

/// Nothing was stored: the phone keeps it.
fn again(item: &ItemIn) -> Told {
    Told::Nothing(item.id(), Reason::Retry)
}

async fn all_genuine(cx: &Context, keys: &PassKeys, items: &[ItemIn]) -> Result<Genuine, Fault> {
    let tokens = items.iter().filter_map(|item| match &item.entry {
        Entry::Scan(_, scan) => scan.pass.clone(),
        Entry::Annul(_) | Entry::Malformed(_) => None,
    });
    let (tokens, keys): (Vec<String>, _) = (tokens.collect(), keys.clone());
    cx.read(move |conn| {
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        genuine(conn, &keys, &tokens)
    })
    .await
}

impl ItemIn {
    fn parse(&self, of: Envelope<'_>) -> Option<Item> {
        match &self.entry {
            Entry::Scan(target, scan) => scan.parse(*target, of),
            Entry::Annul(annul) => Some(annul.parse(of)),
            Entry::Malformed(_) => None,
        }
    }
}

/// The answers in the order of the items, malformed ones among them.
fn answers(who: &Caller, items: &[ItemIn], asked: &Asked, judged: &Judged) -> Vec<Told> {
    let mut judged_items = asked.slice.items.iter().zip(&judged.judgement.outcomes);
    let answer = |item: &ItemIn| match &item.entry {
        Entry::Malformed(_) => Told::Nothing(item.id(), Reason::Malformed),
        Entry::Scan(..) | Entry::Annul(_) => match judged_items.next() {
            Some((Item::Scan(scan), Outcome::Scan(outcome))) => {
                Told::Scan(scan.target, outcome.clone())
            }
            Some((Item::Annul(asked), Outcome::Annul(outcome))) => {
                annulled(who, asked.scan_id, outcome, judged)
            }
            _ => again(item),
        },
    };
    items.iter().map(answer).collect()
}

/// With the first answer of its scan, if that is there by now. A scan that does not exist for
/// the caller is one that has not come.
fn annulled(who: &Caller, id: ScanId, outcome: &AnnulOutcome, judged: &Judged) -> Told {
    let new = judged.judgement.new.get(&id).map(|new| &new.scan);
    let known = judged.loaded.facts.scans.get(&id).or(new);
    let Some(scan) = known.filter(|scan| judged.loaded.shows(id, scan, who)) else {
        return Told::Annulment(id, AnnulmentState::Waiting, None);
    };
    let state = match outcome {
        AnnulOutcome::Annulled | AnnulOutcome::Already => AnnulmentState::Done,
        AnnulOutcome::Waiting => AnnulmentState::Waiting,
        AnnulOutcome::Refused => AnnulmentState::Refused,
    };
    Told::Annulment(id, state, Some(answered(id, scan, true)))
}

async fn dress(
    cx: &Context,
    who: &Arc<Caller>,
    told: Vec<Told>,
    received_at: Instant,
) -> Result<Vec<CheckInOut>, Fault> {
    let told = Arc::new(told);
    let look = {
        let told = Arc::clone(&told);
        move |conn: &mut Conn| Surroundings::of(conn, &told, received_at.day())
    };
    let around = cx.read(look).await?;
    let (language, now) = (cx.request.language, cx.now());
    Ok(told.iter().map(|told| told.dress(who, &around, language, now)).collect())
}
