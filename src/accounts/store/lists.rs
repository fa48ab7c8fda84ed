//! Many accounts at once, for lists that come as CSV.

use std::collections::HashMap;

use diesel::prelude::*;

use super::campuses_of_all;
use crate::{
    accounts::model::{User, UserCampus},
    each,
    platform::{
        db::{Conn, Tx},
        ids::{CampusId, UserId},
        names::{CityCode, Phone},
    },
    schema::{user_campuses, users},
};

/// How many rows one statement asks for or writes.
const CHUNK: usize = 1_000;

/// An account with its campuses and their cities.
pub type Placed = (User, Vec<(CampusId, CityCode)>);

/// The accounts of these phones.
pub fn by_phones(conn: &mut Conn, phones: &[Phone]) -> QueryResult<Vec<Placed>> {
    let mut found = Vec::new();
    for some in phones.chunks(CHUNK) {
        let list: Vec<User> = users::table.filter(users::phone.eq_any(some.to_vec())).load(conn)?;
        let ids: Vec<UserId> = list.iter().map(|user| user.id).collect();
        let mut places: HashMap<UserId, Vec<(CampusId, CityCode)>> = HashMap::new();
        for place in campuses_of_all(conn, &ids)? {
            places.entry(place.user_id).or_default().push((place.campus_id, place.city));
        }
        found.extend(list.into_iter().map(|user| {
            let own = places.remove(&user.id).unwrap_or_default();
            (user, own)
        }));
    }
    Ok(found)
}

/// Writes accounts that were seen to be new; `false` when a phone was taken meanwhile.
pub fn insert_all(tx: &mut Tx<'_>, list: &[Placed]) -> QueryResult<bool> {
    let people: Vec<&User> = list.iter().map(|(user, _)| user).collect();
    let mut made = 0;
    for some in people.chunks(CHUNK) {
        let some = some.to_vec();
        made += each!(&mut **tx, c => diesel::insert_into(users::table)
            .values(some).on_conflict_do_nothing().execute(c))?;
    }
    let places = list.iter().flat_map(|(user, places)| {
        let place = |(campus_id, city): &(CampusId, CityCode)| UserCampus {
            user_id: user.id,
            campus_id: *campus_id,
            city: *city,
        };
        places.iter().map(place)
    });
    if made != people.len() {
        return Ok(false);
    }
    let places: Vec<UserCampus> = places.collect();
    for some in places.chunks(CHUNK) {
        each!(&mut **tx, c => diesel::insert_into(user_campuses::table).values(some).execute(c))?;
    }
    Ok(true)
}
