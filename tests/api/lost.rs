//! Goods that were lost, found, or sent to somebody who cannot take them.

use campus_ops::{materials::store::check, platform::ids::MovementId};
use serde_json::{Value, json};

use crate::{
    participants::{on_record, someone},
    races::all_at_once,
    support::{Actor, Answer, TestApp, world::GUANGZHOU},
};

fn order(kind: &str, from: &str, to: &str, many: i64) -> Value {
    json!({
        "movement_id": MovementId::new(), "kind": kind, "sku": "poster", "quantity": many,
        "from": from, "to": to, "occurred_at": "2011-08-20T04:00:00Z",
    })
}

fn reverse(of: &Value) -> Value {
    json!({
        "movement_id": MovementId::new(), "kind": "reverse", "reverses": of["movement_id"],
        "occurred_at": "2011-08-20T04:00:00Z",
    })
}

fn settle(who: &Actor, movement: &Value, verb: &str) -> Answer {
    let id = movement["movement_id"].as_str().unwrap();
    who.post(&format!("/movements/{id}/{verb}"), json!({}))
}

fn stock(who: &Actor, place: &str) -> i64 {
    let page = who.get(&format!("/stock?place={place}")).ok();
    page["items"].as_array().unwrap().iter().map(|item| item["quantity"].as_i64().unwrap()).sum()
}

fn verified(app: &TestApp) {
    let off = app.shared.db.read(|conn| Ok(check::differences(conn, 100)?));
    let off = actix_web::rt::System::new().block_on(off).unwrap();
    assert_eq!(off, Vec::<String>::new());
}

/// A store of posters at Sun Yat-sen University, and an ambassador there.
fn store(many: i64) -> (TestApp, Actor, String) {
    let app = TestApp::start();
    let (lin, at) = (app.ambassador(app.world.sysu), format!("campus:{}", app.world.sysu));
    let counted = order("count", "adjustment", &at, many);
    app.coordinator(GUANGZHOU).post("/movements", counted).created();
    (app, lin, at)
}

#[test]
fn nothing_is_found_that_was_not_lost_there() {
    let (app, lin, at) = store(20);
    let find = |to: &str, many: i64| lin.post("/movements", order("find", "lost", to, many));
    let hand = format!("user:{}", lin.user);
    find(&at, 1).refused(409, "stock.insufficient");
    find(&hand, 1).refused(409, "stock.insufficient");
    let event = crate::support::planned::approved(
        &app,
        &lin,
        app.world.sysu,
        None,
        &crate::support::planned::own_university(),
    );
    let hall = format!("event:{event}");
    lin.post("/movements", order("issue", &at, &hall, 5)).created();
    let lost = lin.post("/movements", order("lose", &hall, "lost", 3)).created();
    // Lost at the campus's event, found at the campus; not in anybody's hand, nor elsewhere.
    find(&hand, 1).refused(409, "stock.insufficient");
    let mei = app.ambassador(app.world.jinan);
    let there = format!("campus:{}", app.world.jinan);
    mei.post("/movements", order("find", "lost", &there, 1)).refused(409, "stock.insufficient");
    let why = find(&at, 4).refused(409, "stock.insufficient");
    assert_eq!(why["errors"][0]["data"], json!({ "available": 3, "wanted": 4 }));
    let found = find(&at, 2).created();
    lin.post("/movements", reverse(&lost)).refused(409, "stock.insufficient");
    lin.post("/movements", reverse(&found)).created();
    lin.post("/movements", reverse(&lost)).created();
    find(&at, 1).refused(409, "stock.insufficient");
    assert_eq!((stock(&lin, &at), stock(&lin, &hall)), (15, 5));
    verified(&app);
}

#[test]
fn what_was_lost_once_is_found_once() {
    let (app, lin, at) = store(10);
    lin.post("/movements", order("lose", &at, "lost", 3)).created();
    let answers = all_at_once(|_| lin.post("/movements", order("find", "lost", &at, 1)));
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(201), count(409)), (3, 13));
    assert_eq!(stock(&lin, &at), 10);
    verified(&app);
}

#[test]
fn goods_go_only_to_who_can_accept_them() {
    let (app, lin, at) = store(20);
    let (wang, mei) = (app.liaison(app.world.sysu), app.ambassador(app.world.sysu));
    let chen = app.coordinator(GUANGZHOU);
    let issue =
        |to: &Actor| lin.post("/movements", order("issue", &at, &format!("user:{}", to.user), 4));
    let why = issue(&wang).refused(422, "request.invalid");
    assert_eq!(why["errors"][0]["code"], "movement.receiver");
    issue(&lin).refused(422, "request.invalid");
    let sent = issue(&mei).created();
    let lost = issue(&mei).created();
    settle(&mei, &lost, "accept").ok();
    chen.call("POST", &format!("/users/{}/deactivate", mei.user))
        .if_match(1)
        .send(Some(json!({})))
        .ok();
    issue(&mei).refused(422, "request.invalid");
    // Nobody can accept it any more: the sender takes it back, once.
    let other = app.ambassador(app.world.jinan);
    settle(&other, &sent, "reject").refused(404, "request.not_found");
    settle(&lin, &sent, "accept").refused(403, "auth.forbidden");
    let back = settle(&lin, &sent, "reject").ok();
    assert_eq!((&back["state"], &back["decided_by"]), (&json!("returned"), &json!(lin.user)));
    settle(&lin, &sent, "reject").refused(409, "movement.wrong_state");
    // What is in the hands of who left, the coordinator returns for them.
    let hand = format!("user:{}", mei.user);
    let home = chen.post("/movements", order("return", &hand, &at, 4)).created();
    settle(&lin, &home, "accept").ok();
    assert_eq!(stock(&lin, &at), 20);
    verified(&app);
}

#[test]
fn whoever_answers_for_the_source_takes_back_for_a_sender_who_left() {
    let (app, lin, at) = store(10);
    let (mei, colleague) = (app.ambassador(app.world.sysu), app.ambassador(app.world.sysu));
    let hand = format!("user:{}", mei.user);
    let sent = lin.post("/movements", order("issue", &at, &hand, 4)).created();
    assert_eq!(settle(&colleague, &sent, "reject").ok()["state"], "returned");
    let sent = lin.post("/movements", order("issue", &at, &hand, 4)).created();
    assert_eq!(settle(&mei, &sent, "reject").ok()["state"], "rejected");
    assert_eq!(stock(&lin, &at), 10);
    verified(&app);
}

#[test]
fn a_freshman_is_given_one_handset_of_all_models() {
    let app = TestApp::start();
    let (lin, at) = (app.ambassador(app.world.sysu), format!("campus:{}", app.world.sysu));
    let model = |sku: &str, limit: Value| {
        let mut design = json!({
            "sku": sku, "name_zh": "手机", "name_en": "Handset", "unit": "piece", "kind": "gift",
            "serialised": true, "limit_group": "handset",
        });
        design["limit_per_person"] = limit;
        app.province().post("/materials", design)
    };
    model("handset-u880", Value::Null).refused(422, "request.invalid");
    assert_eq!(model("handset-u880", json!(1)).created()["limit_group"], "handset");
    let pieces = |kind: &str, sku: &str, from: &str, to: &str, piece: &str| {
        json!({
            "movement_id": MovementId::new(), "kind": kind, "sku": sku, "serials": [piece],
            "from": from, "to": to, "occurred_at": "2011-08-20T04:00:00Z",
        })
    };
    let chen = app.coordinator(GUANGZHOU);
    for (sku, piece) in [("handset", "G3-1"), ("handset-u880", "U-1"), ("handset-u880", "U-2")] {
        chen.post("/movements", pieces("count", sku, "adjustment", &at, piece)).created();
    }
    let wang = format!("participant:{}", on_record(&lin, app.world.sysu, 1));
    let give = |sku, piece| lin.post("/movements", pieces("give", sku, &at, &wang, piece));
    let first = give("handset-u880", "U-1").created();
    give("handset", "G3-1").refused(409, "stock.person_limit");
    give("handset-u880", "U-2").refused(409, "stock.person_limit");
    lin.post("/movements", reverse(&first)).created();
    let answers = all_at_once(|index| {
        let (sku, piece) = [("handset", "G3-1"), ("handset-u880", "U-1")][index % 2];
        give(sku, piece)
    });
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status)));
    verified(&app);
}

#[test]
fn one_phone_for_sixteen_people() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let people: Vec<String> = (1..=16).map(|number| on_record(&lin, sysu, number)).collect();
    let answers = all_at_once(|index| {
        let path = format!("/participants/{}", people[index]);
        lin.patch(&path, 1, json!({ "phone": "13812345678" }))
    });
    let taken = |answer: &&Answer| answer.status == 409;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(taken) {
        answer.refused(409, "participant.phone_taken");
    }
    assert_eq!(answers.iter().filter(taken).count(), 15);
    let known = lin.post("/participants", someone(sysu, "王", "13812345678")).ok();
    assert_eq!(known["existed"], true);
}
