//! What is where now.

use diesel::prelude::*;

use super::movements::Viewer;
use crate::{
    accounts::Scope,
    materials::{
        model::Balance,
        place::{Place, PlaceKind},
    },
    platform::db::{Conn, MultiBackend},
    schema::balances,
};

/// The key of a page: the last place and sku.
pub type After = (Place, String);

/// What stands at real places that a viewer sees, by place and sku; nothing that is used up.
pub fn list(
    conn: &mut Conn,
    viewer: Viewer<'_>,
    (place, sku): (Option<Place>, Option<&str>),
    after: Option<After>,
    limit: i64,
) -> QueryResult<Vec<Balance>> {
    let mut query = balances::table
        .filter(balances::quantity.gt(0))
        .filter(balances::place_kind.ne(PlaceKind::Participant))
        .select(Balance::as_select())
        .into_boxed();
    let own = balances::place.eq(Place::User(viewer.user));
    query = match viewer.scope {
        Scope::All => query,
        Scope::City(city) => query.filter(own.or(balances::city.eq(*city))),
        Scope::Campuses(campuses) => {
            query.filter(own.or(balances::campus_id.eq_any(campuses.to_vec())))
        }
    };
    if let Some(place) = place {
        query = query.filter(balances::place.eq(place));
    }
    if let Some(sku) = sku {
        query = query.filter(balances::sku.eq(sku.to_owned()));
    }
    if let Some((place, sku)) = after {
        query = query
            .filter(balances::place.ge(place))
            .filter(balances::place.gt(place).or(balances::sku.gt(sku)));
    }
    query.order((balances::place, balances::sku)).limit(limit).load(conn)
}

/// Whether anything stands at a place.
pub fn holds(conn: &mut Conn, place: Place) -> QueryResult<bool> {
    let there = balances::table.filter(balances::place.eq(place)).filter(balances::quantity.gt(0));
    any(there.into_boxed(), conn)
}

/// Whether anything ever stood at a place; balances stay when they have come to nothing.
pub fn ever_at(conn: &mut Conn, place: Place) -> QueryResult<bool> {
    any(balances::table.filter(balances::place.eq(place)).into_boxed(), conn)
}

fn any(query: balances::BoxedQuery<'_, MultiBackend>, conn: &mut Conn) -> QueryResult<bool> {
    let sku: Option<String> = query.select(balances::sku).first(conn).optional()?;
    Ok(sku.is_some())
}

/// What stands at these places of these materials.
pub fn at_places(
    conn: &mut Conn,
    places: &[Place],
    skus: &[String],
) -> QueryResult<Vec<(Place, String, i64)>> {
    balances::table
        .filter(balances::place.eq_any(places.to_vec()))
        .filter(balances::sku.eq_any(skus.to_vec()))
        .select((balances::place, balances::sku, balances::quantity))
        .load(conn)
}
