//! What happened to a promotion. Lines are only appended.

use diesel::prelude::*;

use crate::{
    platform::{db::Conn, ids::PromotionId},
    schema::wlan_history,
    wlan::model::HistoryLine,
};

/// Lines of a promotion by version, from behind `after`.
pub fn list(
    conn: &mut Conn,
    id: PromotionId,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<HistoryLine>> {
    wlan_history::table
        .filter(wlan_history::promotion_id.eq(id))
        .filter(wlan_history::version.gt(after.unwrap_or(0)))
        .order(wlan_history::version)
        .limit(limit)
        .select(HistoryLine::as_select())
        .load(conn)
}

pub fn append(conn: &mut Conn, line: &HistoryLine) -> QueryResult<()> {
    diesel::insert_into(wlan_history::table).values(line.clone()).execute(conn).map(drop)
}
