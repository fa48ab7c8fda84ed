//! Reading campuses.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    campuses::model::{Campus, CampusRow, DatesKind, Days},
    platform::{db::Conn, ids::CampusId, names::CityCode, terms, time::Day},
    schema::{campus_dates, campus_terms, campuses},
};

/// How many values one statement binds at most.
pub(super) const CHUNK: usize = 1_000;

/// What a list of campuses is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub city: Option<CityCode>,
    /// Words of names or code; nothing matches a text without letters and digits.
    pub q: Option<String>,
    pub is_211: Option<bool>,
    pub startup_focus: Option<bool>,
}

/// Campuses by code, from behind `after`.
pub fn list(
    conn: &mut Conn,
    wanted: &Wanted,
    after: Option<&str>,
    limit: i64,
) -> QueryResult<Vec<Campus>> {
    let mut query = campuses::table.select(CampusRow::as_select()).into_boxed();
    if let Some(city) = wanted.city {
        query = query.filter(campuses::city.eq(city));
    }
    if let Some(is_211) = wanted.is_211 {
        query = query.filter(campuses::is_211.eq(is_211));
    }
    if let Some(focus) = wanted.startup_focus {
        query = query.filter(campuses::startup_focus.eq(focus));
    }
    if let Some(q) = &wanted.q {
        let terms = terms::wanted(q);
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        for term in terms {
            let having = campus_terms::table
                .filter(campus_terms::term.eq(term))
                .select(campus_terms::campus_id);
            query = query.filter(campuses::id.eq_any(having));
        }
    }
    if let Some(after) = after {
        query = query.filter(campuses::code.gt(after.to_owned()));
    }
    let rows = query.order(campuses::code).limit(limit).load(conn)?;
    with_dates(conn, rows)
}

pub fn find(conn: &mut Conn, id: CampusId) -> QueryResult<Option<Campus>> {
    Ok(by_ids(conn, &[id])?.pop())
}

/// The campuses of these ids that there are, by code.
pub fn by_ids(conn: &mut Conn, ids: &[CampusId]) -> QueryResult<Vec<Campus>> {
    let rows = campuses::table
        .filter(campuses::id.eq_any(ids.to_vec()))
        .order(campuses::code)
        .select(CampusRow::as_select())
        .load(conn)?;
    with_dates(conn, rows)
}

/// The campuses of these codes that there are.
pub fn by_codes(conn: &mut Conn, codes: &[String]) -> QueryResult<Vec<Campus>> {
    let mut rows = Vec::with_capacity(codes.len());
    for some in codes.chunks(CHUNK) {
        rows.extend(
            campuses::table
                .filter(campuses::code.eq_any(some.to_vec()))
                .select(CampusRow::as_select())
                .load(conn)?,
        );
    }
    with_dates(conn, rows)
}

/// The city of a campus.
pub fn city_of(conn: &mut Conn, id: CampusId) -> QueryResult<Option<CityCode>> {
    campuses::table.find(id).select(campuses::city).first(conn).optional()
}

/// The MOE code of a campus: what the sites of one university share.
pub fn moe_code_of(conn: &mut Conn, id: CampusId) -> QueryResult<Option<String>> {
    campuses::table.find(id).select(campuses::moe_code).first(conn).optional()
}

/// The MOE codes of several campuses.
pub fn moe_codes_of(conn: &mut Conn, ids: &[CampusId]) -> QueryResult<HashMap<CampusId, String>> {
    let rows: Vec<(CampusId, String)> = campuses::table
        .filter(campuses::id.eq_any(ids.to_vec()))
        .select((campuses::id, campuses::moe_code))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// All sites of a university, by code.
pub fn sites(conn: &mut Conn, moe_code: &str) -> QueryResult<Vec<Campus>> {
    let rows = campuses::table
        .filter(campuses::moe_code.eq(moe_code))
        .order(campuses::code)
        .select(CampusRow::as_select())
        .load(conn)?;
    with_dates(conn, rows)
}

/// All sites of the university that this campus belongs to, itself included.
pub fn sister_sites(conn: &mut Conn, id: CampusId) -> QueryResult<Vec<CampusId>> {
    let own = diesel::alias!(campuses as own_campus);
    let moe_code = own.filter(own.field(campuses::id).eq(id)).select(own.field(campuses::moe_code));
    campuses::table
        .filter(campuses::moe_code.eq_any(moe_code))
        .select(campuses::id)
        .order(campuses::code)
        .load(conn)
}

type DateRow = (CampusId, DatesKind, Day, Day);

fn with_dates(conn: &mut Conn, rows: Vec<CampusRow>) -> QueryResult<Vec<Campus>> {
    let mut dates: HashMap<(CampusId, DatesKind), Vec<Days>> = HashMap::new();
    for some in rows.chunks(CHUNK) {
        let ids: Vec<CampusId> = some.iter().map(|row| row.id).collect();
        let found: Vec<DateRow> = campus_dates::table
            .filter(campus_dates::campus_id.eq_any(ids))
            .order((campus_dates::campus_id, campus_dates::starts_on))
            .select((
                campus_dates::campus_id,
                campus_dates::kind,
                campus_dates::starts_on,
                campus_dates::ends_on,
            ))
            .load(conn)?;
        for (campus, kind, from, to) in found {
            dates.entry((campus, kind)).or_default().push(Days { from, to });
        }
    }
    let mut of = |id, kind| dates.remove(&(id, kind)).unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|row| {
            let registration = of(row.id, DatesKind::Registration);
            let exams = of(row.id, DatesKind::Exams);
            row.with_dates(registration, exams)
        })
        .collect())
}
