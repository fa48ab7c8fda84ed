//! What of sign-ins is forgotten when it can no longer matter.

use chrono::Duration;
use diesel::prelude::*;

use crate::{
    platform::{db::Conn, time::Instant},
    purge,
    schema::{sessions, sign_in_failures as failures},
};

/// A session, ended or not, goes when no token of its family could live any more: until then
/// a copied token is known for one.
pub const SESSIONS: Duration = Duration::zero();
/// A phone is locked for an hour from the time its row tells.
pub const FAILURES: Duration = Duration::hours(2);

/// Forgets sessions that expired before `before`.
pub fn purge_sessions(conn: &mut Conn, before: Instant, most: i64) -> QueryResult<usize> {
    purge!(conn, sessions::table, sessions::expires_at, before, most)
}

/// Forgets failed sign-ins from before `before`.
pub fn purge_failures(conn: &mut Conn, before: Instant, most: i64) -> QueryResult<usize> {
    purge!(conn, failures::table, failures::since, before, most)
}
