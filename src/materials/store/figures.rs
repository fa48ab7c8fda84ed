//! Figures over the ledger: issued, used, given, returned, lost, damaged. A reverse counts
//! as its original with the sign turned, what was found again is not lost.

use std::collections::BTreeMap;

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use crate::{
    materials::{
        model::MovementKind,
        place::{Place, PlaceKind},
    },
    platform::{db::Conn, ids::CampusId, names::CityCode, time::Day},
    schema::ledger,
};

/// How goods went, in pieces over all materials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// From a campus to events, booths and users.
    pub issued: i64,
    pub used: i64,
    pub given: i64,
    /// From events, booths and users back to a campus.
    pub returned: i64,
    /// Less what was found again.
    pub lost: i64,
    pub damaged: i64,
}

/// What part of the ledger is meant; `None` narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub places: Option<Vec<Place>>,
    pub campus: Option<CampusId>,
    pub city: Option<CityCode>,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

const SUM: &str = "CAST(COALESCE(SUM(ledger.delta), 0) AS BIGINT)";

impl Figures {
    /// Adds the sum of the lines of one kind at one kind of place.
    fn add(&mut self, kind: MovementKind, at: PlaceKind, sum: i64) {
        let in_hand = matches!(at, PlaceKind::Event | PlaceKind::Booth | PlaceKind::User);
        match kind {
            MovementKind::Issue if in_hand => self.issued += sum,
            MovementKind::Return if in_hand => self.returned -= sum,
            MovementKind::Use => self.used -= sum,
            MovementKind::Give => self.given -= sum,
            MovementKind::Lose | MovementKind::Find => self.lost -= sum,
            MovementKind::Damage => self.damaged -= sum,
            _ => {}
        }
    }
}

/// Declares a function that sums the figures by one column of the ledger.
macro_rules! figures_by {
    ($(#[$doc:meta])* $name:ident($column:ident) -> $key:ty) => {
        $(#[$doc])*
        pub fn $name(conn: &mut Conn, part: &Part) -> QueryResult<BTreeMap<$key, Figures>> {
            let mut query = ledger::table
                .group_by((ledger::$column, ledger::counts_as, ledger::place_kind))
                .select((ledger::$column, ledger::counts_as, ledger::place_kind, sql::<BigInt>(SUM)))
                .filter(ledger::place_kind.eq_any(STANDING))
                .into_boxed();
            if let Some(places) = &part.places {
                query = query.filter(ledger::place.eq_any(places.clone()));
            }
            if let Some(campus) = part.campus {
                query = query.filter(ledger::campus_id.eq(campus));
            }
            if let Some(city) = part.city {
                query = query.filter(ledger::city.eq(city));
            }
            if let Some(from) = part.from {
                query = query.filter(ledger::day.ge(from));
            }
            if let Some(to) = part.to {
                query = query.filter(ledger::day.le(to));
            }
            let rows: Vec<($key, MovementKind, PlaceKind, i64)> = query.load(conn)?;
            let mut figures: BTreeMap<$key, Figures> = BTreeMap::new();
            for (key, kind, at, sum) in rows {
                figures.entry(key).or_default().add(kind, at, sum);
            }
            Ok(figures)
        }
    };
}

/// Where goods stand in somebody's keeping.
const STANDING: [PlaceKind; 6] = [
    PlaceKind::Province,
    PlaceKind::City,
    PlaceKind::Campus,
    PlaceKind::Event,
    PlaceKind::Booth,
    PlaceKind::User,
];

figures_by! {
    /// By place: of an event, its booths, a campus's own store.
    by_place(place) -> Place
}
figures_by! {
    /// By the campus of the places; `None` is what belongs to no campus.
    by_campus(campus_id) -> Option<CampusId>
}
figures_by! {
    /// By the city of the places; `None` is the province's own.
    by_city(city) -> Option<CityCode>
}
figures_by! {
    /// By local day of what happened.
    by_day(day) -> Day
}
figures_by! {
    /// By material.
    by_sku(sku) -> String
}

/// What was issued to these places, by material.
pub(super) fn issued_by_sku(
    conn: &mut Conn,
    places: &[Place],
) -> QueryResult<BTreeMap<String, i64>> {
    let part = Part { places: Some(places.to_vec()), ..Part::default() };
    let figures = by_sku(conn, &part)?;
    Ok(figures.into_iter().map(|(sku, figures)| (sku, figures.issued)).collect())
}
