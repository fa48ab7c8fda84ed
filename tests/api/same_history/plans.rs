//! Events: drafted into colliding halls and hours, and taken on by those who should.

use serde_json::{Value, json};

use super::{
    command::{Command, Seen},
    side,
    story::{Event, Story},
};

const ACTIONS: [&str; 11] = [
    "submit",
    "endorse",
    "request_changes",
    "reject",
    "approve",
    "withdraw",
    "amend",
    "start",
    "cancel",
    "close",
    "reopen",
];

impl Story {
    pub fn draft_event(&mut self) -> Command {
        let campus = self.one_of(&[0, 0, 0, 1, 2]);
        let who = self.ambassador_of(campus);
        let (starts_at, ends_at) = self.slot();
        let mut body = json!({
            "season": "2011-autumn", "activity": "startup-elite", "format": "lecture",
            "campus_id": format!("@campus.{campus}"), "title": self.one_of(&["创业讲座", "Founders talk", "沙龙"]),
            "plan": "两位创业者讲述起步。", "lead_id": format!("@user.{who}"),
            "publicity": [{ "medium": "bbs", "from": "2011-08-25" }],
            "starts_at": starts_at, "ends_at": ends_at,
            "walk_in": self.one_of(&["deny", "ask", "allow"]),
        });
        let venue = match campus {
            0 => self.below(2),
            1 => 2,
            _ => self.below(4),
        };
        body["venue_id"] = json!(format!("@venue.{venue}"));
        if self.chance(70) {
            body["capacity"] = json!(self.one_of(&[1, 2, 3, 5, 60]));
        }
        if self.chance(30) {
            body["team_ids"] = json!([format!("@user.{}", self.ambassador_of(campus))]);
        }
        if self.chance(30) {
            body["admits"] = json!({
                "roles": self.one_of(&[vec!["attendee"], vec!["attendee", "student_developer"]]),
                "campuses": self.one_of(&["own", "all"]),
            });
        }
        if self.chance(30) {
            let kit = json!([{ "sku": "banner", "quantity": self.one_of(&[1, 5, 500]) }]);
            body["kit"] = kit;
        }
        if self.chance(8) {
            body["plan"] = json!("");
        }
        if self.chance(8) && !self.events.is_empty() {
            let copied = self.below(self.events.len());
            body = json!({
                "copy_of": format!("@event.{copied}"), "campus_id": format!("@campus.{campus}"),
            });
        }
        Command::post(who, "/events", body).adds("event")
    }

    /// Few halls, few hours: plans collide.
    fn slot(&mut self) -> (String, String) {
        let (day, hour) = (self.one_of(&[1, 2, 3]), self.one_of(&[2, 4, 5, 8]));
        let until = hour + self.one_of(&[1, 2, 3]);
        (
            format!("2011-09-0{day}T{hour:02}:00:00.000Z"),
            format!("2011-09-0{day}T{until:02}:00:00.000Z"),
        )
    }

    pub fn edit_event(&mut self) -> Command {
        if self.events.is_empty() {
            return self.draft_event();
        }
        let number = self.below(self.events.len());
        let who = self.events[number].lead;
        let path = format!("/events/@event.{number}");
        if self.chance(10) {
            return Command::new(who, "DELETE", path, Value::Null).seen(Seen::Now);
        }
        Command::new(who, "PATCH", path, self.change()).seen(Seen::Now)
    }

    fn change(&mut self) -> Value {
        let (starts_at, ends_at) = self.slot();
        match self.below(7) {
            0 => json!({ "starts_at": starts_at, "ends_at": ends_at }),
            1 => json!({ "capacity": self.one_of(&[json!(1), json!(4), json!(null), json!(50)]) }),
            2 => json!({ "walk_in": self.one_of(&["deny", "ask", "allow"]) }),
            3 => json!({ "venue_id": format!("@venue.{}", self.below(4)) }),
            4 => json!({ "plan": self.one_of(&["新方案", "Plan B"]) }),
            5 => json!({ "title": null }),
            _ => json!({ "ends_at": ends_at }),
        }
    }

    /// Does what is due, by who should do it.
    pub fn step_on(&mut self) -> Command {
        let weekend = self.is_weekend();
        let open = |event: &Event| match &*event.state {
            "rejected" | "withdrawn" | "cancelled" => false,
            "approved" | "closed" => weekend,
            _ => true,
        };
        let open: Vec<usize> =
            (0..self.events.len()).filter(|at| open(&self.events[*at])).collect();
        if open.is_empty() {
            return self.draft_event();
        }
        let now: Vec<usize> = self.open_now().into_iter().filter(|at| open.contains(at)).collect();
        let due = !now.is_empty() && self.chance(60);
        let number = if due { self.one_of(&now) } else { self.one_of(&open) };
        let (campus, lead) = (self.events[number].campus, self.events[number].lead);
        let state = self.events[number].state.clone();
        let coordinator = self.coordinator_of(campus);
        let (who, body) = match &*state {
            "draft" | "changes_requested" => (lead, json!({ "action": "submit" })),
            "submitted" if campus == 0 => (side::WANG, json!({ "action": "endorse" })),
            "submitted" => {
                (coordinator, json!({ "action": "approve", "override_reason": "联络人空缺" }))
            }
            "endorsed" => (coordinator, json!({ "action": "approve" })),
            "approved" if self.chance(40) => (coordinator, self.amendment()),
            "approved" => (lead, json!({ "action": "start" })),
            "running" if self.chance(40) => (self.one_of(&[lead, coordinator]), self.amendment()),
            "running" => (lead, self.close()),
            _ => (coordinator, json!({ "action": "reopen", "comment": "补登物料" })),
        };
        self.transition(who, number, body)
    }

    fn amendment(&mut self) -> Value {
        json!({ "action": "amend", "comment": "改期", "changes": self.change() })
    }

    fn close(&mut self) -> Value {
        let mut body = json!({ "action": "close", "report": { "summary": "座无虚席" } });
        if self.chance(20) {
            body["waive_reason"] = json!("rained off");
        }
        body
    }

    /// Anything at all, by anybody it might concern.
    pub fn any_step(&mut self) -> Command {
        if self.events.is_empty() {
            return self.draft_event();
        }
        let number = self.below(self.events.len());
        let who = self.below(side::PEOPLE);
        let mut body = match self.one_of(&ACTIONS) {
            "amend" => self.amendment(),
            "close" => self.close(),
            action => json!({ "action": action }),
        };
        if self.chance(60) {
            body["comment"] = json!("请写明安全预案");
        }
        self.transition(who, number, body)
    }

    fn transition(&mut self, who: usize, number: usize, body: Value) -> Command {
        let path = format!("/events/@event.{number}/transitions");
        Command::post(who, path, body).seen(Seen::Now)
    }

    pub fn many_steps(&mut self) -> Command {
        let items: Vec<Value> = (0..self.below(5) + 1)
            .map(|_| {
                let number = self.below(self.events.len() + 1);
                json!({ "id": format!("@event.{number}"), "version": self.below(5) + 1 })
            })
            .collect();
        let (who, action) =
            self.one_of(&[(side::LIN, "submit"), (side::WANG, "endorse"), (side::CHEN, "approve")]);
        Command::post(who, "/events/transitions", json!({ "action": action, "items": items }))
    }
}
