//! A day at the door: live scans, a phone that was offline, and what people decide afterwards.

use campus_ops::{
    checkins::verify,
    platform::ids::{DeviceId, EventId, ScanId},
};
use serde_json::{Value, json};

use crate::{
    participants::on_record,
    support::{Actor, TestApp, planned, world::GUANGZHOU},
};

/// Minutes of the lecture of 10 September 2011, which begins at 06:00 UTC.
pub fn minute(minute: i64) -> String {
    let total = 6 * 60 + minute;
    format!("2011-09-10T{:02}:{:02}:00.000Z", total / 60, total % 60)
}

/// The door of a lecture: its lead, and a coordinator for afterwards.
pub struct Door {
    pub app: TestApp,
    pub lin: Actor,
    pub chen: Actor,
    pub event: EventId,
}

impl Door {
    /// At the given minute of the lecture.
    pub fn at(now: i64) -> Self {
        let app = TestApp::start();
        let lin = app.ambassador(app.world.sysu);
        let chen = app.coordinator(GUANGZHOU);
        let admits = planned::own_university();
        let event = planned::approved(&app, &lin, app.world.sysu, Some(2), &admits);
        app.at(&minute(now));
        Self { app, lin, chen, event }
    }

    /// Someone registered, with their pass.
    pub fn guest(&self, number: u32) -> (String, String) {
        let id = on_record(&self.lin, self.app.world.sysu, number);
        let list = format!("/events/{}/registrations", self.event);
        self.lin.post(&list, json!({ "participant_id": id })).created();
        let pass = self.pass(&id);
        (id, pass)
    }

    pub fn pass(&self, id: &str) -> String {
        let pass = self.lin.get(&format!("/participants/{id}/pass")).ok();
        pass["pass"].as_str().unwrap().to_owned()
    }

    pub fn path(&self) -> String {
        format!("/events/{}/check-ins", self.event)
    }

    pub fn post(&self, body: &Value) -> Value {
        self.lin.post(&self.path(), body.clone()).ok()
    }

    pub fn batch(&self, sent: i64, high: i64, items: &[Value]) -> Value {
        let body = json!({
            "device_id": DeviceId::new(), "device_seq_high": high, "sent_at": minute(sent),
            "items": items,
        });
        self.lin.post("/check-ins/batch", body).ok()
    }

    pub fn standing(&self, scan: &Value) -> String {
        let page = self.lin.get(&self.path()).ok();
        let items = page["items"].as_array().unwrap();
        let found = items.iter().find(|item| item["scan_id"] == scan["scan_id"]);
        found.expect("it is listed")["standing"].as_str().unwrap().to_owned()
    }

    /// The counters and lines are what the scans say.
    #[track_caller]
    pub fn verified(&self) {
        let found = self.app.shared.db.read(|conn| verify::differences(conn, 100));
        let found = actix_web::rt::System::new().block_on(found).unwrap();
        assert!(found.is_empty(), "{found:?}");
    }

    pub fn inside(&self) -> i64 {
        self.lin.get(&format!("/events/{}/attendance", self.event)).ok()["in"].as_i64().unwrap()
    }
}

/// A live scan of a pass, made and sent at a minute of the lecture.
pub fn live(pass: &str, at: i64) -> Value {
    json!({
        "scan_id": ScanId::new(), "device_id": DeviceId::new(), "device_seq": 1, "pass": pass,
        "scanned_at": minute(at), "sent_at": minute(at), "mode": "online",
    })
}

/// A live scan of somebody named at the door, made and sent at this moment.
pub fn live_at(participant: &str, at: &str) -> Value {
    json!({
        "scan_id": ScanId::new(), "device_id": DeviceId::new(), "participant_id": participant,
        "scanned_at": at, "sent_at": at, "mode": "online",
    })
}

/// The same as an item of a batch, let in by the phone.
pub fn offline(event: EventId, pass: &str, at: i64, seq: i64) -> Value {
    json!({
        "event_id": event, "scan_id": ScanId::new(), "device_seq": seq, "pass": pass,
        "scanned_at": minute(at), "mode": "offline", "local_verdict": "admitted",
        "colour": "what a newer phone says",
    })
}

pub fn with(mut body: Value, member: &str, value: impl Into<Value>) -> Value {
    body[member] = value.into();
    body
}

#[track_caller]
pub fn denied(answer: &Value, reason: &str) {
    assert_eq!((&answer["verdict"], &answer["reason"]), (&json!("denied"), &json!(reason)));
}

#[test]
fn whoever_comes_is_let_in_once() {
    let door = Door::at(5);
    let (id, pass) = door.guest(1);
    let first = live(&pass, 5);
    let tried = door.lin.post(&(door.path() + "?simulate=true"), first.clone()).ok();
    assert_eq!((&tried["verdict"], door.inside()), (&json!("admitted"), 0));
    let answer = door.post(&first);
    assert_eq!(answer["verdict"], "admitted", "{answer}");
    assert_eq!((&answer["replayed"], &answer["terminal"]), (&json!(false), &json!(true)));
    assert_eq!(answer["participant"]["id"], json!(id));
    assert_eq!(answer["participant"]["display_name"], "学生1");
    assert_eq!(answer["effective_at"], minute(5));
    assert_eq!(answer["counters"], json!({ "expected": 1, "in": 1, "over_capacity": 0 }));
    let event = door.lin.get(&format!("/events/{}", door.event)).ok();
    assert_eq!(event["state"], "running", "the first one starts the event");

    let again = door.post(&first);
    assert_eq!((&again["verdict"], &again["replayed"]), (&json!("admitted"), &json!(true)));
    let second = door.post(&live(&pass, 5));
    assert_eq!(second["reason"], "already_checked_in");
    assert_eq!(second["verdict"], "duplicate");
    assert_eq!(second["first_check_in"]["scan_id"], first["scan_id"]);
    denied(&door.post(&with(first, "scanned_at", minute(4))), "id_reused");
    assert_eq!(door.inside(), 1);
    door.verified();
}

#[test]
fn who_is_not_registered_needs_a_word() {
    let door = Door::at(5);
    let id = on_record(&door.lin, door.app.world.sysu, 1);
    let pass = door.pass(&id);
    let asked = live(&pass, 5);
    denied(&door.post(&asked), "walk_in_needs_confirmation");
    let confirmed = with(live(&pass, 5), "walk_in_confirmed", true);
    assert_eq!(door.post(&confirmed)["verdict"], "admitted");
    // The coordinator lets the first one count too: it was earlier by its id alone.
    let path = format!("/check-ins/{}/resolve", asked["scan_id"].as_str().unwrap());
    let accept = json!({ "decision": "accept", "reason": "known to the team" });
    assert_eq!(door.lin.post(&path, accept.clone()).status, 403);
    let resolved = door.chen.post(&path, accept).ok();
    assert_eq!(resolved["standing"], "admitted");
    assert_eq!(door.standing(&confirmed), "duplicate");
    let reject = json!({ "decision": "reject", "reason": "no" });
    door.chen.post(&path, reject).refused(409, "check_in.decided");
    assert_eq!(door.inside(), 1);
    door.verified();
}

#[test]
fn who_may_not_come_is_told_why() {
    let door = Door::at(5);
    let stranger = on_record(&door.lin, door.app.world.sysu, 1);
    let by_id = |id: &str| {
        let mut body = live("", 5);
        body.as_object_mut().unwrap().remove("pass");
        with(body, "participant_id", id)
    };
    let jia = door.app.ambassador(door.app.world.jinan);
    let guest = on_record(&jia, door.app.world.jinan, 2);
    denied(&door.post(&by_id(&guest)), "wrong_campus");
    denied(&door.post(&by_id(&ScanId::new().to_string())), "unknown_pass");
    denied(&door.post(&live("no pass at all", 5)), "bad_signature");
    let (id, pass) = door.guest(3);
    door.lin.post(&format!("/participants/{id}/pass/revoke"), json!({})).ok();
    door.app.at(&minute(6));
    denied(&door.post(&live(&pass, 6)), "revoked");
    let early = with(by_id(&stranger), "scanned_at", "2011-09-10T03:50:00.000Z");
    denied(&door.post(&early), "event_not_open");
    let suspect = door.post(&with(live(&door.pass(&stranger), 6), "scanned_at", minute(17)));
    denied(&suspect, "time_suspect");
    assert_eq!(suspect["effective_at"], Value::Null);
    let away = format!("/events/{}/check-ins", EventId::new());
    door.lin.post(&away, live("x", 5)).refused(404, "request.not_found");
    door.lin.post(&door.path(), json!({ "scan_id": ScanId::new() })).refused(400, "request.body");
    assert_eq!(door.inside(), 0);
    door.verified();
}

#[test]
fn a_phone_whose_clock_is_wrong_is_put_right() {
    let door = Door::at(5);
    let (_, pass) = door.guest(1);
    let ahead = with(live(&pass, 5), "sent_at", "2011-09-12T06:05:00.000Z");
    let answer = door.post(&with(ahead, "scanned_at", "2011-09-12T06:03:00.000Z"));
    assert_eq!(answer["verdict"], "admitted");
    let effective_at = answer["effective_at"].as_str().unwrap();
    assert!(effective_at.starts_with("2011-09-10T06:03:0"), "{effective_at}");
    door.verified();
}

#[test]
fn what_was_offline_takes_its_place() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let (_, other) = door.guest(2);
    let online = live(&pass, 30);
    assert_eq!(door.post(&online)["verdict"], "admitted");
    let (late, early) = (offline(door.event, &other, 20, 3), offline(door.event, &pass, 10, 1));
    let nonsense = json!({ "scan_id": "no id", "device_seq": 5 });
    let nowhere = offline(EventId::new(), &pass, 11, 6);
    let items = [late.clone(), nonsense, early.clone(), nowhere, late.clone()];
    let answer = door.batch(30, 7, &items);
    let verdicts: Vec<&Value> =
        answer["results"].as_array().unwrap().iter().map(|result| &result["verdict"]).collect();
    assert_eq!(verdicts, ["admitted", "denied", "admitted", "denied", "admitted"]);
    let results = &answer["results"];
    assert_eq!(
        (&results[1]["reason"], &results[1]["scan_id"]),
        (&json!("malformed"), &Value::Null)
    );
    assert_eq!((&results[1]["terminal"], &results[3]["terminal"]), (&json!(true), &json!(false)));
    assert_eq!(results[3]["reason"], "unknown_event");
    assert_eq!(results[4]["replayed"], true);
    // 5 was stored as it came; 6 was not.
    assert_eq!(answer["missing_seq"], json!([[6, 7], [4, 4], [2, 2]]));
    assert_eq!(
        (door.standing(&early), door.standing(&online)),
        ("admitted".into(), "duplicate".into())
    );
    assert_eq!(door.inside(), 2);
    assert_eq!(door.post(&online)["verdict"], "admitted", "the answer stays");
    door.verified();
}

#[test]
fn two_phones_offline_leave_a_conflict_that_can_be_settled() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let (a, b) = (offline(door.event, &pass, 10, 1), offline(door.event, &pass, 12, 1));
    door.batch(30, 1, std::slice::from_ref(&b));
    door.batch(30, 1, &[a]);
    let path = format!("/events/{}/conflicts", door.event);
    let found = door.lin.get(&path).ok();
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{found}");
    assert_eq!((&items[0]["kind"], &items[0]["scan_id"]), (&json!("two_devices"), &b["scan_id"]));
    assert_eq!(items[0]["settled"], false);
    let annul = format!("/check-ins/{}/annul", b["scan_id"].as_str().unwrap());
    door.chen.post(&annul, json!({ "reason": "seen twice" })).ok();
    assert_eq!(door.lin.get(&path).ok()["items"][0]["settled"], true);
    assert_eq!(door.inside(), 1);
    door.verified();
}

#[test]
fn a_scan_is_taken_back_before_it_arrives() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let scan = offline(door.event, &pass, 10, 1);
    let annul = json!({ "annul": scan["scan_id"], "reason": "wrong person", "at": minute(12) });
    let waiting = door.batch(30, 0, &[annul]);
    assert_eq!(waiting["results"][0]["annulment"], "waiting");
    assert_eq!(waiting["results"][0]["verdict"], Value::Null);
    let answer = door.batch(30, 1, std::slice::from_ref(&scan));
    assert_eq!(answer["results"][0]["verdict"], "admitted");
    assert_eq!((door.standing(&scan).as_str(), door.inside()), ("annulled", 0));
    // Singly there must be a scan, and a right.
    let path = |id: &str| format!("/check-ins/{id}/annul");
    let reason = json!({ "reason": "x" });
    let unknown = ScanId::new().to_string();
    door.lin.post(&path(&unknown), reason.clone()).refused(404, "request.not_found");
    let other = live(&pass, 30);
    door.post(&other);
    let colleague = door.app.ambassador(door.app.world.sysu);
    let id = other["scan_id"].as_str().unwrap();
    colleague.post(&path(id), reason.clone()).refused(403, "check_in.not_yours");
    assert_eq!(door.lin.post(&path(id), reason).ok()["standing"], "annulled");
    door.verified();
}

#[test]
fn what_comes_after_the_close_is_marked() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let (_, other) = door.guest(2);
    door.post(&live(&other, 30));
    let event = door.lin.get(&format!("/events/{}", door.event));
    let close = json!({ "action": "close", "report": { "summary": "a full hall" } });
    let path = format!("/events/{}/transitions", door.event);
    door.lin.call("POST", &path).if_match(event.version()).send(Some(close)).ok();
    let scan = offline(door.event, &pass, 10, 1);
    assert_eq!(door.batch(30, 1, &[scan])["results"][0]["verdict"], "admitted");
    let scans = door.lin.get(&(door.path() + "?standing=admitted")).ok();
    assert_eq!(
        (&scans["items"][0]["late"], &scans["items"][1]["late"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(door.inside(), 2);
    door.verified();
}

#[test]
fn a_booth_counts_a_person_once_a_day() {
    let door = Door::at(30);
    let booth = door.lin.post(
        "/booths",
        json!({
            "season": "2011-autumn", "campus_id": door.app.world.sysu, "kind": "desk", "spot": "A1",
            "event_id": door.event, "opens_on": "2011-09-10", "closes_on": "2011-09-11",
            "opens_at": "09:00", "closes_at": "17:00",
        }),
    );
    let path = format!("/booths/{}/check-ins", booth.created()["id"].as_str().unwrap());
    let id = on_record(&door.lin, door.app.world.sysu, 1);
    let pass = door.pass(&id);
    let first = door.lin.post(&path, live(&pass, 30)).ok();
    assert_eq!(first["verdict"], "admitted", "{first}");
    assert_eq!(door.lin.post(&path, live(&pass, 30)).ok()["verdict"], "duplicate");
    assert_eq!(door.inside(), 1);
    door.app.at("2011-09-11T02:00:00.000Z");
    let next = json!({
        "scan_id": ScanId::new(), "device_id": DeviceId::new(), "pass": pass,
        "scanned_at": "2011-09-11T02:00:00.000Z", "sent_at": "2011-09-11T02:00:00.000Z",
    });
    assert_eq!(door.lin.post(&path, next).ok()["verdict"], "admitted");
    assert_eq!(door.inside(), 1);
    let attendance = door.lin.get(&format!("/events/{}/attendance", door.event)).ok();
    assert_eq!(attendance["by_booth"][0]["people"], 2);
    door.verified();
}

#[test]
fn a_booth_does_not_begin_its_event_days_before() {
    let door = Door::at(0);
    let booth = door.lin.post(
        "/booths",
        json!({
            "season": "2011-autumn", "campus_id": door.app.world.sysu, "kind": "tent", "spot": "B2",
            "event_id": door.event, "opens_on": "2011-09-10", "closes_on": "2011-09-11",
            "opens_at": "09:00", "closes_at": "17:00",
        }),
    );
    let path = format!("/booths/{}/check-ins", booth.created()["id"].as_str().unwrap());
    let state = || door.lin.get(&format!("/events/{}", door.event)).ok()["state"].clone();
    let pass = |number| door.pass(&on_record(&door.lin, door.app.world.sysu, number));
    // The gate opens at minute -120: what was scanned before it says nothing of the event.
    let before = with(live(&pass(1), 0), "scanned_at", "2011-09-10T03:59:00.000Z");
    assert_eq!(door.lin.post(&path, before).ok()["verdict"], "admitted");
    assert_eq!((state(), door.inside()), (json!("approved"), 1));
    let during = with(live(&pass(2), 0), "scanned_at", "2011-09-10T04:01:00.000Z");
    assert_eq!(door.lin.post(&path, during).ok()["verdict"], "admitted");
    assert_eq!((state(), door.inside()), (json!("running"), 2));
    door.verified();
}
