//! How goods went, a fact per place and day. What moved at an event or its booths belongs
//! to the event's activity.

use super::{EventOfBooth, Part, Places};
use crate::{
    materials::{
        place::Place,
        store::figures::{self, Figures as Moved, Line},
    },
    platform::{db::Conn, fault::Fault, ids::EventId},
    reports::summary::{
        facts::{Belongs, Fact},
        figures::Figures,
    },
};

pub fn facts(
    conn: &mut Conn,
    part: &Part,
    places: &Places,
    booths: &EventOfBooth,
) -> Result<Vec<Fact>, Fault> {
    let ledger = figures::Part {
        scope: part.scope.clone(),
        campus: part.campus,
        city: part.city,
        from: part.from.unwrap_or(part.season_days.0),
        to: part.to.unwrap_or(part.season_days.1),
    };
    let lines = figures::by_line(conn, &ledger)?;
    Ok(lines
        .into_iter()
        .filter_map(|(line, moved)| fact(line, moved, part, places, booths))
        .collect())
}

/// `None` when it belongs to an event outside the part.
fn fact(
    (place, campus, city, day): Line,
    moved: Moved,
    part: &Part,
    places: &Places,
    booths: &EventOfBooth,
) -> Option<Fact> {
    let event = event_of(place, booths).and_then(|id| places.get(&id));
    if part.asks_purpose() && event.is_none() {
        return None;
    }
    let activity = event.and_then(|belongs| belongs.activity.clone());
    Some(Fact {
        kind: "goods",
        id: format!("{place}/{day}"),
        belongs: Belongs { city, campus, activity, day: Some(day) },
        figures: Figures {
            issued: moved.issued,
            used: moved.used,
            given: moved.given,
            returned: moved.returned,
            lost: moved.lost,
            damaged: moved.damaged,
            ..Figures::default()
        },
        person: None,
    })
}

fn event_of(place: Place, booths: &EventOfBooth) -> Option<EventId> {
    match place {
        Place::Event(id) => Some(id),
        Place::Booth(id) => booths.get(&id).copied().flatten(),
        _ => None,
    }
}
