//! People on record, their passes, and who is coming.

use serde_json::{Value, json};

use super::{
    command::{Command, Seen},
    story::{Event, Story},
};

impl Story {
    pub fn register_someone(&mut self) -> Command {
        let campus = self.one_of(&[0, 0, 0, 0, 1, 2]);
        let who = self.ambassador_of(campus);
        let mut body = json!({
            "role": self.one_of(&["attendee", "attendee", "student_developer", "promotion_expert"]),
            "name": self.one_of(&["王小明", "李雷", "Han Meimei"]),
            // Few enough that some come twice.
            "phone": format!("136{:08}", self.below(40)), "campus_id": format!("@campus.{campus}"),
            "consent": { "version": "2011-08", "at": "2011-08-20T03:00:00.000Z" },
        });
        if self.chance(40) {
            body["id"] = json!(self.client_id());
        }
        if self.chance(4) {
            body["consent"] = Value::Null;
        }
        Command::post(who, "/participants", body).adds("person")
    }

    pub fn person(&mut self) -> Command {
        if self.persons.len() < 6 || self.chance(40) {
            return self.register_someone();
        }
        let number = self.below(self.persons.len());
        let who = self.ambassador_of(self.persons[number]);
        let path = format!("/participants/@person.{number}");
        match self.below(8) {
            0..5 => Command::get(who, path + "/pass").adds("pass"),
            5 => Command::post(who, path + "/pass/revoke", json!({})),
            6 => {
                let body = match self.below(3) {
                    0 => json!({ "phone": format!("136{:08}", self.below(40)) }),
                    1 => json!({ "role": "team", "student_no": null }),
                    _ => json!({ "campus_id": "@campus.1" }),
                };
                Command::new(who, "PATCH", path, body).seen(Seen::Now)
            }
            _ => {
                let who = self.coordinator_of(self.persons[number]);
                Command::new(who, "DELETE", path, Value::Null).seen(Seen::Now)
            }
        }
    }

    /// Those whose doors are open.
    pub fn open_now(&self) -> Vec<usize> {
        let is_open = |event: &Event| {
            let minutes = event.starts_at.map(|at| (self.now.0 - at.0) / 60_000);
            matches!(&*event.state, "approved" | "running" | "closed")
                && minutes.is_some_and(|minutes| (-110..170).contains(&minutes))
        };
        (0..self.events.len()).filter(|at| is_open(&self.events[*at])).collect()
    }

    /// One whose people may come, now if there is any.
    pub fn open_event(&mut self) -> usize {
        let now = self.open_now();
        if !now.is_empty() && !self.chance(10) {
            return self.one_of(&now);
        }
        let coming = |event: &Event| matches!(&*event.state, "approved" | "running" | "closed");
        let coming: Vec<usize> =
            (0..self.events.len()).filter(|at| coming(&self.events[*at])).collect();
        let any = coming.is_empty() || self.chance(8);
        if any { self.below(self.events.len()) } else { self.one_of(&coming) }
    }

    pub fn registration(&mut self) -> Command {
        if self.events.is_empty() || self.persons.is_empty() {
            return self.register_someone();
        }
        let event = self.open_event();
        let who = self.one_of(&[self.events[event].lead, self.events[event].lead, 1]);
        let path = format!("/events/@event.{event}/registrations");
        let mut someone = || format!("@person.{}", self.below(self.persons.len() + 1));
        let (one, many) = (someone(), [someone(), someone(), someone()]);
        match self.below(10) {
            0..6 => Command::post(who, path, json!({ "participant_id": one })),
            6..8 => Command::new(who, "DELETE", format!("{path}/{one}"), Value::Null),
            _ => {
                let items = many.map(|id| json!({ "participant_id": id }));
                Command::post(who, path + "/batch", json!({ "items": items }))
            }
        }
    }
}
