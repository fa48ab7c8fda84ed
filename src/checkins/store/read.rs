//! Looking at scans and counters.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    dsl::{count_star, sql},
    expression::SqlLiteral,
    prelude::*,
    sql_types::{BigInt, Bool},
};

use crate::{
    accounts::Scope,
    catalogue::attendance::ParticipantRole,
    checkins::model::{ConflictKind, Decision, LocalVerdict, Mode, Reason, Standing, Verdict},
    in_scope,
    platform::{
        db::Conn,
        ids::{BoothId, DeviceId, EventId, ParticipantId, ScanId},
        time::{Day, Instant},
    },
    schema::{booth_attendance, check_in_conflicts as conflicts, event_attendance, scans},
};

/// A scan as lists show it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = scans)]
pub struct Listed {
    pub seq: i64,
    pub scan_id: ScanId,
    pub event_id: Option<EventId>,
    pub booth_id: Option<BoothId>,
    pub participant_id: Option<ParticipantId>,
    pub role: Option<ParticipantRole>,
    pub standing: Standing,
    pub verdict: Verdict,
    pub reason: Option<Reason>,
    pub resolution: Option<Decision>,
    pub effective_at: Instant,
    pub scanned_at: Instant,
    pub received_at: Instant,
    pub device_id: DeviceId,
    pub mode: Mode,
    pub local_verdict: Option<LocalVerdict>,
    pub late: bool,
}

/// What a list of scans is narrowed by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    pub standing: Option<Standing>,
    pub reason: Option<Reason>,
}

/// The scans that count for an event, in the order of their arrival, from behind `after`.
pub fn of_event(
    conn: &mut Conn,
    event: EventId,
    wanted: Wanted,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Listed>> {
    let mut query = scans::table.filter(scans::event_id.eq(event)).into_boxed();
    if let Some(standing) = wanted.standing {
        query = query.filter(scans::standing.eq(standing));
    }
    if let Some(reason) = wanted.reason {
        query = query.filter(scans::reason.eq(reason));
    }
    if let Some(after) = after {
        query = query.filter(scans::seq.gt(after));
    }
    query.order(scans::seq).limit(limit).select(Listed::as_select()).load(conn)
}

/// What waits for a coordinator's word; the literal is what the partial index knows.
fn waiting() -> SqlLiteral<Bool> {
    sql("standing = 'quarantined'")
}

/// The quarantined scans of a scope in the order of their arrival, from behind `after`.
pub fn quarantined(
    conn: &mut Conn,
    scope: &Scope,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Listed>> {
    in_scope!(scans::table.filter(waiting()).into_boxed(), scope, scans)
        .filter(scans::seq.gt(after.unwrap_or(0)))
        .order(scans::seq)
        .limit(limit)
        .select(Listed::as_select())
        .load(conn)
}

/// How many scans of a scope are quarantined.
pub fn count_quarantined(conn: &mut Conn, scope: &Scope) -> QueryResult<i64> {
    let query = scans::table.filter(waiting()).into_boxed();
    in_scope!(query, scope, scans).count().get_result(conn)
}

pub fn find(conn: &mut Conn, id: ScanId) -> QueryResult<Option<Listed>> {
    scans::table.filter(scans::scan_id.eq(id)).select(Listed::as_select()).first(conn).optional()
}

/// A disputed scan, as it was when it was noted and as it is.
#[derive(Clone, Debug, Queryable)]
pub struct Dispute {
    pub seq: i64,
    pub kind: ConflictKind,
    pub local_verdict: LocalVerdict,
    pub noted_standing: Standing,
    pub other_scan_id: Option<ScanId>,
    pub noted_at: Instant,
    pub scan_id: ScanId,
    pub booth_id: Option<BoothId>,
    pub participant_id: Option<ParticipantId>,
    pub device_id: DeviceId,
    pub effective_at: Instant,
    pub reason: Option<Reason>,
    pub standing: Standing,
    pub resolution: Option<Decision>,
}

/// The disputed scans of an event in the order in which they were noted.
pub fn conflicts_of(
    conn: &mut Conn,
    event: EventId,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Dispute>> {
    conflicts::table
        .inner_join(scans::table.on(scans::scan_id.eq(conflicts::scan_id)))
        .filter(conflicts::event_id.eq(event))
        .filter(conflicts::seq.gt(after.unwrap_or(0)))
        .order(conflicts::seq)
        .limit(limit)
        .select((
            conflicts::seq,
            conflicts::kind,
            conflicts::local_verdict,
            conflicts::standing,
            conflicts::other_scan_id,
            conflicts::noted_at,
            scans::scan_id,
            scans::booth_id,
            scans::participant_id,
            scans::device_id,
            scans::effective_at,
            scans::reason,
            scans::standing,
            scans::resolution,
        ))
        .load(conn)
}

/// People in, by event.
pub fn people_in(conn: &mut Conn, events: &[EventId]) -> QueryResult<BTreeMap<EventId, i64>> {
    let mut inside = BTreeMap::new();
    let rows: Vec<(EventId, i64)> = event_attendance::table
        .filter(event_attendance::event_id.eq_any(events.to_vec()))
        .select((event_attendance::event_id, event_attendance::people))
        .load(conn)?;
    for (event, people) in rows {
        *inside.entry(event).or_insert(0) += people;
    }
    Ok(inside)
}

/// Whether a scan was ever made at a booth, let in or not.
pub fn any_at_booth(conn: &mut Conn, booth: BoothId) -> QueryResult<bool> {
    let scan: Option<ScanId> = scans::table
        .filter(scans::booth_id.eq(booth))
        .select(scans::scan_id)
        .first(conn)
        .optional()?;
    Ok(scan.is_some())
}

/// People at booths, by day.
pub fn people_at(
    conn: &mut Conn,
    wanted: &BTreeSet<(BoothId, Day)>,
) -> QueryResult<BTreeMap<(BoothId, Day), i64>> {
    let (booths, days): (Vec<BoothId>, Vec<Day>) = wanted.iter().copied().unzip();
    let rows: Vec<(BoothId, Day, i64)> = booth_attendance::table
        .filter(booth_attendance::booth_id.eq_any(booths))
        .filter(booth_attendance::day.eq_any(days))
        .load(conn)?;
    Ok(rows.into_iter().map(|(booth, day, people)| ((booth, day), people)).collect())
}

/// How an event was attended.
#[derive(Clone, Debug, Default)]
pub struct Attendance {
    pub by_role: Vec<(ParticipantRole, i64)>,
    /// Scans that hold a place; `None` is the gate.
    pub by_booth: Vec<(Option<BoothId>, i64)>,
    /// The same, by hours since 1970 in local time.
    pub by_hour: Vec<(i64, i64)>,
    pub by_standing: Vec<(Standing, i64)>,
}

/// Eight hours: local time is +08:00.
const HOUR: &str = "(effective_at + 28800000) / 3600000";

pub fn attendance(conn: &mut Conn, event: EventId) -> QueryResult<Attendance> {
    let by_role = event_attendance::table
        .filter(event_attendance::event_id.eq(event))
        .filter(event_attendance::people.gt(0))
        .order(event_attendance::role)
        .select((event_attendance::role, event_attendance::people))
        .load(conn)?;
    let by_booth = scans::table
        .filter(scans::event_id.eq(event))
        .filter(scans::standing.eq(Standing::Admitted))
        .group_by(scans::booth_id)
        .select((scans::booth_id, count_star()))
        .load(conn)?;
    let by_hour: Vec<(i64, i64)> = scans::table
        .filter(scans::event_id.eq(event))
        .filter(scans::standing.eq(Standing::Admitted))
        .group_by(sql::<BigInt>(HOUR))
        .select((sql::<BigInt>(HOUR), count_star()))
        .load(conn)?;
    let by_standing = scans::table
        .filter(scans::event_id.eq(event))
        .group_by(scans::standing)
        .select((scans::standing, count_star()))
        .load(conn)?;
    let mut found = Attendance { by_role, by_booth, by_hour, by_standing };
    found.by_booth.sort();
    found.by_hour.sort_unstable();
    found.by_standing.sort();
    Ok(found)
}
