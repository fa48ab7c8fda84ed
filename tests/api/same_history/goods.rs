//! Goods on the move: what may go, what may not, what is not there.

use serde_json::{Value, json};

use super::{command::Command, side, story::Story};

const SKUS: [&str; 5] = ["banner", "banner", "poster", "sim-kit", "handset"];

impl Story {
    pub fn produce(&mut self, sku: &'static str) -> Command {
        self.first(side::PROVINCE, "produce", sku, "supplier", "province")
    }

    pub fn count_in(&mut self, sku: &'static str, place: &str) -> Command {
        self.first(side::CHEN, "count", sku, "adjustment", place)
    }

    fn first(&mut self, who: usize, kind: &str, sku: &str, from: &str, to: &str) -> Command {
        let mut body = self.movement(kind, sku, from, to);
        if body.get("serials").is_some() {
            body["serials"] = (0..12).map(|n| format!("{sku}-{n}")).collect();
        } else {
            body["quantity"] = json!(60);
        }
        Command::post(who, "/movements", body)
    }

    fn movement(&mut self, kind: &str, sku: &str, from: &str, to: &str) -> Value {
        let id = match self.movements.is_empty() || !self.chance(3) {
            true => self.client_id(),
            false => self.one_of(&self.movements.clone())["movement_id"].as_str().unwrap().into(),
        };
        let mut body = json!({
            "movement_id": id, "kind": kind, "sku": sku, "from": from, "to": to,
            "occurred_at": self.ago(&[0, 60, 60 * 24]),
        });
        if matches!(sku, "sim-kit" | "handset") {
            let (first, many) = (self.below(11), self.below(3) + 1);
            body["serials"] = (first..first + many).map(|n| format!("{sku}-{n}")).collect();
        } else {
            body["quantity"] = json!(self.below(8) + 1);
        }
        body
    }

    pub fn goods(&mut self) -> Command {
        match self.below(20) {
            0..13 => {
                let (who, body) = self.any_movement();
                Command::post(who, "/movements", body)
            }
            13..16 => self.answer(),
            16..18 => self.reverse(),
            _ => {
                let many = self.below(5) + 1;
                let items: Vec<Value> = (0..many).map(|_| self.any_movement().1).collect();
                let who = self.one_of(&[side::LIN, side::CHEN, side::PROVINCE]);
                Command::post(who, "/movements/batch", json!({ "items": items }))
            }
        }
    }

    fn any_movement(&mut self) -> (usize, Value) {
        let sku = self.one_of(&SKUS);
        let campus = self.one_of(&[0, 0, 0, 1]);
        let place = format!("campus:@campus.{campus}");
        let ambassador = self.ambassador_of(campus);
        let coordinator = self.coordinator_of(campus);
        let held = self.below_the_campus();
        let any = self.one_of(&[place.clone(), held.clone(), "city:440100".to_owned()]);
        let city = "city:440100";
        let (who, kind, from, to) = match self.below(24) {
            0..2 => (side::PROVINCE, "allocate", "province", city),
            2..4 => (coordinator, "allocate", city, &*place),
            4 => (coordinator, "transfer", "campus:@campus.0", "campus:@campus.1"),
            5 => (side::DEPUTY, "transfer", city, "city:440500"),
            6..11 => (ambassador, "issue", &*place, &*held),
            11..14 => (ambassador, "return", &*held, &*place),
            14 => (ambassador, "use", &*any, "used"),
            15 => (ambassador, "lose", &*held, "lost"),
            16 => (ambassador, "damage", &*any, "damaged"),
            17 => (ambassador, "find", "lost", &*any),
            18 => (coordinator, "count", "adjustment", &*any),
            19 => (coordinator, "count", &*any, "adjustment"),
            20 => (side::PROVINCE, "produce", "supplier", "province"),
            _ => {
                let to = format!("participant:@person.{}", self.below(self.persons.len() + 1));
                let sku = self.one_of(&["handset", "poster"]);
                return (ambassador, self.movement("give", sku, &place, &to));
            }
        };
        (who, self.movement(kind, sku, from, to))
    }

    fn below_the_campus(&mut self) -> String {
        let (events, booths) = (self.events.len(), self.booths.len());
        match self.below(4) {
            0 => format!("user:@user.{}", self.one_of(&[side::LIN, side::MEI, side::JIA])),
            1 => format!("booth:@booth.{}", self.below(booths)),
            _ => format!("event:@event.{}", self.below(events)),
        }
    }

    /// What is on its way is taken in or sent back.
    fn answer(&mut self) -> Command {
        let sent: Vec<Value> =
            self.movements.iter().filter(|one| one["state"] == "sent").cloned().collect();
        let Some(_) = sent.first() else { return self.reverse() };
        let sent = self.one_of(&sent);
        let id = sent["movement_id"].as_str().unwrap();
        let who = match sent["to"].as_str().unwrap() {
            to if to.starts_with("city:") => self.one_of(&[side::CHEN, side::SECOND]),
            "province" => side::PROVINCE,
            _ => self.one_of(&[side::LIN, side::MEI, side::JIA, side::CHEN]),
        };
        let verb = self.one_of(&["accept", "accept", "reject"]);
        Command::post(who, format!("/movements/{id}/{verb}"), json!({}))
    }

    fn reverse(&mut self) -> Command {
        let of = match self.movements.is_empty() {
            true => self.client_id(),
            false => self.one_of(&self.movements.clone())["movement_id"].as_str().unwrap().into(),
        };
        let body = json!({
            "movement_id": self.client_id(), "kind": "reverse", "reverses": of,
            "occurred_at": self.now, "reason": "counted wrong",
        });
        let who = self.one_of(&[side::LIN, side::CHEN, side::PROVINCE]);
        Command::post(who, "/movements", body)
    }
}
