//! Figures over the ledger: issued, used, given, returned, lost, damaged. A reverse counts
//! as its original with the sign turned, what was found again is not lost.

use std::collections::BTreeMap;

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use crate::{
    accounts::Scope,
    in_scope,
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
#[derive(Clone, Debug)]
pub struct Part {
    pub scope: Scope,
    pub campus: Option<CampusId>,
    pub city: Option<CityCode>,
    pub from: Day,
    pub to: Day,
}

/// Where and when goods went: a place with its campus and city, and a local day.
pub type Line = (Place, Option<CampusId>, Option<CityCode>, Day);

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

/// Where goods stand in somebody's keeping.
const STANDING: [PlaceKind; 6] = [
    PlaceKind::Province,
    PlaceKind::City,
    PlaceKind::Campus,
    PlaceKind::Event,
    PlaceKind::Booth,
    PlaceKind::User,
];

/// The figures of a part, by place and day.
pub fn by_line(conn: &mut Conn, part: &Part) -> QueryResult<BTreeMap<Line, Figures>> {
    let line = (ledger::place, ledger::campus_id, ledger::city, ledger::day);
    let mut query = ledger::table
        .group_by((line, ledger::counts_as, ledger::place_kind))
        .select((line, ledger::counts_as, ledger::place_kind, sql::<BigInt>(SUM)))
        .filter(ledger::place_kind.eq_any(STANDING))
        .filter(ledger::day.between(part.from, part.to))
        .into_boxed();
    query = in_scope!(query, &part.scope, ledger);
    if let Some(campus) = part.campus {
        query = query.filter(ledger::campus_id.eq(campus));
    }
    if let Some(city) = part.city {
        query = query.filter(ledger::city.eq(city));
    }
    let rows: Vec<(Line, MovementKind, PlaceKind, i64)> = query.load(conn)?;
    let mut figures: BTreeMap<Line, Figures> = BTreeMap::new();
    for (line, kind, at, sum) in rows {
        figures.entry(line).or_default().add(kind, at, sum);
    }
    Ok(figures)
}

/// The figures of these places, over all materials and days.
pub(super) fn of_places(conn: &mut Conn, places: &[Place]) -> QueryResult<Figures> {
    let rows: Vec<(MovementKind, PlaceKind, i64)> = ledger::table
        .filter(ledger::place.eq_any(places.to_vec()))
        .group_by((ledger::counts_as, ledger::place_kind))
        .select((ledger::counts_as, ledger::place_kind, sql::<BigInt>(SUM)))
        .load(conn)?;
    let mut figures = Figures::default();
    for (kind, at, sum) in rows {
        figures.add(kind, at, sum);
    }
    Ok(figures)
}

/// How much of these materials was issued to each of these places, less what was reversed.
pub fn issued(
    conn: &mut Conn,
    places: &[Place],
    skus: &[String],
) -> QueryResult<Vec<(Place, String, i64)>> {
    ledger::table
        .filter(ledger::place.eq_any(places.to_vec()))
        .filter(ledger::sku.eq_any(skus.to_vec()))
        .filter(ledger::counts_as.eq(MovementKind::Issue))
        .group_by((ledger::place, ledger::sku))
        .select((ledger::place, ledger::sku, sql::<BigInt>(SUM)))
        .load(conn)
}
