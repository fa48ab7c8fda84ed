//! Writing events with what hangs on them.

use std::collections::BTreeSet;

use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error as DieselError},
};

use super::row::EventRow;
use crate::{
    each,
    events::{event::Event, refusals::Refusal, rules::duties::Signatures},
    platform::{
        db::{Change, Conn, Tx, Upsert},
        fault::{Fault, Refuse as _},
        ids::{EventId, UserId},
        terms,
    },
    schema::{
        event_authors as authors, event_counters as counters, event_publicity as publicity,
        event_slots as slots, event_team as team, event_terms as found_by, events,
    },
};

/// A new event, written by `author`.
pub fn insert(tx: &mut Tx<'_>, event: &Event, author: UserId) -> QueryResult<()> {
    diesel::insert_into(events::table).values(EventRow::of(event)).execute(&mut **tx)?;
    let counted = counters::event_id.eq(event.id);
    diesel::insert_into(counters::table).values(counted).execute(&mut **tx)?;
    describe(tx, event)?;
    sign(tx, event, author)?;
    tell(tx, event, false);
    Ok(())
}

/// Writes `new` over version `seen` of `old`; `false` when that is no longer the version.
/// Refuses to take an event with booths to another campus or season.
pub fn update_if(tx: &mut Tx<'_>, seen: i64, old: &Event, new: &Event) -> Result<bool, Fault> {
    let same = events::table.find(new.id).filter(events::version.eq(seen));
    let set = diesel::update(same).set(EventRow::of(new));
    let written = set.execute(&mut **tx).map_err(referred)?;
    if written == 0 {
        return Ok(false);
    }
    if old.content != new.content {
        forget(tx, new.id)?;
        describe(tx, new)?;
    }
    tell(tx, new, false);
    Ok(true)
}

/// Takes away version `seen` of a draft that nobody else has seen; `false` when that is no
/// longer the version. Refuses one that something refers to.
pub fn delete_if(tx: &mut Tx<'_>, seen: i64, event: &Event) -> Result<bool, Fault> {
    let id = event.id;
    let mine = events::table.find(id).filter(events::version.eq(seen));
    let held = diesel::update(mine).set(events::version.eq(seen + 1)).execute(&mut **tx)?;
    if held == 0 {
        return Ok(false);
    }
    forget(tx, id)?;
    diesel::delete(authors::table.filter(authors::event_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(slots::table.filter(slots::event_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(counters::table.find(id)).execute(&mut **tx)?;
    diesel::delete(events::table.find(id)).execute(&mut **tx).map_err(referred)?;
    tell(tx, event, true);
    Ok(true)
}

/// Makes someone an author, from this version on unless they are one already.
pub fn sign(tx: &mut Tx<'_>, event: &Event, author: UserId) -> QueryResult<()> {
    let row = (
        authors::event_id.eq(event.id),
        authors::user_id.eq(author),
        authors::since_version.eq(event.version),
    );
    diesel::insert_into(authors::table).values(row).or_ignore().execute(&mut **tx).map(drop)
}

/// Who has had a hand in the event as it stands.
pub fn signatures(conn: &mut Conn, event: &Event) -> QueryResult<Signatures> {
    let users: Vec<UserId> = authors::table
        .filter(authors::event_id.eq(event.id))
        .select(authors::user_id)
        .load(conn)?;
    Ok(Signatures {
        authors: users.into_iter().collect(),
        lead: event.content.lead_id,
        endorsed_by: event.endorsed_by,
        approved_by: event.approved_by,
    })
}

/// Publicity, people and terms of an event that has none.
fn describe(tx: &mut Tx<'_>, event: &Event) -> QueryResult<()> {
    let content = &event.content;
    for (position, line) in (0i64..).zip(&content.publicity) {
        let row = (
            publicity::event_id.eq(event.id),
            publicity::position.eq(position),
            publicity::medium.eq(&line.medium),
            publicity::from_day.eq(line.from),
            publicity::to_day.eq(line.to),
        );
        diesel::insert_into(publicity::table).values(row).execute(&mut **tx)?;
    }
    for user in content.people() {
        let row = (
            team::event_id.eq(event.id),
            team::user_id.eq(user),
            team::on_team.eq(content.team_ids.contains(&user)),
            team::sort_at.eq(event.sort_at()),
        );
        diesel::insert_into(team::table).values(row).execute(&mut **tx)?;
    }
    let terms = found_under(event);
    let rows: Vec<_> = terms
        .iter()
        .map(|term| {
            (
                found_by::term.eq(term),
                found_by::event_id.eq(event.id),
                found_by::campus_id.eq(content.campus_id),
                found_by::city.eq(event.city),
                found_by::sort_at.eq(event.sort_at()),
            )
        })
        .collect();
    each!(&mut **tx, c => diesel::insert_into(found_by::table).values(&rows).execute(c)).map(drop)
}

/// The terms under which an event is found.
pub fn found_under(event: &Event) -> BTreeSet<String> {
    terms::stored([&*event.content.title])
}

fn forget(tx: &mut Tx<'_>, id: EventId) -> QueryResult<()> {
    diesel::delete(publicity::table.filter(publicity::event_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(team::table.filter(team::event_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(found_by::table.filter(found_by::event_id.eq(id))).execute(&mut **tx)?;
    Ok(())
}

fn tell(tx: &mut Tx<'_>, event: &Event, deleted: bool) {
    tx.changed(Change {
        kind: "event",
        id: event.id.into(),
        campus: Some(event.content.campus_id),
        city: Some(event.city),
        deleted,
    });
}

fn referred(error: DieselError) -> Fault {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
            let problem = Refusal::WrongState.problem();
            problem.detail("其他记录引用了该活动", "Other records refer to this event").into()
        }
        other => other.into(),
    }
}
