//! All SQL over participants: reading here, writing and passes beside it. Only this folder
//! knows in which form the columns that tell who someone is are kept.

pub mod passes;
mod row;
pub mod write;

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use self::row::Row;
use super::model::{Known, Participant};
use crate::{
    accounts::Scope,
    catalogue::attendance::ParticipantRole,
    in_scope,
    platform::{
        db::Conn,
        fault::Fault,
        ids::{CampusId, ParticipantId},
        names::{CityCode, Phone, PhoneTail},
        time::Instant,
    },
    schema::{participant_ids as names, participants as people},
};

/// How many rows one statement asks for or writes.
const CHUNK: usize = 1_000;

/// What a list is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    pub campus: Option<CampusId>,
    pub role: Option<ParticipantRole>,
}

/// Participants of a scope in the order of their registration, from behind `after`.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    wanted: Wanted,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Participant>, Fault> {
    let mut query = people::table.select(Row::as_select()).into_boxed();
    query = in_scope!(query, scope, people);
    if let Some(campus) = wanted.campus {
        query = query.filter(people::campus_id.eq(campus));
    }
    if let Some(role) = wanted.role {
        query = query.filter(people::role.eq(role));
    }
    query = query.filter(people::seq.gt(after.unwrap_or(0)));
    let rows = query.order(people::seq).limit(limit).load(conn)?;
    rows.into_iter().map(Row::open).collect()
}

/// Participants whose phones end so, whatever their place, in the order of registration: one
/// in ten thousand does.
pub fn with_tail(
    conn: &mut Conn,
    tail: &PhoneTail,
    wanted: Wanted,
    after: i64,
    limit: i64,
) -> Result<Vec<Participant>, Fault> {
    let mut query = people::table
        .filter(people::phone_tail.eq(tail.clone()))
        .filter(people::seq.gt(after))
        .into_boxed();
    if let Some(campus) = wanted.campus {
        query = query.filter(people::campus_id.eq(campus));
    }
    if let Some(role) = wanted.role {
        query = query.filter(people::role.eq(role));
    }
    let rows: Vec<Row> =
        query.order(people::seq).limit(limit).select(Row::as_select()).load(conn)?;
    rows.into_iter().map(Row::open).collect()
}

/// The record behind any of its ids, within the scope.
pub fn find(
    conn: &mut Conn,
    scope: &Scope,
    id: ParticipantId,
) -> Result<Option<Participant>, Fault> {
    let own = names::table.filter(names::id.eq(id)).select(names::participant_id);
    let mut query = people::table.select(Row::as_select()).into_boxed();
    query = in_scope!(query, scope, people);
    let row = query.filter(people::id.eq_any(own)).first(conn).optional()?;
    row.map(Row::open).transpose()
}

/// The records of these own ids, whole, whatever their place.
pub fn by_ids(conn: &mut Conn, ids: &[ParticipantId]) -> Result<Vec<Participant>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = people::table
        .filter(people::id.eq_any(ids.to_vec()))
        .order(people::seq)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::open).collect()
}

/// The record that has this phone, whatever its place.
pub fn find_by_phone(conn: &mut Conn, phone: &Phone) -> QueryResult<Option<ParticipantId>> {
    people::table.filter(people::phone.eq(phone)).select(people::id).first(conn).optional()
}

/// The records that have these phones, whatever their place.
pub fn by_phones(conn: &mut Conn, phones: &[Phone]) -> QueryResult<HashMap<Phone, ParticipantId>> {
    let mut found = HashMap::new();
    for some in phones.chunks(CHUNK) {
        let rows: Vec<(Option<Phone>, ParticipantId)> = people::table
            .filter(people::phone.eq_any(some.to_vec()))
            .select((people::phone, people::id))
            .load(conn)?;
        found.extend(rows.into_iter().filter_map(|(phone, id)| Some((phone?, id))));
    }
    Ok(found)
}

type KnownColumns =
    (ParticipantId, ParticipantId, ParticipantRole, CampusId, CityCode, Option<Instant>);

/// What is known of the people these ids name, by the id that was asked for; ids that name
/// nobody are left out. Whatever their place: whoever holds a pass may come from elsewhere.
pub fn known(
    conn: &mut Conn,
    ids: &[ParticipantId],
) -> QueryResult<BTreeMap<ParticipantId, Known>> {
    let rows: Vec<KnownColumns> = names::table
        .inner_join(people::table.on(people::id.eq(names::participant_id)))
        .filter(names::id.eq_any(ids.to_vec()))
        .select((
            names::id,
            people::id,
            people::role,
            people::campus_id,
            people::city,
            people::erased_at,
        ))
        .load(conn)?;
    let known = rows.into_iter().map(|(asked, id, role, campus_id, city, erased_at)| {
        (asked, Known { id, role, campus_id, city, erased_at })
    });
    Ok(known.collect())
}

/// The record that an id names, and the hash of the request that made it with this id.
/// `None` for an id that nobody used.
pub fn named(conn: &mut Conn, id: ParticipantId) -> QueryResult<Option<NamedRow>> {
    names::table
        .inner_join(people::table.on(people::id.eq(names::participant_id)))
        .filter(names::id.eq(id))
        .select((people::id, people::request_sha256, people::erased_at.is_not_null()))
        .first(conn)
        .optional()
}

/// Own id, hash of the request that made the record, whether it was erased.
pub type NamedRow = (ParticipantId, Option<Vec<u8>>, bool);
