//! What is done by the hour without anybody asking: what was kept long enough is forgotten,
//! in small writes between which others write. All of it goes by real time.
//!
//! Every server of a PostgreSQL database does this; what one has deleted the next does not
//! find.

use std::time::Duration as Pause;

use chrono::Duration;
use diesel::QueryResult;
use tokio::time::MissedTickBehavior;

use super::server::Shared;
use crate::{
    accounts::store::retention::{FAILURES, SESSIONS, purge_failures, purge_sessions},
    platform::{
        clock::Clocks,
        db::{
            Conn, Db, Meta,
            retention::{TOMBSTONES, purge_tombstones},
        },
        fault::Fault,
        http::idempotency,
        time::Instant,
    },
};

const EVERY: Pause = Pause::from_secs(3600);
/// Rows of one write: it shall stay under 20 ms.
const AT_ONCE: i64 = 500;

/// A kind of rows, how long they are kept, and what deletes some of the oldest.
struct Kept {
    what: &'static str,
    keep: Duration,
    purge: fn(&mut Conn, Instant, i64) -> QueryResult<usize>,
}

const KEPT: [Kept; 4] = [
    Kept { what: "idempotency keys", keep: idempotency::KEPT, purge: idempotency::purge },
    Kept { what: "sessions", keep: SESSIONS, purge: purge_sessions },
    Kept { what: "failed sign-ins", keep: FAILURES, purge: purge_failures },
    Kept { what: "deletions in the change log", keep: TOMBSTONES, purge: purge_tombstones },
];

/// Works once an hour, the first time at once; ends when its task is ended.
pub async fn run(shared: Shared) {
    let mut hour = tokio::time::interval(EVERY);
    hour.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        hour.tick().await;
        if let Some(limits) = &shared.limits {
            limits.tidy();
        }
        match tidy(&shared.db, &shared.clocks).await {
            Ok(gone) => tracing::info!(gone, "tidied"),
            // The next hour finds what this one left.
            Err(fault) => tracing::warn!(%fault, "could not tidy"),
        }
    }
}

/// Forgets all that is due; answers how many rows went.
pub async fn tidy(db: &Db, clocks: &Clocks) -> Result<usize, Fault> {
    let mut all = 0;
    for kept in &KEPT {
        let gone = forget(db, clocks, kept).await?;
        if gone > 0 {
            tracing::debug!(what = kept.what, gone, "forgotten");
        }
        all += gone;
    }
    Ok(all)
}

async fn forget(db: &Db, clocks: &Clocks, kept: &Kept) -> Result<usize, Fault> {
    let (now, real_now) = (clocks.business.now(), clocks.real.now());
    let meta = Meta { now, real_now, user: None, request: None };
    let (before, purge) = (real_now - kept.keep, kept.purge);
    let mut all = 0;
    loop {
        let gone = db.write(meta, move |tx| Ok(purge(tx, before, AT_ONCE)?)).await?;
        all += gone;
        if i64::try_from(gone).is_ok_and(|gone| gone < AT_ONCE) {
            return Ok(all);
        }
    }
}
