//! Goods on their way from the supplier to the students.

use campus_ops::platform::ids::{CampusId, MovementId};
use serde_json::{Value, json};

use crate::{
    participants::on_record,
    support::{
        Actor, Answer, TestApp, planned,
        world::{GUANGZHOU, SHANTOU},
    },
};

const CITY: &str = "city:440100";

fn campus(id: CampusId) -> String {
    format!("campus:{id}")
}

/// The body of a movement: `what` has the quantity or the serials and what else is special.
fn body(kind: &str, sku: &str, from: &str, to: &str, what: Value) -> Value {
    let mut body = json!({
        "movement_id": MovementId::new(), "kind": kind, "sku": sku, "from": from, "to": to,
        "occurred_at": "2011-08-20T04:00:00.000Z",
    });
    for (name, value) in what.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn move_goods(who: &Actor, kind: &str, sku: &str, from: &str, to: &str, what: Value) -> Answer {
    who.post("/movements", body(kind, sku, from, to, what))
}

fn answer(who: &Actor, movement: &Value, verb: &str) -> Answer {
    let id = movement["movement_id"].as_str().unwrap();
    who.post(&format!("/movements/{id}/{verb}"), json!({}))
}

fn stock(who: &Actor, place: &str, sku: &str) -> i64 {
    let list = who.get(&format!("/stock?place={place}&sku={sku}")).ok();
    list["items"].as_array().unwrap().iter().map(|item| item["quantity"].as_i64().unwrap()).sum()
}

fn serials(many: usize) -> Value {
    json!({ "serials": (0..many).map(|n| format!("SIM-{n:04}")).collect::<Vec<_>>() })
}

/// What a count finds at the campus of Sun Yat-sen University.
fn found_by_count(app: &TestApp, sku: &str, many: i64) {
    let at = campus(app.world.sysu);
    let what = json!({ "quantity": many });
    move_goods(&app.coordinator(GUANGZHOU), "count", sku, "adjustment", &at, what).created();
}

#[test]
fn the_season_brings_its_designs_and_the_province_adds_one() {
    let app = TestApp::start();
    let list = app.ambassador(app.world.sysu).get("/materials").ok();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 11);
    let kit = items.iter().find(|item| item["sku"] == "sim-kit").unwrap();
    assert_eq!((&kit["serialised"], &kit["kind"]), (&json!(true), &json!("consumable")));
    let coat = json!({
        "sku": "rain-coat", "name_zh": "雨衣", "name_en": "Rain coat", "unit": "piece",
        "kind": "reusable", "serialised": false,
    });
    app.coordinator(GUANGZHOU).post("/materials", coat.clone()).refused(403, "auth.forbidden");
    app.province().post("/materials", coat.clone()).created();
    app.province().post("/materials", coat).refused(409, "material.sku_taken");
}

#[test]
fn kits_go_down_to_the_campus_from_hand_to_hand() {
    let app = TestApp::start();
    let (province, chen) = (app.province(), app.coordinator(GUANGZHOU));
    let (lin, at) = (app.ambassador(app.world.sysu), campus(app.world.sysu));
    let made = move_goods(&province, "produce", "sim-kit", "supplier", "province", serials(20));
    assert_eq!(made.created()["state"], "done");
    let sent = move_goods(&province, "allocate", "sim-kit", "province", CITY, serials(20));
    let sent = sent.created();
    assert_eq!(sent["state"], "sent");
    assert_eq!(
        (stock(&province, "province", "sim-kit"), stock(&province, "transit", "sim-kit")),
        (0, 20)
    );
    answer(&lin, &sent, "accept").refused(404, "request.not_found");
    answer(&app.coordinator(SHANTOU), &sent, "accept").refused(404, "request.not_found");
    answer(&province, &sent, "accept").refused(403, "auth.forbidden");
    let accepted = answer(&chen, &sent, "accept").ok();
    assert_eq!(accepted["state"], "accepted");
    assert_eq!(accepted["decided_by"], json!(chen.user));
    answer(&chen, &sent, "accept").refused(409, "movement.wrong_state");
    let sent = move_goods(&chen, "allocate", "sim-kit", CITY, &at, serials(5)).created();
    answer(&chen, &sent, "accept").refused(403, "auth.forbidden");
    answer(&lin, &sent, "accept").ok();
    assert_eq!((stock(&chen, CITY, "sim-kit"), stock(&lin, &at, "sim-kit")), (15, 5));
    let used = move_goods(&lin, "use", "sim-kit", &at, "used", json!({ "serials": ["SIM-0001"] }));
    used.created();
    let again = move_goods(&lin, "use", "sim-kit", &at, "used", json!({ "serials": ["SIM-0001"] }));
    again.refused(409, "stock.serial_elsewhere");
    move_goods(&lin, "lose", "sim-kit", &at, "lost", json!({ "serials": ["SIM-0002"] })).created();
    assert_eq!(stock(&lin, &at, "sim-kit"), 3);
    let back = json!({ "serials": ["SIM-0002"] });
    move_goods(&lin, "find", "sim-kit", "lost", &at, back).created();
    assert_eq!(stock(&lin, &at, "sim-kit"), 4);
    let waiting = chen.get("/movements?state=sent").ok();
    assert_eq!(waiting["items"], json!([]));
}

#[test]
fn what_is_rejected_goes_back() {
    let app = TestApp::start();
    found_by_count(&app, "tent", 3);
    let (chen, mei) = (app.coordinator(GUANGZHOU), app.ambassador(app.world.jinan));
    let (from, to) = (campus(app.world.sysu), campus(app.world.jinan));
    let sent =
        move_goods(&chen, "transfer", "tent", &from, &to, json!({ "quantity": 2 })).created();
    assert_eq!(stock(&chen, &from, "tent"), 1);
    assert_eq!(answer(&mei, &sent, "reject").ok()["state"], "rejected");
    assert_eq!((stock(&chen, &from, "tent"), stock(&chen, &to, "tent")), (3, 0));
    answer(&mei, &sent, "accept").refused(409, "movement.wrong_state");
}

#[test]
fn what_a_user_takes_the_user_accepts() {
    let app = TestApp::start();
    found_by_count(&app, "mm-guide", 10);
    let (lin, wang) = (app.ambassador(app.world.sysu), app.ambassador(app.world.sysu));
    let (at, hand) = (campus(app.world.sysu), format!("user:{}", wang.user));
    let sent =
        move_goods(&lin, "issue", "mm-guide", &at, &hand, json!({ "quantity": 4 })).created();
    assert_eq!(sent["state"], "sent");
    answer(&app.ambassador(app.world.sysu), &sent, "accept").refused(403, "auth.forbidden");
    answer(&wang, &sent, "accept").ok();
    assert_eq!(stock(&wang, &hand, "mm-guide"), 4);
    let use_one =
        |who: &Actor| move_goods(who, "use", "mm-guide", &hand, "used", json!({ "quantity": 1 }));
    use_one(&lin).refused(403, "auth.forbidden");
    assert_eq!(use_one(&wang).created()["state"], "done");
    let back =
        move_goods(&wang, "return", "mm-guide", &hand, &at, json!({ "quantity": 3 })).created();
    answer(&lin, &back, "accept").ok();
    assert_eq!((stock(&lin, &at, "mm-guide"), stock(&lin, &hand, "mm-guide")), (9, 0));
}

#[test]
fn a_movement_is_reversed_once() {
    let app = TestApp::start();
    found_by_count(&app, "poster", 10);
    let (lin, at) = (app.ambassador(app.world.sysu), campus(app.world.sysu));
    let used = move_goods(&lin, "use", "poster", &at, "used", json!({ "quantity": 6 })).created();
    let reverse = |who: &Actor, of: &Value| {
        let body = json!({
            "movement_id": MovementId::new(), "kind": "reverse", "reverses": of["movement_id"],
            "occurred_at": "2011-08-20T04:00:00Z", "reason": "counted wrong",
        });
        who.post("/movements", body)
    };
    reverse(&app.ambassador(app.world.jinan), &used).refused(404, "request.not_found");
    let back = reverse(&lin, &used).created();
    assert_eq!(
        (&back["from"], &back["to"], &back["quantity"]),
        (&json!("used"), &json!(at), &json!(6))
    );
    assert_eq!(stock(&lin, &at, "poster"), 10);
    reverse(&lin, &used).refused(409, "movement.already_reversed");
    reverse(&lin, &back).refused(409, "movement.not_reversible");
    let counted = &lin.get("/movements?kind=count").ok()["items"][0];
    reverse(&lin, counted).refused(403, "auth.forbidden");
    let chen = app.coordinator(GUANGZHOU);
    let to = campus(app.world.jinan);
    let sent =
        move_goods(&chen, "transfer", "poster", &at, &to, json!({ "quantity": 1 })).created();
    reverse(&chen, &sent).refused(409, "movement.not_settled");
    let list = lin.get("/movements?place=used&kind=use&sku=poster").ok();
    assert_eq!(list["items"][0]["reversed_by"], back["movement_id"]);
}

#[test]
fn an_id_stands_for_one_content() {
    let app = TestApp::start();
    found_by_count(&app, "banner", 5);
    let (lin, at) = (app.ambassador(app.world.sysu), campus(app.world.sysu));
    let mut damage = body("damage", "banner", &at, "damaged", json!({ "quantity": 2 }));
    let first = lin.post("/movements", damage.clone());
    let again = lin.post("/movements", damage.clone());
    assert_eq!(first.created(), again.created());
    assert!(!first.is_replay() && again.is_replay());
    assert_eq!(stock(&lin, &at, "banner"), 3);
    damage["quantity"] = json!(1);
    lin.post("/movements", damage).refused(409, "movement.id_reused");
}

#[test]
fn what_does_not_hold_together_is_refused() {
    let app = TestApp::start();
    found_by_count(&app, "banner", 5);
    let (lin, at) = (app.ambassador(app.world.sysu), campus(app.world.sysu));
    let there = campus(app.world.shantou);
    let one = || json!({ "quantity": 1 });
    let try_it = |kind: &str, sku: &str, from: &str, to: &str, what: Value| {
        move_goods(&lin, kind, sku, from, to, what)
    };
    try_it("use", "banner", &at, "used", json!({ "quantity": 6 }))
        .refused(409, "stock.insufficient");
    try_it("use", "banner", &at, "lost", one()).refused(422, "request.invalid");
    try_it("use", "banner", "moon", "lost", one()).refused(400, "request.body");
    try_it("use", "banner", &there, "used", one()).refused(404, "request.not_found");
    try_it("use", "flag", &at, "used", one()).refused(422, "request.invalid");
    try_it("use", "sim-kit", &at, "used", one()).refused(422, "request.invalid");
    try_it("use", "banner", &at, "used", json!({ "serials": ["a"] }))
        .refused(422, "request.invalid");
    try_it("use", "banner", &at, "used", json!({})).refused(422, "request.invalid");
    try_it("use", "banner", &at, "used", json!({ "quantity": 0 })).refused(422, "request.invalid");
    try_it("produce", "banner", "supplier", "province", one()).refused(403, "auth.forbidden");
    try_it("allocate", "banner", CITY, &at, one()).refused(403, "auth.forbidden");
    let late = json!({ "quantity": 1, "occurred_at": "2011-08-20T04:11:00Z" });
    try_it("use", "banner", &at, "used", late).refused(422, "request.invalid");
    let old = json!({ "quantity": 1, "occurred_at": "2011-08-01T04:11:00Z" });
    try_it("use", "banner", &at, "used", old).created();
    let day = lin.get("/movements?from=2011-08-01&to=2011-08-01").ok();
    assert_eq!(day["items"].as_array().unwrap().len(), 1);
    app.auditor()
        .post("/movements", body("use", "banner", &at, "used", one()))
        .refused(403, "auth.forbidden");
}

#[test]
fn a_batch_stands_or_falls_piece_by_piece() {
    let app = TestApp::start();
    found_by_count(&app, "banner", 5);
    let (lin, at) = (app.ambassador(app.world.sysu), campus(app.world.sysu));
    let items: Vec<Value> = [3, 3, 2]
        .map(|many| body("use", "banner", &at, "used", json!({ "quantity": many })))
        .into();
    let batch = json!({ "items": items });
    let results = lin.post("/movements/batch", batch.clone()).ok();
    let statuses: Vec<_> =
        results["results"].as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, [201, 409, 201]);
    assert_eq!(results["results"][1]["problem"]["code"], "stock.insufficient");
    assert_eq!(stock(&lin, &at, "banner"), 0);
    lin.post("/movements/batch", batch).ok();
    lin.post("/movements/batch", json!({ "items": [] })).refused(422, "request.invalid");
}

#[test]
fn pages_of_movements_follow_each_other() {
    let app = TestApp::start();
    for many in 1..=5 {
        found_by_count(&app, "banner", many);
    }
    let lin = app.ambassador(app.world.sysu);
    let (mut seen, mut path) = (Vec::new(), "/movements?limit=2&kind=count".to_owned());
    loop {
        let page = lin.get(&path).ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["quantity"].clone()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("/movements?limit=2&cursor={next}");
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    assert_eq!(app.ambassador(app.world.shantou).get("/movements").ok()["items"], json!([]));
}

#[test]
fn an_event_is_issued_goods_and_settles_them() {
    let app = TestApp::start();
    found_by_count(&app, "banner", 5);
    let (lin, at) = (app.ambassador(app.world.sysu), campus(app.world.sysu));
    let id = planned::approved(&app, &lin, app.world.sysu, None, &planned::own_university());
    let event = format!("event:{id}");
    let three = json!({ "quantity": 3 });
    let mei = app.ambassador(app.world.jinan);
    move_goods(&mei, "issue", "banner", &at, &event, three.clone())
        .refused(404, "request.not_found");
    let issued = move_goods(&lin, "issue", "banner", &at, &event, three).created();
    assert_eq!(issued["state"], "done");
    assert_eq!((stock(&lin, &at, "banner"), stock(&lin, &event, "banner")), (2, 3));
    move_goods(&lin, "damage", "banner", &event, "damaged", json!({ "quantity": 1 })).created();
    move_goods(&lin, "return", "banner", &event, &at, json!({ "quantity": 2 })).created();
    assert_eq!(stock(&lin, &event, "banner"), 0);
    let list = lin.get(&format!("/movements?event={id}")).ok();
    let kinds: Vec<_> = list["items"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["return", "damage", "issue"]);
    let desk = json!({
        "season": "2011-autumn", "campus_id": app.world.sysu, "kind": "desk", "spot": "A3",
        "opens_on": "2011-09-01", "closes_on": "2011-09-02", "opens_at": "09:00", "closes_at": "10:00",
    });
    let desk = lin.post("/booths", desk).created();
    let booth = format!("booth:{}", desk["id"].as_str().unwrap());
    move_goods(&lin, "issue", "banner", &at, &booth, json!({ "quantity": 1 })).created();
    assert_eq!((stock(&lin, &at, "banner"), stock(&lin, &booth, "banner")), (3, 1));
    let nowhere = format!("event:{}", MovementId::new());
    let one = json!({ "quantity": 1 });
    move_goods(&lin, "issue", "banner", &at, &nowhere, one).refused(404, "request.not_found");
}

#[test]
fn a_freshman_is_given_one_handset() {
    let app = TestApp::start();
    let (lin, at) = (app.ambassador(app.world.sysu), campus(app.world.sysu));
    let sets = json!({ "serials": ["G3-1", "G3-2", "G3-3"] });
    let chen = app.coordinator(GUANGZHOU);
    move_goods(&chen, "count", "handset", "adjustment", &at, sets).created();
    let person = |number| format!("participant:{}", on_record(&lin, app.world.sysu, number));
    let (wang, li) = (person(1), person(2));
    let give = |to: &str, pieces: &[&str]| {
        move_goods(&lin, "give", "handset", &at, to, json!({ "serials": pieces }))
    };
    give(&wang, &["G3-1", "G3-2"]).refused(409, "stock.person_limit");
    let first = give(&wang, &["G3-1"]).created();
    give(&wang, &["G3-2"]).refused(409, "stock.person_limit");
    give(&li, &["G3-2"]).created();
    let back = json!({
        "movement_id": MovementId::new(), "kind": "reverse", "reverses": first["movement_id"],
        "occurred_at": "2011-08-20T04:00:00Z",
    });
    lin.post("/movements", back).created();
    give(&wang, &["G3-3"]).created();
    let nobody = format!("participant:{}", MovementId::new());
    give(&nobody, &["G3-1"]).refused(404, "request.not_found");
}
