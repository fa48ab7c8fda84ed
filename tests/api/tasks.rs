//! The start page: what waits for whom, and that every link shows exactly what is counted.

use campus_ops::platform::ids::MovementId;
use serde_json::{Value, json};

use crate::{
    checkins::{Door, live},
    events::{Cast, Event, merged},
    support::{
        Actor, TestApp, planned,
        world::{GUANGZHOU, SHANTOU},
    },
};

fn items(who: &Actor) -> Vec<Value> {
    let page = who.get("/me/tasks").ok();
    let items = page["items"].as_array().unwrap().clone();
    let sum: i64 = items.iter().map(|item| item["count"].as_i64().unwrap()).sum();
    assert_eq!(page["total"], sum);
    items
}

/// Every row of a list, over small pages.
fn rows(who: &Actor, link: &str) -> Vec<Value> {
    let path = link.strip_prefix("/api/v1").expect("links stand under the base");
    let first = format!("{path}{}limit=2", if path.contains('?') { '&' } else { '?' });
    let (mut found, mut next) = (Vec::new(), Some(first));
    while let Some(path) = next {
        let page = who.get(&path).ok();
        found.extend(page["items"].as_array().unwrap().clone());
        let list = link.strip_prefix("/api/v1").unwrap().split('?').next().unwrap();
        next = page["next_cursor"].as_str().map(|cursor| format!("{list}?limit=2&cursor={cursor}"));
    }
    found
}

/// How many of a kind wait; `None` when the role never has it. Its link and its first rows
/// are followed.
#[track_caller]
fn count(who: &Actor, kind: &str) -> Option<i64> {
    let task = items(who).into_iter().find(|item| item["kind"] == kind)?;
    let count = task["count"].as_i64().unwrap();
    let listed = rows(who, task["link"].as_str().unwrap());
    assert_eq!(i64::try_from(listed.len()).unwrap(), count, "{task} lists {listed:?}");
    let first = task["first"].as_array().unwrap();
    assert_eq!(i64::try_from(first.len()).unwrap(), count.min(5), "{task}");
    for row in first {
        if let Some(link) = row["link"].as_str() {
            who.get(link.strip_prefix("/api/v1").unwrap()).ok();
        }
    }
    assert!(task["title"].is_string());
    Some(count)
}

fn drafted(cast: &Cast, who: &Actor, changes: Value) -> Event {
    Event::of(&who.post("/events", merged(cast.lecture(), changes)).created())
}

#[test]
fn an_event_waits_for_one_person_after_the_other() {
    let cast = Cast::new();
    let app = &cast.app;
    let elsewhere = [app.liaison(app.world.jinan), app.coordinator(SHANTOU)];
    let mut event = cast.draft(json!({}));
    assert_eq!(count(&cast.wang, "endorse_events"), Some(0));
    event.step(&cast.lin, "submit");
    assert_eq!(count(&cast.wang, "endorse_events"), Some(1));
    // The liaison first.
    assert_eq!(count(&cast.chen, "approve_events"), Some(0));
    assert_eq!(count(&cast.chen, "endorse_events"), None);
    assert_eq!(count(&elsewhere[0], "endorse_events"), Some(0));
    event.step(&cast.wang, "endorse");
    assert_eq!(count(&cast.wang, "endorse_events"), Some(0));
    assert_eq!(count(&cast.chen, "approve_events"), Some(1));
    assert_eq!(count(&elsewhere[1], "approve_events"), Some(0));
    let changes = json!({ "action": "request_changes", "comment": "海报呢" });
    event.step_with(&cast.chen, changes);
    assert_eq!(count(&cast.chen, "approve_events"), Some(0));
    assert_eq!(count(&cast.lin, "revise_events"), Some(1));
    // A colleague of the campus is no author of it.
    assert_eq!(count(&app.ambassador(app.world.sysu), "revise_events"), Some(0));
    event.step(&cast.lin, "submit");
    event.step(&cast.wang, "endorse");
    event.step(&cast.chen, "approve");
    assert_eq!(count(&cast.lin, "revise_events"), Some(0));

    app.at("2011-09-03T03:59:59.000Z");
    assert_eq!(count(&cast.chen, "overdue_events"), Some(0));
    app.at("2011-09-03T04:00:00.000Z");
    assert_eq!(count(&cast.chen, "overdue_events"), Some(1));
    assert_eq!(count(&elsewhere[1], "overdue_events"), Some(0));
    assert_eq!(count(&cast.lin, "overdue_events"), None);
    assert_eq!(count(&cast.lin, "close_events"), Some(0));
    event.step(&cast.lin, "start");
    assert_eq!(count(&cast.chen, "overdue_events"), Some(0));
    assert_eq!(count(&cast.lin, "close_events"), Some(1));
    assert_eq!(count(&cast.chen, "close_events"), Some(0));
    event.step_with(&cast.lin, json!({ "action": "close", "report": { "summary": "好" } }));
    assert_eq!(count(&cast.lin, "close_events"), Some(0));
}

#[test]
fn nobody_is_asked_for_what_duties_forbid() {
    let cast = Cast::new();
    let deputy = cast.app.coordinator(GUANGZHOU);
    let later = json!({ "starts_at": "2011-09-05T02:00:00Z", "ends_at": "2011-09-05T04:00:00Z" });
    let mut own = drafted(&cast, &cast.chen, later);
    own.step(&cast.chen, "submit");
    assert_eq!(count(&cast.wang, "endorse_events"), Some(1));
    own.step(&cast.wang, "endorse");
    cast.endorsed(json!({}));
    assert_eq!(count(&cast.chen, "approve_events"), Some(1));
    assert_eq!(count(&deputy, "approve_events"), Some(2));
    // The province covers absence: not on its start page, but it may look.
    let province = cast.app.province();
    assert_eq!(count(&province, "approve_events"), None);
    assert_eq!(rows(&province, "/api/v1/events?task=approve").len(), 2);
    assert_eq!(rows(&cast.lin, "/api/v1/events?task=approve").len(), 0);
    assert_eq!(rows(&cast.wang, "/api/v1/events?task=endorse").len(), 0);
    cast.lin.get("/events?task=sing").refused(400, "request.query");
}

#[test]
fn without_a_liaison_the_coordinator_is_asked_at_once() {
    let cast = Cast::new();
    let (app, jinan) = (&cast.app, cast.app.world.jinan);
    let mei = app.ambassador(jinan);
    let hall = crate::events::hall(&cast.chen, jinan, "礼堂");
    let body = json!({ "campus_id": jinan, "venue_id": hall, "lead_id": mei.user });
    let mut event = drafted(&cast, &mei, body);
    event.step(&mei, "submit");
    assert_eq!(count(&cast.chen, "approve_events"), Some(1));
    let zhao = app.liaison(jinan);
    assert_eq!(count(&cast.chen, "approve_events"), Some(0));
    assert_eq!(count(&zhao, "endorse_events"), Some(1));
    let manager = app.province();
    let path = format!("/users/{}/deactivate", zhao.user);
    manager.call("POST", &path).if_match(1).send(Some(json!({}))).ok();
    assert_eq!(count(&cast.chen, "approve_events"), Some(1));
}

fn move_goods(who: &Actor, kind: &str, from: &str, to: &str, quantity: i64) -> String {
    let id = MovementId::new();
    let body = json!({
        "movement_id": id, "kind": kind, "sku": "poster", "quantity": quantity,
        "from": from, "to": to, "occurred_at": "2011-08-20T04:00:00Z",
    });
    who.post("/movements", body).created();
    format!("/movements/{id}")
}

#[test]
fn goods_wait_for_whoever_answers_for_their_destination() {
    let app = TestApp::start();
    let (province, chen) = (app.province(), app.coordinator(GUANGZHOU));
    let (lin, mei) = (app.ambassador(app.world.sysu), app.ambassador(app.world.jinan));
    let (city, campus) = (format!("city:{GUANGZHOU}"), format!("campus:{}", app.world.sysu));
    move_goods(&province, "produce", "supplier", "province", 100);
    let sent = move_goods(&province, "allocate", "province", &city, 50);
    assert_eq!(count(&chen, "accept_goods"), Some(1));
    assert_eq!(count(&app.coordinator(SHANTOU), "accept_goods"), Some(0));
    assert_eq!(count(&province, "accept_goods"), Some(0));
    chen.post(&(sent + "/accept"), json!({})).ok();
    for _ in 0..6 {
        move_goods(&chen, "allocate", &city, &campus, 5);
    }
    assert_eq!(count(&chen, "accept_goods"), Some(0));
    assert_eq!(count(&lin, "accept_goods"), Some(6));
    assert_eq!(count(&mei, "accept_goods"), Some(0));
    let first = items(&lin).into_iter().find(|item| item["kind"] == "accept_goods").unwrap();
    assert_eq!(first["first"][0]["title"], "poster × 5");
    assert_eq!(count(&app.liaison(app.world.sysu), "accept_goods"), None);
}

#[test]
fn an_event_that_is_over_gives_its_goods_back() {
    let cast = Cast::new();
    let campus = format!("campus:{}", cast.app.world.sysu);
    move_goods(&cast.chen, "count", "adjustment", &campus, 30);
    let kit = json!({ "kit": [{ "sku": "poster", "quantity": 20 }] });
    let mut event = cast.approved(kit);
    let booth = json!({
        "season": "2011-autumn", "campus_id": cast.app.world.sysu, "kind": "tent", "spot": "A3",
        "event_id": event.id, "opens_on": "2011-09-03", "closes_on": "2011-09-03",
        "opens_at": "09:00", "closes_at": "12:00",
    });
    let booth = cast.lin.post("/booths", booth).created();
    let booth = format!("booth:{}", booth["id"].as_str().unwrap());
    let place = format!("event:{}", event.id);
    move_goods(&cast.lin, "issue", &campus, &place, 20);
    move_goods(&cast.lin, "issue", &campus, &booth, 2);
    assert_eq!(count(&cast.chen, "unreconciled_events"), Some(0));
    cast.app.at("2011-09-03T04:00:00.000Z");
    assert_eq!(count(&cast.chen, "unreconciled_events"), Some(1));
    assert_eq!(count(&cast.app.coordinator(SHANTOU), "unreconciled_events"), Some(0));
    assert_eq!(count(&cast.lin, "unreconciled_events"), None);
    let held = rows(&cast.chen, "/api/v1/reports/unreconciled")[0]["held"].clone();
    assert_eq!(held[0], json!({ "place": booth, "sku": "poster", "quantity": 2 }));
    // Cancelling it gives nothing back; that it still waits is the point.
    event.step_with(&cast.chen, json!({ "action": "cancel", "comment": "台风" }));
    move_goods(&cast.chen, "return", &place, &campus, 20);
    assert_eq!(count(&cast.chen, "unreconciled_events"), Some(1));
    move_goods(&cast.chen, "return", &booth, &campus, 2);
    assert_eq!(count(&cast.chen, "unreconciled_events"), Some(0));
}

#[test]
fn days_of_a_booth_want_to_be_counted() {
    let app = TestApp::start();
    let (lin, zhang) = (app.ambassador(app.world.sysu), app.ambassador(app.world.sysu));
    let body = json!({
        "season": "2011-autumn", "campus_id": app.world.sysu, "kind": "tent", "spot": "A3",
        "opens_on": "2011-09-01", "closes_on": "2011-09-07", "opens_at": "09:00", "closes_at": "17:30",
    });
    let booth = lin.post("/booths", body).created();
    let missing = |who: &Actor| count(who, "missing_tallies");
    assert_eq!(missing(&lin), Some(0));
    // In the evening of the first day it may still come.
    app.at("2011-09-01T15:59:59.000Z");
    assert_eq!(missing(&lin), Some(0));
    app.at("2011-09-01T16:00:00.000Z");
    assert_eq!(missing(&lin), Some(1));
    app.at("2011-09-20T02:00:00.000Z");
    assert_eq!((missing(&lin), missing(&zhang)), (Some(7), Some(7)));
    assert_eq!(missing(&app.ambassador(app.world.jinan)), Some(0));
    assert_eq!(missing(&app.coordinator(GUANGZHOU)), None);
    let tally = json!({ "visitors": 0, "installs": 0, "purchases": 0, "cards": 0 });
    let path = format!("/booths/{}/tallies/2011-09-02", booth["id"].as_str().unwrap());
    zhang.put(&path, tally).ok();
    assert_eq!((missing(&lin), missing(&zhang)), (Some(6), Some(6)));
    let days = rows(&lin, "/api/v1/booths/missing-tallies");
    let days: Vec<&str> = days.iter().map(|row| row["date"].as_str().unwrap()).collect();
    assert_eq!(days[..2], ["2011-09-01", "2011-09-03"]);
    // Sixty days after the season what is missing is history.
    app.at("2012-02-29T02:00:00.000Z");
    assert_eq!(missing(&lin), Some(6));
    app.at("2012-03-01T02:00:00.000Z");
    assert_eq!(missing(&lin), Some(0));
}

#[test]
fn a_promotion_waits_for_a_coordinator_who_did_not_write_it() {
    let app = TestApp::start();
    let (chen, deputy) = (app.coordinator(GUANGZHOU), app.coordinator(GUANGZHOU));
    let body = json!({
        "season": "2011-autumn", "campus_id": app.world.sysu, "ssid": "CMCC-EDU",
        "starts_on": "2011-09-01", "ends_on": "2011-09-30",
        "minutes_per_day": 60, "bytes_per_day": 1_000_000,
        "creative": {
            "headline_zh": "免费", "headline_en": "Free", "body_zh": "欢迎", "body_en": "Welcome",
            "link": "https://mm.10086.cn/",
        },
    });
    let made = chen.post("/wlan/promotions", body).created();
    let path = format!("/wlan/promotions/{}/transitions", made["id"].as_str().unwrap());
    let step = |who: &Actor, version: i64, action: &str| {
        who.call("POST", &path).if_match(version).send(Some(json!({ "action": action }))).ok();
    };
    assert_eq!(count(&deputy, "approve_promotions"), Some(0));
    step(&chen, 1, "submit");
    assert_eq!(count(&deputy, "approve_promotions"), Some(1));
    assert_eq!(count(&chen, "approve_promotions"), Some(0));
    assert_eq!(count(&app.coordinator(SHANTOU), "approve_promotions"), Some(0));
    let lin = app.ambassador(app.world.sysu);
    assert_eq!(rows(&lin, "/api/v1/wlan/promotions?task=approve").len(), 0);
    step(&deputy, 2, "approve");
    assert_eq!(count(&deputy, "approve_promotions"), Some(0));
}

#[test]
fn quarantined_scans_wait_for_a_word() {
    let door = Door::at(5);
    let (_, pass) = door.guest(1);
    planned::revoke_device(&door.app, &door.lin);
    let scan = live(&pass, 5);
    assert_eq!(door.post(&scan)["reason"], "device_revoked");
    assert_eq!(count(&door.chen, "quarantined_scans"), Some(1));
    assert_eq!(count(&door.app.coordinator(SHANTOU), "quarantined_scans"), Some(0));
    let path = format!("/check-ins/{}/resolve", scan["scan_id"].as_str().unwrap());
    door.chen.post(&path, json!({ "decision": "accept", "reason": "是本人" })).ok();
    assert_eq!(count(&door.chen, "quarantined_scans"), Some(0));
}

#[test]
fn the_province_wants_three_handset_models() {
    let app = TestApp::start();
    let province = app.province();
    let models = province.get("/handset-models?season=2011-autumn").ok();
    let there = models["items"].as_array().unwrap().len();
    assert_eq!((there, count(&province, "handset_models")), (0, Some(1)));
    let add = |n: usize, active: bool| {
        let body = json!({
            "season": "2011-autumn", "brand": "B", "model": format!("M{n}"), "active": active,
        });
        province.post("/handset-models", body).created();
    };
    (0..3).for_each(|n| add(n, n > 0));
    assert_eq!(count(&province, "handset_models"), Some(1));
    add(3, true);
    assert_eq!(count(&province, "handset_models"), Some(0));
    assert_eq!(count(&app.coordinator(GUANGZHOU), "handset_models"), None);
}

#[test]
fn every_role_has_a_start_page_in_its_language() {
    let app = TestApp::start();
    let kinds = |who: &Actor| items(who).len();
    assert_eq!(kinds(&app.auditor()), 0);
    assert_eq!(kinds(&app.liaison(app.world.sysu)), 1);
    let lin = app.ambassador(app.world.sysu);
    let ask = |language: &str| {
        let page = lin.call("GET", "/me/tasks").header("accept-language", language).send(None);
        page.ok()["items"][0]["title"].as_str().unwrap().to_owned()
    };
    assert_eq!((ask("en"), ask("zh")), ("Events to revise".to_owned(), "待修改的活动".to_owned()));
}
