//! `campus-ops verify`: recomputes what is kept twice from its sources, room by room.

use crate::{
    booths, checkins, events, materials,
    platform::{
        db::{self, Conn},
        fault::Fault,
    },
    registrations,
};

/// At most so many differences are named.
pub const LIMIT: usize = 100;

/// What does not agree with its sources, in sentences; empty when all does.
pub fn differences(conn: &mut Conn) -> Result<Vec<String>, Fault> {
    let mut found = events::verify::differences(conn, LIMIT)?;
    found.extend(registrations::verify::differences(conn, LIMIT)?);
    found.extend(materials::store::check::differences(conn, LIMIT)?);
    found.extend(booths::verify::differences(conn, LIMIT)?);
    found.extend(checkins::verify::differences(conn, LIMIT)?);
    found.extend(db::verify::differences(conn)?);
    found.truncate(LIMIT);
    Ok(found)
}
