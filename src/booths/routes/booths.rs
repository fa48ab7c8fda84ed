//! The booth itself.

use super::types::{BoothFilters, BoothIn, BoothKey, BoothOut, BoothPatch};
use crate::{
    accounts::{Allowed, Scope, may},
    booths::{
        model::{Booth, Plan},
        refusal::Refusal,
        rules, store,
    },
    campuses::placing::city_in_scope,
    catalogue,
    platform::{
        db::{Audit, Change, Conn, Tx},
        fault::{Fault, FieldError, Refuse, Words},
        http::{
            answer::{Created, Current, Listed, NoContent},
            body::{Once, Valid},
            codes,
            page::PageQuery,
            path::Path,
            request::Context,
            version::{IfMatch, stale},
        },
        ids::BoothId,
    },
};

pub async fn list_booths(
    who: Allowed<may::ReadBooths>,
    cx: Context,
    query: PageQuery<BoothFilters, BoothKey>,
) -> Result<Listed<BoothOut>, Fault> {
    let filters = &query.filters;
    let wanted = store::Wanted {
        season: filters.season.clone(),
        city: filters.city,
        campus: filters.campus,
        event: filters.event,
        from: filters.from,
        to: filters.to,
    };
    let after = query.after.map(|BoothKey(day, id)| (day, id));
    let (scope, limit) = (who.scope.clone(), query.fetch());
    let rows = cx.read(move |conn| Ok(store::list(conn, &scope, &wanted, after, limit)?)).await?;
    Ok(Listed(query.page(rows, |row| BoothKey(row.plan.opens_on, row.id)).map(BoothOut::from)))
}

pub async fn show_booth(
    who: Allowed<may::ReadBooths>,
    cx: Context,
    path: Path<BoothId>,
) -> Result<Current<BoothOut>, Fault> {
    let (scope, id) = (who.scope.clone(), path.0);
    let booth = cx.read(move |conn| found(conn, &scope, id)).await?;
    Ok(Current(booth.into()))
}

pub async fn create_booth(
    who: Allowed<may::EditBooths>,
    cx: Context,
    body: Once<BoothIn>,
) -> Result<Created<BoothOut>, Fault> {
    let (wanted, plan, id) = (body.value.clone(), body.value.plan()?, BoothId::new());
    let caller = who.caller();
    let done = cx
        .write_once(cx.meta(who.user), body.retry, move |tx| {
            let city = city_in_scope(tx, &caller.scope, wanted.campus_id)?;
            let booth = Booth {
                id,
                season: wanted.season.clone(),
                campus_id: wanted.campus_id,
                city,
                plan: plan.clone(),
                created_by: caller.user,
                created_at: tx.meta.now,
                tally_seq: 0,
                version: 1,
            };
            fits(tx, &booth)?;
            take_spot(tx, &booth)?;
            store::insert(tx, &booth)?;
            tell(tx, "booth.create", &booth, false)?;
            Ok(BoothOut::from(booth))
        })
        .await?;
    Ok(Created(done))
}

pub async fn update_booth(
    who: Allowed<may::EditBooths>,
    cx: Context,
    path: Path<BoothId>,
    version: IfMatch,
    body: Valid<BoothPatch>,
) -> Result<Current<BoothOut>, Fault> {
    let (scope, id, patch) = (who.scope.clone(), path.0, body.0);
    let booth = cx
        .write(cx.meta(who.user), move |tx| {
            let mut booth = found(tx, &scope, id)?;
            version.expect(booth.version)?;
            booth.plan = patch.clone().onto(booth.clone())?.plan()?;
            fits(tx, &booth)?;
            take_spot(tx, &booth)?;
            keep_tallies(tx, &booth)?;
            if !store::update_if(tx, id, version.0, &booth.plan)? {
                return Err(stale(found(tx, &scope, id)?.version));
            }
            booth.version += 1;
            tell(tx, "booth.update", &booth, false)?;
            Ok(booth)
        })
        .await?;
    Ok(Current(booth.into()))
}

pub async fn delete_booth(
    who: Allowed<may::EditBooths>,
    cx: Context,
    path: Path<BoothId>,
    version: IfMatch,
) -> Result<NoContent, Fault> {
    let (scope, id) = (who.scope.clone(), path.0);
    cx.write(cx.meta(who.user), move |tx| {
        let booth = found(tx, &scope, id)?;
        version.expect(booth.version)?;
        if !store::anchor_tallies(tx, id)? {
            return Err(codes::Refusal::NotFound.into());
        }
        if store::has_tally(tx, id, None)? {
            return Err(Refusal::InUse.into());
        }
        if !store::delete_if(tx, id, version.0)? {
            return Err(stale(found(tx, &scope, id)?.version));
        }
        tell(tx, "booth.delete", &booth, true)
    })
    .await?;
    Ok(NoContent)
}

/// The booth, or 404.
pub(super) fn found(conn: &mut Conn, scope: &Scope, id: BoothId) -> Result<Booth, Fault> {
    Ok(store::find(conn, scope, id)?.ok_or(codes::Refusal::NotFound)?)
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

/// No day on which something was counted falls out of the booth.
fn keep_tallies(tx: &mut Tx<'_>, booth: &Booth) -> Result<(), Fault> {
    if !store::anchor_tallies(tx, booth.id)? {
        return Err(codes::Refusal::NotFound.into());
    }
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
