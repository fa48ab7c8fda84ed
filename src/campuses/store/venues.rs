//! Venues. That two events do not take one venue at once is a rule over its slots; its
//! anchor is the venue's row.

use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error as DieselError},
};

use crate::{
    accounts::Scope,
    campuses::{Refusal, model::Venue},
    in_scope,
    platform::{
        db::{Change, Conn, Tx},
        fault::Fault,
        ids::{CampusId, VenueId},
    },
    schema::venues,
};

/// Venues of a campus by id, from behind `after`.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    campus: CampusId,
    after: Option<VenueId>,
    limit: i64,
) -> QueryResult<Vec<Venue>> {
    let query = venues::table.filter(venues::campus_id.eq(campus)).into_boxed();
    let mut query = in_scope!(query, scope, venues);
    if let Some(after) = after {
        query = query.filter(venues::id.gt(after));
    }
    query.order(venues::id).limit(limit).select(Venue::as_select()).load(conn)
}

/// `None` also when it is out of scope.
pub fn find(conn: &mut Conn, scope: &Scope, id: VenueId) -> QueryResult<Option<Venue>> {
    let query = venues::table.filter(venues::id.eq(id)).into_boxed();
    in_scope!(query, scope, venues).select(Venue::as_select()).first(conn).optional()
}

/// The venues of these ids that there are in the scope, by id.
pub fn by_ids(conn: &mut Conn, scope: &Scope, ids: &[VenueId]) -> QueryResult<Vec<Venue>> {
    let query = venues::table.filter(venues::id.eq_any(ids.to_vec())).into_boxed();
    in_scope!(query, scope, venues).order(venues::id).select(Venue::as_select()).load(conn)
}

/// Makes writers of the venue's slots come one after the other. Do it before reading them,
/// in the order of ids where there are several; `false` when there is no such venue.
pub fn anchor_slots(tx: &mut Tx<'_>, id: VenueId) -> QueryResult<bool> {
    let bumped = diesel::update(venues::table.find(id))
        .set(venues::slot_seq.eq(venues::slot_seq + 1))
        .execute(&mut **tx)?;
    Ok(bumped == 1)
}

/// Refuses a name that the campus has already.
pub fn insert(tx: &mut Tx<'_>, venue: &Venue) -> Result<(), Fault> {
    diesel::insert_into(venues::table).values(venue).execute(&mut **tx).map_err(taken)?;
    tell(tx, venue);
    Ok(())
}

/// Writes `new` over version `seen`; `false` when that is no longer the version. Refuses a
/// name that the campus has already.
pub fn update_if(tx: &mut Tx<'_>, seen: i64, new: &Venue) -> Result<bool, Fault> {
    let written = diesel::update(venues::table.find(new.id).filter(venues::version.eq(seen)))
        .set((
            venues::name.eq(&new.name),
            venues::capacity.eq(new.capacity),
            venues::active.eq(new.active),
            venues::version.eq(seen + 1),
        ))
        .execute(&mut **tx)
        .map_err(taken)?;
    if written == 1 {
        tell(tx, new);
    }
    Ok(written == 1)
}

fn tell(tx: &mut Tx<'_>, venue: &Venue) {
    tx.changed(Change {
        kind: "venue",
        id: venue.id.into(),
        campus: Some(venue.campus_id),
        city: Some(venue.city),
        deleted: false,
    });
}

fn taken(error: DieselError) -> Fault {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Refusal::VenueNameTaken.into()
        }
        other => other.into(),
    }
}
