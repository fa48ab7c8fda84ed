//! All that can be read: every list, every row, every figure, as several people see them.

use serde_json::Value;

use super::side::{self, Side, Told};

/// What there is to read, each with what it says.
pub type State = Vec<(String, Value)>;

const DAYS: [&str; 4] = ["2011-09-01", "2011-09-02", "2011-09-03", "2011-09-06"];
const CUTS: [&str; 6] = ["city", "campus", "theme", "facet", "activity", "day"];

/// Everything, by way of pages of seven, so that pages are tried too.
pub fn state(side: &Side) -> State {
    let mut found = State::new();
    let mut look = |who: usize, path: String| {
        let told = side.look(who, &path);
        assert!(told.status < 500, "{path}: {}", told.shown);
        found.push((format!("{who} {path}"), told.shown));
    };
    for who in [side::LIN, side::JIA, side::WANG, side::CHEN, side::FAR, side::AUDITOR] {
        for list in ["events", "booths", "wlan/promotions", "stock", "movements", "participants"] {
            look(who, format!("/{list}?limit=7"));
        }
        look(who, "/users?limit=7".to_owned());
        look(who, "/me".to_owned());
    }
    for path in
        ["/events?mine=true", "/events?q=讲座", "/events?state=approved", "/movements?state=sent"]
    {
        look(side::LIN, path.to_owned());
    }
    for path in ["/audit?limit=50", "/materials", "/cities", "/campuses?q=大学&limit=200"] {
        look(side::PROVINCE, path.to_owned());
    }
    for (who, path) in rows(side) {
        look(who, path);
    }
    for by in CUTS {
        look(side::PROVINCE, format!("/reports/summary?season=2011-autumn&by={by}"));
        look(side::CHEN, format!("/reports/summary.csv?season=2011-autumn&by={by}"));
        look(side::LIN, format!("/reports/summary?by={by}&from=2011-09-02&to=2011-09-02"));
    }
    found
}

/// The rows and what hangs on them.
fn rows(side: &Side) -> Vec<(usize, String)> {
    let mut paths = Vec::new();
    for number in 0..side.many("event") {
        let at = format!("/events/@event.{number}");
        for who in [side::LIN, side::CHEN, side::JIA] {
            paths.push((who, at.clone()));
        }
        for part in ["history", "findings", "registrations", "check-ins", "conflicts", "attendance"]
        {
            paths.push((side::PROVINCE, format!("{at}/{part}")));
        }
        paths.push((side::LIN, format!("{at}/registrations?state=waitlisted&limit=1")));
        paths.push((side::LIN, format!("{at}/check-ins?standing=admitted&limit=3")));
    }
    for number in 0..side.many("booth") {
        paths.push((side::MEI, format!("/booths/@booth.{number}")));
        paths.extend(DAYS.map(|day| (side::LIN, format!("/booths/@booth.{number}/tallies/{day}"))));
    }
    for number in 0..side.many("promotion") {
        for part in ["", "/history", "/access-points"] {
            paths.push((side::CHEN, format!("/wlan/promotions/@promotion.{number}{part}")));
        }
    }
    for number in 0..side.many("person") {
        for who in [side::LIN, side::SECOND, side::AUDITOR] {
            paths.push((who, format!("/participants/@person.{number}")));
        }
    }
    for number in 0..side.many("venue") {
        let slots = DAYS.map(|day| format!("/venues/@venue.{number}/slots?date={day}"));
        paths.extend(slots.map(|path| (side::CHEN, path)));
    }
    paths
}

/// Every figure is the sum of what it is made of.
pub fn figures_add_up(side: &Side) {
    for who in [side::LIN, side::CHEN, side::PROVINCE] {
        let summary = side.look(who, "/reports/summary?season=2011-autumn").raw;
        let totals = summary["totals"].as_object().unwrap();
        for (figure, total) in totals {
            if figure.contains("by_role") || figure == "people_distinct" {
                continue;
            }
            let path = format!("/reports/facts?season=2011-autumn&figure={figure}&limit=50");
            let facts = side.look(who, &path);
            let sum: i64 = items(&facts).iter().map(|fact| fact["amount"].as_i64().unwrap()).sum();
            assert_eq!(total.as_i64(), Some(sum), "{figure} of {who}: {}", facts.raw);
        }
    }
}

pub fn items(told: &Told) -> &Vec<Value> {
    told.raw["items"].as_array().unwrap_or_else(|| panic!("no list: {}", told.raw))
}

/// The two states are one; names what differs first.
#[track_caller]
pub fn assert_same(one: &State, other: &State, what: &str) {
    for ((path, told), (_, otherwise)) in one.iter().zip(other) {
        assert_eq!(difference(told, otherwise), None, "{what}: GET {path}");
    }
    assert_eq!(one.len(), other.len(), "{what}");
}

/// Where two answers differ first, and how.
pub fn difference(one: &Value, other: &Value) -> Option<String> {
    let of = |name: &str, one: &Value, other: &Value| {
        difference(one, other).map(|inside| format!("/{name}{inside}"))
    };
    match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().find_map(|(name, one)| of(name, one, &b[name]))
        }
        (Value::Array(a), Value::Array(b)) => {
            let none = Value::from("nothing");
            let item = |list: &[Value], at: usize| list.get(at).unwrap_or(&none).clone();
            let mut places = 0..a.len().max(b.len());
            places.find_map(|at| of(&at.to_string(), &item(a, at), &item(b, at)))
        }
        _ => (one != other).then(|| format!(" is {one} and {other}")),
    }
}
