//! Writes what was decided about a slice, sorted by key.

use std::collections::BTreeMap;

use diesel::{prelude::*, upsert::excluded};

use super::{Home, Slice, load::key, queues, row::Row};
use crate::{
    checkins::{
        model::{Reason, Standing, Target},
        rules::{Item, Judgement},
    },
    each,
    platform::{
        db::{Change, Tx},
        fault::Fault,
        ids::{CampusId, ScanId},
        names::CityCode,
    },
    schema::{
        annulments, booth_attendance, check_in_conflicts as conflicts, check_in_places as places,
        check_in_presence as presence, event_attendance, scan_resolutions, scans,
    },
};

/// Writes down the judgement of a slice. `homes` has the events and booths its new scans
/// were made at.
pub fn save(
    tx: &mut Tx<'_>,
    slice: &Slice,
    homes: &BTreeMap<Target, Home>,
    judgement: &Judgement,
) -> Result<(), Fault> {
    save_scans(tx, slice, homes, judgement)?;
    save_standings(tx, judgement)?;
    save_resolutions(tx, slice, judgement)?;
    save_annulments(tx, slice, judgement)?;
    save_places(tx, judgement)?;
    save_counters(tx, judgement)?;
    save_conflicts(tx, judgement)?;
    let reused = judgement.attempts.iter().filter_map(|index| slice.slips.get(*index));
    let reused = reused.map(|slip| (&slip.attempt, Reason::IdReused));
    let malformed = slice.malformed.iter().map(|attempt| (attempt, Reason::Malformed));
    Ok(queues::keep(tx, reused.chain(malformed))?)
}

fn changed(tx: &mut Tx<'_>, id: ScanId, campus: CampusId, city: CityCode) {
    let (campus, city) = (Some(campus), Some(city));
    tx.changed(Change { kind: "check_in", id: id.into(), campus, city, deleted: false });
}

fn save_scans(
    tx: &mut Tx<'_>,
    slice: &Slice,
    homes: &BTreeMap<Target, Home>,
    judgement: &Judgement,
) -> Result<(), Fault> {
    let mut rows = Vec::with_capacity(judgement.new.len());
    for (id, new) in &judgement.new {
        let (Some(Item::Scan(scan)), Some(slip)) =
            (slice.items.get(new.item), slice.slips.get(new.item))
        else {
            return Err(Fault::bug("a new scan that is none of the slice's"));
        };
        let home = homes.get(&scan.target).copied();
        let home = home.ok_or_else(|| Fault::bug("a scan of an unknown place"))?;
        rows.push(Row::new(scan, slip, new, home));
        changed(tx, *id, home.campus, home.city);
    }
    if !rows.is_empty() {
        each!(&mut **tx, c => diesel::insert_into(scans::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// Standings and phones' verdicts of scans that were there before.
fn save_standings(tx: &mut Tx<'_>, judgement: &Judgement) -> Result<(), Fault> {
    let mut groups: BTreeMap<Standing, Vec<ScanId>> = BTreeMap::new();
    for (id, standing) in &judgement.standings {
        groups.entry(*standing).or_default().push(*id);
    }
    for (standing, ids) in groups {
        let told: Vec<(ScanId, CampusId, CityCode)> =
            diesel::update(scans::table.filter(scans::scan_id.eq_any(ids)))
                .set(scans::standing.eq(standing))
                .returning((scans::scan_id, scans::campus_id, scans::city))
                .get_results(&mut **tx)?;
        told.into_iter().for_each(|(id, campus, city)| changed(tx, id, campus, city));
    }
    for (id, local) in &judgement.heard {
        diesel::update(scans::table.filter(scans::scan_id.eq(*id)))
            .set(scans::local_verdict.eq(*local))
            .execute(&mut **tx)?;
    }
    Ok(())
}

fn save_resolutions(tx: &mut Tx<'_>, slice: &Slice, judgement: &Judgement) -> Result<(), Fault> {
    for (id, decision) in &judgement.resolutions {
        let asked = slice
            .items
            .iter()
            .zip(&slice.slips)
            .find(|(item, _)| matches!(item, Item::Resolve(resolve) if resolve.scan_id == *id));
        let (_, slip) = asked.ok_or_else(|| Fault::bug("a decision nobody took"))?;
        diesel::update(scans::table.filter(scans::scan_id.eq(*id)))
            .set(scans::resolution.eq(*decision))
            .execute(&mut **tx)?;
        let row = (
            scan_resolutions::scan_id.eq(*id),
            scan_resolutions::decision.eq(*decision),
            scan_resolutions::reason.eq(&slip.reason),
            scan_resolutions::user_id.eq(slip.who.user),
            scan_resolutions::at.eq(tx.meta.now),
        );
        diesel::insert_into(scan_resolutions::table).values(row).execute(&mut **tx)?;
    }
    Ok(())
}

fn save_annulments(tx: &mut Tx<'_>, slice: &Slice, judgement: &Judgement) -> Result<(), Fault> {
    let rows = judgement.annulments.iter().map(|(key, (annulment, state))| {
        (
            annulments::scan_id.eq(annulment.scan_id),
            annulments::user_id.eq(annulment.by),
            annulments::session_device.eq(annulment.session_device),
            annulments::decided_at.eq(key.3),
            annulments::by_phone.eq(key.4),
            annulments::device_revoked.eq(annulment.device_revoked),
            annulments::received_at.eq(annulment.received_at),
            annulments::reason.eq(slice.reason_of(key)),
            annulments::state.eq(*state),
        )
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    each!(&mut **tx, c => diesel::insert_into(annulments::table)
        .values(rows)
        .on_conflict((
            annulments::scan_id,
            annulments::user_id,
            annulments::session_device,
            annulments::decided_at,
            annulments::by_phone,
        ))
        .do_update()
        .set(annulments::state.eq(excluded(annulments::state)))
        .execute(c))?;
    Ok(())
}

fn save_places(tx: &mut Tx<'_>, judgement: &Judgement) -> Result<(), Fault> {
    let rows = judgement.places.iter().map(|(place, change)| {
        let (target, day, participant) = key(*place);
        (
            places::target_id.eq(target),
            places::day.eq(day),
            places::participant_id.eq(participant),
            places::scan_id.eq(change.after.map(|first| first.scan_id)),
        )
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    each!(&mut **tx, c => diesel::insert_into(places::table)
        .values(rows)
        .on_conflict((places::target_id, places::day, places::participant_id))
        .do_update()
        .set(places::scan_id.eq(excluded(places::scan_id)))
        .execute(c))?;
    Ok(())
}

fn save_counters(tx: &mut Tx<'_>, judgement: &Judgement) -> Result<(), Fault> {
    let rows = judgement.presence.iter().map(|((event, participant), known)| {
        (
            presence::event_id.eq(*event),
            presence::participant_id.eq(*participant),
            presence::scans.eq(known.scans),
            presence::first_at.eq(known.first.map(|(at, _)| at)),
            presence::first_scan_id.eq(known.first.map(|(_, id)| id)),
            presence::role.eq(known.role),
        )
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        each!(&mut **tx, c => diesel::insert_into(presence::table)
            .values(rows)
            .on_conflict((presence::event_id, presence::participant_id))
            .do_update()
            .set((
                presence::scans.eq(excluded(presence::scans)),
                presence::first_at.eq(excluded(presence::first_at)),
                presence::first_scan_id.eq(excluded(presence::first_scan_id)),
                presence::role.eq(excluded(presence::role)),
            ))
            .execute(c))?;
    }
    // A counter begins with somebody who came; who leaves was counted before.
    for ((event, role), by) in &judgement.event_in {
        let counter = event_attendance::table.find((*event, *role));
        let moved = diesel::update(counter)
            .set(event_attendance::people.eq(event_attendance::people + *by))
            .execute(&mut **tx)?;
        if moved == 0 {
            let row = (
                event_attendance::event_id.eq(*event),
                event_attendance::role.eq(*role),
                event_attendance::people.eq(*by),
            );
            each!(&mut **tx, c => diesel::insert_into(event_attendance::table)
                .values(row)
                .on_conflict((event_attendance::event_id, event_attendance::role))
                .do_update()
                .set(event_attendance::people
                    .eq(event_attendance::people + excluded(event_attendance::people)))
                .execute(c))?;
        }
    }
    for ((booth, day), by) in &judgement.booth_in {
        let counter = booth_attendance::table.find((*booth, *day));
        let moved = diesel::update(counter)
            .set(booth_attendance::people.eq(booth_attendance::people + *by))
            .execute(&mut **tx)?;
        if moved == 0 {
            let row = (
                booth_attendance::booth_id.eq(*booth),
                booth_attendance::day.eq(*day),
                booth_attendance::people.eq(*by),
            );
            each!(&mut **tx, c => diesel::insert_into(booth_attendance::table)
                .values(row)
                .on_conflict((booth_attendance::booth_id, booth_attendance::day))
                .do_update()
                .set(booth_attendance::people
                    .eq(booth_attendance::people + excluded(booth_attendance::people)))
                .execute(c))?;
        }
    }
    Ok(())
}

/// A scan has one record, from when it was first disputed.
fn save_conflicts(tx: &mut Tx<'_>, judgement: &Judgement) -> Result<(), Fault> {
    let noted_at = tx.meta.now;
    let rows = judgement.conflicts.iter().map(|(id, conflict)| {
        (
            conflicts::scan_id.eq(*id),
            conflicts::event_id.eq(conflict.event),
            conflicts::kind.eq(conflict.kind),
            conflicts::local_verdict.eq(conflict.local),
            conflicts::standing.eq(conflict.standing),
            conflicts::other_scan_id.eq(conflict.other),
            conflicts::noted_at.eq(noted_at),
        )
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        each!(&mut **tx, c => diesel::insert_into(conflicts::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}
