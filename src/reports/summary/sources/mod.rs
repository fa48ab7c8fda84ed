//! Where the facts come from: one file per room that counts something.

mod booths;
mod events;
mod goods;
mod people;

use std::collections::BTreeMap;

use super::facts::{Belongs, Fact};
use crate::{
    accounts::Scope,
    platform::{
        db::Conn,
        fault::Fault,
        ids::{BoothId, CampusId, EventId},
        names::CityCode,
        time::Day,
    },
};

/// The part of the season a report is about.
#[derive(Clone, Debug)]
pub struct Part {
    pub scope: Scope,
    pub season: String,
    /// First and last day of the season.
    pub season_days: (Day, Day),
    pub city: Option<CityCode>,
    pub campus: Option<CampusId>,
    pub theme: Option<String>,
    pub activity: Option<String>,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

/// Where the events of a part belong.
type Places = BTreeMap<EventId, Belongs>;

/// The event of each booth, if it has one.
type EventOfBooth = BTreeMap<BoothId, Option<EventId>>;

impl Part {
    /// Whether only what has a certain purpose is asked for.
    fn asks_purpose(&self) -> bool {
        self.theme.is_some() || self.activity.is_some()
    }

    /// Whether a day lies in the part; what has no day does when no days are asked for.
    fn has_day(&self, day: Option<Day>) -> bool {
        match day {
            Some(day) => {
                self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
            }
            None => self.from.is_none() && self.to.is_none(),
        }
    }
}

/// Every fact of a part, as of one moment.
pub fn facts(conn: &mut Conn, part: &Part) -> Result<Vec<Fact>, Fault> {
    let (mut facts, places) = events::facts(conn, part)?;
    let (days, booths) = booths::facts(conn, part, &places)?;
    facts.extend(days);
    facts.extend(people::facts(conn, part, &places)?);
    facts.extend(goods::facts(conn, part, &places, &booths)?);
    facts.retain(|fact| part.has_day(fact.belongs.day));
    Ok(facts)
}
