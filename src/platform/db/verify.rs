//! Whether the change log's counter is where its last line is: readers go by the number, and
//! the next line takes the one behind it.

use diesel::{dsl::max, prelude::*};

use super::Conn;
use crate::schema::{change_seq, changes};

/// What does not agree, in sentences.
pub fn differences(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let counter: i64 = change_seq::table.find(1).select(change_seq::seq).first(conn)?;
    let last: Option<i64> = changes::table.select(max(changes::seq)).first(conn)?;
    let last = last.unwrap_or(0);
    let agrees = last == counter || last == 0;
    Ok(if agrees {
        Vec::new()
    } else {
        vec![format!("change log: its counter is at {counter}, its last line at {last}")]
    })
}
