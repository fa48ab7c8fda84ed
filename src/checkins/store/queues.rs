//! Which numbers have come from a phone, and what came and made no scan.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{prelude::*, upsert::excluded};

use super::Attempt;
use crate::{
    checkins::{model::Reason, rules::sequence::Received},
    each,
    platform::{
        db::{Conn, Json},
        ids::DeviceId,
        time::Instant,
    },
    schema::{device_queues as queues, scan_attempts as attempts},
};

/// What a session's device said of one queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Numbers that are stored for good.
    pub numbers: Vec<i64>,
    /// The highest number it gave out, where it said so.
    pub high: Option<i64>,
}

/// Queues that are kept of one session's device.
const MOST: i64 = 50;

/// A queue: the session's device that speaks of it, and the device it claims to be.
pub type Queue = (DeviceId, DeviceId);

/// Notes numbers; answers what has come of each of these queues.
pub fn note(
    conn: &mut Conn,
    heard: &BTreeMap<Queue, Heard>,
    now: Instant,
) -> QueryResult<BTreeMap<Queue, Received>> {
    if heard.is_empty() {
        return Ok(BTreeMap::new());
    }
    hold(conn, heard, now)?;
    let mut known = known(conn, heard)?;
    let never_heard = |queue: &&Queue| known.get(queue).is_none_or(|(_, highest)| *highest == 0);
    let fresh: BTreeSet<DeviceId> =
        heard.keys().filter(never_heard).map(|(session, _)| *session).collect();
    for (queue, news) in heard {
        let (received, highest) = known.entry(*queue).or_default();
        news.numbers.iter().for_each(|number| received.insert(*number));
        *highest = (*highest).max(received.highest()).max(news.high.unwrap_or(0));
    }
    let rows = known.iter().map(|((session_device, device_id), (received, highest))| {
        (
            queues::session_device.eq(*session_device),
            queues::device_id.eq(*device_id),
            queues::received.eq(Json(received.clone())),
            queues::highest.eq(*highest),
            queues::last_seen_at.eq(now),
        )
    });
    let rows: Vec<_> = rows.collect();
    each!(conn, c => diesel::insert_into(queues::table)
        .values(rows)
        .on_conflict((queues::session_device, queues::device_id))
        .do_update()
        .set((
            queues::received.eq(excluded(queues::received)),
            queues::highest.eq(excluded(queues::highest)),
            queues::last_seen_at.eq(excluded(queues::last_seen_at)),
        ))
        .execute(c))?;
    for session_device in fresh {
        forget_old(conn, session_device)?;
    }
    Ok(known.into_iter().map(|(queue, (received, _))| (queue, received)).collect())
}

/// A phone has one queue, or a few; of one that claims to be ever new devices the queues that
/// were silent longest are forgotten.
fn forget_old(conn: &mut Conn, session_device: DeviceId) -> QueryResult<()> {
    let own = queues::table.filter(queues::session_device.eq(session_device));
    let old: Vec<DeviceId> = own
        .order((queues::last_seen_at.desc(), queues::device_id.desc()))
        .offset(MOST)
        .limit(i64::from(i32::MAX))
        .select(queues::device_id)
        .load(conn)?;
    if old.is_empty() {
        return Ok(());
    }
    diesel::delete(own.filter(queues::device_id.eq_any(old))).execute(conn).map(drop)
}

/// Holds the rows until the end of the write, whether they are new or not. SQLite writes one
/// after another.
fn hold(conn: &mut Conn, heard: &BTreeMap<Queue, Heard>, now: Instant) -> QueryResult<()> {
    let Conn::Pg(conn) = conn else { return Ok(()) };
    let rows = heard.keys().map(|(session_device, device_id)| {
        (
            queues::session_device.eq(*session_device),
            queues::device_id.eq(*device_id),
            queues::received.eq(Json(Received::default())),
            queues::highest.eq(0),
            queues::last_seen_at.eq(now),
        )
    });
    diesel::insert_into(queues::table)
        .values(rows.collect::<Vec<_>>())
        .on_conflict((queues::session_device, queues::device_id))
        .do_update()
        .set(queues::last_seen_at.eq(queues::last_seen_at))
        .execute(conn)
        .map(drop)
}

fn known(
    conn: &mut Conn,
    heard: &BTreeMap<Queue, Heard>,
) -> QueryResult<BTreeMap<Queue, (Received, i64)>> {
    let (sessions, devices): (BTreeSet<_>, BTreeSet<_>) = heard.keys().copied().unzip();
    let rows: Vec<(DeviceId, DeviceId, Json<Received>, i64)> = queues::table
        .filter(queues::session_device.eq_any(sessions))
        .filter(queues::device_id.eq_any(devices))
        .select((queues::session_device, queues::device_id, queues::received, queues::highest))
        .load(conn)?;
    let known = rows
        .into_iter()
        .map(|(session, device, Json(received), highest)| ((session, device), (received, highest)));
    Ok(known.filter(|(queue, _)| heard.contains_key(queue)).collect())
}

/// What has come of one queue.
pub fn received(
    conn: &mut Conn,
    session_device: DeviceId,
    device_id: DeviceId,
) -> QueryResult<Received> {
    let queue = queues::table.find((session_device, device_id));
    let found: Option<Json<Received>> = queue.select(queues::received).first(conn).optional()?;
    Ok(found.map(|Json(received)| received).unwrap_or_default())
}

/// Keeps attempts as they were received, each once from a device.
pub fn keep<'a>(
    conn: &mut Conn,
    received: impl Iterator<Item = (&'a Attempt, Reason)>,
) -> QueryResult<()> {
    let rows = received.map(|(attempt, reason)| {
        (
            attempts::session_device.eq(attempt.session_device),
            attempts::body_sha256.eq(attempt.body_sha256.as_slice()),
            attempts::user_id.eq(attempt.user),
            attempts::scan_id.eq(attempt.scan_id),
            attempts::reason.eq(reason),
            attempts::received_at.eq(attempt.received_at),
            attempts::body.eq(&attempt.body),
        )
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        each!(conn, c => diesel::insert_into(attempts::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}
