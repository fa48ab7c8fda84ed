//! Booths with their tallies, and WLAN promotions.

use serde_json::{Value, json};

use super::{
    command::{Command, Seen},
    story::Story,
};

impl Story {
    pub fn booth(&mut self) -> Command {
        if self.booths.len() < 2 || self.chance(25) {
            return self.draft_booth();
        }
        let number = self.below(self.booths.len());
        let who = self.ambassador_of(self.booths[number]);
        let path = format!("/booths/@booth.{number}");
        match self.below(10) {
            0..2 => {
                let body = match self.below(4) {
                    0 => json!({ "spot": self.one_of(&["A1", "ａ 2", "B"]) }),
                    1 => json!({ "closes_at": self.one_of(&["12:00", "00:00", "08:00"]) }),
                    2 => json!({ "opens_on": "2011-09-02" }),
                    _ => {
                        json!({ "event_id": format!("@event.{}", self.below(self.events.len() + 1)) })
                    }
                };
                Command::new(who, "PATCH", path, body).seen(Seen::Now)
            }
            2 => Command::new(who, "DELETE", path, Value::Null).seen(Seen::Now),
            _ => {
                let body = json!({
                    "visitors": self.below(90), "installs": self.below(9), "purchases": self.below(5),
                    "cards": self.below(5), "note": "rain",
                });
                let day = self.one_of(&["2011-09-01", "2011-09-02", "2011-09-03", "2011-09-06"]);
                Command::new(who, "PUT", format!("{path}/tallies/{day}"), body)
            }
        }
    }

    fn draft_booth(&mut self) -> Command {
        let campus = self.one_of(&[0, 0, 1]);
        let who = self.ambassador_of(campus);
        let (opens_on, closes_on) = self.one_of(&[
            ("2011-09-01", "2011-09-03"),
            ("2011-09-02", "2011-09-02"),
            ("2011-09-03", "2011-09-05"),
            ("2011-09-03", "2011-09-01"),
        ]);
        let (opens_at, closes_at) =
            self.one_of(&[("09:00", "17:00"), ("00:00", "00:00"), ("16:00", "20:00")]);
        let mut body = json!({
            "season": "2011-autumn", "campus_id": format!("@campus.{campus}"),
            "kind": self.one_of(&["tent", "desk"]), "spot": self.one_of(&["A1", " a1", "B", "C3"]),
            "opens_on": opens_on, "closes_on": closes_on, "opens_at": opens_at, "closes_at": closes_at,
        });
        if self.chance(50) && !self.events.is_empty() {
            body["event_id"] = json!(format!("@event.{}", self.below(self.events.len())));
        }
        Command::post(who, "/booths", body).adds("booth")
    }

    pub fn promotion(&mut self) -> Command {
        if self.promotions.len() < 3 || self.chance(20) {
            return self.draft_promotion();
        }
        let number = self.below(self.promotions.len());
        let path = format!("/wlan/promotions/@promotion.{number}");
        let author = self.promotions[number].author;
        let coordinator = self.coordinator_of(self.promotions[number].campus);
        let state = self.promotions[number].state.clone();
        let (who, action) = match &*state {
            "draft" | "changes_requested" => (author, "submit"),
            "submitted" => (coordinator, self.one_of(&["approve", "approve", "request_changes"])),
            _ => (coordinator, self.one_of(&["cancel", "reject", "withdraw"])),
        };
        match self.below(10) {
            0..2 => {
                let body = match self.below(3) {
                    0 => {
                        json!({ "ends_on": self.one_of(&["2011-09-20", "2011-10-05", "2012-02-01"]) })
                    }
                    1 => json!({ "creative": { "headline_en": "Free!" } }),
                    _ => json!({ "minutes_per_day": self.one_of(&[30, 0]) }),
                };
                Command::new(author, "PATCH", path, body).seen(Seen::Now)
            }
            2 => {
                let mac = self.one_of(&["00:1b:63:84:45:e6", "001b.6384.45e7"]);
                let body = json!({ "name": "Hall 3", "mac": mac });
                Command::post(author, path + "/access-points", body)
            }
            3 if self.chance(30) => {
                Command::new(author, "DELETE", path, Value::Null).seen(Seen::Now)
            }
            _ => {
                let body = json!({ "action": action, "comment": "工期" });
                Command::post(who, path + "/transitions", body).seen(Seen::Now)
            }
        }
    }

    fn draft_promotion(&mut self) -> Command {
        let campus = self.one_of(&[0, 0, 1]);
        let who = self.ambassador_of(campus);
        let (starts_on, ends_on) = self.one_of(&[
            ("2011-09-01", "2011-09-10"),
            ("2011-09-10", "2011-09-30"),
            ("2011-09-11", "2011-12-31"),
            ("2011-08-01", "2011-09-30"),
        ]);
        let body = json!({
            "season": "2011-autumn", "campus_id": format!("@campus.{campus}"), "ssid": "CMCC-EDU",
            "starts_on": starts_on, "ends_on": ends_on, "minutes_per_day": 60, "bytes_per_day": 1_000_000,
            "creative": {
                "headline_zh": "免费", "headline_en": "Free", "body_zh": "欢迎", "body_en": "Welcome",
                "link": self.one_of(&["https://mm.10086.cn/", "https://mm.10086.cn/x", "http://example.com"]),
            },
        });
        Command::post(who, "/wlan/promotions", body).adds("promotion")
    }
}
