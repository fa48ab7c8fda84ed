//! Registering, changing and deleting a booth, each as one part of a write. Whoever changes
//! or deletes holds the booth first, then its events, then the spot.

use std::collections::BTreeSet;

use super::{
    model::{Booth, Plan},
    refusal::Refusal,
    rules, store,
};
use crate::{
    accounts::{Scope, allowed::Caller},
    catalogue,
    events::{
        refusals::Refusal as EventRefusal,
        store::{self as events, people::hold_people},
    },
    platform::{
        db::{Audit, Change, Conn, Tx},
        fault::{Fault, FieldError, Refuse, Words},
        http::{
            codes,
            version::{IfMatch, stale},
        },
        ids::{BoothId, EventId},
    },
};

/// The booth, or 404.
pub fn found(conn: &mut Conn, scope: &Scope, id: BoothId) -> Result<Booth, Fault> {
    Ok(store::find(conn, scope, id)?.ok_or(codes::Refusal::NotFound)?)
}

/// Holds the booth, so that nothing is recorded there meanwhile, and reads it. 404, or 412
/// when `seen` is not its version.
pub fn hold(tx: &mut Tx<'_>, scope: &Scope, id: BoothId, seen: IfMatch) -> Result<Booth, Fault> {
    if !store::anchor_records(tx, id)? {
        return Err(codes::Refusal::NotFound.into());
    }
    let booth = found(tx, scope, id)?;
    seen.expect(booth.version)?;
    Ok(booth)
}

/// Puts up a new booth.
pub fn register(tx: &mut Tx<'_>, who: &Caller, booth: &Booth) -> Result<(), Fault> {
    fits(tx, booth)?;
    hold_events(tx, [booth.plan.event_id])?;
    joins(tx, who, booth)?;
    take_spot(tx, booth)?;
    store::insert(tx, booth)?;
    tell(tx, "booth.create", booth, false)
}

/// Makes `plan` of a held booth.
pub fn rewrite(tx: &mut Tx<'_>, who: &Caller, old: Booth, plan: Plan) -> Result<Booth, Fault> {
    let (left, seen) = (old.plan.event_id, old.version);
    let mut booth = Booth { plan, ..old };
    fits(tx, &booth)?;
    if booth.plan.event_id != left {
        hold_events(tx, [left, booth.plan.event_id])?;
        leaves(tx, left)?;
        joins(tx, who, &booth)?;
    }
    take_spot(tx, &booth)?;
    keep_tallies(tx, &booth)?;
    if !store::update_if(tx, booth.id, seen, &booth.plan)? {
        return Err(stale(seen + 1));
    }
    booth.version = seen + 1;
    tell(tx, "booth.update", &booth, false)?;
    Ok(booth)
}

/// Takes a held booth away. Refuses while it has tallies, or a row of another room names it.
pub fn remove(tx: &mut Tx<'_>, booth: &Booth) -> Result<(), Fault> {
    if store::has_tally(tx, booth.id, None)? {
        return Err(Refusal::InUse.into());
    }
    if !store::delete_if(tx, booth.id, booth.version)? {
        return Err(stale(booth.version + 1));
    }
    tell(tx, "booth.delete", booth, true)
}

/// The booth lies inside its season.
fn fits(conn: &mut Conn, booth: &Booth) -> Result<(), Fault> {
    let Some(season) = catalogue::store::find_season(conn, &booth.season)? else {
        return Err(codes::invalid(
            "/season",
            Words::new("没有这个活动季", "There is no such season"),
        ));
    };
    if booth.plan.opens_on < season.starts || booth.plan.closes_on > season.ends {
        return Err(Refusal::OutsideSeason
            .problem()
            .detail(
                format!("活动季从 {} 到 {}", season.starts, season.ends),
                format!("The season lasts from {} to {}", season.starts, season.ends),
            )
            .into());
    }
    Ok(())
}

/// None of these closes until this write ends. In the order of ids.
fn hold_events(
    conn: &mut Conn,
    events: impl IntoIterator<Item = Option<EventId>>,
) -> Result<(), Fault> {
    let events: BTreeSet<EventId> = events.into_iter().flatten().collect();
    for id in events {
        hold_people(conn, id)?;
    }
    Ok(())
}

/// What a closed event was signed with stays.
fn leaves(conn: &mut Conn, event: Option<EventId>) -> Result<(), Fault> {
    let Some(id) = event else { return Ok(()) };
    match events::by_id(conn, id)? {
        Some(event) if event.closed_at.is_some() => Err(over()),
        _ => Ok(()),
    }
}

/// The event of the booth is one the caller sees, of the booth's campus and season, and has
/// not come to its end.
fn joins(conn: &mut Conn, who: &Caller, booth: &Booth) -> Result<(), Fault> {
    let Some(id) = booth.plan.event_id else { return Ok(()) };
    let event = events::find(conn, who, id)?.ok_or_else(store::no_event)?;
    let here = event.content.campus_id == booth.campus_id && event.content.season == booth.season;
    if !here {
        let code = Refusal::EventElsewhere.code();
        let error = FieldError::new("/event_id", code.name, Words::new(code.zh, code.en));
        return Err(Refusal::EventElsewhere.problem().error(error).into());
    }
    if event.state.is_over() { Err(over()) } else { Ok(()) }
}

fn over() -> Fault {
    let words = Words::new("活动已结束", "The event has come to its end");
    let (zh, en) = (words.zh.clone(), words.en.clone());
    let error = FieldError::new("/event_id", EventRefusal::WrongState.code().name, words);
    EventRefusal::WrongState.problem().detail(zh, en).error(error).into()
}

/// Takes the spot for the booth's days and hours, or names the booth that has it.
fn take_spot(tx: &mut Tx<'_>, booth: &Booth) -> Result<(), Fault> {
    store::anchor_spot(tx, booth.campus_id, &booth.plan.spot)?;
    let others = store::on_spot(tx, booth.campus_id, &booth.plan)?;
    let rival = others.iter().find(|o| o.id != booth.id && rules::clash(&o.plan, &booth.plan));
    let Some(rival) = rival else { return Ok(()) };
    let Plan { spot, opens_on, closes_on, opens_at, closes_at, .. } = &rival.plan;
    let words = Words::new(
        format!("{spot} 在 {opens_on} 至 {closes_on} 每天 {opens_at}–{closes_at} 已有摊位"),
        format!("{spot} has a booth from {opens_on} to {closes_on}, daily {opens_at}–{closes_at}"),
    );
    let mut error = FieldError::new("/spot", Refusal::SpotTaken.code().name, words);
    error.data = Some(serde_json::json!({ "booth_id": rival.id }));
    Err(Refusal::SpotTaken.problem().error(error).into())
}

/// No day on which something was counted falls out of the held booth.
fn keep_tallies(tx: &mut Tx<'_>, booth: &Booth) -> Result<(), Fault> {
    let days = (booth.plan.opens_on, booth.plan.closes_on);
    if store::has_tally(tx, booth.id, Some(days))? { Err(Refusal::InUse.into()) } else { Ok(()) }
}

fn tell(tx: &mut Tx<'_>, action: &'static str, booth: &Booth, deleted: bool) -> Result<(), Fault> {
    let (city, campus) = (Some(booth.city), Some(booth.campus_id));
    tx.audit(Audit {
        action,
        kind: "booth",
        id: booth.id.to_string(),
        city,
        campus,
        detail: serde_json::json!({ "spot": booth.plan.spot, "version": booth.version }),
    })?;
    tx.changed(Change { kind: "booth", id: booth.id.into(), campus, city, deleted });
    Ok(())
}
