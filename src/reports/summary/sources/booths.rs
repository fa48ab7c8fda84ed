//! What was counted at booths, a fact per booth and day.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{EventOfBooth, Part, Places};
use crate::{
    in_scope,
    platform::{
        db::Conn,
        fault::Fault,
        ids::{BoothId, CampusId, EventId},
        names::CityCode,
        time::Day,
    },
    reports::summary::{
        facts::{Belongs, Fact},
        figures::Figures,
    },
    schema::{booth_attendance, booth_tallies, booths},
};

/// A booth that was up in the part.
#[derive(Queryable, Selectable)]
#[diesel(table_name = booths)]
struct Booth {
    id: BoothId,
    campus_id: CampusId,
    city: CityCode,
    event_id: Option<EventId>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = booth_tallies)]
struct Tally {
    booth_id: BoothId,
    day: Day,
    visitors: i64,
    installs: i64,
    purchases: i64,
    cards: i64,
}

impl Booth {
    /// Where its facts of a day belong; `None` when its event lies outside the part.
    fn belongs(&self, places: &Places, part: &Part, day: Day) -> Option<Belongs> {
        let event = self.event_id.and_then(|id| places.get(&id));
        if part.asks_purpose() && event.is_none() {
            return None;
        }
        Some(Belongs {
            city: Some(self.city),
            campus: Some(self.campus_id),
            activity: event.and_then(|belongs| belongs.activity.clone()),
            day: Some(day),
        })
    }
}

pub fn facts(
    conn: &mut Conn,
    part: &Part,
    places: &Places,
) -> Result<(Vec<Fact>, EventOfBooth), Fault> {
    let booths = booths_of(conn, part)?;
    let mut days: BTreeMap<(BoothId, Day), Figures> = BTreeMap::new();
    for tally in tallies(conn, part)? {
        let figures = days.entry((tally.booth_id, tally.day)).or_default();
        figures.booth_days = 1;
        figures.visitors += tally.visitors;
        figures.installs += tally.installs;
        figures.purchases += tally.purchases;
        figures.cards += tally.cards;
    }
    for (booth, day) in attended(conn, part)? {
        days.entry((booth, day)).or_default().booth_days = 1;
    }
    let fact = |((booth, day), figures): ((BoothId, Day), Figures)| {
        let belongs = booths.get(&booth)?.belongs(places, part, day)?;
        let id = format!("{booth}/{day}");
        Some(Fact { kind: "booth_day", id, belongs, figures, person: None })
    };
    let facts = days.into_iter().filter_map(fact).collect();
    Ok((facts, booths.into_values().map(|booth| (booth.id, booth.event_id)).collect()))
}

fn booths_of(conn: &mut Conn, part: &Part) -> QueryResult<BTreeMap<BoothId, Booth>> {
    let mut query = booths::table.filter(booths::season.eq(&part.season)).into_boxed();
    query = in_scope!(query, &part.scope, booths);
    if let Some(city) = part.city {
        query = query.filter(booths::city.eq(city));
    }
    if let Some(campus) = part.campus {
        query = query.filter(booths::campus_id.eq(campus));
    }
    let rows: Vec<Booth> = query.select(Booth::as_select()).load(conn)?;
    Ok(rows.into_iter().map(|booth| (booth.id, booth)).collect())
}

/// The booths and days of the season with somebody checked in.
fn attended(conn: &mut Conn, part: &Part) -> QueryResult<Vec<(BoothId, Day)>> {
    let season = booths::table.filter(booths::season.eq(&part.season)).select(booths::id);
    booth_attendance::table
        .filter(booth_attendance::booth_id.eq_any(season))
        .filter(booth_attendance::people.gt(0))
        .select((booth_attendance::booth_id, booth_attendance::day))
        .load(conn)
}

fn tallies(conn: &mut Conn, part: &Part) -> QueryResult<Vec<Tally>> {
    let mut query =
        booth_tallies::table.filter(booth_tallies::season.eq(&part.season)).into_boxed();
    if let Some(from) = part.from {
        query = query.filter(booth_tallies::day.ge(from));
    }
    if let Some(to) = part.to {
        query = query.filter(booth_tallies::day.le(to));
    }
    query.select(Tally::as_select()).load(conn)
}
