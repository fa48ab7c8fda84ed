//! Ten failed sign-ins of a phone lock it for an hour. An attempt is counted before the
//! password is looked at, so that many at once get no more tries than one after another.

use chrono::Duration;
use diesel::prelude::*;

use crate::{
    platform::{
        db::{Conn, Upsert},
        time::Instant,
    },
    schema::sign_in_failures as failures,
};

const LIMIT: i64 = 10;

/// Counts an attempt. `Err`: locked, with the seconds until it may be tried again.
pub fn count(conn: &mut Conn, phone: &[u8; 32], now: Instant) -> QueryResult<Result<(), u32>> {
    let row = (
        failures::phone_key.eq(phone.as_slice()),
        failures::since.eq(now),
        failures::count.eq(1_i64),
    );
    if diesel::insert_into(failures::table).values(row).or_ignore().execute(conn)? == 1 {
        return Ok(Ok(()));
    }
    let own = failures::table.find(phone.as_slice());
    let old = own.filter(failures::since.le(now - Duration::hours(1)));
    let renewed = (failures::since.eq(now), failures::count.eq(1_i64));
    if diesel::update(old).set(renewed).execute(conn)? == 1 {
        return Ok(Ok(()));
    }
    let few = own.filter(failures::count.lt(LIMIT));
    if diesel::update(few).set(failures::count.eq(failures::count + 1)).execute(conn)? == 1 {
        return Ok(Ok(()));
    }
    let since: Instant = own.select(failures::since).first(conn)?;
    let left = (since + Duration::hours(1) - now).num_seconds().max(1);
    Ok(Err(u32::try_from(left).unwrap_or(u32::MAX)))
}

/// Forgets the attempts of a phone that has signed in.
pub fn forget(conn: &mut Conn, phone: &[u8; 32]) -> QueryResult<()> {
    diesel::delete(failures::table.find(phone.as_slice())).execute(conn).map(drop)
}
