//! Which numbers have come from a phone, and what came and made no scan.

use std::collections::BTreeMap;

use diesel::prelude::*;

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

/// Notes numbers, by claimed device; answers what has come of each of these queues.
pub fn note(
    conn: &mut Conn,
    session_device: DeviceId,
    heard: &BTreeMap<DeviceId, Heard>,
    now: Instant,
) -> QueryResult<BTreeMap<DeviceId, Received>> {
    let mut answers = BTreeMap::new();
    for (device_id, news) in heard {
        let row = (
            queues::session_device.eq(session_device),
            queues::device_id.eq(*device_id),
            queues::received.eq(Json(Received::default())),
            queues::highest.eq(0),
            queues::last_seen_at.eq(now),
        );
        // Holds the row until the end of the write, whether it is new or not.
        let (Json(mut received), highest): (Json<Received>, i64) = each!(&mut *conn, c => diesel::insert_into(queues::table)
                .values(row)
                .on_conflict((queues::session_device, queues::device_id))
                .do_update()
                .set(queues::last_seen_at.eq(now))
                .returning((queues::received, queues::highest))
                .get_result(c))?;
        news.numbers.iter().for_each(|number| received.insert(*number));
        let highest = highest.max(received.highest()).max(news.high.unwrap_or(0));
        diesel::update(queues::table.find((session_device, *device_id)))
            .set((queues::received.eq(Json(received.clone())), queues::highest.eq(highest)))
            .execute(conn)?;
        answers.insert(*device_id, received);
    }
    Ok(answers)
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
