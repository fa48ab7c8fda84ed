//! Cities.

use diesel::prelude::*;

use crate::{
    campuses::model::City,
    platform::{
        db::{Conn, Tx, Upsert},
        names::CityCode,
    },
    schema::cities,
};

/// Cities by code, from behind `after`.
pub fn list(conn: &mut Conn, after: Option<CityCode>, limit: i64) -> QueryResult<Vec<City>> {
    let mut query = cities::table.select(City::as_select()).into_boxed();
    if let Some(after) = after {
        query = query.filter(cities::code.gt(after));
    }
    query.order(cities::code).limit(limit).load(conn)
}

pub fn exists(conn: &mut Conn, code: CityCode) -> QueryResult<bool> {
    let found: Option<CityCode> =
        cities::table.find(code).select(cities::code).first(conn).optional()?;
    Ok(found.is_some())
}

/// Every city's code.
pub fn codes(conn: &mut Conn) -> QueryResult<Vec<CityCode>> {
    cities::table.select(cities::code).order(cities::code).load(conn)
}

/// `false` when the city is there already.
pub fn insert(tx: &mut Tx<'_>, city: &City) -> QueryResult<bool> {
    let made = diesel::insert_into(cities::table).values(city).or_ignore().execute(&mut **tx)?;
    Ok(made == 1)
}
