//! Who is at work where: what plans ask of people, and where traces of them belong.

use diesel::prelude::*;

use crate::{
    accounts::{Role, Scope},
    in_scope,
    platform::{
        db::{Audit, Conn, Tx},
        ids::{CampusId, UserId},
        names::CityCode,
    },
    schema::{user_campuses, users},
};

/// Leaves an audit entry about somebody's account or session, under the city they belong to:
/// a coordinator's own, else that of their first campus. Most have one campus; it is named.
pub fn note(
    tx: &mut Tx<'_>,
    user: UserId,
    action: &'static str,
    kind: &'static str,
    id: String,
) -> QueryResult<()> {
    let own: Option<CityCode> = users::table.find(user).select(users::city).first(&mut **tx)?;
    let (city, campus) = home(own, &super::campuses_of(tx, user)?);
    tx.audit(Audit { action, kind, id, city, campus, ..Audit::default() })
}

/// The city and the one campus that traces of somebody belong to.
pub fn home(
    own: Option<CityCode>,
    places: &[(CampusId, CityCode)],
) -> (Option<CityCode>, Option<CampusId>) {
    let city = own.or_else(|| places.first().map(|(_, city)| *city));
    match *places {
        [(only, _)] => (city, Some(only)),
        _ => (city, None),
    }
}

/// Whether a campus has an active user of this role.
pub fn has_active(conn: &mut Conn, campus: CampusId, role: Role) -> QueryResult<bool> {
    let found: Option<UserId> = user_campuses::table
        .inner_join(users::table)
        .filter(user_campuses::campus_id.eq(campus))
        .filter(users::role.eq(role))
        .filter(users::active.eq(true))
        .select(users::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// The campuses of a scope that have an active user of this role.
pub fn campuses_with(conn: &mut Conn, scope: &Scope, role: Role) -> QueryResult<Vec<CampusId>> {
    let query = user_campuses::table
        .inner_join(users::table)
        .filter(users::role.eq(role))
        .filter(users::active.eq(true))
        .select(user_campuses::campus_id)
        .distinct()
        .into_boxed();
    in_scope!(query, scope, user_campuses).order(user_campuses::campus_id).load(conn)
}

/// Those of these users who are active and lie in the scope.
pub fn active_among(conn: &mut Conn, scope: &Scope, ids: &[UserId]) -> QueryResult<Vec<UserId>> {
    let query = users::table
        .filter(users::id.eq_any(ids.to_vec()))
        .filter(users::active.eq(true))
        .select(users::id)
        .into_boxed();
    let query = match scope {
        Scope::All => query,
        Scope::City(city) => {
            let placed = user_campuses::table
                .filter(user_campuses::city.eq(*city))
                .select(user_campuses::user_id);
            query.filter(users::id.eq_any(placed).or(users::city.eq(*city)))
        }
        Scope::Campuses(own) => {
            let placed = user_campuses::table
                .filter(user_campuses::campus_id.eq_any(own.to_vec()))
                .select(user_campuses::user_id);
            query.filter(users::id.eq_any(placed))
        }
    };
    query.order(users::id).load(conn)
}
