//! Whether tallies lie at their booths: they carry the booth's season, campus and city.

use super::store;
use crate::platform::{db::Conn, fault::Fault};

/// What does not agree, in sentences; at most `limit`.
pub fn differences(conn: &mut Conn, limit: usize) -> Result<Vec<String>, Fault> {
    let astray = store::astray(conn, i64::try_from(limit).unwrap_or(i64::MAX))?;
    Ok(astray
        .into_iter()
        .map(|(booth, day)| format!("booth {booth}: its tally of {day} lies outside of it"))
        .collect())
}
