//! `campus-ops verify`: recomputes what is kept as a count or a balance from its sources.

use crate::{
    checkins, materials,
    platform::{db::Conn, fault::Fault},
    registrations,
};

/// At most so many differences are named.
pub const LIMIT: usize = 100;

/// What does not agree with its sources, in sentences; empty when all does.
pub fn differences(conn: &mut Conn) -> Result<Vec<String>, Fault> {
    let mut found = registrations::verify::differences(conn, LIMIT)?;
    found.extend(materials::store::check::differences(conn, LIMIT)?);
    found.extend(checkins::verify::differences(conn, LIMIT)?);
    found.truncate(LIMIT);
    Ok(found)
}
