//! Cities, campuses and the calendar of autumn 2011, as the program carries them. Planting
//! adds what is missing and changes nothing that is there.

use std::str::FromStr;

use serde_json::json;

use super::{
    import::{calendar, campuses},
    model::City,
    store,
};
use crate::{
    accounts::Scope,
    platform::{
        csv_import::{Columns, Noted, Row, Sheet},
        db::{Audit, Tx},
        fault::{Fault, Words},
    },
};

const CITIES: &str = include_str!("../../reference/cities.csv");
const CAMPUSES: &str = include_str!("../../reference/campuses.csv");
const CALENDAR_2011: &str = include_str!("../../reference/calendar.csv");

const CITY_COLUMNS: Columns = Columns {
    required: &["code", "name_zh", "name_en", "latitude", "longitude"],
    optional: &[],
    ignored: &["geonames_id"],
};

/// The lists, read. Ids of campuses are made here: once, before the write.
#[derive(Clone, Debug)]
pub struct Seed {
    cities: Vec<City>,
    campuses: Vec<campuses::Line>,
    calendar: Vec<calendar::Line>,
}

/// How much was added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planted {
    pub cities: usize,
    pub campuses: usize,
    pub calendar_days: usize,
}

impl Seed {
    /// Cities and campuses, which are there in every year.
    pub fn places() -> Result<Self, Fault> {
        let cities = Sheet::read(CITIES.as_bytes(), &CITY_COLUMNS)?.parse(|row| city(row).ok())?;
        let campuses = campuses::read(CAMPUSES.as_bytes())?;
        Ok(Self { cities, campuses, calendar: Vec::new() })
    }

    /// The same, and the calendar of autumn 2011.
    pub fn with_calendar_2011() -> Result<Self, Fault> {
        Ok(Self { calendar: calendar::read(CALENDAR_2011.as_bytes())?, ..Self::places()? })
    }

    /// Adds what is missing.
    pub fn plant(&self, tx: &mut Tx<'_>) -> Result<Planted, Fault> {
        let mut planted = Planted::default();
        for city in &self.cities {
            planted.cities += usize::from(store::cities::insert(tx, city)?);
        }
        let plan = campuses::plan_now(tx, &self.campuses, &Scope::All)?;
        planted.campuses = plan.new.len();
        campuses::carry_out(tx, &campuses::Plan { changed: Vec::new(), ..plan })?;
        for (_, day) in &self.calendar {
            planted.calendar_days += usize::from(store::calendar::insert(tx, day)?);
        }
        if planted != Planted::default() {
            let Planted { cities, campuses, calendar_days } = planted;
            tx.audit(Audit {
                action: "campus.seed",
                kind: "campus",
                detail: json!({ "cities": cities, "campuses": campuses, "days": calendar_days }),
                ..Audit::default()
            })?;
        }
        Ok(planted)
    }
}

fn city(row: &mut Row<'_>) -> Result<City, Noted> {
    Ok(City {
        code: cell(row, "code")?,
        name_zh: cell(row, "name_zh")?,
        name_en: cell(row, "name_en")?,
        latitude: cell(row, "latitude")?,
        longitude: cell(row, "longitude")?,
    })
}

fn cell<T: FromStr>(row: &mut Row<'_>, column: &str) -> Result<T, Noted> {
    row.required(column, &Words::new(column, column))
}
