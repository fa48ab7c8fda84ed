//! People on record, as the staff meets them.

use campus_ops::platform::ids::{CampusId, MovementId, ParticipantId};
use serde_json::{Value, json};

use crate::{
    checkins::{Door, live_at, minute},
    support::{Actor, Answer, TestApp, planned, world::GUANGZHOU},
};

/// What a phone sends to put someone on record.
pub fn someone(campus: CampusId, name: &str, phone: &str) -> Value {
    json!({
        "role": "student_developer", "name": name, "phone": phone, "campus_id": campus,
        "student_no": "20110317", "skills": ["Java", "绘图"], "app_idea": "校园拼车助手",
        "consent": { "version": "2011-08", "at": "2011-08-20T03:00:00.000Z" },
    })
}

fn with(mut body: Value, member: &str, value: impl Into<Value>) -> Value {
    body[member] = value.into();
    body
}

fn path(made: &Value) -> String {
    format!("/participants/{}", made["id"].as_str().unwrap())
}

fn names(list: &Answer) -> Vec<String> {
    let list = list.ok();
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap_or("已注销").to_owned()).collect()
}

#[test]
fn a_person_is_on_record_with_consent_once_per_phone() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let wang = someone(sysu, "王小明", "13800138000");
    let without = with(wang.clone(), "consent", Value::Null);
    lin.post("/participants", without).refused(422, "participant.consent_missing");
    let first = lin.post("/participants", wang.clone());
    let made = first.created();
    assert_eq!(first.version(), 1);
    assert_eq!((&made["existed"], &made["masked"]), (&json!(false), &json!(false)));
    assert_eq!((&made["name"], &made["phone"]), (&json!("王小明"), &json!("13800138000")));

    let again = someone(sysu, "王大明", "+86 138 0013 8000");
    let known = lin.post("/participants", again).ok();
    assert_eq!((&known["id"], &known["existed"]), (&made["id"], &json!(true)));
    assert_eq!((&known["name"], &known["phone"]), (&json!("王**"), &json!("138****8000")));
    assert!(known.get("app_idea").is_none() && known.get("student_no").is_none());

    let chen = app.ambassador(app.world.shantou);
    let there = chen.post("/participants", someone(app.world.shantou, "王", "13800138000")).ok();
    assert_eq!(there, json!({ "id": made["id"], "existed": true }));
    chen.get(&path(&made)).refused(404, "request.not_found");
    chen.post("/participants", someone(sysu, "李", "13800138001"))
        .refused(404, "request.not_found");
}

#[test]
fn a_phones_own_id_is_a_name_for_ever() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let (own, alias) = (ParticipantId::new().to_string(), ParticipantId::new().to_string());
    let wang = with(someone(sysu, "王小明", "13800138000"), "id", own.as_str());
    assert_eq!(lin.post("/participants", wang.clone()).created()["id"], own.as_str());
    let again = lin.post("/participants", wang.clone()).created();
    assert_eq!((&again["id"], &again["existed"]), (&json!(own), &json!(false)));
    let other = with(wang.clone(), "name", "王大明");
    lin.post("/participants", other).refused(409, "participant.id_reused");

    let offline = with(someone(sysu, "小王", "13800138000"), "id", alias.as_str());
    for _ in 0..2 {
        let joined = lin.post("/participants", offline.clone()).ok();
        assert_eq!((&joined["id"], &joined["existed"]), (&json!(own), &json!(true)));
    }
    assert_eq!(lin.get(&format!("/participants/{alias}")).ok()["id"], own.as_str());
    let stolen = with(someone(sysu, "赵", "13800138009"), "id", alias.as_str());
    lin.post("/participants", stolen).refused(409, "participant.id_reused");
}

#[test]
fn who_works_with_a_person_sees_who_it_is() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let made = lin.post("/participants", someone(sysu, "王小明", "13800138000")).created();
    for (actor, whole) in [
        (app.ambassador(sysu), true),
        (app.coordinator(GUANGZHOU), true),
        (app.liaison(sysu), false),
        (app.province(), false),
        (app.auditor(), false),
    ] {
        let seen = actor.get(&path(&made)).ok();
        assert_eq!(seen["name"], if whole { "王小明" } else { "王**" });
        assert_eq!(seen["phone"], if whole { "13800138000" } else { "138****8000" });
        assert_eq!(seen.get("app_idea").is_some(), whole);
        assert_eq!(seen["masked"], !whole);
        assert_eq!(names(&actor.get("/participants")).len(), 1);
    }
}

#[test]
fn a_list_goes_by_the_order_of_registration() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    // A client id that sorts before all others.
    let odd =
        with(someone(sysu, "丁", "13800138004"), "id", "00000000-0000-7000-8000-000000000001");
    for (name, phone) in [("甲", "13800138001"), ("乙", "13800138002"), ("丙", "13800138003")] {
        lin.post("/participants", someone(sysu, name, phone)).created();
    }
    lin.post("/participants", odd).created();
    let expert = with(someone(sysu, "戊", "13800138005"), "role", "promotion_expert");
    lin.post("/participants", expert).created();
    let first = lin.get("/participants?limit=3").ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = lin.get(&format!("/participants?limit=3&cursor={cursor}"));
    assert_eq!(names(&rest), ["丁", "戊"]);
    assert_eq!(names(&lin.get("/participants?role=promotion_expert")), ["戊"]);
    assert_eq!(names(&lin.get(&format!("/participants?campus={sysu}"))).len(), 5);
    assert!(names(&app.ambassador(app.world.jinan).get("/participants")).is_empty());
    assert_eq!(
        names(&app.coordinator(GUANGZHOU).get("/participants?role=student_developer")).len(),
        4
    );
}

#[test]
fn a_record_is_changed_by_merge_patch() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let made = lin.post("/participants", someone(sysu, "王小明", "13800138000")).created();
    lin.post("/participants", someone(sysu, "李雷", "13800138001")).created();
    let at = path(&made);
    let patched = lin.patch(&at, 1, json!({ "name": "王晓明", "app_idea": null }));
    let now = patched.ok();
    assert_eq!((&now["name"], &now["student_no"]), (&json!("王晓明"), &json!("20110317")));
    assert!(now.get("app_idea").is_none());
    assert_eq!(patched.version(), 2);
    lin.patch(&at, 1, json!({ "name": "x" })).refused(412, "request.stale_version");
    lin.patch(&at, 2, json!({ "name": null })).refused(422, "request.invalid");
    lin.patch(&at, 2, json!({ "name": " " })).refused(422, "request.invalid");
    lin.patch(&at, 2, json!({ "phone": "13800138001" })).refused(409, "participant.phone_taken");
    lin.patch(&at, 2, json!({ "campus_id": app.world.jinan })).refused(404, "request.not_found");
    let guangzhou = app.coordinator(GUANGZHOU);
    guangzhou.patch(&at, 2, json!({ "campus_id": app.world.jinan })).ok();
    lin.get(&at).refused(404, "request.not_found");
}

#[test]
fn a_repeated_request_is_answered_again_without_keeping_who_it_was() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let body = someone(sysu, "王小明", "13800138000");
    let ask = || lin.call("POST", "/participants").key("k1").send(Some(body.clone()));
    let (first, second) = (ask(), ask());
    assert!(!first.is_replay() && second.is_replay());
    assert_eq!(first.created(), second.created());
    lin.delete(&path(&first.json()), 1).expect(204);
    let third = ask();
    assert!(third.is_replay());
    assert_eq!(third.ok()["id"], first.json()["id"]);
    assert!(third.json().get("name").is_none());
}

/// Every text a person could be found by.
const PERSONAL: [&str; 5] = ["王小明", "13800138000", "20110317", "校园拼车助手", "绘图"];

#[test]
fn erasure_leaves_id_role_campus_and_time() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let made = lin.post("/participants", someone(sysu, "王小明", "13800138000")).created();
    let at = path(&made);
    let event = planned::approved(&app, &lin, sysu, Some(1), &planned::own_university());
    let list = format!("/events/{event}/registrations");
    let li = lin.post("/participants", someone(sysu, "李雷", "13800138001")).created();
    lin.post(&list, json!({ "participant_id": made["id"] })).created();
    assert_eq!(
        lin.post(&list, json!({ "participant_id": li["id"] })).created()["state"],
        "waitlisted"
    );
    lin.get(&format!("{at}/pass")).ok();
    lin.delete(&at, 7).refused(412, "request.stale_version");
    lin.delete(&at, 1).expect(204);
    lin.delete(&at, 1).expect(204);

    let left = lin.get(&at).ok();
    let mut members: Vec<&String> = left.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["campus_id", "erased_at", "id", "role"]);
    lin.get(&format!("{at}/pass")).refused(409, "participant.erased");
    lin.patch(&at, 2, json!({ "name": "x" })).refused(409, "participant.erased");
    lin.post(&list, json!({ "participant_id": made["id"] })).refused(409, "participant.erased");
    let states: Vec<Value> = lin.get(&list).ok()["items"].as_array().unwrap().clone();
    assert_eq!(
        (&states[0]["state"], &states[1]["state"]),
        (&json!("cancelled"), &json!("registered"))
    );

    let fresh = lin.post("/participants", someone(sysu, "王新", "13800138000")).created();
    assert_ne!(fresh["id"], made["id"]);
}

#[test]
fn who_is_erased_came_and_was_given_things() {
    let door = Door::at(5);
    let (lin, id) = (&door.lin, on_record(&door.lin, door.app.world.sysu, 1));
    let campus = format!("campus:{}", door.app.world.sysu);
    let move_goods = |who: &Actor, kind: &str, from: &str, to: &str| {
        let body = json!({
            "movement_id": MovementId::new(), "kind": kind, "sku": "poster", "quantity": 1,
            "from": from, "to": to, "occurred_at": "2011-09-10T06:00:00Z",
        });
        who.post("/movements", body)
    };
    let person = format!("participant:{id}");
    move_goods(&door.chen, "count", "adjustment", &campus).created();
    let given = move_goods(lin, "give", &campus, &person).created();
    let mut scan = live_at(&id, &minute(5));
    scan["walk_in_confirmed"] = json!(true);
    assert_eq!(door.post(&scan)["verdict"], "admitted");

    lin.delete(&format!("/participants/{id}"), 1).expect(204);
    assert_eq!((door.inside(), door.standing(&scan).as_str()), (1, "admitted"));
    let kept = lin.get("/movements?kind=give").ok();
    assert_eq!(kept["items"][0]["movement_id"], given["movement_id"]);
    assert_eq!(kept["items"][0]["to"], person);
    move_goods(lin, "give", &campus, &person).refused(404, "request.not_found");
    door.verified();
}

#[test]
fn erasure_takes_every_personal_value_out_of_the_file() {
    let app = TestApp::start();
    if app.database.is_postgres() {
        // Its files are the server's own; the columns are the same on both databases.
        return;
    }
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let made = lin.post("/participants", someone(sysu, "王小明", "13800138000")).created();
    let pass = lin.get(&format!("{}/pass", path(&made))).ok()["pass"].as_str().unwrap().to_owned();
    let file = app.database.folder().join("test.sqlite");
    let holds = |text: &str| {
        checkpoint(&file);
        let bytes = std::fs::read(&file).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    assert!(holds("王小明") && holds(&pass));
    lin.delete(&path(&made), 1).expect(204);
    for text in PERSONAL.into_iter().chain([pass.as_str()]) {
        assert!(!holds(text), "{text} is in the file still");
    }
}

/// Brings what stands in the log into the file and empties the log.
fn checkpoint(file: &std::path::Path) {
    use diesel::connection::SimpleConnection;
    let target = campus_ops::platform::db::Target::Sqlite(file.to_owned());
    let mut conn = target.writer().unwrap();
    campus_ops::each!(&mut conn, c => c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")).unwrap();
}

/// Puts someone on record; answers the id.
pub fn on_record(who: &Actor, campus: CampusId, number: u32) -> String {
    let phone = format!("137{number:08}");
    let body = someone(campus, &format!("学生{number}"), &phone);
    who.post("/participants", body).created()["id"].as_str().unwrap().to_owned()
}
