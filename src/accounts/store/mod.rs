//! Users and where they belong; lists of them, sessions and the sign-in lock have files of
//! their own.

pub mod calendar;
pub mod lists;
pub mod lockout;
pub mod retention;
pub mod sessions;
pub mod staff;

use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error as DieselError},
};

use super::{
    model::{User, UserCampus},
    refusal::Refusal,
    scope::Scope,
};
use crate::{
    platform::{
        db::Conn,
        fault::Fault,
        ids::{CampusId, UserId},
        names::{CityCode, Phone},
    },
    schema::{user_campuses, users},
};

/// Changes to a user; what is `None` stays.
#[derive(Default, AsChangeset)]
#[diesel(table_name = users)]
pub struct UserChanges {
    pub phone: Option<Phone>,
    pub name: Option<String>,
    pub city: Option<Option<CityCode>>,
    pub role: Option<super::Role>,
    pub active: Option<bool>,
    pub password_hash: Option<String>,
    pub must_change_password: Option<bool>,
}

pub fn find(conn: &mut Conn, id: UserId) -> QueryResult<Option<User>> {
    users::table.find(id).first(conn).optional()
}

pub fn find_by_phone(conn: &mut Conn, phone: &Phone) -> QueryResult<Option<User>> {
    users::table.filter(users::phone.eq(phone)).first(conn).optional()
}

/// The active user who still has this password. Whoever changes the account waits until
/// this write has ended.
pub fn hold_if_password(
    conn: &mut Conn,
    id: UserId,
    password_hash: &str,
) -> QueryResult<Option<User>> {
    let same = users::table
        .find(id)
        .filter(users::active.eq(true))
        .filter(users::password_hash.eq(password_hash));
    diesel::update(same)
        .set(users::active.eq(true))
        .returning(users::all_columns)
        .get_result(conn)
        .optional()
}

/// A new user at their campuses. Refuses a phone that has an account.
pub fn insert(
    conn: &mut Conn,
    user: &User,
    campuses: &[(CampusId, CityCode)],
) -> Result<(), Fault> {
    diesel::insert_into(users::table).values(user.clone()).execute(conn).map_err(taken)?;
    Ok(set_campuses(conn, user.id, campuses)?)
}

/// Changes the user if it still has `version`; answers whether it had. Refuses a phone that
/// has another account.
pub fn update_if(
    conn: &mut Conn,
    id: UserId,
    version: i64,
    changes: &UserChanges,
) -> Result<bool, Fault> {
    let same = users::table.find(id).filter(users::version.eq(version));
    let changed = diesel::update(same).set(users::version.eq(version + 1)).execute(conn)? == 1;
    if changed && !changes.is_empty() {
        diesel::update(users::table.find(id)).set(changes).execute(conn).map_err(taken)?;
    }
    Ok(changed)
}

fn taken(error: DieselError) -> Fault {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            Refusal::PhoneTaken.into()
        }
        other => other.into(),
    }
}

impl UserChanges {
    /// Diesel refuses an update that sets nothing.
    fn is_empty(&self) -> bool {
        self.phone.is_none()
            && self.name.is_none()
            && self.city.is_none()
            && self.role.is_none()
            && self.active.is_none()
            && self.password_hash.is_none()
            && self.must_change_password.is_none()
    }
}

pub fn set_campuses(
    conn: &mut Conn,
    id: UserId,
    campuses: &[(CampusId, CityCode)],
) -> QueryResult<()> {
    diesel::delete(user_campuses::table.filter(user_campuses::user_id.eq(id))).execute(conn)?;
    for (campus_id, city) in campuses {
        let row = UserCampus { user_id: id, campus_id: *campus_id, city: *city };
        diesel::insert_into(user_campuses::table).values(row).execute(conn)?;
    }
    Ok(())
}

pub fn campuses_of(conn: &mut Conn, id: UserId) -> QueryResult<Vec<(CampusId, CityCode)>> {
    user_campuses::table
        .filter(user_campuses::user_id.eq(id))
        .order(user_campuses::campus_id)
        .select((user_campuses::campus_id, user_campuses::city))
        .load(conn)
}

/// The campuses of several users at once.
pub fn campuses_of_all(conn: &mut Conn, ids: &[UserId]) -> QueryResult<Vec<UserCampus>> {
    user_campuses::table
        .filter(user_campuses::user_id.eq_any(ids.to_vec()))
        .order((user_campuses::user_id, user_campuses::campus_id))
        .load(conn)
}

/// Users of a scope: of its campuses, and the coordinators of its city.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    role: Option<super::Role>,
    after: Option<UserId>,
    limit: i64,
) -> QueryResult<Vec<User>> {
    let mut query = users::table.order(users::id).limit(limit).into_boxed();
    query = match scope {
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
    if let Some(after) = after {
        query = query.filter(users::id.gt(after));
    }
    if let Some(role) = role {
        query = query.filter(users::role.eq(role));
    }
    query.load(conn)
}

/// Whether a user lies in a scope.
pub fn is_in_scope(conn: &mut Conn, scope: &Scope, user: &User) -> QueryResult<bool> {
    let campuses = campuses_of(conn, user.id)?;
    Ok(match scope {
        Scope::All => true,
        Scope::City(city) => {
            user.city == Some(*city) || campuses.iter().any(|(_, place)| place == city)
        }
        Scope::Campuses(own) => campuses.iter().any(|(campus, _)| own.contains(campus)),
    })
}

/// Bumps the anchor of rules over these people's time, in id order.
pub fn bump_slots(conn: &mut Conn, ids: &[UserId]) -> QueryResult<()> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    for id in ids {
        diesel::update(users::table.find(id))
            .set(users::slot_seq.eq(users::slot_seq + 1))
            .execute(conn)?;
    }
    Ok(())
}
