//! Who manages whom: making, changing, deactivating accounts, resetting passwords. A flow,
//! since an account's place is made of campuses and their cities. One by one here, as a list
//! in [`import`].

pub mod import;
mod routes;
mod types;

pub use routes::endpoints;

use std::collections::BTreeSet;

use validator::Validate;

use crate::{
    accounts::{
        Refusal, Role, Scope,
        model::User,
        store::{self, UserChanges, staff},
    },
    campuses,
    platform::{
        db::{Audit, Change, Conn, Tx},
        fault::Fault,
        http::body::{check, not_blank},
        ids::{CampusId, UserId},
        names::{CityCode, Phone},
    },
};

/// Where somebody belongs: campuses with their cities, or a city.
pub type Places = Vec<(CampusId, CityCode)>;

/// An account to be made.
#[derive(Clone)]
pub struct NewUser {
    pub id: UserId,
    pub phone: Phone,
    pub name: String,
    pub role: Role,
    pub city: Option<CityCode>,
    pub campuses: Vec<CampusId>,
    pub password_hash: String,
    pub must_change_password: bool,
}

/// The rules of a name, however it comes in.
#[derive(Validate)]
struct Named<'a> {
    #[validate(length(max = 60), custom(function = "not_blank"))]
    name: &'a str,
}

/// Whether a role has the place it needs and no other.
pub fn place_fits(role: Role, city: Option<CityCode>, campuses: &[CampusId]) -> bool {
    match role {
        Role::Ambassador | Role::Liaison => city.is_none() && !campuses.is_empty(),
        Role::Coordinator => city.is_some() && campuses.is_empty(),
        Role::Province | Role::Auditor => city.is_none() && campuses.is_empty(),
    }
}

/// Whether a manager of this scope answers for an account: the province for all,
/// coordinators for ambassadors and liaisons all of whose campuses lie in their city.
pub fn manages(scope: &Scope, role: Role, places: &[(CampusId, CityCode)]) -> bool {
    match scope {
        Scope::All => true,
        Scope::City(own) => {
            matches!(role, Role::Ambassador | Role::Liaison)
                && !places.is_empty()
                && places.iter().all(|(_, city)| city == own)
        }
        Scope::Campuses(_) => false,
    }
}

/// Makes an account. Refuses a phone that has one, a place that does not fit, and a name
/// that is none.
pub fn create(tx: &mut Tx<'_>, new: &NewUser, manager: Option<&Scope>) -> Result<User, Fault> {
    check(&Named { name: &new.name })?;
    let places = places(tx, new.role, new.city, &new.campuses)?;
    if manager.is_some_and(|scope| !manages(scope, new.role, &places)) {
        return Err(Refusal::NotYours.into());
    }
    let user = User {
        id: new.id,
        phone: new.phone.clone(),
        name: new.name.trim().to_owned(),
        role: new.role,
        city: new.city,
        password_hash: new.password_hash.clone(),
        must_change_password: new.must_change_password,
        active: true,
        slot_seq: 0,
        version: 1,
        created_at: tx.meta.real_now,
    };
    store::insert(tx, &user, &places)?;
    note(tx, "user.create", user.id, [(user.city, &places)])?;
    Ok(user)
}

/// The campuses with their cities; refuses unknown ones and a place that does not fit.
pub fn places(
    conn: &mut Conn,
    role: Role,
    city: Option<CityCode>,
    campuses: &[CampusId],
) -> Result<Places, Fault> {
    let rows = campuses::store::campuses::by_ids(conn, campuses)?;
    let places: Places = rows.into_iter().map(|campus| (campus.id, campus.city)).collect();
    let city_known = match city {
        Some(city) => campuses::store::cities::exists(conn, city)?,
        None => true,
    };
    if !place_fits(role, city, campuses) || places.len() != campuses.len() || !city_known {
        return Err(Refusal::WrongPlace.into());
    }
    Ok(places)
}

/// Changes an account, moves it from its old to its new places, and leaves the traces.
pub fn change(
    tx: &mut Tx<'_>,
    user: &User,
    changes: &UserChanges,
    (old, new): (&Places, &Places),
    action: &'static str,
) -> Result<(), Fault> {
    if !store::update_if(tx, user.id, user.version, changes)? {
        return Err(crate::platform::http::version::stale(user.version + 1));
    }
    if old != new {
        store::set_campuses(tx, user.id, new)?;
    }
    note(tx, action, user.id, [(user.city, old), (changes.city.unwrap_or(user.city), new)])
}

/// An audit entry, and a change for every place that the account was or is at.
fn note<'p>(
    tx: &mut Tx<'_>,
    action: &'static str,
    user: UserId,
    places: impl IntoIterator<Item = (Option<CityCode>, &'p Places)>,
) -> Result<(), Fault> {
    staff::note(tx, user, action, "user", user.to_string())?;
    announce(tx, user, places);
    Ok(())
}

/// The same for many accounts that were made at once.
fn note_made(tx: &mut Tx<'_>, made: &[(User, Places)]) -> Result<(), Fault> {
    let entries = made.iter().map(|(user, places)| {
        let (city, campus) = staff::home(user.city, places);
        let (action, kind, id) = ("user.create", "user", user.id.to_string());
        Audit { action, kind, id, city, campus, ..Audit::default() }
    });
    tx.audit_all(entries.collect())?;
    for (user, places) in made {
        announce(tx, user.id, [(user.city, places)]);
    }
    Ok(())
}

fn announce<'p>(
    tx: &mut Tx<'_>,
    user: UserId,
    places: impl IntoIterator<Item = (Option<CityCode>, &'p Places)>,
) {
    let mut told = BTreeSet::new();
    for (city, campuses) in places {
        told.extend(campuses.iter().map(|(campus, city)| (Some(*campus), Some(*city))));
        told.extend(city.map(|city| (None, Some(city))));
    }
    if told.is_empty() {
        told.insert((None, None));
    }
    for (campus, city) in told {
        tx.changed(Change { kind: "user", id: user.into(), campus, city, deleted: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coordinator_manages_the_staff_of_the_own_city_alone() {
        let (here, there) = ("440100".parse().unwrap(), "440500".parse().unwrap());
        let (a, b) = (CampusId::new(), CampusId::new());
        let scope = Scope::City(here);
        assert!(manages(&scope, Role::Ambassador, &[(a, here)]));
        assert!(!manages(&scope, Role::Ambassador, &[(a, here), (b, there)]));
        assert!(!manages(&scope, Role::Ambassador, &[]));
        assert!(!manages(&scope, Role::Coordinator, &[(a, here)]));
        assert!(manages(&Scope::All, Role::Auditor, &[]));
    }

    #[test]
    fn every_role_has_its_kind_of_place() {
        let (city, campus) = ("440100".parse().ok(), [CampusId::new()]);
        assert!(
            place_fits(Role::Liaison, None, &campus) && !place_fits(Role::Liaison, city, &campus)
        );
        assert!(
            place_fits(Role::Coordinator, city, &[]) && !place_fits(Role::Coordinator, None, &[])
        );
        assert!(place_fits(Role::Province, None, &[]) && !place_fits(Role::Auditor, None, &campus));
    }
}
