//! Drafting, reading, changing and deleting promotions.

use std::collections::BTreeMap;

use actix_web::web::Data;

use super::types::{PromotionFilters, PromotionIn, PromotionOut, PromotionPatch};
use crate::{
    accounts::{
        Allowed, Scope, may,
        policy::{Action, may_ever},
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
        ids::{PromotionId, UserId},
    },
    wlan::{
        model::{
            ACTIVITY, Content, HistoryAction, HistoryLine, Promotion, PromotionState, PromotionTask,
        },
        refusal::Refusal,
        rules::{self, link::PortalHosts},
        store,
    },
};

pub async fn list_promotions(
    who: Allowed<may::ReadPromotions>,
    cx: Context,
    query: PageQuery<PromotionFilters, PromotionId>,
) -> Result<Listed<PromotionOut>, Fault> {
    let PromotionFilters { season, city, campus, state, task } = &query.filters;
    let (season, city, campus, state) = (season.clone(), *city, *campus, *state);
    if task.is_some() && !may_ever(who.role, Action::DecidePromotions) {
        return Ok(Listed(query.page(Vec::new(), |row: &PromotionOut| row.id)));
    }
    let approver = task.map(|PromotionTask::Approve| who.user);
    let wanted = store::Wanted { season, city, campus, state, approver };
    let (scope, today) = (who.scope.clone(), cx.today());
    let (after, limit) = (query.after, query.fetch());
    let (rows, pairs) = cx
        .snapshot(move |conn| {
            let rows = store::list(conn, &scope, &wanted, today, after, limit)?;
            let ids = rows.iter().map(|row| row.id).collect();
            let authors = store::authors_of_all(conn, ids)?;
            Ok((rows, authors))
        })
        .await?;
    let mut authors: BTreeMap<PromotionId, _> = BTreeMap::new();
    for (promotion, user) in pairs {
        authors.entry(promotion).or_insert_with(std::collections::BTreeSet::new).insert(user);
    }
    Ok(Listed(query.page(rows, |row| row.id).map(|row| {
        let own = authors.remove(&row.id).unwrap_or_default();
        PromotionOut::of(row, own, today)
    })))
}

pub async fn show_promotion(
    who: Allowed<may::ReadPromotions>,
    cx: Context,
    path: Path<PromotionId>,
) -> Result<Current<PromotionOut>, Fault> {
    let (scope, id, today) = (who.scope.clone(), path.0, cx.today());
    let answer = cx.snapshot(move |conn| {
        let promotion = found(conn, &scope, id)?;
        Ok(PromotionOut::of(promotion, store::authors(conn, id)?, today))
    });
    Ok(Current(answer.await?))
}

pub async fn create_promotion(
    who: Allowed<may::EditPromotions>,
    cx: Context,
    hosts: Data<PortalHosts>,
    body: Once<PromotionIn>,
) -> Result<Created<PromotionOut>, Fault> {
    let (wanted, content, id) = (body.value.clone(), body.value.content()?, PromotionId::new());
    leads_to(&hosts, &content)?;
    let hash = rules::content::hash(&content).map_err(Fault::bug)?;
    let caller = who.caller();
    let done = cx
        .write_once(cx.meta(who.user), body.retry, move |tx| {
            let city = city_in_scope(tx, &caller.scope, wanted.campus_id)?;
            in_window(tx, &wanted.season, &content)?;
            let promotion = Promotion {
                id,
                season: wanted.season.clone(),
                campus_id: wanted.campus_id,
                city,
                content: content.clone(),
                state: PromotionState::Draft,
                content_hash: None,
                access_point_seq: 0,
                created_by: caller.user,
                created_at: tx.meta.now,
                version: 1,
            };
            store::insert(tx, &promotion)?;
            let step = Step { action: HistoryAction::Create, from: None, comment: None };
            record(tx, &promotion, caller.user, step, &hash)?;
            tell(tx, "wlan.create", &promotion, false)?;
            let today = tx.meta.now.day();
            Ok(PromotionOut::of(promotion, store::authors(tx, id)?, today))
        })
        .await?;
    Ok(Created(done))
}

pub async fn update_promotion(
    who: Allowed<may::EditPromotions>,
    cx: Context,
    hosts: Data<PortalHosts>,
    path: Path<PromotionId>,
    version: IfMatch,
    body: Valid<PromotionPatch>,
) -> Result<Current<PromotionOut>, Fault> {
    let (caller, id) = (who.caller(), path.0);
    // Merged, checked and hashed outside the write: the version tells that it is still that.
    let scope = who.scope.clone();
    let seen = cx.read(move |conn| found(conn, &scope, id)).await?;
    version.expect(seen.version)?;
    rules::states::edited(seen.state_on(cx.today()))?;
    let content = body.0.onto(&seen)?.content()?;
    leads_to(&hosts, &content)?;
    let hash = rules::content::hash(&content).map_err(Fault::bug)?;
    let answer = cx.write(cx.meta(who.user), move |tx| {
        let mut promotion = found(tx, &caller.scope, id)?;
        version.expect(promotion.version)?;
        let (from, today) = (promotion.state, tx.meta.now.day());
        let state = rules::states::edited(promotion.state_on(today))?;
        in_window(tx, &promotion.season, &content)?;
        (promotion.content, promotion.state) = (content.clone(), state);
        advance(tx, &mut promotion, version)?;
        store::add_author(tx, id, caller.user)?;
        let step = Step { action: HistoryAction::Edit, from: Some(from), comment: None };
        record(tx, &promotion, caller.user, step, &hash)?;
        tell(tx, "wlan.update", &promotion, false)?;
        Ok(PromotionOut::of(promotion, store::authors(tx, id)?, today))
    });
    Ok(Current(answer.await?))
}

pub async fn delete_promotion(
    who: Allowed<may::EditPromotions>,
    cx: Context,
    path: Path<PromotionId>,
    version: IfMatch,
) -> Result<NoContent, Fault> {
    let (scope, id) = (who.scope.clone(), path.0);
    cx.write(cx.meta(who.user), move |tx| {
        let promotion = found(tx, &scope, id)?;
        version.expect(promotion.version)?;
        match promotion.state {
            PromotionState::Draft => {}
            PromotionState::Approved => return Err(Refusal::Frozen.into()),
            _ => return Err(Refusal::WrongState.into()),
        }
        if !store::delete_if(tx, id, version.0)? {
            return Err(stale(found(tx, &scope, id)?.version));
        }
        tell(tx, "wlan.delete", &promotion, true)
    })
    .await?;
    Ok(NoContent)
}

/// The promotion, or 404.
pub(super) fn found(conn: &mut Conn, scope: &Scope, id: PromotionId) -> Result<Promotion, Fault> {
    Ok(store::find(conn, scope, id)?.ok_or(codes::Refusal::NotFound)?)
}

/// Saves content and state as the next version, or 412.
pub(super) fn advance(
    tx: &mut Tx<'_>,
    promotion: &mut Promotion,
    version: IfMatch,
) -> Result<(), Fault> {
    let (state, content_hash) = (promotion.state, promotion.content_hash.clone());
    let standing = store::Standing { state, content_hash };
    if !store::update_if(tx, promotion.id, version.0, &promotion.content, standing)? {
        let now = found(tx, &Scope::All, promotion.id)?;
        return Err(stale(now.version));
    }
    promotion.version = version.0 + 1;
    Ok(())
}

/// What led to a version.
pub(super) struct Step {
    pub action: HistoryAction,
    pub from: Option<PromotionState>,
    pub comment: Option<String>,
}

/// Appends the version's line to the history.
pub(super) fn record(
    tx: &mut Tx<'_>,
    promotion: &Promotion,
    user: UserId,
    step: Step,
    hash: &str,
) -> Result<(), Fault> {
    let line = HistoryLine {
        promotion_id: promotion.id,
        version: promotion.version,
        action: step.action,
        from_state: step.from,
        to_state: promotion.state,
        user_id: user,
        at: tx.meta.now,
        comment: step.comment,
        content_hash: hash.to_owned(),
    };
    Ok(store::history::append(tx, &line)?)
}

pub(super) fn tell(
    tx: &mut Tx<'_>,
    action: &'static str,
    promotion: &Promotion,
    deleted: bool,
) -> Result<(), Fault> {
    let (kind, id) = ("wlan_promotion", promotion.id);
    let (city, campus) = (Some(promotion.city), Some(promotion.campus_id));
    let detail = serde_json::json!({ "state": promotion.state, "version": promotion.version });
    tx.audit(Audit { action, kind, id: id.to_string(), city, campus, detail })?;
    tx.changed(Change { kind, id: id.into(), campus, city, deleted });
    Ok(())
}

/// The days lie inside the window of `free-wlan` of the season.
pub(super) fn in_window(conn: &mut Conn, season: &str, content: &Content) -> Result<(), Fault> {
    let Some(activity) = catalogue::store::find_activity(conn, season, ACTIVITY)? else {
        let words = Words::new("该活动季没有免费 WLAN 活动", "No such season with free WLAN");
        return Err(codes::invalid("/season", words));
    };
    let window = activity.window();
    if window.has_days(content.starts_on, content.ends_on) {
        return Ok(());
    }
    let (first, last) = (window.start, window.end);
    Err(Refusal::OutsideWindow
        .problem()
        .detail(
            format!("时间窗从 {first} 到 {last}"),
            format!("The window lasts from {first} to {last}"),
        )
        .into())
}

/// The creative's link is one that the operator allows.
pub(super) fn leads_to(hosts: &PortalHosts, content: &Content) -> Result<(), Fault> {
    if hosts.allow(&content.creative.0.link) {
        return Ok(());
    }
    Err(leads_nowhere())
}

pub(super) fn leads_nowhere() -> Fault {
    let code = Refusal::LinkHost.code();
    let error = FieldError::new("/creative/link", code.name, Words::new(code.zh, code.en));
    Refusal::LinkHost.problem().error(error).into()
}
