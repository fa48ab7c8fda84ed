//! Scans of good and bad passes, now and from before, one by one and in batches, and what
//! is decided about them.

use rand::Rng;
use serde_json::{Value, json};

use super::{command::Command, side, story::Story};

/// What phones call themselves.
const PHONES: [&str; 3] = [
    "0190a3f0-0000-7000-8000-0000000000d1",
    "0190a3f0-0000-7000-8000-0000000000d2",
    "0190a3f0-0000-7000-8000-0000000000d3",
];

impl Story {
    pub fn scans(&mut self) -> Command {
        if self.events.is_empty() {
            return self.draft_event();
        }
        match self.below(20) {
            0..10 => self.single(),
            10..16 => self.batch(),
            16..18 => self.annul(),
            _ => self.resolve(),
        }
    }

    /// Who is shown where, by a phone's own clock.
    fn scan(&mut self, minutes_back: i64) -> Value {
        let back = self.rng.random_range(0..=minutes_back);
        let mut body = json!({
            "scan_id": self.client_id(), "scanned_at": self.ago(&[back]), "device_id": self.one_of(&PHONES),
            "device_seq": self.below(40) + 1, "walk_in_confirmed": self.chance(60),
        });
        match self.below(10) {
            0..6 if self.passes > 0 => {
                body["pass"] = json!(format!("@pass.{}", self.below(self.passes)));
            }
            6 => body["pass"] = json!("no pass at all"),
            _ => {
                let number = self.below(self.persons.len() + 1);
                body["participant_id"] = json!(format!("@person.{number}"));
            }
        }
        if self.chance(50) {
            body["local_verdict"] = json!(self.one_of(&["admitted", "denied"]));
        }
        if self.chance(6) && !self.scans.is_empty() {
            // Sent again, or the same id for something else.
            let before = self.one_of(&self.scans.clone());
            match self.chance(60) {
                true => return before,
                false => body["scan_id"] = before["scan_id"].clone(),
            }
        }
        self.scans.push(body.clone());
        body
    }

    fn gate_or_booth(&mut self) -> (String, &'static str, usize) {
        if self.chance(30) && !self.booths.is_empty() {
            let number = self.below(self.booths.len());
            let who = self.ambassador_of(self.booths[number]);
            return (format!("@booth.{number}"), "booth", who);
        }
        let number = self.open_event();
        (format!("@event.{number}"), "event", self.events[number].lead)
    }

    fn single(&mut self) -> Command {
        let (target, list, who) = self.gate_or_booth();
        let mut body = self.scan(3);
        body["sent_at"] = json!(self.ago(&[0, 0, 0, 3, -2000]));
        body["mode"] = json!("online");
        let simulate = if self.chance(8) { "?simulate=true" } else { "" };
        Command::post(who, format!("/{list}s/{target}/check-ins{simulate}"), body)
    }

    fn batch(&mut self) -> Command {
        let mut who = side::LIN;
        let many = self.below(9) + 1;
        let mut items = Vec::new();
        for _ in 0..many {
            let item = match self.below(12) {
                0 => json!({ "scan_id": "no id", "device_seq": 5 }),
                1..3 if !self.scans.is_empty() => {
                    let scan = self.one_of(&self.scans.clone());
                    let at = self.ago(&[0, 5, 30]);
                    json!({ "annul": scan["scan_id"], "reason": "a mistake", "at": at })
                }
                3 => {
                    // Taken back before it arrives, if it ever does.
                    let mut ahead = json!({ "reason": "wrong person", "at": self.now });
                    ahead["annul"] = json!(self.client_id());
                    ahead
                }
                _ => {
                    let (target, list, at_gate) = self.gate_or_booth();
                    who = at_gate;
                    let mut scan = self.scan(150);
                    scan[format!("{list}_id")] = json!(target);
                    scan["colour"] = json!("what a newer phone says");
                    scan
                }
            };
            items.push(item);
        }
        let body = json!({
            "device_id": self.one_of(&PHONES), "device_seq_high": self.below(45),
            "sent_at": self.ago(&[0, 0, 4]), "items": items,
        });
        Command::post(who, "/check-ins/batch", body)
    }

    fn any_scan(&mut self) -> String {
        match self.scans.is_empty() {
            true => self.client_id(),
            false => self.one_of(&self.scans.clone())["scan_id"].as_str().unwrap().to_owned(),
        }
    }

    fn annul(&mut self) -> Command {
        let who = self.one_of(&[side::LIN, side::MEI, side::CHEN]);
        let path = format!("/check-ins/{}/annul", self.any_scan());
        Command::post(who, path, json!({ "reason": "seen twice" }))
    }

    fn resolve(&mut self) -> Command {
        let body = json!({ "decision": self.one_of(&["accept", "reject"]), "reason": "known" });
        Command::post(side::CHEN, format!("/check-ins/{}/resolve", self.any_scan()), body)
    }
}
