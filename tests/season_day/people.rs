//! Three hundred people on record, each with a pass; and the list of the gala.

use campus_ops::platform::time::Instant;
use serde_json::{Value, json};

use crate::{
    plan::{Event, GALA, Halls, TRAINING},
    stage::{Person, Stage, local},
    tally::Tally,
};

/// How many there are, the last two of another university.
pub const MANY: usize = 300;
/// How many want to come to the gala: the first ones.
const ASK: usize = 290;

/// By number.
pub struct Guests {
    pub ids: Vec<String>,
    pub passes: Vec<String>,
}

impl Guests {
    /// The two of another university.
    pub fn strangers(&self) -> (usize, usize) {
        (MANY - 2, MANY - 1)
    }

    /// The number of whoever has this id.
    pub fn number(&self, id: &Value) -> Option<usize> {
        self.ids.iter().position(|own| *id == **own)
    }
}

pub fn role(guest: usize) -> &'static str {
    match guest % 5 {
        0 => "student_developer",
        1 => "promotion_expert",
        _ if guest < 4 => "team",
        _ => "attendee",
    }
}

pub fn on_record(stage: &Stage) -> Guests {
    stage.at("2011-08-28 10:00");
    let consent = json!({ "version": "2011-08", "at": local("2011-08-28 09:00").to_string() });
    let (mut ids, mut passes) = (Vec::new(), Vec::new());
    for guest in 0..MANY {
        let own = guest < MANY - 2;
        let who = if own { &stage.lin } else { &stage.chen };
        let body = json!({
            "id": stage.id(stage.now()), "role": role(guest), "name": format!("学生{guest:03}"),
            "phone": format!("137{guest:08}"), "consent": consent,
            "campus_id": if own { &stage.sysu } else { &stage.jinan },
        });
        let made = who.actor.post("/participants", body).created();
        let id = made["id"].as_str().unwrap().to_owned();
        passes.push(pass(who, &id));
        ids.push(id);
    }
    let lin = &stage.lin;
    stage.tell(lin, &format!("puts {} people on record, with a pass each", MANY - 2), "201");
    stage.tell(&stage.chen, "and two of 暨南大学", "201");
    let again = json!({
        "role": "attendee", "name": "学生", "phone": "13700000007", "campus_id": stage.sysu,
        "consent": consent,
    });
    let known = lin.actor.post("/participants", again).ok();
    stage.agree("a phone that is known", known["id"].as_str(), Some(&*ids[7]));
    stage.tell(lin, "puts the phone of 学生007 on record again", "200 existed");
    let listed = stage.all(lin, "/participants").len();
    stage.agree("people of the campus", listed, MANY - 2);
    Guests { ids, passes }
}

pub fn pass(who: &Person, id: &str) -> String {
    let shown = who.actor.get(&format!("/participants/{id}/pass")).ok();
    let end: Instant = shown["expires_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(end, local("2012-01-01 02:00"), "a pass ends with the season");
    shown["pass"].as_str().unwrap().to_owned()
}

/// The gala's list, and we.
#[track_caller]
fn list_agrees(stage: &Stage, tally: &Tally, gala: &Event, guests: &Guests) {
    for (state, own) in [
        ("registered", &tally.list.registered),
        ("waitlisted", &tally.list.waiting),
        ("cancelled", &tally.list.cancelled),
    ] {
        let listed = stage.all(&stage.lin, &gala.path(&format!("/registrations?state={state}")));
        let listed = listed.iter().map(|line| guests.number(&line["participant_id"]).unwrap());
        let mut own = own.clone();
        own.sort_unstable();
        stage.agree(&format!("who is {state}"), listed.collect(), own);
    }
}

/// 290 want to come, the hall has 240 places: fifty wait.
pub fn registrations(stage: &Stage, tally: &mut Tally, gala: &Event, guests: &Guests) {
    stage.at("2011-08-29 12:00");
    for (name, numbers) in [("first", 0..200), ("second", 200..ASK)] {
        let many = numbers.len();
        let items: Vec<Value> =
            numbers.clone().map(|n| json!({ "participant_id": guests.ids[n] })).collect();
        let path = gala.path("/registrations/batch");
        let call = stage.lin.actor.call("POST", &path).key(name);
        let results = call.send(Some(json!({ "items": items }))).ok();
        for (guest, result) in numbers.zip(results["results"].as_array().unwrap()) {
            assert_eq!(result["status"], 201, "{result}");
            tally.list.ask(guest);
        }
        stage.tell(&stage.lin, &format!("registers {many} people for the gala"), "200");
    }
    let answer = stage.lin.actor.post(
        &gala.path("/registrations"),
        json!({ "participant_id": guests.ids[guests.strangers().0] }),
    );
    let what = "registers someone of 暨南大学";
    stage.refused(&stage.lin, what, &answer, 422, "registration.not_admitted");
    list_agrees(stage, tally, gala, guests);
    let (inside, waiting) = (tally.list.registered.len(), tally.list.waiting.len());
    stage.tell(&stage.lin, "reads the list", &format!("{inside} registered, {waiting} wait"));
}

/// The coordinator moves the gala to the big hall; who waits moves up. Then three call off.
pub fn bigger_hall(
    stage: &Stage,
    tally: &mut Tally,
    gala: &mut Event,
    halls: &Halls,
    guests: &Guests,
) {
    stage.at("2011-08-31 10:00");
    let mut amend = json!({
        "action": "amend", "comment": "报名人数超出小礼堂",
        "changes": { "capacity": 280 },
    });
    let answer = gala.ask(&stage.chen, amend.clone());
    let what = "amend: 280 places in the small hall";
    let problem = stage.refused(&stage.chen, what, &answer, 422, "event.findings");
    stage.agree(
        "what stops it",
        problem["errors"][0]["code"].as_str(),
        Some("capacity_exceeds_venue"),
    );
    amend["changes"]["venue_id"] = json!(halls.big);
    let amended = gala.step(stage, tally, &stage.chen, (amend, "approved"));
    stage.agree("the hall", amended["venue_id"].as_str(), Some(&*halls.big));
    for (hall, name, own) in [(&halls.small, "small", TRAINING), (&halls.big, "big", GALA)] {
        let day = stage.chen.actor.get(&format!("/venues/{hall}/slots?date=2011-09-03")).ok();
        let busy = day["busy"].as_array().unwrap().iter().map(|slot| slot["title"].as_str());
        stage.agree(&format!("who has the {name} hall"), busy.collect(), vec![Some(own)]);
    }
    tally.list.capacity = 280;
    tally.list.move_up();
    list_agrees(stage, tally, gala, guests);
    stage.at("2011-08-31 18:00");
    for guest in [5, 17, 42] {
        let path = gala.path(&format!("/registrations/{}", guests.ids[guest]));
        stage.lin.actor.call("DELETE", &path).send(None).expect(204);
        tally.list.cancel(guest);
        stage.tell(&stage.lin, &format!("takes 学生{guest:03} off the list"), "204");
    }
    list_agrees(stage, tally, gala, guests);
    let (inside, waiting) = (tally.list.registered.len(), tally.list.waiting.len());
    stage.tell(&stage.lin, "reads the list", &format!("{inside} registered, {waiting} wait"));
}
