//! Campuses and venues as the staff meet them.

use serde_json::{Value, json};

use crate::support::{
    Actor, TestApp,
    world::{GUANGZHOU, SHANTOU},
};

fn found(who: &Actor, query: &str) -> Vec<String> {
    let list = who.get(&format!("/campuses?{query}")).ok();
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn everybody_finds_every_campus() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    for query in ["q=中山大学", "q=sun yat-sen&limit=1", "q=Sun 中山", "q=4144010558"] {
        assert_eq!(found(&lin, query)[0], "4144010558", "{query}");
    }
    assert!(found(&lin, "q=汕头大学").contains(&"4144010560".to_owned()));
    assert!(found(&lin, "q=no such place").is_empty());
    assert!(found(&lin, "q=...").is_empty());
    assert_eq!(found(&lin, "is_211=true&city=440100").len(), found(&lin, "is_211=true").len());
    assert!(found(&lin, "city=440500").contains(&"4144010560".to_owned()));
    assert!(found(&lin, "startup_focus=true").is_empty());
    lin.get("/campuses?is_211=perhaps").refused(400, "request.query");
    lin.get("/campuses?colour=red").refused(400, "request.query");
    assert_eq!(lin.get("/cities").ok()["items"].as_array().unwrap().len(), 21);
}

#[test]
fn pages_of_campuses_are_all_of_them_once() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let (mut seen, mut path) = (Vec::new(), "/campuses?city=440100&limit=7".to_owned());
    loop {
        let page = lin.get(&path).ok();
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["code"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/campuses?limit=7&cursor={cursor}");
    }
    assert_eq!(seen, found(&lin, "city=440100&limit=200"));
    assert!(seen.is_sorted() && seen.len() > 50);
}

#[test]
fn a_coordinator_adds_sites_of_universities_in_the_city() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let site = json!({ "moe_code": "4144010558", "city": GUANGZHOU, "name_zh": "中山大学东校区" });
    let made = chen.post("/campuses", site.clone()).created();
    assert_eq!((&made["code"], &made["level"]), (&json!("4144010558-2"), &json!("undergraduate")));
    assert_eq!((&made["is_211"], &made["name_en"]), (&json!(true), &json!("中山大学东校区")));
    assert_eq!(chen.post("/campuses", site.clone()).created()["code"], "4144010558-3");
    assert_eq!(found(&chen, "q=东校区"), ["4144010558-2", "4144010558-3"]);

    let mut taken = site.clone();
    taken["code"] = json!("4144010558-2");
    chen.post("/campuses", taken.clone()).refused(409, "campus.code_taken");
    taken["code"] = json!("4144010559");
    chen.post("/campuses", taken).refused(422, "request.invalid");
    let mut far = site.clone();
    far["city"] = json!(SHANTOU);
    chen.post("/campuses", far.clone()).refused(422, "city.unknown");
    far["city"] = json!("999999");
    app.province().post("/campuses", far).refused(422, "city.unknown");
    let fresh = json!({ "moe_code": "4144099999", "city": GUANGZHOU, "name_zh": "新校" });
    let refused = chen.post("/campuses", fresh).refused(422, "request.invalid");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 3);
    app.ambassador(app.world.sysu).post("/campuses", site).refused(403, "auth.forbidden");
}

#[test]
fn the_coordinator_sets_focus_and_dates() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let path = format!("/campuses/{}", app.world.sysu);
    let version = chen.get(&path).version();
    let dates = json!({
        "startup_focus": true,
        "registration": [{ "from": "2011-09-03", "to": "2011-09-04" }],
        "exams": [{ "from": "2011-12-26", "to": "2011-12-31" }, { "from": "2011-11-07", "to": "2011-11-11" }],
    });
    let now = chen.patch(&path, version, dates);
    assert_eq!((now.ok()["startup_focus"].clone(), now.version()), (json!(true), version + 1));
    let shown = chen.get(&path).ok();
    assert_eq!(shown, now.ok());
    assert_eq!(shown["exams"][0]["from"], "2011-11-07");
    assert_eq!(found(&chen, "startup_focus=true"), ["4144010558"]);

    chen.patch(&path, version, json!({})).refused(412, "request.stale_version");
    chen.call("PATCH", &path).send(Some(json!({}))).refused(428, "request.if_match_missing");
    let refused =
        |body: Value| chen.patch(&path, version + 1, body).refused(422, "request.invalid");
    let touching = json!([{ "from": "2011-09-01", "to": "2011-09-03" }, { "from": "2011-09-03", "to": "2011-09-05" }]);
    assert_eq!(
        refused(json!({ "registration": touching }))["errors"][0]["pointer"],
        "/registration"
    );
    assert_eq!(refused(json!({ "name_zh": null }))["errors"][0]["pointer"], "/name_zh");
    refused(json!({ "latitude": 23.1 }));
    let other = json!({ "latitude": 23.097, "longitude": 113.298, "exams": null });
    let moved = chen.patch(&path, version + 1, other).ok();
    assert_eq!((&moved["exams"], &moved["latitude"]), (&json!([]), &json!(23.097)));
    let far = app.coordinator(SHANTOU);
    far.patch(&path, version + 2, json!({ "startup_focus": false }))
        .refused(404, "request.not_found");
}

#[test]
fn an_ambassador_keeps_the_venues_of_the_campus() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let path = format!("/campuses/{}/venues", app.world.sysu);
    let hall = lin.post(&path, json!({ "name": " 梁銶琚堂 ", "capacity": 1_500 })).created();
    assert_eq!((&hall["name"], &hall["active"]), (&json!("梁銶琚堂"), &json!(true)));
    lin.post(&path, json!({ "name": "梁銶琚堂", "capacity": 10 })).refused(409, "venue.name_taken");
    lin.post(&path, json!({ "name": "草地", "capacity": 0 })).refused(422, "request.invalid");
    let lawn = lin.post(&path, json!({ "name": "草地", "capacity": 900 })).created();
    let own = |venue: &Value| format!("/venues/{}", venue["id"].as_str().unwrap());
    lin.patch(&own(&lawn), 1, json!({ "name": "梁銶琚堂" })).refused(409, "venue.name_taken");
    let changed = lin.patch(&own(&lawn), 1, json!({ "active": false })).ok();
    assert_eq!((&changed["active"], &changed["version"]), (&json!(false), &json!(2)));
    let list = app.liaison(app.world.sysu).get(&path).ok();
    assert_eq!(list["items"], json!([hall, changed]));

    // A colleague of another campus finds neither the list nor the hall.
    let wu = app.ambassador(app.world.jinan);
    wu.get(&path).refused(404, "request.not_found");
    wu.patch(&own(&hall), 1, json!({ "capacity": 1 })).refused(404, "request.not_found");
    app.liaison(app.world.sysu)
        .post(&path, json!({ "name": "x", "capacity": 1 }))
        .refused(403, "auth.forbidden");
}

#[test]
fn what_was_asked_twice_happened_once() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let path = format!("/campuses/{}/venues", app.world.sysu);
    let send = |capacity: i64| {
        let call = lin.call("POST", &path).key("the gym");
        call.send(Some(json!({ "name": "体育馆", "capacity": capacity })))
    };
    let (made, again) = (send(800), send(800));
    assert_eq!(made.created(), again.created());
    assert!(again.is_replay());
    send(900).refused(422, "idempotency.key_reused");
}
