//! Forgetting what was kept long enough, in small writes. The outbox has nothing to forget
//! yet: nothing sends its messages, so none of them is sent.

use chrono::Duration;
use diesel::prelude::*;

use super::Conn;
use crate::{platform::time::Instant, schema::changes};

/// How long a follower may be away and still learn that a row is gone.
pub const TOMBSTONES: Duration = Duration::days(90);

/// Deletes of `rows` those whose column `age` is before an instant: some `most` of them (more
/// only where many are of one instant), the oldest first. Answers how many.
#[macro_export]
macro_rules! purge {
    ($conn:expr, $rows:expr, $age:expr, $before:expr, $most:expr) => {{
        let last: Option<$crate::platform::time::Instant> = $rows
            .filter($age.lt($before))
            .order($age)
            .select($age)
            .offset($most - 1)
            .first(&mut *$conn)
            .optional()?;
        match last {
            Some(last) => diesel::delete($rows.filter($age.le(last))).execute($conn),
            None => diesel::delete($rows.filter($age.lt($before))).execute($conn),
        }
    }};
}

/// Forgets deletions that the change log was told of before `before`.
pub fn purge_tombstones(conn: &mut Conn, before: Instant, most: i64) -> QueryResult<usize> {
    purge!(conn, changes::table.filter(changes::deleted), changes::at, before, most)
}
