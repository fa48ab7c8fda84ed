//! Writing campuses, with their terms and dates.

use diesel::prelude::*;

use super::campuses::CHUNK;
use crate::{
    campuses::model::{Campus, CampusRow, DatesKind},
    each,
    platform::{
        db::{Change, Tx, Upsert},
        ids::CampusId,
        terms,
    },
    schema::{campus_dates, campus_terms, campuses},
};

/// `false` when a campus has this code already.
pub fn insert(tx: &mut Tx<'_>, campus: &Campus) -> QueryResult<bool> {
    let made = diesel::insert_into(campuses::table)
        .values(&CampusRow::of(campus))
        .or_ignore()
        .execute(&mut **tx)?;
    if made == 1 {
        describe(tx, &[campus])?;
    }
    Ok(made == 1)
}

/// Writes campuses that were seen to be new; `false` when a code was taken meanwhile.
pub fn insert_all(tx: &mut Tx<'_>, list: &[Campus]) -> QueryResult<bool> {
    let rows: Vec<CampusRow> = list.iter().map(CampusRow::of).collect();
    let mut made = 0;
    for some in rows.chunks(CHUNK) {
        let table = campuses::table;
        made += each!(&mut **tx, c => diesel::insert_into(table)
            .values(some).on_conflict_do_nothing().execute(c))?;
    }
    if made != rows.len() {
        return Ok(false);
    }
    describe(tx, &list.iter().collect::<Vec<_>>())?;
    Ok(true)
}

/// Writes the facts over version `seen`; `false` when that is no longer the version.
pub fn update_if(tx: &mut Tx<'_>, seen: i64, campus: &Campus) -> QueryResult<bool> {
    let facts = &campus.facts;
    let written =
        diesel::update(campuses::table.find(campus.id).filter(campuses::version.eq(seen)))
            .set((
                campuses::name_zh.eq(&facts.name_zh),
                campuses::name_en.eq(&facts.name_en),
                campuses::level.eq(facts.level),
                campuses::ownership.eq(facts.ownership),
                campuses::is_211.eq(facts.is_211),
                campuses::startup_focus.eq(facts.startup_focus),
                campuses::latitude.eq(facts.latitude),
                campuses::longitude.eq(facts.longitude),
                campuses::version.eq(seen + 1),
            ))
            .execute(&mut **tx)?;
    if written == 1 {
        let terms = campus_terms::table.filter(campus_terms::campus_id.eq(campus.id));
        diesel::delete(terms).execute(&mut **tx)?;
        let dates = campus_dates::table.filter(campus_dates::campus_id.eq(campus.id));
        diesel::delete(dates).execute(&mut **tx)?;
        describe(tx, &[campus])?;
    }
    Ok(written == 1)
}

/// What hangs on campuses: terms, dates, and word to those who follow.
fn describe(tx: &mut Tx<'_>, list: &[&Campus]) -> QueryResult<()> {
    let mut named: Vec<(String, CampusId)> = Vec::new();
    for campus in list {
        let facts = &campus.facts;
        let found = terms::stored([&*facts.name_zh, &*facts.name_en, &*campus.code]);
        named.extend(found.into_iter().map(|term| (term, campus.id)));
        let dates = facts.registration.iter().map(|days| (DatesKind::Registration, days));
        for (kind, days) in dates.chain(facts.exams.iter().map(|days| (DatesKind::Exams, days))) {
            let row = (
                campus_dates::campus_id.eq(campus.id),
                campus_dates::kind.eq(kind),
                campus_dates::starts_on.eq(days.from),
                campus_dates::ends_on.eq(days.to),
            );
            diesel::insert_into(campus_dates::table).values(row).execute(&mut **tx)?;
        }
    }
    for some in named.chunks(CHUNK) {
        let rows: Vec<_> = some
            .iter()
            .map(|(term, id)| (campus_terms::term.eq(term), campus_terms::campus_id.eq(id)))
            .collect();
        each!(&mut **tx, c => diesel::insert_into(campus_terms::table).values(&rows).execute(c))?;
    }
    for campus in list {
        tx.changed(Change {
            kind: "campus",
            id: campus.id.into(),
            campus: Some(campus.id),
            city: Some(campus.city),
            deleted: false,
        });
    }
    Ok(())
}
