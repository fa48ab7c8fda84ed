//! Events from the first draft to the end report, as the staff live them.

mod clashes;
mod closing;
mod finding;
mod planning;
mod steps;

use campus_ops::platform::ids::CampusId;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, TestApp, world::GUANGZHOU};

/// The three people an approval takes, at Sun Yat-sen University, and a hall.
pub struct Cast {
    pub app: TestApp,
    pub lin: Actor,
    pub wang: Actor,
    pub chen: Actor,
    pub hall: String,
}

impl Cast {
    pub fn new() -> Self {
        let app = TestApp::start();
        let sysu = app.world.sysu;
        let (lin, wang) = (app.ambassador(sysu), app.liaison(sysu));
        let chen = app.coordinator(GUANGZHOU);
        let hall = hall(&chen, sysu, "梁銶琚堂");
        Self { app, lin, wang, chen, hall }
    }

    /// A lecture on 3 September, 10:00–12:00, to which there is nothing to add.
    pub fn lecture(&self) -> Value {
        json!({
            "season": "2011-autumn", "activity": "startup-elite", "format": "lecture",
            "campus_id": self.app.world.sysu, "venue_id": self.hall, "title": "MM创业讲座 Founders talk",
            "plan": "两位创业者讲述起步。", "capacity": 200, "lead_id": self.lin.user,
            "publicity": [{ "medium": "bbs", "from": "2011-08-27" }],
            "starts_at": "2011-09-03T02:00:00.000Z", "ends_at": "2011-09-03T04:00:00.000Z",
        })
    }

    /// The lecture with some members changed, drafted by Lin.
    pub fn draft(&self, changes: Value) -> Event {
        let made = self.lin.post("/events", merged(self.lecture(), changes)).created();
        Event::of(&made)
    }

    pub fn submitted(&self, changes: Value) -> Event {
        let mut event = self.draft(changes);
        event.step(&self.lin, "submit");
        event
    }

    pub fn endorsed(&self, changes: Value) -> Event {
        let mut event = self.submitted(changes);
        event.step(&self.wang, "endorse");
        event
    }

    pub fn approved(&self, changes: Value) -> Event {
        let mut event = self.endorsed(changes);
        event.step(&self.chen, "approve");
        event
    }
}

/// An event as a test last saw it.
pub struct Event {
    pub id: String,
    pub version: i64,
}

impl Event {
    pub fn of(body: &Value) -> Self {
        Self {
            id: body["id"].as_str().unwrap().to_owned(),
            version: body["version"].as_i64().unwrap(),
        }
    }

    pub fn path(&self) -> String {
        format!("/events/{}", self.id)
    }

    /// Asks for a transition of the version last seen.
    pub fn ask(&self, who: &Actor, body: Value) -> Answer {
        let path = self.path() + "/transitions";
        who.call("POST", &path).if_match(self.version).send(Some(body))
    }

    /// Takes a step that must succeed.
    #[track_caller]
    pub fn step(&mut self, who: &Actor, action: &str) -> Value {
        self.step_with(who, json!({ "action": action }))
    }

    #[track_caller]
    pub fn step_with(&mut self, who: &Actor, body: Value) -> Value {
        let body = self.ask(who, body).ok();
        *self = Self::of(&body);
        body
    }
}

pub fn merged(mut base: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        base[name] = value.clone();
    }
    base
}

pub fn hall(chen: &Actor, campus: CampusId, name: &str) -> String {
    let body = json!({ "name": name, "capacity": 300 });
    let made = chen.post(&format!("/campuses/{campus}/venues"), body).created();
    made["id"].as_str().unwrap().to_owned()
}

/// The codes of a problem's errors.
pub fn codes(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
}
