//! Ten failed sign-ins of a phone lock it for an hour. An attempt is counted before the
//! password is looked at, so that many at once get no more tries than one after another;
//! one at which no password was looked at is given back.

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
const HOUR: Duration = Duration::hours(1);

/// Counts an attempt. `Err`: locked, with the seconds until it may be tried again. The row's
/// time is that of the first attempt of an hour, and once it is locked that of the tenth.
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
    let old = own.filter(failures::since.le(now - HOUR));
    let renewed = (failures::since.eq(now), failures::count.eq(1_i64));
    if diesel::update(old).set(renewed).execute(conn)? == 1 {
        return Ok(Ok(()));
    }
    let few = own.filter(failures::count.lt(LIMIT - 1));
    if diesel::update(few).set(failures::count.eq(failures::count + 1)).execute(conn)? == 1 {
        return Ok(Ok(()));
    }
    let last = own.filter(failures::count.eq(LIMIT - 1));
    let locked = (failures::since.eq(now), failures::count.eq(LIMIT));
    if diesel::update(last).set(locked).execute(conn)? == 1 {
        return Ok(Ok(()));
    }
    let since: Option<Instant> = own.select(failures::since).first(conn).optional()?;
    match since {
        Some(since) => {
            let left = (since + HOUR - now).num_seconds().max(1);
            Ok(Err(u32::try_from(left).unwrap_or(u32::MAX)))
        }
        // Forgotten by a sign-in that came between: this one is the first again.
        None => count(conn, phone, now),
    }
}

/// Takes back an attempt at which no password was looked at, or a right one.
pub fn give_back(conn: &mut Conn, phone: &[u8; 32]) -> QueryResult<()> {
    let counted = failures::table.find(phone.as_slice()).filter(failures::count.gt(0));
    diesel::update(counted).set(failures::count.eq(failures::count - 1)).execute(conn).map(drop)
}

/// Forgets the attempts of a phone that has signed in.
pub fn forget(conn: &mut Conn, phone: &[u8; 32]) -> QueryResult<()> {
    diesel::delete(failures::table.find(phone.as_slice())).execute(conn).map(drop)
}
