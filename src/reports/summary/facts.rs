//! What the figures are made of. Pure.

use std::collections::BTreeMap;

use super::figures::{Figures, Sum};
use crate::{
    catalogue::attendance::ParticipantRole,
    platform::{
        ids::{CampusId, ParticipantId},
        names::CityCode,
        time::Day,
    },
};

crate::words! {
    /// What the lines of a report stand for.
    pub enum By {
        City = "city",
        Campus = "campus",
        Theme = "theme",
        Facet = "facet",
        Activity = "activity",
        Day = "day",
    }
}

/// Where a fact belongs in every way a report can be cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belongs {
    pub city: Option<CityCode>,
    pub campus: Option<CampusId>,
    /// Theme, facet and activity, where it has an event.
    pub activity: Option<(String, String, String)>,
    pub day: Option<Day>,
}

/// Something that counts.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The kind of row, as `event`.
    pub kind: &'static str,
    /// Names it among its kind.
    pub id: String,
    pub belongs: Belongs,
    pub figures: Figures,
    /// Who was in, for people.
    pub person: Option<(ParticipantRole, ParticipantId)>,
}

/// The key of what has no city, campus, activity or day: goods at the province, booths
/// without an event.
pub const NONE: &str = "none";

impl Belongs {
    pub fn key(&self, by: By) -> String {
        let activity = |part: fn(&(String, String, String)) -> &String| {
            self.activity.as_ref().map(|parts| part(parts).clone())
        };
        let key = match by {
            By::City => self.city.map(|city| city.to_string()),
            By::Campus => self.campus.map(|campus| campus.to_string()),
            By::Theme => activity(|(theme, _, _)| theme),
            By::Facet => activity(|(_, facet, _)| facet),
            By::Activity => activity(|(_, _, activity)| activity),
            By::Day => self.day.map(|day| day.to_string()),
        };
        key.unwrap_or_else(|| NONE.to_owned())
    }
}

/// Adds the facts up, by key and in all.
pub fn sum(facts: &[Fact], by: By) -> (BTreeMap<String, Sum>, Sum) {
    let (mut items, mut total) = (BTreeMap::<String, Sum>::new(), Sum::default());
    for fact in facts {
        let item = items.entry(fact.belongs.key(by)).or_default();
        for sum in [item, &mut total] {
            sum.add(&fact.figures);
            if let Some((role, person)) = fact.person {
                sum.person(role, person);
            }
        }
    }
    (items, total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(city: &str, person: Option<ParticipantId>) -> Fact {
        let belongs = Belongs { city: city.parse().ok(), campus: None, activity: None, day: None };
        let people_in = i64::from(person.is_some());
        let figures = Figures { people_in, planned: 1 - people_in, ..Figures::default() };
        let person = person.map(|id| (ParticipantRole::Attendee, id));
        Fact { kind: "event", id: String::new(), belongs, figures, person }
    }

    #[test]
    fn the_lines_add_up_to_the_total_but_people_are_counted_once() {
        let lin = ParticipantId::new();
        let facts = [fact("440100", Some(lin)), fact("440500", Some(lin)), fact("440100", None)];
        let (items, total) = sum(&facts, By::City);
        assert_eq!(items["440100"].figures.planned, 1);
        assert_eq!(items.values().map(|item| item.figures.people_in).sum::<i64>(), 2);
        assert_eq!((total.figures.people_in, total.distinct()), (2, 1));
    }

    #[test]
    fn what_has_no_place_stands_in_a_line_of_its_own() {
        let (items, _) = sum(&[fact("440100", None)], By::Theme);
        assert_eq!(items.keys().collect::<Vec<_>>(), [NONE]);
    }
}
