//! What a write sees: the connection, who writes and when, and the places where a write
//! leaves its traces: audit, outbox and change log, all in its own transaction.

use std::ops::{Deref, DerefMut};

use diesel::prelude::*;
use serde_json::Value;

use super::{Conn, Json};
use crate::{
    each,
    platform::{
        fault::Fault,
        ids::{CampusId, RequestId, RowId, UserId},
        names::CityCode,
        time::Instant,
    },
    schema::{audit, change_seq, changes, outbox},
};

/// Up to nine values a row; SQLite binds 32,766 in one statement.
const AT_ONCE: usize = 500;

/// Who writes, when, and in which request. Made before the closure, which may run again.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    /// Business time.
    pub now: Instant,
    /// The machine's time: audit, idempotency, sessions.
    pub real_now: Instant,
    pub user: Option<UserId>,
    pub request: Option<RequestId>,
}

/// One write.
pub struct Tx<'c> {
    conn: &'c mut Conn,
    pub meta: Meta,
    changes: Vec<Change>,
}

/// An audit entry: what was done to which row. Never names, phones or secrets.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// `area.verb`, as `event.approve`.
    pub action: &'static str,
    /// The kind of row, as `event`.
    pub kind: &'static str,
    pub id: String,
    pub city: Option<CityCode>,
    pub campus: Option<CampusId>,
    pub detail: Value,
}

#[derive(Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
struct AuditRow {
    at: Instant,
    user_id: Option<UserId>,
    request_id: Option<RequestId>,
    action: &'static str,
    kind: &'static str,
    entity_id: String,
    city: Option<CityCode>,
    campus_id: Option<CampusId>,
    detail: Json<Value>,
}

impl AuditRow {
    fn of(meta: Meta, entry: Audit) -> Self {
        Self {
            at: meta.real_now,
            user_id: meta.user,
            request_id: meta.request,
            action: entry.action,
            kind: entry.kind,
            entity_id: entry.id,
            city: entry.city,
            campus_id: entry.campus,
            detail: Json(entry.detail),
        }
    }
}

/// A row that followers of the change log should read again.
#[derive(Clone, Debug)]
pub struct Change {
    pub kind: &'static str,
    pub id: RowId,
    pub campus: Option<CampusId>,
    pub city: Option<CityCode>,
    pub deleted: bool,
}

impl Tx<'_> {
    /// The whole of a write as the doors run it: the work, then the change log, whose
    /// counter comes last so that its order is the order of commit.
    pub(super) fn job<T, F>(meta: Meta, work: F) -> impl Fn(&mut Conn) -> Result<T, Fault> + Send
    where
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send,
    {
        move |conn| {
            let mut tx = Tx { conn, meta, changes: Vec::new() };
            let value = work(&mut tx)?;
            tx.log_changes()?;
            Ok(value)
        }
    }

    /// Leaves an entry in the audit log.
    pub fn audit(&mut self, entry: Audit) -> QueryResult<()> {
        let row = AuditRow::of(self.meta, entry);
        diesel::insert_into(audit::table).values(row).execute(self.conn).map(drop)
    }

    /// Leaves many, in few statements.
    pub fn audit_all(&mut self, entries: Vec<Audit>) -> QueryResult<()> {
        let meta = self.meta;
        let rows: Vec<_> = entries.into_iter().map(|entry| AuditRow::of(meta, entry)).collect();
        for rows in rows.chunks(AT_ONCE) {
            each!(&mut *self.conn, c => diesel::insert_into(audit::table)
                .values(rows)
                .execute(c))?;
        }
        Ok(())
    }

    /// Tells the change log, at the end of this write.
    pub fn changed(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Leaves a message that is sent after the commit, at least once.
    pub fn outbox(&mut self, topic: &str, payload: Value) -> QueryResult<()> {
        let row = (
            outbox::at.eq(self.meta.real_now),
            outbox::topic.eq(topic),
            outbox::payload.eq(Json(payload)),
        );
        diesel::insert_into(outbox::table).values(row).execute(self.conn).map(drop)
    }

    fn log_changes(&mut self) -> QueryResult<()> {
        if self.changes.is_empty() {
            return Ok(());
        }
        let many = i64::try_from(self.changes.len()).unwrap_or(i64::MAX);
        let last: i64 = diesel::update(change_seq::table.find(1))
            .set(change_seq::seq.eq(change_seq::seq + many))
            .returning(change_seq::seq)
            .get_result(self.conn)?;
        let changes = std::mem::take(&mut self.changes);
        let rows = changes.into_iter().zip(last - many + 1..).map(|(change, seq)| {
            (
                changes::seq.eq(seq),
                changes::at.eq(self.meta.real_now),
                changes::kind.eq(change.kind),
                changes::entity_id.eq(change.id),
                changes::campus_id.eq(change.campus),
                changes::city.eq(change.city),
                changes::deleted.eq(change.deleted),
            )
        });
        let rows: Vec<_> = rows.collect();
        // Everybody else's write waits for the counter: few round trips, not one per row.
        for rows in rows.chunks(AT_ONCE) {
            each!(&mut *self.conn, c => diesel::insert_into(changes::table)
                .values(rows)
                .execute(c))?;
        }
        Ok(())
    }
}

impl Deref for Tx<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}
