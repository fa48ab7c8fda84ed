//! The end report, and goods that must be accounted for before it.

use campus_ops::platform::ids::MovementId;
use serde_json::{Value, json};

use super::{Cast, Event, hall, merged};
use crate::{checkins::live_at, participants::on_record, support::Actor};

fn move_goods(who: &Actor, kind: &str, from: &str, to: &str, quantity: i64) {
    let body = json!({
        "movement_id": MovementId::new(), "kind": kind, "sku": "poster", "quantity": quantity,
        "from": from, "to": to, "occurred_at": "2011-08-20T04:00:00Z",
    });
    who.post("/movements", body).created();
}

/// A running lecture that was issued 20 posters of the campus's 30.
fn running(cast: &Cast) -> Event {
    let campus = format!("campus:{}", cast.app.world.sysu);
    move_goods(&cast.chen, "count", "adjustment", &campus, 30);
    let mut event = cast.approved(json!({ "kit": [{ "sku": "poster", "quantity": 20 }] }));
    cast.app.at("2011-09-03T01:00:00.000Z");
    event.step(&cast.lin, "start");
    move_goods(&cast.lin, "issue", &campus, &format!("event:{}", event.id), 20);
    event
}

fn close(waive_reason: Option<&str>) -> Value {
    json!({ "action": "close", "report": { "summary": "好" }, "waive_reason": waive_reason })
}

#[test]
fn it_closes_when_its_goods_are_used_up() {
    let cast = Cast::new();
    let mut event = running(&cast);
    let problem = event.ask(&cast.lin, close(None)).refused(409, "event.unbalanced");
    let held = &problem["errors"][0]["data"];
    assert_eq!((&held["sku"], &held["quantity"]), (&json!("poster"), &json!(20)));
    move_goods(&cast.lin, "use", &format!("event:{}", event.id), "used", 20);
    let closed = event.step_with(&cast.lin, close(None));
    assert_eq!(closed["state"], "closed");
}

#[test]
fn the_coordinator_waives_what_is_missing() {
    let cast = Cast::new();
    let mut event = running(&cast);
    event.ask(&cast.lin, close(Some("找不到"))).refused(403, "event.not_yours");
    event.step_with(&cast.chen, close(Some("台风吹走")));
    let place = format!("event:{}", event.id);
    let stock = cast.chen.get(&format!("/stock?place={place}")).ok();
    let left = stock["items"].as_array().unwrap().iter();
    assert_eq!(left.map(|line| line["quantity"].as_i64().unwrap()).sum::<i64>(), 0);
    let history = cast.lin.get(&(event.path() + "/history")).ok();
    let last = history["items"].as_array().unwrap().last().unwrap();
    assert_eq!(last["data"]["waive_reason"], "台风吹走");
    assert_eq!(last["data"]["waived"][0]["quantity"], 20);
}

#[test]
fn the_figures_are_those_of_the_closing() {
    let cast = Cast::new();
    let mut event = running(&cast);
    let place = format!("event:{}", event.id);
    let list = event.path() + "/registrations";
    let people: Vec<String> =
        (1..=3).map(|number| on_record(&cast.lin, cast.app.world.sysu, number)).collect();
    for person in &people[..2] {
        cast.lin.post(&list, json!({ "participant_id": person })).created();
    }
    // One of the two registered comes, and one who is not.
    let door = event.path() + "/check-ins";
    let scan = |person: &str| {
        let mut scan = live_at(person, "2011-09-03T01:00:00.000Z");
        scan["walk_in_confirmed"] = json!(true);
        cast.lin.post(&door, scan).ok()
    };
    for person in &people[1..] {
        assert_eq!(scan(person)["verdict"], "admitted");
    }
    for (kind, to, quantity) in [("use", "used", 12), ("damage", "damaged", 1)] {
        move_goods(&cast.lin, kind, &place, to, quantity);
    }
    let campus = format!("campus:{}", cast.app.world.sysu);
    move_goods(&cast.lin, "return", &place, &campus, 4);
    event.step_with(&cast.chen, close(Some("台风吹走")));
    let figures = |event: &Event| {
        let history = cast.lin.get(&(event.path() + "/history")).ok();
        history["items"].as_array().unwrap().last().unwrap()["data"]["figures"].clone()
    };
    let signed = json!({
        "registrations": 2, "waitlisted": 0, "no_shows": 1, "people_in": 2,
        "people_in_by_role": { "student_developer": 2 },
        "issued": 20, "used": 12, "given": 0, "returned": 4, "lost": 3, "damaged": 1,
    });
    assert_eq!(figures(&event), signed);
    // Who comes late is in, and the report stays as it was signed.
    assert_eq!(scan(&people[0])["verdict"], "admitted");
    let attendance = cast.lin.get(&(event.path() + "/attendance")).ok();
    assert_eq!(attendance["in"], 3);
    assert_eq!(figures(&event), signed);
}

#[test]
fn a_step_takes_nothing_it_cannot_use_or_keep() {
    let cast = Cast::new();
    let mut event = cast.endorsed(json!({}));
    let refused = |event: &Event, who: &Actor, body: Value, pointer: &str| {
        let problem = event.ask(who, body).refused(422, "request.invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    };
    let with = |action: &str, member: &str| json!({ "action": action, member: "x" });
    refused(&event, &cast.lin, with("withdraw", "override_reason"), "/override_reason");
    refused(&event, &cast.lin, with("withdraw", "waive_reason"), "/waive_reason");
    refused(&event, &cast.chen, with("approve", "waive_reason"), "/waive_reason");
    event.step_with(&cast.chen, with("approve", "override_reason"));
    cast.app.at("2011-09-03T01:00:00.000Z");
    event.step(&cast.lin, "start");
    let close = |report: Value| json!({ "action": "close", "report": report });
    let long = json!({ "summary": "好".repeat(10_001) });
    refused(&event, &cast.lin, close(long), "/report/summary");
    let long = json!({ "summary": "好", "attendance_note": "好".repeat(2_001) });
    refused(&event, &cast.lin, close(long), "/report/attendance_note");
    event.step_with(&cast.lin, close(json!({ "summary": "好".repeat(10_000) })));
}

fn kit() -> Value {
    json!([{ "sku": "poster", "quantity": 20 }])
}

/// A lecture two days after the usual one, that takes 20 posters.
fn later() -> Value {
    json!({
        "kit": kit(), "starts_at": "2011-09-05T02:00:00Z", "ends_at": "2011-09-05T04:00:00Z",
    })
}

/// How many posters a plan lacks.
fn missing(cast: &Cast, event: &Event) -> Option<Value> {
    let found = cast.lin.get(&(event.path() + "/findings")).ok();
    let items = found["items"].as_array().unwrap();
    let short = items.iter().find(|item| item["code"] == "material_short");
    short.map(|short| short["data"]["items"][0]["missing"].clone())
}

#[test]
fn the_city_does_not_promise_its_stock_twice() {
    let cast = Cast::new();
    let (sysu, jinan) =
        (format!("campus:{}", cast.app.world.sysu), format!("campus:{}", cast.app.world.jinan));
    move_goods(&cast.chen, "count", "adjustment", "city:440100", 20);
    let draft = cast.draft(later());
    assert_eq!(missing(&cast, &draft), None);
    let there = cast.app.world.jinan;
    let (zhao, he) = (cast.app.ambassador(there), cast.app.liaison(there));
    let elsewhere = json!({
        "campus_id": there, "venue_id": hall(&cast.chen, there, "礼堂"), "lead_id": zhao.user,
        "kit": kit(),
    });
    let mut other = Event::of(&zhao.post("/events", merged(cast.lecture(), elsewhere)).created());
    for (who, action) in [(&zhao, "submit"), (&he, "endorse"), (&cast.chen, "approve")] {
        other.step(who, action);
    }
    assert_eq!(missing(&cast, &draft), Some(json!(20)), "the city's stock is promised");
    move_goods(&cast.chen, "count", "adjustment", &jinan, 15);
    assert_eq!(missing(&cast, &draft), Some(json!(5)), "the campus serves its events first");
    move_goods(&cast.chen, "count", "adjustment", &sysu, 5);
    assert_eq!(missing(&cast, &draft), None);
}

#[test]
fn what_was_issued_or_is_over_is_promised_no_more() {
    let cast = Cast::new();
    let campus = format!("campus:{}", cast.app.world.sysu);
    move_goods(&cast.chen, "count", "adjustment", &campus, 30);
    let first = cast.approved(json!({ "kit": kit() }));
    let draft = cast.draft(later());
    assert_eq!(missing(&cast, &draft), Some(json!(10)));
    move_goods(&cast.lin, "issue", &campus, &format!("event:{}", first.id), 15);
    assert_eq!(missing(&cast, &draft), Some(json!(10)), "15 are left, 5 are promised");
    cast.app.at("2011-09-03T03:59:59.000Z");
    assert_eq!(missing(&cast, &draft), Some(json!(10)));
    cast.app.at("2011-09-03T04:00:00.000Z");
    assert_eq!(missing(&cast, &draft), Some(json!(5)), "it never came for the rest");
}

#[test]
fn a_kit_is_compared_with_what_others_left() {
    let cast = Cast::new();
    let campus = format!("campus:{}", cast.app.world.sysu);
    move_goods(&cast.chen, "count", "adjustment", &campus, 30);
    let draft = cast.draft(later());
    let missing = |event: &Event| missing(&cast, event);
    assert_eq!(missing(&draft), None);
    let mut first = cast.approved(json!({ "kit": kit() }));
    assert_eq!(missing(&draft), Some(json!(10)));
    first.step_with(&cast.chen, json!({ "action": "cancel", "comment": "台风" }));
    assert_eq!(missing(&draft), None);
}
