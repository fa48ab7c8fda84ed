//! What a slice is judged by, as far as this room knows it: each kind with one query.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use diesel::{prelude::*, upsert::excluded};

use super::{
    Home,
    row::{InLine, Row},
};
use crate::{
    catalogue::attendance::ParticipantRole,
    checkins::{
        model::{AnnulmentState, Place, Standing},
        rules::{
            Annulment, Wanted,
            facts::{Member, Presence, Rank, Stored},
        },
    },
    platform::{
        db::Conn,
        fault::Fault,
        ids::{DeviceId, EventId, ParticipantId, RowId, ScanId, UserId},
        time::Instant,
    },
    schema::{
        annulments, check_in_places as places, check_in_presence as presence, scan_ids, scans,
    },
};

/// The day of a gate's place: it is held once, whatever the day.
pub(in crate::checkins) const GATE: &str = "";

/// Makes those who speak of these scans come one after the other. Sorted; before anything
/// about the scans is read.
pub fn lock_scans(conn: &mut Conn, ids: &[ScanId]) -> QueryResult<()> {
    let Conn::Pg(conn) = conn else { return Ok(()) };
    let rows: Vec<_> = ids.iter().map(|id| scan_ids::id.eq(*id)).collect();
    diesel::insert_into(scan_ids::table)
        .values(rows)
        .on_conflict(scan_ids::id)
        .do_update()
        .set(scan_ids::id.eq(excluded(scan_ids::id)))
        .execute(conn)
        .map(drop)
}

/// Makes those who change these attendances and places come one after the other. Before they
/// are read. `roles` has everybody whom `wanted` names.
pub fn lock_lines(
    conn: &mut Conn,
    wanted: &Wanted,
    roles: &BTreeMap<ParticipantId, ParticipantRole>,
) -> QueryResult<()> {
    let Conn::Pg(conn) = conn else { return Ok(()) };
    let attendances = wanted.attendances.iter().filter_map(|(event, participant)| {
        let role = roles.get(participant)?;
        Some((
            presence::event_id.eq(*event),
            presence::participant_id.eq(*participant),
            presence::scans.eq(0),
            presence::role.eq(*role),
        ))
    });
    diesel::insert_into(presence::table)
        .values(attendances.collect::<Vec<_>>())
        .on_conflict((presence::event_id, presence::participant_id))
        .do_update()
        .set(presence::scans.eq(presence::scans))
        .execute(conn)?;
    let lines = wanted.places.iter().map(|place| {
        let (target, day, participant) = key(*place);
        (places::target_id.eq(target), places::day.eq(day), places::participant_id.eq(participant))
    });
    diesel::insert_into(places::table)
        .values(lines.collect::<Vec<_>>())
        .on_conflict((places::target_id, places::day, places::participant_id))
        .do_update()
        .set(places::scan_id.eq(places::scan_id))
        .execute(conn)
        .map(drop)
}

/// How a place is written down.
pub(super) fn key(place: Place) -> (RowId, String, ParticipantId) {
    match place {
        Place::Gate { event, participant } => (event.into(), GATE.to_owned(), participant),
        Place::Booth { booth, day, participant } => (booth.into(), day.to_string(), participant),
    }
}

/// Stored scans among these, each with where it was made.
pub fn scans(conn: &mut Conn, ids: &[ScanId]) -> Result<BTreeMap<ScanId, (Home, Stored)>, Fault> {
    let rows: Vec<Row> = scans::table
        .filter(scans::scan_id.eq_any(ids.to_vec()))
        .select(Row::as_select())
        .load(conn)?;
    let opened = rows.into_iter().map(|row| row.open().map(|(id, home, scan)| (id, (home, scan))));
    opened.collect()
}

type Waiting = (ScanId, UserId, DeviceId, Instant, bool, bool, Instant);

/// Annulments that wait for these scans.
pub fn waiting(conn: &mut Conn, ids: &[ScanId]) -> QueryResult<BTreeMap<ScanId, Vec<Annulment>>> {
    let rows: Vec<Waiting> = annulments::table
        .filter(annulments::scan_id.eq_any(ids.to_vec()))
        .filter(annulments::state.eq(AnnulmentState::Waiting))
        .select((
            annulments::scan_id,
            annulments::user_id,
            annulments::session_device,
            annulments::decided_at,
            annulments::by_phone,
            annulments::device_revoked,
            annulments::received_at,
        ))
        .load(conn)?;
    let mut found: BTreeMap<ScanId, Vec<Annulment>> = BTreeMap::new();
    for (scan_id, by, session_device, decided_at, by_phone, device_revoked, received_at) in rows {
        let at = by_phone.then_some(decided_at);
        let annulment = Annulment { scan_id, by, session_device, device_revoked, at, received_at };
        found.entry(scan_id).or_default().push(annulment);
    }
    Ok(found)
}

/// Who holds the wanted places, and the whole lines of those that may lose a scan.
pub fn lines(conn: &mut Conn, wanted: &Wanted) -> QueryResult<BTreeMap<Place, Vec<Member>>> {
    let mut found: BTreeMap<Place, Vec<Member>> = BTreeMap::new();
    let mut rows = holders(conn, wanted)?;
    rows.extend(standing_in(conn, &wanted.lines)?);
    for row in rows {
        let Some(place) = row.place().filter(|place| wanted.places.contains(place)) else {
            continue;
        };
        let (line, member) = (found.entry(place).or_default(), row.member());
        // Of a whole line the holder was read twice.
        if line.iter().all(|known| known.rank() != member.rank()) {
            line.push(member);
        }
    }
    Ok(found)
}

/// May find holders of places that nobody asked for.
fn holders(conn: &mut Conn, wanted: &Wanted) -> QueryResult<Vec<InLine>> {
    if wanted.places.is_empty() {
        return Ok(Vec::new());
    }
    let (mut targets, mut days, mut people) = (HashSet::new(), HashSet::new(), HashSet::new());
    for place in &wanted.places {
        let (target, day, participant) = key(*place);
        targets.insert(target);
        days.insert(day);
        people.insert(participant);
    }
    scans::table
        .inner_join(places::table.on(places::scan_id.eq(scans::scan_id.nullable())))
        .filter(places::target_id.eq_any(targets))
        .filter(places::day.eq_any(days))
        .filter(places::participant_id.eq_any(people))
        .select(InLine::as_select())
        .load(conn)
}

const IN_SET: [Standing; 2] = [Standing::Admitted, Standing::Duplicate];

/// All scans of these places that are in the set, and maybe of some others.
fn standing_in(conn: &mut Conn, lines: &BTreeSet<Place>) -> QueryResult<Vec<InLine>> {
    let mut gates = (BTreeSet::new(), BTreeSet::new());
    let mut booths = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for place in lines {
        match *place {
            Place::Gate { event, participant } => {
                gates.0.insert(event);
                gates.1.insert(participant);
            }
            Place::Booth { booth, day, participant } => {
                booths.0.insert(booth);
                booths.1.insert(day);
                booths.2.insert(participant);
            }
        }
    }
    let mut found = Vec::new();
    if !gates.0.is_empty() {
        let rows: Vec<InLine> = scans::table
            .filter(scans::event_id.eq_any(gates.0))
            .filter(scans::participant_id.eq_any(gates.1))
            .filter(scans::booth_id.is_null())
            .filter(scans::standing.eq_any(IN_SET))
            .select(InLine::as_select())
            .load(conn)?;
        found.extend(rows);
    }
    if !booths.0.is_empty() {
        let rows: Vec<InLine> = scans::table
            .filter(scans::booth_id.eq_any(booths.0))
            .filter(scans::day.eq_any(booths.1))
            .filter(scans::participant_id.eq_any(booths.2))
            .filter(scans::standing.eq_any(IN_SET))
            .select(InLine::as_select())
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The wanted attendances of people who are in.
pub fn presence(
    conn: &mut Conn,
    wanted: &Wanted,
) -> QueryResult<BTreeMap<(EventId, ParticipantId), Presence>> {
    let (events, people): (BTreeSet<_>, BTreeSet<_>) = wanted.attendances.iter().copied().unzip();
    if events.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(EventId, ParticipantId, Counts)> = presence::table
        .filter(presence::event_id.eq_any(events))
        .filter(presence::participant_id.eq_any(people))
        .filter(presence::scans.gt(0))
        .select((presence::event_id, presence::participant_id, COUNTS))
        .load(conn)?;
    let known = rows.into_iter().map(|(event, who, counts)| ((event, who), attendance(counts)));
    Ok(known.filter(|(key, _)| wanted.attendances.contains(key)).collect())
}

pub(super) type Counts = (i64, Option<Instant>, Option<ScanId>, ParticipantRole);
pub(super) const COUNTS: (
    presence::scans,
    presence::first_at,
    presence::first_scan_id,
    presence::role,
) = (presence::scans, presence::first_at, presence::first_scan_id, presence::role);

pub(super) fn attendance((scans, first_at, first_scan_id, role): Counts) -> Presence {
    Presence { scans, first: first_at.zip(first_scan_id), role }
}

type Roles = BTreeMap<(EventId, ParticipantId), BTreeMap<Rank, ParticipantRole>>;
type Made = (Option<EventId>, Option<ParticipantId>, Instant, ScanId, Option<ParticipantRole>);

/// All scans of the set of those who may lose one.
pub fn roles(conn: &mut Conn, wanted: &Wanted) -> QueryResult<Roles> {
    let (events, people): (BTreeSet<_>, BTreeSet<_>) = wanted.losing.iter().copied().unzip();
    if events.is_empty() {
        return Ok(Roles::new());
    }
    let rows: Vec<Made> = scans::table
        .filter(scans::event_id.eq_any(events))
        .filter(scans::participant_id.eq_any(people))
        .filter(scans::standing.eq_any(IN_SET))
        .select((
            scans::event_id,
            scans::participant_id,
            scans::effective_at,
            scans::scan_id,
            scans::role,
        ))
        .load(conn)?;
    let mut found = Roles::new();
    for (event, who, at, id, role) in rows {
        if let (Some(key), Some(role)) = (event.zip(who), role) {
            found.entry(key).or_default().insert((at, id), role);
        }
    }
    Ok(found)
}
