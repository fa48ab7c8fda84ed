//! Checking people in: loads what other rooms know of a slice of scans, lets the rules of
//! check-in judge it, writes the judgement. A flow, since booths are judged by their hours
//! and events are started by their first scan.
//!
//! One path serves single scans (those that wait at the same moment are one slice, see
//! [`gather`]), a batch (in slices of `AT_ONCE`), annulling, resolving and, without its last
//! step, a trial run.

mod answers;
mod facts;
pub mod gather;
mod input;
mod routes;

use std::collections::{BTreeMap, BTreeSet};

pub use routes::endpoints;
use serde_json::Value;

use crate::{
    checkins::{
        model::{AnnulmentState, PassHash},
        rules::{
            Item, Judgement, judge,
            outcome::{Outcome, ResolveOutcome},
            sequence::Received,
        },
        store::{
            Home, Slice,
            queues::{self, Heard, Queue},
            save,
        },
    },
    events,
    participants::passes::{self, PassKeys},
    platform::{
        db::{Audit, Conn, Tx},
        fault::Fault,
        ids::{RequestId, ScanId, UserId},
    },
};

/// How many items are judged in one transaction.
const AT_ONCE: usize = 50;

/// Passes that nobody here issued and whose signature is good all the same.
type Genuine = BTreeSet<PassHash>;

/// A slice with everything that is worked out before its transaction, which may run again.
struct Asked {
    slice: Slice,
    /// `None`: not looked for yet.
    genuine: Option<Genuine>,
    /// What is said of numbers beside those of the items: of malformed ones, and the highest.
    heard: BTreeMap<Queue, Heard>,
}

/// What became of a slice.
struct Judged {
    judgement: Judgement,
    loaded: facts::Loaded,
    received: BTreeMap<Queue, Received>,
}

/// Judges a slice and writes what was decided. Two that concern the same scan or the same
/// person's place come one after the other.
fn take(tx: &mut Tx<'_>, asked: &Asked) -> Result<Judged, Fault> {
    let loaded = facts::load(tx, &asked.slice, asked.genuine.as_ref(), true)?;
    finish(tx, asked, loaded)
}

fn finish(tx: &mut Tx<'_>, asked: &Asked, loaded: facts::Loaded) -> Result<Judged, Fault> {
    let judgement = judge(&loaded.facts, &asked.slice.items);
    save::save(tx, &asked.slice, &loaded.homes, &judgement)?;
    begin(tx, asked, &loaded, &judgement)?;
    note_decisions(tx, asked, &loaded, &judgement)?;
    let now = tx.meta.now;
    let heard = heard(asked, &judgement);
    let received = queues::note(tx, &heard, now)?;
    Ok(Judged { judgement, loaded, received })
}

/// Judges a slice and writes nothing.
fn try_out(conn: &mut Conn, asked: &Asked) -> Result<Judged, Fault> {
    let loaded = facts::load(conn, &asked.slice, asked.genuine.as_ref(), false)?;
    let judgement = judge(&loaded.facts, &asked.slice.items);
    Ok(Judged { judgement, loaded, received: BTreeMap::new() })
}

/// The first person who is let in starts the event.
fn begin(
    tx: &mut Tx<'_>,
    asked: &Asked,
    loaded: &facts::Loaded,
    judgement: &Judgement,
) -> Result<(), Fault> {
    for (&id, &item) in &judgement.entered {
        let state = loaded.gates.get(&id).map(|gate| gate.state);
        if state == Some(events::model::EventState::Approved) {
            let opener = asked.slice.slips.get(item);
            let opener = opener.ok_or_else(|| Fault::bug("an event that nobody entered"))?;
            let user = opener.who.user;
            speak_as(tx, user, opener.request, |tx| events::case::start_by_scan(tx, id, user))?;
        }
    }
    Ok(())
}

/// A slice may mix callers, and what waited was asked for by others: the audit log names who
/// it was.
fn speak_as<T>(
    tx: &mut Tx<'_>,
    user: UserId,
    request: RequestId,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let before = (tx.meta.user, tx.meta.request);
    (tx.meta.user, tx.meta.request) = (Some(user), Some(request));
    let done = work(tx);
    (tx.meta.user, tx.meta.request) = before;
    done
}

/// Scans are their own record; what people decide about them goes into the audit log, once it
/// takes effect.
fn note_decisions(
    tx: &mut Tx<'_>,
    asked: &Asked,
    loaded: &facts::Loaded,
    judgement: &Judgement,
) -> Result<(), Fault> {
    for (annulment, state) in judgement.annulments.values() {
        if *state != AnnulmentState::Done {
            continue;
        }
        let id = annulment.scan_id;
        let slips = asked.slice.items.iter().zip(&asked.slice.slips);
        let about: Vec<_> = slips.filter(|(item, _)| item.scan_id() == id).collect();
        let asked_now = |item: &Item| matches!(item, Item::Annul(a) if a.key() == annulment.key());
        let waited = !about.iter().any(|(item, _)| asked_now(item));
        // Who brought the scan that it waited for is not who took it out.
        let request = about.first().map(|(_, slip)| slip.request);
        let request = request.ok_or_else(|| Fault::bug("an annulment of nothing"))?;
        let detail = serde_json::json!({ "waited": waited });
        let entry = entry("check_in.annul", id, home(loaded, judgement, id), detail);
        speak_as(tx, annulment.by, request, |tx| Ok(tx.audit(entry)?))?;
    }
    for (index, (item, outcome)) in asked.slice.items.iter().zip(&judgement.outcomes).enumerate() {
        let (Item::Resolve(resolve), Outcome::Resolve(ResolveOutcome::Resolved(_))) =
            (item, outcome)
        else {
            continue;
        };
        let slip = asked.slice.slips.get(index).ok_or_else(|| Fault::bug("an item of nobody"))?;
        let detail = serde_json::json!({ "decision": resolve.decision });
        let home = home(loaded, judgement, resolve.scan_id);
        let entry = entry("check_in.resolve", resolve.scan_id, home, detail);
        speak_as(tx, slip.who.user, slip.request, |tx| Ok(tx.audit(entry)?))?;
    }
    Ok(())
}

/// Where a scan was made that is stored, or is new.
fn home(loaded: &facts::Loaded, judgement: &Judgement, id: ScanId) -> Option<Home> {
    let new = judgement.new.get(&id).map(|new| new.scan.identity.target);
    let stored = loaded.scan_homes.get(&id);
    stored.or_else(|| loaded.homes.get(&new?)).copied()
}

fn entry(action: &'static str, id: ScanId, home: Option<Home>, detail: Value) -> Audit {
    Audit {
        action,
        kind: "check_in",
        id: id.to_string(),
        city: home.map(|home| home.city),
        campus: home.map(|home| home.campus),
        detail,
    }
}

/// The numbers of what is now stored for good, with what was said beside them.
fn heard(asked: &Asked, judgement: &Judgement) -> BTreeMap<Queue, Heard> {
    let mut heard = asked.heard.clone();
    for (slip, outcome) in asked.slice.slips.iter().zip(&judgement.outcomes) {
        let stored = match outcome {
            Outcome::Scan(scan) => scan.terminal,
            Outcome::Annul(_) => true,
            Outcome::Resolve(_) => false,
        };
        if let (true, Some(device), Some(number)) = (stored, slip.queue, slip.device_seq) {
            let queue = (slip.who.device, device);
            heard.entry(queue).or_default().numbers.push(number);
        }
    }
    heard
}

/// Which of these tokens, if any, are good passes that were not issued here. On a reader,
/// before the write: checking a signature takes its time.
fn genuine(conn: &mut Conn, keys: &PassKeys, tokens: &[&str]) -> Result<Genuine, Fault> {
    let recognised = passes::recognise(conn, keys, tokens)?;
    let good = recognised.into_iter().filter_map(|(hash, fact)| {
        let good = matches!(fact, passes::Recognised::Unknown { signature_ok: true });
        good.then_some(PassHash(hash))
    });
    Ok(good.collect())
}
