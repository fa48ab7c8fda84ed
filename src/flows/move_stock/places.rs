//! Which campus and city a place belongs to.

use crate::{
    accounts::{self, Scope},
    booths, campuses, events,
    materials::place::{Located, Place},
    participants,
    platform::{
        db::Conn,
        fault::Fault,
        ids::{CampusId, ParticipantId, UserId},
        names::CityCode,
    },
};

type Home = Option<(Option<CampusId>, Option<CityCode>)>;

/// The place with its campus and city; `None` when there is no such place. A user of
/// several campuses belongs to one that lies in the asking scope, if any does.
pub fn locate(conn: &mut Conn, scope: &Scope, place: Place) -> Result<Option<Located>, Fault> {
    let home: Home = match place {
        Place::City(code) => {
            let there = campuses::store::cities::exists(conn, code)?;
            there.then_some((None, Some(code)))
        }
        Place::Campus(id) => {
            let city = campuses::store::campuses::city_of(conn, id)?;
            city.map(|city| (Some(id), Some(city)))
        }
        Place::User(id) => user(conn, scope, id)?,
        Place::Event(id) => {
            let event = events::store::people::find_door(conn, id)?;
            event.map(|event| (Some(event.campus_id), Some(event.city)))
        }
        Place::Participant(id) => return person(conn, id),
        Place::Booth(id) => {
            let booth = booths::store::find(conn, &Scope::All, id)?;
            booth.map(|booth| (Some(booth.campus_id), Some(booth.city)))
        }
        Place::Province
        | Place::Transit
        | Place::Supplier
        | Place::Used
        | Place::Lost
        | Place::Damaged
        | Place::Adjustment => Some((None, None)),
    };
    Ok(home.map(|(campus, city)| Located { place, campus, city }))
}

/// A person under the record's own id; what was given to one is nobody's stock, so it
/// belongs to no campus. Nothing is given to who is erased.
fn person(conn: &mut Conn, id: ParticipantId) -> Result<Option<Located>, Fault> {
    let known = participants::store::known(conn, &[id])?.remove(&id);
    let there = known.filter(|known| known.erased_at.is_none());
    Ok(there.map(|known| Place::Participant(known.id).nowhere()))
}

fn user(conn: &mut Conn, scope: &Scope, id: UserId) -> Result<Home, Fault> {
    let Some(user) = accounts::store::find(conn, id)? else { return Ok(None) };
    let campuses = accounts::store::campuses_of(conn, id)?;
    let shared = campuses.iter().find(|(campus, city)| scope.covers(*campus, *city));
    Ok(Some(match shared.or(campuses.first()) {
        Some((campus, city)) => (Some(*campus), Some(*city)),
        None => (None, user.city),
    }))
}
