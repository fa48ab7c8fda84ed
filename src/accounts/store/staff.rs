//! Who is at work where: what plans ask of people.

use diesel::prelude::*;

use crate::{
    accounts::{Role, Scope},
    in_scope,
    platform::{
        db::Conn,
        ids::{CampusId, UserId},
    },
    schema::{user_campuses, users},
};

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
