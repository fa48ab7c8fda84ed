//! Facts about a database itself.

use diesel::prelude::*;

use super::{Conn, Upsert};
use crate::schema::facts;

/// `true` where the business clock may be moved.
pub const TRAINING: &str = "training";

pub fn get(conn: &mut Conn, name: &str) -> QueryResult<Option<String>> {
    facts::table.find(name).select(facts::value).first(conn).optional()
}

pub fn set(conn: &mut Conn, name: &str, value: &str) -> QueryResult<()> {
    let row = (facts::name.eq(name), facts::value.eq(value));
    if diesel::insert_into(facts::table).values(row).or_ignore().execute(conn)? == 0 {
        diesel::update(facts::table.find(name)).set(facts::value.eq(value)).execute(conn)?;
    }
    Ok(())
}
