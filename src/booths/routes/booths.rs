//! The booth itself: finding and registering it. What changes or deletes one is a flow.

use super::types::{BoothFilters, BoothIn, BoothKey, BoothOut};
use crate::{
    accounts::{Allowed, may},
    booths::{model::Booth, pitch, store},
    campuses::placing::city_in_scope,
    platform::{
        fault::Fault,
        http::{
            answer::{Created, Current, Listed},
            body::Once,
            page::PageQuery,
            path::Path,
            request::Context,
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
    let booth = cx.read(move |conn| pitch::found(conn, &scope, id)).await?;
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
                record_seq: 0,
                version: 1,
            };
            pitch::register(tx, &caller, &booth)?;
            Ok(BoothOut::from(booth))
        })
        .await?;
    Ok(Created(done))
}
