//! What stock has for an event's kit. A campus serves its events from its own stock; what that
//! cannot give comes from the city's, which all its campuses share.

use std::collections::BTreeMap;

use crate::{
    booths,
    events::{event::Event, store::planned_kits},
    materials::{
        place::Place,
        store::{figures, stock},
    },
    platform::{
        db::Conn,
        fault::Fault,
        ids::{CampusId, EventId},
        time::Instant,
    },
};

/// One material at one campus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shelf {
    there: i64,
    /// To events that are approved and have not been issued it yet.
    promised: i64,
}

impl Shelf {
    fn free(self) -> i64 {
        (self.there - self.promised).max(0)
    }

    /// What its events will need of the city.
    fn beyond(self) -> i64 {
        (self.promised - self.there).max(0)
    }
}

/// What one more event of the campus can have, by SKU of its kit.
pub(super) fn available(
    conn: &mut Conn,
    event: &Event,
    now: Instant,
) -> Result<BTreeMap<String, i64>, Fault> {
    let skus: Vec<String> = event.content.kit.iter().map(|line| line.sku.clone()).collect();
    if skus.is_empty() {
        return Ok(BTreeMap::new());
    }
    let here = event.content.campus_id;
    let mut shelves = promised(conn, event, &skus, now)?;
    for sku in &skus {
        shelves.entry((here, sku.clone())).or_default();
    }
    let city = Place::City(event.city);
    let campuses = shelves.keys().map(|(campus, _)| Place::Campus(*campus));
    let places: Vec<Place> = campuses.chain([city]).collect();
    let mut shared: BTreeMap<String, i64> = BTreeMap::new();
    for (place, sku, quantity) in stock::at_places(conn, &places, &skus)? {
        match place {
            Place::Campus(campus) => {
                if let Some(shelf) = shelves.get_mut(&(campus, sku)) {
                    shelf.there = quantity;
                }
            }
            _ => {
                shared.insert(sku, quantity);
            }
        }
    }
    let free = |sku: String| {
        let own = shelves.get(&(here, sku.clone())).copied().unwrap_or_default();
        let of_sku = shelves.iter().filter(|((_, other), _)| *other == sku);
        let drawn: i64 = of_sku.map(|(_, shelf)| shelf.beyond()).sum();
        let city = shared.get(&sku).copied().unwrap_or(0);
        let free = own.free() + (city - drawn).max(0);
        (sku, free)
    };
    Ok(skus.into_iter().map(free).collect())
}

/// What the other events of the city have been promised and not been issued, by campus.
fn promised(
    conn: &mut Conn,
    event: &Event,
    skus: &[String],
    now: Instant,
) -> Result<BTreeMap<(CampusId, String), Shelf>, Fault> {
    let mut kits = planned_kits(conn, event.city, now)?;
    kits.retain(|(id, _, kit)| *id != event.id && kit.iter().any(|line| skus.contains(&line.sku)));
    let ids: Vec<EventId> = kits.iter().map(|(id, ..)| *id).collect();
    let mut owners: BTreeMap<Place, EventId> =
        ids.iter().map(|id| (Place::Event(*id), *id)).collect();
    let booths = booths::store::of_events(conn, &ids)?;
    owners.extend(booths.into_iter().map(|(booth, event)| (Place::Booth(booth), event)));
    let places: Vec<Place> = owners.keys().copied().collect();
    let mut issued: BTreeMap<(EventId, String), i64> = BTreeMap::new();
    for (place, sku, quantity) in figures::issued(conn, &places, skus)? {
        if let Some(event) = owners.get(&place) {
            *issued.entry((*event, sku)).or_default() += quantity;
        }
    }
    let mut shelves: BTreeMap<(CampusId, String), Shelf> = BTreeMap::new();
    for (id, campus, kit) in kits {
        for line in kit.into_iter().filter(|line| skus.contains(&line.sku)) {
            let given = issued.get(&(id, line.sku.clone())).copied().unwrap_or(0);
            let open = (line.quantity - given).max(0);
            shelves.entry((campus, line.sku)).or_default().promised += open;
        }
    }
    Ok(shelves)
}
