//! Our own books: what must be where, counted from the movements alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    dump::items,
    side::{self, Side},
};

type Balances = BTreeMap<(String, String), i64>;

/// What stands where is the sum of what was moved, nothing is below zero, every piece is in
/// one place, and everybody's list of movements is what was told them.
pub fn balances_are_sums(side: &Side, told: &[Value]) {
    let listed = side.look(side::PROVINCE, "/movements?limit=50");
    let mut movements = items(&listed).clone();
    movements.reverse();
    let ids: BTreeSet<&str> = movements.iter().map(|one| text(one, "movement_id")).collect();
    assert_eq!(ids.len(), movements.len(), "a movement is listed twice");
    for one in told {
        assert!(ids.contains(text(one, "movement_id")), "lost: {one}");
    }
    let mut balances = Balances::new();
    let mut pieces: BTreeMap<(String, String), i64> = BTreeMap::new();
    for one in &movements {
        let to = match text(one, "state") {
            "sent" => "transit",
            "rejected" | "returned" => continue,
            _ => text(one, "to"),
        };
        let (sku, many) = (text(one, "sku"), one["quantity"].as_i64().unwrap());
        for (place, delta) in [(text(one, "from"), -many), (to, many)] {
            *balances.entry((place.to_owned(), sku.to_owned())).or_default() += delta;
            for serial in one["serials"].as_array().unwrap() {
                let piece = (serial.as_str().unwrap().to_owned(), place.to_owned());
                *pieces.entry(piece).or_default() += delta.signum();
            }
        }
    }
    balances.retain(|(place, _), many| is_real(place) && *many != 0);
    assert!(balances.values().all(|many| *many > 0), "{balances:?}");
    pieces.retain(|(_, place), many| is_real(place) && *many != 0);
    let places: BTreeSet<&String> = pieces.keys().map(|(serial, _)| serial).collect();
    assert!(pieces.values().all(|many| *many == 1) && places.len() == pieces.len(), "{pieces:?}");
    assert_eq!(shown(side), balances);
}

fn shown(side: &Side) -> Balances {
    let stock = side.look(side::PROVINCE, "/stock?limit=11");
    let line = |one: &Value| {
        let key = (text(one, "place").to_owned(), text(one, "sku").to_owned());
        (key, one["quantity"].as_i64().unwrap())
    };
    items(&stock).iter().map(line).filter(|((place, _), _)| is_real(place)).collect()
}

fn is_real(place: &str) -> bool {
    let kind = place.split(':').next().unwrap();
    matches!(kind, "province" | "city" | "campus" | "event" | "booth" | "user" | "transit")
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no {member}: {value}"))
}
