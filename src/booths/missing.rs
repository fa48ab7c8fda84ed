//! Days of booths of which nobody wrote a tally. A hole can be filled until the season is
//! sixty days over, as long as its events can be reopened; then it is history.

use super::{model::Booth, rules, store};
use crate::{
    accounts::Scope,
    catalogue,
    platform::{db::Conn, time::Day},
};

/// How long after its season a missing tally is still asked for.
const GRACE_DAYS: i64 = 60;

/// The missing days of a scope's booths, oldest first. Bounded by the booths of a season and
/// its days; ask it for few campuses where many people wait.
pub fn of_scope(
    conn: &mut Conn,
    scope: &Scope,
    today: Day,
) -> diesel::QueryResult<Vec<(Day, Booth)>> {
    let seasons = catalogue::store::seasons_not_over(conn, today.plus(-GRACE_DAYS))?;
    let seasons: Vec<String> = seasons.into_iter().map(|season| season.code).collect();
    let booths = store::open_before(conn, scope, &seasons, today)?;
    let tallied = store::tallied_before(conn, scope, &seasons, today)?;
    let mut missing: Vec<(Day, Booth)> = Vec::new();
    for booth in booths {
        for day in rules::missing_days(booth.id, &booth.plan, &tallied, today) {
            missing.push((day, booth.clone()));
        }
    }
    missing.sort_by_key(|(day, booth)| (*day, booth.id));
    Ok(missing)
}
