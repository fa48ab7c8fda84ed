//! All SQL of the room. That one spot holds one booth at a time is a rule over the spot's
//! booths; its anchor is the spot's row. Rules over what is recorded at a booth have the
//! booth's row.

use std::collections::BTreeSet;

use std::collections::BTreeMap;

use chrono::Duration;
use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error as DieselError},
};

use super::{
    model::{Booth, Counted, DoorTerms, Plan, Tally},
    refusal::Refusal,
};
use crate::{
    accounts::Scope,
    in_scope,
    platform::{
        db::{Conn, Tx, Upsert},
        fault::{Fault, Words},
        http::codes,
        ids::{BoothId, CampusId, EventId, UserId},
        names::CityCode,
        time::{Day, Instant},
    },
    schema::{booth_doors as doors, booth_spots, booth_tallies, booths},
};

/// How long before it opens a booth may check people in.
const AHEAD: Duration = Duration::hours(2);

/// What a list of booths is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub season: Option<String>,
    pub city: Option<CityCode>,
    pub campus: Option<CampusId>,
    pub event: Option<EventId>,
    /// Open on this day or later.
    pub from: Option<Day>,
    /// Open on this day or earlier.
    pub to: Option<Day>,
}

/// Booths by first day and id, from behind `after`.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    wanted: &Wanted,
    after: Option<(Day, BoothId)>,
    limit: i64,
) -> QueryResult<Vec<Booth>> {
    let mut query = in_scope!(booths::table.into_boxed(), scope, booths);
    if let Some(season) = &wanted.season {
        query = query.filter(booths::season.eq(season.clone()));
    }
    if let Some(city) = wanted.city {
        query = query.filter(booths::city.eq(city));
    }
    if let Some(campus) = wanted.campus {
        query = query.filter(booths::campus_id.eq(campus));
    }
    if let Some(event) = wanted.event {
        query = query.filter(booths::event_id.eq(event));
    }
    if let Some(from) = wanted.from {
        query = query.filter(booths::closes_on.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(booths::opens_on.le(to));
    }
    if let Some((day, id)) = after {
        query = query
            .filter(booths::opens_on.ge(day))
            .filter(booths::opens_on.gt(day).or(booths::id.gt(id)));
    }
    query.order((booths::opens_on, booths::id)).limit(limit).select(Booth::as_select()).load(conn)
}

/// `None` also when it is out of scope.
pub fn find(conn: &mut Conn, scope: &Scope, id: BoothId) -> QueryResult<Option<Booth>> {
    let query = booths::table.filter(booths::id.eq(id)).into_boxed();
    in_scope!(query, scope, booths).select(Booth::as_select()).first(conn).optional()
}

/// The booths of these ids that there are, whatever their place.
pub fn by_ids(conn: &mut Conn, ids: &[BoothId]) -> QueryResult<Vec<Booth>> {
    booths::table
        .filter(booths::id.eq_any(ids.to_vec()))
        .order(booths::id)
        .select(Booth::as_select())
        .load(conn)
}

/// Makes writers of a spot's booths come one after the other. Do it before [`on_spot`].
pub fn anchor_spot(conn: &mut Conn, campus: CampusId, spot: &str) -> QueryResult<()> {
    let row =
        (booth_spots::campus_id.eq(campus), booth_spots::spot.eq(spot), booth_spots::seq.eq(0));
    diesel::insert_into(booth_spots::table).values(row).or_ignore().execute(conn)?;
    diesel::update(booth_spots::table.find((campus, spot)))
        .set(booth_spots::seq.eq(booth_spots::seq + 1))
        .execute(conn)
        .map(drop)
}

/// The booths of a spot that stand there on some day of `plan`.
pub fn on_spot(conn: &mut Conn, campus: CampusId, plan: &Plan) -> QueryResult<Vec<Booth>> {
    booths::table
        .filter(booths::campus_id.eq(campus))
        .filter(booths::spot.eq(&plan.spot))
        .filter(booths::opens_on.le(plan.closes_on))
        .filter(booths::closes_on.ge(plan.opens_on))
        .order((booths::opens_on, booths::id))
        .select(Booth::as_select())
        .load(conn)
}

/// Refuses an event that there is not.
pub fn insert(tx: &mut Tx<'_>, booth: &Booth) -> Result<(), Fault> {
    let row = diesel::insert_into(booths::table).values(booth.clone());
    row.execute(&mut **tx).map_err(unknown_event)?;
    note_door(tx, booth.id, booth.version, &booth.plan)
}

/// Changes the booth if it still has `version`; answers whether it had. Refuses an event
/// that there is not.
pub fn update_if(tx: &mut Tx<'_>, id: BoothId, version: i64, plan: &Plan) -> Result<bool, Fault> {
    let same = booths::table.find(id).filter(booths::version.eq(version));
    let changed = diesel::update(same).set((plan.clone(), booths::version.eq(version + 1)));
    if changed.execute(&mut **tx).map_err(unknown_event)? == 0 {
        return Ok(false);
    }
    note_door(tx, id, version + 1, plan)?;
    Ok(true)
}

/// Writes down what the booth says from now on.
fn note_door(tx: &mut Tx<'_>, id: BoothId, version: i64, plan: &Plan) -> Result<(), Fault> {
    let row = DoorTerms::of(id, version, tx.meta.now, plan);
    diesel::insert_into(doors::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// The whole history of the doors of these booths, each in its order.
pub fn doors_of(
    conn: &mut Conn,
    ids: &[BoothId],
) -> QueryResult<BTreeMap<BoothId, Vec<DoorTerms>>> {
    let rows: Vec<DoorTerms> = doors::table
        .filter(doors::booth_id.eq_any(ids.to_vec()))
        .order((doors::booth_id, doors::version))
        .select(DoorTerms::as_select())
        .load(conn)?;
    let mut found: BTreeMap<BoothId, Vec<DoorTerms>> = BTreeMap::new();
    for terms in rows {
        found.entry(terms.booth_id).or_default().push(terms);
    }
    Ok(found)
}

/// Season, campus and spot were looked at before, so a missing row is the event's.
fn unknown_event(error: DieselError) -> Fault {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => no_event(),
        error => error.into(),
    }
}

/// 404: what `event_id` names is not there for the caller.
pub fn no_event() -> Fault {
    let words = Words::new("没有这个活动，或不在您的范围内", "No such event in your scope");
    codes::unknown("/event_id", words)
}

/// Makes those who record something at a booth come one after the other; `false` when the
/// booth has gone. Do it before reading or writing tallies, or moving goods to it.
pub fn anchor_records(conn: &mut Conn, id: BoothId) -> QueryResult<bool> {
    let bumped = diesel::update(booths::table.find(id))
        .set(booths::record_seq.eq(booths::record_seq + 1))
        .execute(conn)?;
    Ok(bumped == 1)
}

/// Deletes the booth if it still has `version`; answers whether it had, and if not the write
/// must be undone. Refuses while a row of any room names it, and once its door has been open:
/// a phone without a network may bring scans made there.
pub fn delete_if(tx: &mut Tx<'_>, id: BoothId, version: i64) -> Result<bool, Fault> {
    let soon = (tx.meta.now + AHEAD).day();
    let own = doors::table.filter(doors::booth_id.eq(id));
    let opened = own.filter(doors::opens_on.le(soon)).select(doors::version);
    if opened.first::<i64>(&mut **tx).optional()?.is_some() {
        return Err(Refusal::InUse.into());
    }
    diesel::delete(own).execute(&mut **tx)?;
    let same = booths::table.find(id).filter(booths::version.eq(version));
    match diesel::delete(same).execute(&mut **tx) {
        Err(DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => {
            Err(Refusal::InUse.into())
        }
        other => Ok(other? == 1),
    }
}

/// Whether the booth has a tally outside these days; `None` asks for any tally.
pub fn has_tally(conn: &mut Conn, id: BoothId, outside: Option<(Day, Day)>) -> QueryResult<bool> {
    let mut query = booth_tallies::table.filter(booth_tallies::booth_id.eq(id)).into_boxed();
    if let Some((first, last)) = outside {
        query = query.filter(booth_tallies::day.lt(first).or(booth_tallies::day.gt(last)));
    }
    let found: Option<Day> = query.select(booth_tallies::day).first(conn).optional()?;
    Ok(found.is_some())
}

/// The tallies of a booth on a day, of all its people.
pub fn tallies_of_day(conn: &mut Conn, id: BoothId, day: Day) -> QueryResult<Vec<Tally>> {
    booth_tallies::table
        .filter(booth_tallies::booth_id.eq(id))
        .filter(booth_tallies::day.eq(day))
        .order(booth_tallies::user_id)
        .select(Tally::as_select())
        .load(conn)
}

/// Writes a person's tally of a day over what they had there. Ask [`anchor_records`] first.
pub fn put_tally(
    conn: &mut Conn,
    booth: &Booth,
    (day, user, at): (Day, UserId, Instant),
    counted: &Counted,
) -> QueryResult<()> {
    let own = booth_tallies::table.find((booth.id, day, user));
    let replaced = diesel::update(own)
        .set((
            counted.clone(),
            booth_tallies::written_at.eq(at),
            booth_tallies::version.eq(booth_tallies::version + 1),
        ))
        .execute(conn)?;
    if replaced == 1 {
        return Ok(());
    }
    let row = Tally {
        booth_id: booth.id,
        day,
        user_id: user,
        season: booth.season.clone(),
        campus_id: booth.campus_id,
        city: booth.city,
        counted: counted.clone(),
        written_at: at,
        version: 1,
    };
    diesel::insert_into(booth_tallies::table).values(row).execute(conn).map(drop)
}

/// The booths of a scope that had a day before `day`, within these seasons.
pub fn open_before(
    conn: &mut Conn,
    scope: &Scope,
    seasons: &[String],
    day: Day,
) -> QueryResult<Vec<Booth>> {
    let query = booths::table
        .filter(booths::season.eq_any(seasons.to_vec()))
        .filter(booths::opens_on.lt(day))
        .into_boxed();
    in_scope!(query, scope, booths).select(Booth::as_select()).load(conn)
}

/// The booths and days before `day` of which somebody wrote a tally.
pub fn tallied_before(
    conn: &mut Conn,
    scope: &Scope,
    seasons: &[String],
    day: Day,
) -> QueryResult<BTreeSet<(BoothId, Day)>> {
    let query = booth_tallies::table
        .filter(booth_tallies::season.eq_any(seasons.to_vec()))
        .filter(booth_tallies::day.lt(day))
        .select((booth_tallies::booth_id, booth_tallies::day))
        .into_boxed();
    let rows: Vec<(BoothId, Day)> = in_scope!(query, scope, booth_tallies).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The booths of these events, each with its event.
pub fn of_events(conn: &mut Conn, events: &[EventId]) -> QueryResult<Vec<(BoothId, EventId)>> {
    booths::table
        .filter(booths::event_id.eq_any(events.to_vec()))
        .select((booths::id, booths::event_id.assume_not_null()))
        .load(conn)
}

/// The booths of an event.
pub fn of_event(conn: &mut Conn, event: EventId) -> QueryResult<Vec<BoothId>> {
    booths::table.filter(booths::event_id.eq(event)).select(booths::id).order(booths::id).load(conn)
}

/// Tallies whose season, campus, city or day is not their booth's.
pub fn astray(conn: &mut Conn, limit: i64) -> QueryResult<Vec<(BoothId, Day)>> {
    let elsewhere = booth_tallies::season
        .ne(booths::season)
        .or(booth_tallies::campus_id.ne(booths::campus_id))
        .or(booth_tallies::city.ne(booths::city));
    let closed =
        booth_tallies::day.lt(booths::opens_on).or(booth_tallies::day.gt(booths::closes_on));
    booth_tallies::table
        .inner_join(booths::table)
        .filter(elsewhere.or(closed))
        .order((booth_tallies::booth_id, booth_tallies::day))
        .limit(limit)
        .select((booth_tallies::booth_id, booth_tallies::day))
        .load(conn)
}
