//! Five hundred SIM kits, each with its serial: from the supplier to the campus, from hand to
//! hand, and on to where they are used.

use serde_json::{Value, json};

use crate::{
    plan::Event,
    stage::{GUANGZHOU, Person, Stage},
    tally::Tally,
};

const KITS: usize = 500;

/// What goes from where to where.
pub struct Way<'a> {
    pub kind: &'static str,
    pub from: &'a str,
    pub to: &'a str,
}

impl Way<'_> {
    /// A movement of these pieces, as a client sends it.
    pub fn body(&self, stage: &Stage, serials: &[String]) -> Value {
        json!({
            "movement_id": stage.id(stage.now()), "kind": self.kind, "sku": "sim-kit",
            "serials": serials, "from": self.from, "to": self.to,
            "occurred_at": stage.now().to_string(),
        })
    }
}

pub fn campus(stage: &Stage) -> String {
    format!("campus:{}", stage.sysu)
}

/// Moves so many kits; answers the movement.
#[track_caller]
pub fn carry(stage: &Stage, tally: &mut Tally, who: &Person, way: &Way<'_>, many: usize) -> Value {
    let serials = match way.kind {
        "produce" => (1..=many).map(|n| format!("SIM-2011-{n:04}")).collect(),
        _ => tally.shelf.pick(way.from, many),
    };
    let moved = who.actor.post("/movements", way.body(stage, &serials)).created();
    let state = moved["state"].as_str().unwrap();
    let two_hands = state == "sent";
    tally.shelf.carry(way.from, if two_hands { "transit" } else { way.to }, &serials);
    *tally.shelf.movements.entry(way.kind).or_default() += 1;
    // What comes back counts when it leaves the hand, what is issued when it is taken.
    if !two_hands || way.kind == "return" {
        tally.shelf.note(way.kind, many);
    }
    let what = format!("{} {many} SIM kits, {} to {}", way.kind, plain(way.from), plain(way.to));
    stage.tell(who, &what, &format!("201 {state}"));
    moved
}

/// Accepts what was sent.
#[track_caller]
pub fn accept(stage: &Stage, tally: &mut Tally, who: &Person, (sent, way): (&Value, &Way<'_>)) {
    let path = format!("/movements/{}/accept", sent["movement_id"].as_str().unwrap());
    let accepted = who.actor.post(&path, json!({})).ok();
    assert_eq!(accepted["state"], "accepted");
    let serials: Vec<String> = serde_json::from_value(sent["serials"].clone()).unwrap();
    tally.shelf.carry("transit", way.to, &serials);
    if way.kind != "return" {
        tally.shelf.note(way.kind, serials.len());
    }
    let what = format!("accepts {} SIM kits at {}", serials.len(), plain(way.to));
    stage.tell(who, &what, "200 accepted");
}

/// A place without its id.
fn plain(place: &str) -> &str {
    place.split(':').next().unwrap_or(place)
}

/// What the server has at a place, and we.
#[track_caller]
pub fn stock_agrees(stage: &Stage, tally: &Tally, who: &Person, place: &str) {
    let list = stage.all(who, &format!("/stock?place={place}&sku=sim-kit"));
    let there: i64 = list.iter().map(|line| line["quantity"].as_i64().unwrap()).sum();
    let own = i64::try_from(tally.shelf.many(place)).unwrap();
    stage.agree(&format!("SIM kits at {place}"), there, own);
}

/// Province, city, campus: at each border two people.
pub fn down_to_the_campus(stage: &Stage, tally: &mut Tally) {
    let (city, campus) = (format!("city:{GUANGZHOU}"), campus(stage));
    stage.at("2011-08-25 10:00");
    let make = Way { kind: "produce", from: "supplier", to: "province" };
    carry(stage, tally, &stage.zhou, &make, KITS);
    stock_agrees(stage, tally, &stage.zhou, "province");
    stage.at("2011-08-25 11:00");
    let to_city = Way { kind: "allocate", from: "province", to: &city };
    let sent = carry(stage, tally, &stage.zhou, &to_city, KITS);
    for place in ["province", "transit", &*city] {
        stock_agrees(stage, tally, &stage.zhou, place);
    }
    stage.at("2011-08-26 09:00");
    accept(stage, tally, &stage.chen, (&sent, &to_city));
    stage.at("2011-08-26 09:30");
    let to_campus = Way { kind: "allocate", from: &city, to: &campus };
    let sent = carry(stage, tally, &stage.chen, &to_campus, KITS);
    let own = format!("/movements/{}/accept", sent["movement_id"].as_str().unwrap());
    let answer = stage.chen.actor.post(&own, json!({}));
    stage.refused(&stage.chen, "accepts what he sent himself", &answer, 403, "auth.forbidden");
    stage.at("2011-08-27 09:00");
    accept(stage, tally, &stage.lin, (&sent, &to_campus));
    for place in ["transit", &*city, &*campus] {
        stock_agrees(stage, tally, &stage.zhou, place);
    }
}

/// The kits of the gala, and some that Wang takes along to the dormitories.
pub fn to_the_event(stage: &Stage, tally: &mut Tally, gala: &Event) {
    let (campus, event) = (campus(stage), gala.place());
    let hand = format!("user:{}", stage.wang.actor.user);
    stage.at("2011-09-03 08:30");
    let issue = Way { kind: "issue", from: &campus, to: &event };
    carry(stage, tally, &stage.lin, &issue, 300);
    let take = Way { kind: "issue", from: &campus, to: &hand };
    let sent = carry(stage, tally, &stage.lin, &take, 20);
    accept(stage, tally, &stage.wang, (&sent, &take));
    for place in [&campus, &event, &hand] {
        stock_agrees(stage, tally, &stage.lin, place);
    }
}
