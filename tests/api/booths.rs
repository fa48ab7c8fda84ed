//! Booths: spots, hours, and what their people count.

use campus_ops::platform::ids::{DeviceId, MovementId, ScanId};
use serde_json::{Value, json};

use crate::{
    checkins::live_at,
    events::{Cast, hall},
    participants::on_record,
    support::{Actor, TestApp, world::GUANGZHOU},
};

/// A tent at spot A3 of Sun Yat-sen University in the first week of September.
fn tent(app: &TestApp) -> Value {
    json!({
        "season": "2011-autumn", "campus_id": app.world.sysu, "kind": "tent", "spot": "A3",
        "opens_on": "2011-09-01", "closes_on": "2011-09-07", "opens_at": "09:00", "closes_at": "17:30",
    })
}

fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn path(booth: &Value) -> String {
    format!("/booths/{}", booth["id"].as_str().unwrap())
}

#[test]
fn two_booths_one_spot() {
    let app = TestApp::start();
    let (lin, wang) = (app.ambassador(app.world.sysu), app.ambassador(app.world.sysu));
    let ask = |body: Value| lin.call("POST", "/booths").key("spot").send(Some(body));
    let first = ask(with(tent(&app), json!({ "spot": " ａ 3 " })));
    let booth = first.created();
    assert_eq!((booth["spot"].as_str(), first.version()), (Some("A3"), 1));
    assert_eq!(booth["created_by"], json!(lin.user));

    let lost = wang.post("/booths", tent(&app)).refused(409, "booth.spot_taken");
    assert_eq!(lost["errors"][0]["data"]["booth_id"], booth["id"]);

    let again = ask(with(tent(&app), json!({ "spot": " ａ 3 " })));
    assert!(again.is_replay() && again.created() == booth);
    ask(tent(&app)).refused(422, "idempotency.key_reused");

    let stranger = app.ambassador(app.world.shantou);
    stranger.get(&path(&booth)).refused(404, "request.not_found");
    let elsewhere = stranger.post("/booths", tent(&app)).refused(404, "request.not_found");
    assert_eq!(elsewhere["errors"][0]["pointer"], "/campus_id");
}

#[test]
fn a_spot_is_free_on_other_days_and_at_other_hours() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    lin.post("/booths", tent(&app)).created();
    let evening = json!({ "opens_at": "17:30", "closes_at": "00:00" });
    let evening = lin.post("/booths", with(tent(&app), evening)).created();
    assert_eq!(evening["closes_at"], "00:00");
    let later = json!({ "opens_on": "2011-09-08", "closes_on": "2011-09-09" });
    let later = lin.post("/booths", with(tent(&app), later));
    let booth = later.created();
    // Moving it a day forward meets the first booth; another spot does not.
    let meets = lin.patch(&path(&booth), 1, json!({ "opens_on": "2011-09-07" }));
    meets.refused(409, "booth.spot_taken");
    lin.patch(&path(&booth), 1, json!({ "opens_on": "2011-09-07", "spot": "B1" })).ok();
    // A booth does not stand in its own way.
    lin.patch(&path(&booth), 2, json!({ "closes_at": "18:00" })).ok();
}

#[test]
fn what_a_booth_must_be() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let ask = |changes: Value| lin.post("/booths", with(tent(&app), changes));
    ask(json!({ "opens_at": "18:00", "closes_at": "02:00" })).refused(422, "booth.hours");
    ask(json!({ "opens_at": "09:00", "closes_at": "09:00" })).refused(422, "booth.hours");
    ask(json!({ "opens_at": "9 am" })).refused(400, "request.body");
    ask(json!({ "kind": "castle" })).refused(400, "request.body");
    ask(json!({ "colour": "red" })).refused(400, "request.body");
    ask(json!({ "closes_on": "2012-01-01" })).refused(422, "booth.outside_season");
    for (member, changes) in [
        ("/season", json!({ "season": "1999-spring" })),
        ("/spot", json!({ "spot": "\u{3000} \u{200B}" })),
        ("/spot", json!({ "spot": "x".repeat(41) })),
        ("/closes_on", json!({ "closes_on": "2011-08-31" })),
        ("/latitude", json!({ "latitude": 91.0, "longitude": 113.3 })),
        ("/longitude", json!({ "latitude": 23.1 })),
        ("/permit_no", json!({ "permit_no": " " })),
    ] {
        let problem = ask(changes).refused(422, "request.invalid");
        assert_eq!(problem["errors"][0]["pointer"], member, "{problem}");
    }
    let nobodys = json!({ "event_id": "0190a3f0-0000-7000-8000-00000000000e" });
    let problem = ask(nobodys).refused(404, "request.not_found");
    assert_eq!(problem["errors"][0]["pointer"], "/event_id");
    ask(json!({ "latitude": 23.1, "longitude": 113.3, "permit_no": "GZ-7" })).created();
}

#[test]
fn a_booth_is_changed_as_it_was_seen() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let booth = lin.post("/booths", with(tent(&app), json!({ "permit_no": "GZ-7" }))).created();
    let at = path(&booth);
    let changed = lin.patch(&at, 1, json!({ "kind": "desk", "permit_no": null }));
    assert_eq!(changed.version(), 2);
    let changed = changed.ok();
    assert_eq!((&changed["kind"], &changed["permit_no"]), (&json!("desk"), &Value::Null));
    assert_eq!(changed["spot"], "A3");
    lin.patch(&at, 1, json!({ "kind": "tent" })).refused(412, "request.stale_version");
    lin.call("PATCH", &at).send(Some(json!({}))).refused(428, "request.if_match_missing");
    lin.patch(&at, 2, json!({ "kind": null })).refused(422, "request.invalid");
    lin.patch(&at, 2, json!({ "campus_id": app.world.jinan })).refused(400, "request.body");
    lin.delete(&at, 1).refused(412, "request.stale_version");
    lin.delete(&at, 2).expect(204);
    lin.get(&at).refused(404, "request.not_found");
    lin.post("/booths", tent(&app)).created();
}

#[test]
fn everybody_counts_for_themselves_and_the_day_is_the_sum() {
    let app = TestApp::start();
    let (lin, wang) = (app.ambassador(app.world.sysu), app.ambassador(app.world.sysu));
    let booth = lin.post("/booths", tent(&app)).created();
    let day = format!("{}/tallies/2011-09-03", path(&booth));
    let count = |visitors: i64, cards: i64| json!({ "visitors": visitors, "installs": 2, "purchases": 1, "cards": cards, "note": "rain" });
    assert_eq!(lin.get(&day).ok()["mine"], Value::Null);
    lin.put(&day, count(30, 3)).ok();
    wang.put(&day, count(12, 0)).ok();
    let corrected = lin.put(&day, count(40, 4)).ok();
    assert_eq!(corrected["mine"]["visitors"], 40);
    assert_eq!(corrected["mine"]["version"], 2);
    let total = json!({ "people": 2, "visitors": 52, "installs": 4, "purchases": 2, "cards": 4 });
    assert_eq!(corrected["total"], total);
    let seen = app.coordinator(GUANGZHOU).get(&day).ok();
    assert_eq!((&seen["mine"], &seen["total"]), (&Value::Null, &total));

    let other = |day: &str| format!("{}/tallies/{day}", path(&booth));
    lin.put(&other("2011-09-08"), count(1, 1)).refused(422, "booth.not_open");
    lin.put(&other("2011-9-3"), count(1, 1)).refused(400, "request.path");
    lin.put(&day, count(-1, 1)).refused(422, "request.invalid");
    app.liaison(app.world.sysu).put(&day, count(1, 1)).refused(403, "auth.forbidden");
    app.ambassador(app.world.jinan).put(&day, count(1, 1)).refused(404, "request.not_found");
}

#[test]
fn what_was_counted_keeps_its_booth() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let booth = lin.post("/booths", tent(&app)).created();
    let day = format!("{}/tallies/2011-09-03", path(&booth));
    let count = json!({ "visitors": 1, "installs": 0, "purchases": 0, "cards": 0 });
    lin.put(&day, count).ok();
    lin.delete(&path(&booth), 1).refused(409, "booth.in_use");
    let shorter = json!({ "opens_on": "2011-09-04" });
    lin.patch(&path(&booth), 1, shorter).refused(409, "booth.in_use");
    lin.patch(&path(&booth), 1, json!({ "opens_on": "2011-09-03" })).ok();
}

#[test]
fn lists_go_by_first_day_and_filter() {
    let app = TestApp::start();
    let (lin, chen) = (app.ambassador(app.world.sysu), app.coordinator(GUANGZHOU));
    for (spot, first, last) in [
        ("C", "2011-09-05", "2011-09-06"),
        ("A", "2011-09-01", "2011-09-09"),
        ("B", "2011-09-05", "2011-09-05"),
    ] {
        let changes = json!({ "spot": spot, "opens_on": first, "closes_on": last });
        lin.post("/booths", with(tent(&app), changes)).created();
    }
    let other = json!({ "campus_id": app.world.jinan, "spot": "D", "opens_on": "2011-09-02" });
    chen.post("/booths", with(tent(&app), other)).created();
    let spots = |query: &str| -> Vec<String> {
        let page = chen.get(&format!("/booths{query}")).ok();
        let items = page["items"].as_array().unwrap();
        items.iter().map(|booth| booth["spot"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(spots(""), ["A", "D", "C", "B"]);
    assert_eq!(spots(&format!("?campus={}", app.world.jinan)), ["D"]);
    assert_eq!(
        spots("?city=440100&season=2011-autumn&from=2011-09-06&to=2011-09-06"),
        ["A", "D", "C"]
    );
    assert_eq!(spots("?from=2011-09-08"), ["A"]);
    assert_eq!(spots("?city=440500"), [""; 0]);
    let page = lin.get("/booths?limit=2&season=2011-autumn").ok();
    let next = format!("/booths?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = lin.get(&next).ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    assert_eq!(rest["items"][0]["spot"], "B");
    assert_eq!(rest["next_cursor"], Value::Null);
    assert_eq!(app.ambassador(app.world.shantou).get("/booths").ok()["items"], json!([]));
}

fn move_posters(who: &Actor, kind: &str, from: &str, to: &str) {
    let body = json!({
        "movement_id": MovementId::new(), "kind": kind, "sku": "poster", "quantity": 1,
        "from": from, "to": to, "occurred_at": "2011-08-20T04:00:00Z",
    });
    who.post("/movements", body).created();
}

#[test]
fn the_event_of_a_booth_is_one_of_its_campus_and_season() {
    let cast = Cast::new();
    let (app, lin) = (&cast.app, &cast.lin);
    let draft = cast.draft(json!({}));
    let ask = |event: &str, changes: Value| {
        lin.post("/booths", with(with(tent(app), json!({ "event_id": event })), changes))
    };
    let booth = ask(&draft.id, json!({})).created();
    assert_eq!(booth["event_id"], json!(draft.id));
    // With a booth it is no longer a draft that goes elsewhere, or away.
    let jinan = hall(&cast.chen, app.world.jinan, "礼堂");
    let elsewhere = json!({ "campus_id": app.world.jinan, "venue_id": jinan });
    cast.chen.patch(&draft.path(), 1, elsewhere.clone()).refused(409, "event.wrong_state");
    lin.delete(&draft.path(), 1).refused(409, "event.wrong_state");

    let coordinated = json!({ "lead_id": cast.chen.user });
    let there = with(with(cast.lecture(), elsewhere), coordinated);
    let there = cast.chen.post("/events", there).created();
    let there = there["id"].as_str().unwrap();
    let unseen = ask(there, json!({ "spot": "B" })).refused(404, "request.not_found");
    assert_eq!(unseen["errors"][0]["pointer"], "/event_id");
    let body = with(tent(app), json!({ "event_id": there, "spot": "B" }));
    let other = cast.chen.post("/booths", body).refused(422, "booth.event_elsewhere");
    assert_eq!(other["errors"][0]["pointer"], "/event_id");
    let moved = cast.chen.patch(&path(&booth), 1, json!({ "event_id": there }));
    moved.refused(422, "booth.event_elsewhere");

    let mut over = cast.submitted(json!({}));
    over.step(lin, "withdraw");
    ask(&over.id, json!({ "spot": "B" })).refused(409, "event.wrong_state");
    lin.patch(&path(&booth), 1, json!({ "event_id": over.id })).refused(409, "event.wrong_state");
    app.at("2011-09-02T04:00:00.000Z");
    lin.patch(&path(&booth), 1, json!({ "event_id": null })).ok();
    lin.delete(&draft.path(), 1).expect(204);
    // What was scanned while it stood for a draft that is gone counts for the booth alone.
    let scan = json!({
        "scan_id": ScanId::new(), "device_id": DeviceId::new(),
        "participant_id": on_record(lin, app.world.sysu, 1),
        "scanned_at": "2011-09-02T03:00:00.000Z", "sent_at": "2011-09-02T04:00:00.000Z",
    });
    let told = lin.post(&format!("{}/check-ins", path(&booth)), scan).ok();
    assert_eq!((&told["verdict"], &told["counters"]["in"]), (&json!("admitted"), &json!(1)));
}

#[test]
fn goods_and_check_ins_keep_a_booth_and_its_event() {
    let cast = Cast::new();
    let (lin, campus) = (&cast.lin, format!("campus:{}", cast.app.world.sysu));
    let event = cast.approved(json!({}));
    let post = |spot: &str| {
        let own = json!({ "event_id": event.id, "spot": spot });
        lin.post("/booths", with(tent(&cast.app), own)).created()
    };
    let (stocked, visited) = (post("A"), post("B"));
    move_posters(&cast.chen, "count", "adjustment", &campus);
    let there = format!("booth:{}", stocked["id"].as_str().unwrap());
    move_posters(lin, "issue", &campus, &there);
    lin.delete(&path(&stocked), 1).refused(409, "booth.in_use");
    lin.patch(&path(&stocked), 1, json!({ "event_id": null })).refused(409, "booth.in_use");
    lin.patch(&path(&stocked), 1, json!({ "event_id": event.id, "kind": "desk" })).ok();
    move_posters(lin, "return", &there, &campus);
    lin.patch(&path(&stocked), 2, json!({ "event_id": null })).ok();
    lin.delete(&path(&stocked), 3).refused(409, "booth.in_use");

    // Not even somebody who was turned away may be forgotten.
    let guest = on_record(lin, cast.app.world.sysu, 1);
    let scan = live_at(&guest, "2011-08-20T04:00:00.000Z");
    let turned = lin.post(&(path(&visited) + "/check-ins"), scan).ok();
    assert_eq!(turned["reason"], "event_not_open");
    lin.delete(&path(&visited), 1).refused(409, "booth.in_use");
    lin.patch(&path(&visited), 1, json!({ "event_id": null })).refused(409, "booth.in_use");
}

#[test]
fn a_closed_event_keeps_its_booths() {
    let cast = Cast::new();
    let mut event = cast.approved(json!({}));
    let own = with(tent(&cast.app), json!({ "event_id": event.id }));
    let booth = cast.lin.post("/booths", own.clone()).created();
    cast.app.at("2011-09-03T01:00:00.000Z");
    event.step(&cast.lin, "start");
    event.step_with(&cast.lin, json!({ "action": "close", "report": { "summary": "好" } }));
    let leave = |version: i64| cast.lin.patch(&path(&booth), version, json!({ "event_id": null }));
    leave(1).refused(409, "event.wrong_state");
    let another = with(own, json!({ "spot": "B" }));
    cast.lin.post("/booths", another).refused(409, "event.wrong_state");
    event.step_with(&cast.chen, json!({ "action": "reopen", "comment": "漏记" }));
    leave(1).ok();
}
