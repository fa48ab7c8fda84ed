//! What is kept beside the scans, and what the scans themselves come to, a few events or
//! booths at a time.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use uuid::Uuid;

use super::{
    load::{COUNTS, Counts, attendance},
    row::InLine,
};
use crate::{
    catalogue::attendance::ParticipantRole,
    checkins::{
        model::{Place, Standing},
        rules::facts::{Presence, Rank},
    },
    platform::{
        db::Conn,
        ids::{BoothId, EventId, ParticipantId, RowId, ScanId},
        time::Day,
    },
    schema::{
        booth_attendance, check_in_places as places, check_in_presence as presence,
        event_attendance, scans,
    },
};

/// A scan of the set as sums need it.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    pub place: Place,
    pub rank: Rank,
    /// The one the scan was made in.
    pub role: Option<ParticipantRole>,
    pub standing: Standing,
}

/// Events that have scans or counts, in the order of ids, from behind `after`.
pub fn events(conn: &mut Conn, after: Option<EventId>, limit: i64) -> QueryResult<Vec<EventId>> {
    let after = after.unwrap_or(EventId(Uuid::nil()));
    let scanned: Vec<Option<EventId>> = scans::table
        .filter(scans::event_id.gt(after))
        .group_by(scans::event_id)
        .select(scans::event_id)
        .order(scans::event_id)
        .limit(limit)
        .load(conn)?;
    let visited: Vec<EventId> = presence::table
        .filter(presence::event_id.gt(after))
        .group_by(presence::event_id)
        .select(presence::event_id)
        .order(presence::event_id)
        .limit(limit)
        .load(conn)?;
    let counted: Vec<EventId> = event_attendance::table
        .filter(event_attendance::event_id.gt(after))
        .group_by(event_attendance::event_id)
        .select(event_attendance::event_id)
        .order(event_attendance::event_id)
        .limit(limit)
        .load(conn)?;
    Ok(first(scanned.into_iter().flatten().chain(visited).chain(counted), limit))
}

/// Booths that have scans or counts, in the order of ids, from behind `after`.
pub fn booths(conn: &mut Conn, after: Option<BoothId>, limit: i64) -> QueryResult<Vec<BoothId>> {
    let after = after.unwrap_or(BoothId(Uuid::nil()));
    let scanned: Vec<Option<BoothId>> = scans::table
        .filter(scans::booth_id.gt(after))
        .group_by(scans::booth_id)
        .select(scans::booth_id)
        .order(scans::booth_id)
        .limit(limit)
        .load(conn)?;
    let counted: Vec<BoothId> = booth_attendance::table
        .filter(booth_attendance::booth_id.gt(after))
        .group_by(booth_attendance::booth_id)
        .select(booth_attendance::booth_id)
        .order(booth_attendance::booth_id)
        .limit(limit)
        .load(conn)?;
    Ok(first(scanned.into_iter().flatten().chain(counted), limit))
}

/// The first of several lists that each begin with their first.
fn first<T: Ord>(ids: impl Iterator<Item = T>, limit: i64) -> Vec<T> {
    let ids: BTreeSet<T> = ids.collect();
    ids.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
}

const IN_SET: [Standing; 2] = [Standing::Admitted, Standing::Duplicate];

/// The scans of the set that count for an event.
pub fn of_event(conn: &mut Conn, event: EventId) -> QueryResult<Vec<Counted>> {
    let rows = scans::table
        .filter(scans::event_id.eq(event))
        .filter(scans::standing.eq_any(IN_SET))
        .select((InLine::as_select(), scans::standing))
        .load(conn)?;
    Ok(counted(rows))
}

/// The scans of the set at a booth.
pub fn of_booth(conn: &mut Conn, booth: BoothId) -> QueryResult<Vec<Counted>> {
    let rows = scans::table
        .filter(scans::booth_id.eq(booth))
        .filter(scans::standing.eq_any(IN_SET))
        .select((InLine::as_select(), scans::standing))
        .load(conn)?;
    Ok(counted(rows))
}

fn counted(rows: Vec<(InLine, Standing)>) -> Vec<Counted> {
    let counted = rows.into_iter().filter_map(|(row, standing)| {
        let member = row.member();
        Some(Counted { place: row.place()?, rank: member.rank(), role: row.role, standing })
    });
    counted.collect()
}

/// Who holds each place of an event's gate or of a booth, by day and person.
pub fn holders(
    conn: &mut Conn,
    target: RowId,
) -> QueryResult<BTreeMap<(String, ParticipantId), ScanId>> {
    let rows: Vec<(String, ParticipantId, Option<ScanId>)> = places::table
        .filter(places::target_id.eq(target))
        .select((places::day, places::participant_id, places::scan_id))
        .load(conn)?;
    let held = rows.into_iter().filter_map(|(day, who, scan)| Some(((day, who), scan?)));
    Ok(held.collect())
}

/// Who is in at an event.
pub fn present(conn: &mut Conn, event: EventId) -> QueryResult<BTreeMap<ParticipantId, Presence>> {
    let rows: Vec<(ParticipantId, Counts)> = presence::table
        .filter(presence::event_id.eq(event))
        .filter(presence::scans.gt(0))
        .select((presence::participant_id, COUNTS))
        .load(conn)?;
    Ok(rows.into_iter().map(|(who, counts)| (who, attendance(counts))).collect())
}

/// People in, as counted.
pub fn by_role(conn: &mut Conn, event: EventId) -> QueryResult<BTreeMap<ParticipantRole, i64>> {
    let rows: Vec<(ParticipantRole, i64)> = event_attendance::table
        .filter(event_attendance::event_id.eq(event))
        .filter(event_attendance::people.ne(0))
        .select((event_attendance::role, event_attendance::people))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// People in, as counted, and nobody changes it until this write ends. The rows stand for
/// all who come and go, so those of roles that have not come yet are made.
pub fn hold(conn: &mut Conn, event: EventId) -> QueryResult<BTreeMap<ParticipantRole, i64>> {
    if let Conn::Pg(conn) = conn {
        let rows: Vec<_> = ParticipantRole::ALL
            .iter()
            .map(|role| {
                (
                    event_attendance::event_id.eq(event),
                    event_attendance::role.eq(*role),
                    event_attendance::people.eq(0),
                )
            })
            .collect();
        diesel::insert_into(event_attendance::table)
            .values(rows)
            .on_conflict((event_attendance::event_id, event_attendance::role))
            .do_update()
            .set(event_attendance::people.eq(event_attendance::people))
            .execute(conn)?;
    }
    by_role(conn, event)
}

/// People at a booth, as counted.
pub fn by_day(conn: &mut Conn, booth: BoothId) -> QueryResult<BTreeMap<Day, i64>> {
    let rows: Vec<(Day, i64)> = booth_attendance::table
        .filter(booth_attendance::booth_id.eq(booth))
        .filter(booth_attendance::people.ne(0))
        .select((booth_attendance::day, booth_attendance::people))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
