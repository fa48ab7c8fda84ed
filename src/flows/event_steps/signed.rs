//! The figures an end report is signed with. They stay as they were: scans that arrive later
//! are marked late, and reports go on counting them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    catalogue::attendance::ParticipantRole,
    checkins,
    events::store::people::Counts,
    materials::{self, store::figures::Figures},
    platform::{
        db::Conn,
        fault::Fault,
        ids::{BoothId, EventId},
    },
    registrations,
};

/// Named as in the reports; goods are those of the event and its booths, in pieces.
#[derive(Serialize)]
pub(super) struct Signed {
    registrations: i64,
    waitlisted: i64,
    no_shows: i64,
    people_in: i64,
    people_in_by_role: BTreeMap<ParticipantRole, i64>,
    issued: i64,
    used: i64,
    given: i64,
    returned: i64,
    lost: i64,
    damaged: i64,
}

/// The figures of an event whose people and goods are held; its attendance is held here.
pub(super) fn figures(
    conn: &mut Conn,
    event: EventId,
    booths: &[BoothId],
    counts: Counts,
) -> Result<Signed, Fault> {
    let by_role = checkins::store::sums::hold(conn, event)?;
    let present = checkins::store::sums::present(conn, event)?;
    let expected = registrations::store::registered(conn, event)?;
    let absent = expected.iter().filter(|person| !present.contains_key(person)).count();
    let Figures { issued, used, given, returned, lost, damaged } =
        materials::store::events::figures(conn, event, booths)?;
    Ok(Signed {
        registrations: counts.registered,
        waitlisted: counts.waitlisted,
        no_shows: i64::try_from(absent).unwrap_or(i64::MAX),
        people_in: by_role.values().sum(),
        people_in_by_role: by_role,
        issued,
        used,
        given,
        returned,
        lost,
        damaged,
    })
}
