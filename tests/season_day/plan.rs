//! Planning: a gala, a rival for its hall, a training that comes too late.

use serde_json::{Value, json};

use crate::{
    answer::Answer,
    stage::{Person, SEASON, Stage, local},
    tally::Tally,
};

pub const GALA: &str = "迎新晚会 Welcome gala";
pub const SALON: &str = "创业沙龙 Founders salon";
pub const TRAINING: &str = "开发者培训 Developer training";

/// The two halls of the story, by id.
pub struct Halls {
    pub small: String,
    pub big: String,
}

/// An event as we last saw it.
pub struct Event {
    pub title: &'static str,
    pub id: String,
    pub version: i64,
}

impl Event {
    pub fn path(&self, rest: &str) -> String {
        format!("/events/{}{rest}", self.id)
    }

    /// The gate's place in the ledger.
    pub fn place(&self) -> String {
        format!("event:{}", self.id)
    }

    /// Asks for a transition of the version last seen.
    pub fn ask(&self, who: &Person, body: Value) -> Answer {
        let call = who.actor.call("POST", &self.path("/transitions"));
        call.if_match(self.version).send(Some(body))
    }

    /// Takes a step that must lead to this state, and writes it down.
    #[track_caller]
    pub fn step(
        &mut self,
        stage: &Stage,
        tally: &mut Tally,
        who: &Person,
        (body, to): (Value, &'static str),
    ) -> Value {
        let action = body["action"].as_str().unwrap().to_owned();
        let event = self.ask(who, body).ok();
        assert_eq!(event["state"], to, "{action}");
        self.version = event["version"].as_i64().unwrap();
        self.noted(tally, &action, to);
        stage.tell(who, &format!("{action}: {}", self.title), &format!("200 {to}"));
        event
    }

    /// Writes down a step that was taken.
    pub fn noted(&self, tally: &mut Tally, action: &str, to: &'static str) {
        let own = tally.events.entry(self.title).or_default();
        own.state = to;
        own.steps.push(action.to_owned());
    }

    /// Submits it, and lets the liaison endorse it a quarter of an hour later.
    fn goes_its_way(&mut self, stage: &Stage, tally: &mut Tally, author: &Person) {
        self.step(stage, tally, author, (json!({ "action": "submit" }), "submitted"));
        stage.until(crate::stage::seconds(stage.now(), 900));
        self.step(stage, tally, &stage.he, (json!({ "action": "endorse" }), "endorsed"));
    }
}

/// The coordinator adds the halls: the season brings none.
pub fn halls(stage: &Stage) -> Halls {
    stage.at("2011-08-22 09:10");
    let path = format!("/campuses/{}/venues", stage.sysu);
    stage.agree("halls before the season", stage.all(&stage.chen, &path).len(), 0);
    let hall = |name: &str, capacity: i64| {
        let body = json!({ "name": name, "capacity": capacity });
        let made = stage.chen.actor.post(&path, body).created();
        stage.tell(&stage.chen, &format!("adds {name} for {capacity} people"), "201");
        made["id"].as_str().unwrap().to_owned()
    };
    Halls { small: hall("小礼堂", 240), big: hall("梁銶琚堂", 320) }
}

fn draft(stage: &Stage, who: &Person, title: &'static str, changes: Value) -> Event {
    let mut body = json!({
        "season": SEASON, "campus_id": stage.sysu, "title": title, "lead_id": who.actor.user,
        "publicity": [{ "medium": "bbs", "from": "2011-08-27" }],
    });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    let made = who.actor.post("/events", body).created();
    stage.tell(who, &format!("drafts {title}"), "201 draft");
    Event {
        title,
        id: made["id"].as_str().unwrap().to_owned(),
        version: made["version"].as_i64().unwrap(),
    }
}

/// A gala on Saturday evening, and a salon that wants the same hall half an hour too early.
/// The first to be approved has it.
pub fn gala_and_rival(stage: &Stage, tally: &mut Tally, halls: &Halls) -> Event {
    let (lin, liang, chen) = (&stage.lin, &stage.liang, &stage.chen);
    stage.at("2011-08-22 10:00");
    let mut gala = draft(
        stage,
        lin,
        GALA,
        json!({
            "activity": "culture-show", "format": "gala", "venue_id": halls.small,
            "plan": "社团表演，MM 应用抽奖，现场发放套卡。", "capacity": 240,
            "team_ids": [stage.wang.actor.user], "kit": [{ "sku": "sim-kit", "quantity": 300 }],
            "starts_at": local("2011-09-03 19:00").to_string(),
            "ends_at": local("2011-09-03 21:30").to_string(),
        }),
    );
    tally.list.capacity = 240;
    gala.goes_its_way(stage, tally, lin);

    stage.at("2011-08-22 14:00");
    let mut salon = draft(
        stage,
        liang,
        SALON,
        json!({
            "activity": "startup-elite", "format": "salon", "venue_id": halls.small,
            "plan": "三位创业者与学生座谈。", "capacity": 60, "kit": [],
            "starts_at": local("2011-09-03 21:00").to_string(),
            "ends_at": local("2011-09-03 22:30").to_string(),
        }),
    );
    salon.goes_its_way(stage, tally, liang);
    let found = liang.actor.get(&salon.path("/findings")).ok();
    let clash = finding(&found["items"], "venue_clash");
    stage.agree("severity of a soft clash", clash["severity"].as_str(), Some("warn"));
    let rival = &clash["data"]["rivals"][0];
    stage.agree("the rival", rival["title"].as_str(), Some(GALA));
    stage.agree("minutes of overlap", rival["overlap_minutes"].as_i64(), Some(30));
    stage.tell(liang, "reads the findings about the salon", "200 venue_clash (warn), 30 minutes");

    stage.at("2011-08-24 09:30");
    gala.step(stage, tally, chen, (json!({ "action": "approve" }), "approved"));
    stage.at("2011-08-24 09:40");
    let answer = salon.ask(chen, json!({ "action": "approve" }));
    let what = format!("approve: {SALON}");
    let problem = stage.refused(chen, &what, &answer, 409, "event.venue_taken");
    let free = problem["errors"][0]["data"]["free"].as_array().unwrap().iter();
    let free: Vec<&str> = free.map(|slot| slot["starts_at"].as_str().unwrap()).collect();
    let after = local("2011-09-03 21:30").to_string();
    stage.agree("the nearest free time", free.first().copied(), Some(&*after));

    stage.at("2011-08-24 15:00");
    let patch = json!({
        "starts_at": local("2011-09-10 15:00").to_string(),
        "ends_at": local("2011-09-10 16:30").to_string(),
    });
    let edited = liang.actor.patch(&salon.path(""), salon.version, patch).ok();
    salon.version = edited["version"].as_i64().unwrap();
    salon.noted(tally, "edit", "draft");
    stage.tell(liang, "moves the salon to the Saturday after", "200 draft again");
    salon.goes_its_way(stage, tally, liang);
    stage.at("2011-08-25 09:30");
    salon.step(stage, tally, chen, (json!({ "action": "approve" }), "approved"));
    let history: Vec<Value> = stage.all(chen, &salon.path("/history"));
    steps_agree(stage, tally, &salon, &history);
    gala
}

/// A training planned five days ahead: refused for its lead time, then approved with a reason.
pub fn too_late(stage: &Stage, tally: &mut Tally, halls: &Halls) -> Event {
    let (liang, chen) = (&stage.liang, &stage.chen);
    stage.at("2011-08-29 16:00");
    let mut training = draft(
        stage,
        liang,
        TRAINING,
        json!({
            "activity": "startup-elite", "format": "training", "venue_id": halls.small,
            "plan": "MM 开发者入门。", "capacity": 40, "kit": [],
            "starts_at": local("2011-09-03 14:00").to_string(),
            "ends_at": local("2011-09-03 16:00").to_string(),
        }),
    );
    training.goes_its_way(stage, tally, liang);
    stage.at("2011-08-30 09:00");
    let approve = json!({ "action": "approve" });
    let answer = training.ask(chen, approve);
    let what = format!("approve: {TRAINING}");
    let problem = stage.refused(chen, &what, &answer, 422, "event.findings");
    let lead_time = finding(&problem["errors"], "lead_time");
    stage.agree("days ahead", lead_time["data"]["days"].as_i64(), Some(4));
    stage.tell(chen, "  and why", "lead_time: 4 days ahead, 7 are needed");
    let anyway = json!({ "action": "approve", "override_reason": "讲师只有这天有空" });
    let approved = training.step(stage, tally, chen, (anyway, "approved"));
    tally.events.entry(TRAINING).or_default().overridden = true;
    stage.agree("overridden", approved["lead_time_overridden"].as_bool(), Some(true));
    training
}

/// The trainer falls ill.
pub fn called_off(stage: &Stage, tally: &mut Tally, training: &mut Event) {
    stage.at("2011-09-01 11:00");
    let cancel = json!({ "action": "cancel", "comment": "讲师生病" });
    training.step(stage, tally, &stage.chen, (cancel, "cancelled"));
    let history = stage.all(&stage.chen, &training.path("/history"));
    steps_agree(stage, tally, training, &history);
}

fn finding<'a>(list: &'a Value, code: &str) -> &'a Value {
    let items = list.as_array().unwrap();
    let found = items.iter().find(|item| item["code"] == code);
    found.unwrap_or_else(|| panic!("{code} is not among {items:?}"))
}

/// The history tells the steps that were taken.
#[track_caller]
pub fn steps_agree(stage: &Stage, tally: &Tally, event: &Event, history: &[Value]) {
    let told: Vec<&str> = history.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let own: Vec<&str> = tally.events[event.title].steps.iter().map(String::as_str).collect();
    stage.agree(&format!("history of {}", event.title), told, own);
}
