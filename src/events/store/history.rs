//! What others have seen of an event, and its end reports. Both only grow.

use diesel::prelude::*;
use serde_json::Value;

use crate::{
    events::{
        event::{Event, Told},
        model::{EndReport, EventState, HistoryAction},
    },
    platform::{
        db::{Conn, Json, Tx},
        ids::{EventId, UserId},
        time::Instant,
    },
    schema::{event_history as history, event_reports as reports},
};

/// One line of the history.
#[derive(Clone, Debug, Queryable)]
pub struct Entry {
    pub seq: i64,
    pub at: Instant,
    pub user_id: UserId,
    pub action: HistoryAction,
    pub from_state: EventState,
    pub to_state: EventState,
    pub version: i64,
    pub comment: Option<String>,
    pub content_hash: String,
    pub data: Json<Value>,
}

/// Writes down that `user` took `old` to `new`.
pub fn note(
    tx: &mut Tx<'_>,
    user: UserId,
    old: &Event,
    new: &Event,
    told: &Told,
) -> QueryResult<()> {
    let row = (
        history::event_id.eq(new.id),
        history::at.eq(tx.meta.now),
        history::user_id.eq(user),
        history::action.eq(told.action),
        history::from_state.eq(old.state),
        history::to_state.eq(new.state),
        history::version.eq(new.version),
        history::comment.eq(told.comment.clone()),
        history::content_hash.eq(&new.content_hash),
        history::data.eq(Json(told.data.clone())),
    );
    diesel::insert_into(history::table).values(row).execute(&mut **tx).map(drop)
}

/// The history of an event in its order, from behind `after`.
pub fn list(
    conn: &mut Conn,
    id: EventId,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Entry>> {
    history::table
        .filter(history::event_id.eq(id))
        .filter(history::seq.gt(after.unwrap_or(0)))
        .order(history::seq)
        .limit(limit)
        .select((
            history::seq,
            history::at,
            history::user_id,
            history::action,
            history::from_state,
            history::to_state,
            history::version,
            history::comment,
            history::content_hash,
            history::data,
        ))
        .load(conn)
}

/// Keeps the end report of a closing, with the figures as they were signed.
pub fn report(
    tx: &mut Tx<'_>,
    event: EventId,
    user: UserId,
    report: &EndReport,
    waive_reason: Option<&str>,
    figures: Value,
) -> QueryResult<()> {
    let row = (
        reports::event_id.eq(event),
        reports::at.eq(tx.meta.now),
        reports::user_id.eq(user),
        reports::summary.eq(&report.summary),
        reports::attendance_note.eq(report.attendance_note.as_deref()),
        reports::waive_reason.eq(waive_reason),
        reports::figures.eq(Json(figures)),
    );
    diesel::insert_into(reports::table).values(row).execute(&mut **tx).map(drop)
}
