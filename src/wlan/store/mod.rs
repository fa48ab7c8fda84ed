//! All SQL of the room: promotions here, access points and history beside them. That
//! approved promotions of one SSID do not overlap is a rule over a set; its anchor is the
//! row of the campus's SSID.

pub mod access_points;
pub mod history;

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::model::{Content, Promotion, PromotionState};
use crate::{
    accounts::Scope,
    in_scope,
    platform::{
        db::{Conn, MultiBackend, Upsert},
        ids::{CampusId, PromotionId, UserId},
        names::CityCode,
        time::Day,
    },
    schema::{wlan_authors, wlan_networks, wlan_promotions},
};

/// What a list of promotions is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub season: Option<String>,
    pub city: Option<CityCode>,
    pub campus: Option<CampusId>,
    pub state: Option<PromotionState>,
    /// Those submitted by others than this person, who is to approve them.
    pub approver: Option<UserId>,
}

/// Promotions by id, from behind `after`; `today` tells the ended ones from the approved.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    wanted: &Wanted,
    today: Day,
    after: Option<PromotionId>,
    limit: i64,
) -> QueryResult<Vec<Promotion>> {
    let mut query = in_scope!(wlan_promotions::table.into_boxed(), scope, wlan_promotions);
    if let Some(season) = &wanted.season {
        query = query.filter(wlan_promotions::season.eq(season.clone()));
    }
    if let Some(city) = wanted.city {
        query = query.filter(wlan_promotions::city.eq(city));
    }
    if let Some(campus) = wanted.campus {
        query = query.filter(wlan_promotions::campus_id.eq(campus));
    }
    query = match wanted.state {
        None => query,
        Some(PromotionState::Ended) => query
            .filter(wlan_promotions::state.eq(PromotionState::Approved))
            .filter(wlan_promotions::ends_on.lt(today)),
        Some(PromotionState::Approved) => query
            .filter(wlan_promotions::state.eq(PromotionState::Approved))
            .filter(wlan_promotions::ends_on.ge(today)),
        Some(state) => query.filter(wlan_promotions::state.eq(state)),
    };
    if let Some(user) = wanted.approver {
        query = waiting(query, user);
    }
    if let Some(after) = after {
        query = query.filter(wlan_promotions::id.gt(after));
    }
    query.order(wlan_promotions::id).limit(limit).select(Promotion::as_select()).load(conn)
}

/// Duties: whoever wrote a promotion does not approve it.
fn waiting<S>(
    query: wlan_promotions::BoxedQuery<'_, MultiBackend, S>,
    user: UserId,
) -> wlan_promotions::BoxedQuery<'_, MultiBackend, S> {
    let wrote = wlan_authors::table
        .filter(wlan_authors::user_id.eq(user))
        .select(wlan_authors::promotion_id);
    query
        .filter(wlan_promotions::state.eq(PromotionState::Submitted))
        .filter(wlan_promotions::id.ne_all(wrote))
}

/// How many promotions of a scope wait for this person's approval.
pub fn count_waiting(conn: &mut Conn, scope: &Scope, user: UserId) -> QueryResult<i64> {
    let query = waiting(wlan_promotions::table.into_boxed(), user);
    in_scope!(query, scope, wlan_promotions).count().get_result(conn)
}

/// `None` also when it is out of scope.
pub fn find(conn: &mut Conn, scope: &Scope, id: PromotionId) -> QueryResult<Option<Promotion>> {
    let query = wlan_promotions::table.filter(wlan_promotions::id.eq(id)).into_boxed();
    in_scope!(query, scope, wlan_promotions).select(Promotion::as_select()).first(conn).optional()
}

/// Inserts the promotion with its first author.
pub fn insert(conn: &mut Conn, promotion: &Promotion) -> QueryResult<()> {
    diesel::insert_into(wlan_promotions::table).values(promotion.clone()).execute(conn)?;
    add_author(conn, promotion.id, promotion.created_by)
}

/// What of a promotion changes with its version.
#[derive(AsChangeset)]
#[diesel(table_name = wlan_promotions, treat_none_as_null = true)]
pub struct Standing {
    pub state: PromotionState,
    pub content_hash: Option<String>,
}

/// Changes content and state if the promotion still has `version`; answers whether it had.
pub fn update_if(
    conn: &mut Conn,
    id: PromotionId,
    version: i64,
    content: &Content,
    standing: Standing,
) -> QueryResult<bool> {
    let same = wlan_promotions::table.find(id).filter(wlan_promotions::version.eq(version));
    let next = wlan_promotions::version.eq(version + 1);
    Ok(diesel::update(same).set((content.clone(), standing, next)).execute(conn)? == 1)
}

/// Deletes the promotion with its authors and access points if it still has `version`;
/// answers whether it had. Its history stays.
pub fn delete_if(conn: &mut Conn, id: PromotionId, version: i64) -> QueryResult<bool> {
    // The row is taken first, so that nobody adds an access point meanwhile.
    let same = wlan_promotions::table.find(id).filter(wlan_promotions::version.eq(version));
    let taken = diesel::update(same)
        .set(wlan_promotions::access_point_seq.eq(wlan_promotions::access_point_seq + 1))
        .execute(conn)?;
    if taken == 0 {
        return Ok(false);
    }
    access_points::delete_all(conn, id)?;
    diesel::delete(wlan_authors::table.filter(wlan_authors::promotion_id.eq(id))).execute(conn)?;
    diesel::delete(wlan_promotions::table.find(id)).execute(conn)?;
    Ok(true)
}

/// Makes writers of a promotion's access points come one after the other; `false` when the
/// promotion has gone.
pub fn anchor_access_points(conn: &mut Conn, id: PromotionId) -> QueryResult<bool> {
    let bumped = diesel::update(wlan_promotions::table.find(id))
        .set(wlan_promotions::access_point_seq.eq(wlan_promotions::access_point_seq + 1))
        .execute(conn)?;
    Ok(bumped == 1)
}

pub fn add_author(conn: &mut Conn, id: PromotionId, user: UserId) -> QueryResult<()> {
    let row = (wlan_authors::promotion_id.eq(id), wlan_authors::user_id.eq(user));
    diesel::insert_into(wlan_authors::table).values(row).or_ignore().execute(conn).map(drop)
}

/// Whoever created, edited or submitted the promotion so far.
pub fn authors(conn: &mut Conn, id: PromotionId) -> QueryResult<BTreeSet<UserId>> {
    let found: Vec<UserId> = wlan_authors::table
        .filter(wlan_authors::promotion_id.eq(id))
        .select(wlan_authors::user_id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// The authors of several promotions, as pairs.
pub fn authors_of_all(
    conn: &mut Conn,
    ids: Vec<PromotionId>,
) -> QueryResult<Vec<(PromotionId, UserId)>> {
    wlan_authors::table
        .filter(wlan_authors::promotion_id.eq_any(ids))
        .order((wlan_authors::promotion_id, wlan_authors::user_id))
        .load(conn)
}

/// Makes approvals for an SSID of a campus come one after the other. Do it before
/// [`approved_on`].
pub fn anchor_network(conn: &mut Conn, campus: CampusId, ssid: &str) -> QueryResult<()> {
    let row = (
        wlan_networks::campus_id.eq(campus),
        wlan_networks::ssid.eq(ssid),
        wlan_networks::seq.eq(0),
    );
    diesel::insert_into(wlan_networks::table).values(row).or_ignore().execute(conn)?;
    diesel::update(wlan_networks::table.find((campus, ssid)))
        .set(wlan_networks::seq.eq(wlan_networks::seq + 1))
        .execute(conn)
        .map(drop)
}

/// The approved promotions of an SSID of a campus, ended ones included.
pub fn approved_on(conn: &mut Conn, campus: CampusId, ssid: &str) -> QueryResult<Vec<Promotion>> {
    wlan_promotions::table
        .filter(wlan_promotions::campus_id.eq(campus))
        .filter(wlan_promotions::ssid.eq(ssid))
        .filter(wlan_promotions::state.eq(PromotionState::Approved))
        .order(wlan_promotions::starts_on)
        .select(Promotion::as_select())
        .load(conn)
}
