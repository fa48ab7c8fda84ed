//! Access points of promotions.

use diesel::prelude::*;

use crate::{
    platform::{
        db::{Conn, Upsert},
        ids::{AccessPointId, PromotionId},
    },
    schema::wlan_access_points,
    wlan::model::AccessPoint,
};

/// Access points of a promotion by id, from behind `after`.
pub fn list(
    conn: &mut Conn,
    promotion: PromotionId,
    after: Option<AccessPointId>,
    limit: i64,
) -> QueryResult<Vec<AccessPoint>> {
    let mut query = wlan_access_points::table
        .filter(wlan_access_points::promotion_id.eq(promotion))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(wlan_access_points::id.gt(after));
    }
    query.order(wlan_access_points::id).limit(limit).select(AccessPoint::as_select()).load(conn)
}

/// Adds an access point unless the promotion has its MAC address; answers whether it did.
pub fn insert(conn: &mut Conn, point: &AccessPoint) -> QueryResult<bool> {
    let insert = diesel::insert_into(wlan_access_points::table).values(point.clone());
    Ok(insert.or_ignore().execute(conn)? == 1)
}

pub fn delete_all(conn: &mut Conn, promotion: PromotionId) -> QueryResult<()> {
    let all = wlan_access_points::table.filter(wlan_access_points::promotion_id.eq(promotion));
    diesel::delete(all).execute(conn).map(drop)
}
