//! The calendar: working days and holidays.

use diesel::prelude::*;

use crate::{
    campuses::model::{CalendarDay, Days},
    platform::db::{Conn, Tx, Upsert},
    schema::calendar_days as days,
};

/// What is known of the days, by date.
pub fn between(conn: &mut Conn, wanted: Days) -> QueryResult<Vec<CalendarDay>> {
    days::table
        .filter(days::date.ge(wanted.from))
        .filter(days::date.le(wanted.to))
        .order(days::date)
        .select(CalendarDay::as_select())
        .load(conn)
}

/// `false` when the day is known already.
pub fn insert(tx: &mut Tx<'_>, day: &CalendarDay) -> QueryResult<bool> {
    let made = diesel::insert_into(days::table).values(day).or_ignore().execute(&mut **tx)?;
    Ok(made == 1)
}

/// Writes a day that is known.
pub fn update(tx: &mut Tx<'_>, day: &CalendarDay) -> QueryResult<()> {
    let known = days::table.find(day.date);
    diesel::update(known).set(day).execute(&mut **tx).map(drop)
}
