//! Seasons, activities and handset models as the staff meet them.

use serde_json::{Value, json};

use crate::support::{Actor, TestApp};

fn codes(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect()
}

fn model(name: &str) -> Value {
    json!({ "season": "2011-autumn", "brand": "Lenovo", "model": name, "os": "OPhone" })
}

fn add(who: &Actor, name: &str) -> Value {
    who.post("/handset-models", model(name)).created()
}

#[test]
fn the_season_has_eleven_activities_in_the_deck_s_order() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let season = lin.get("/seasons/2011-autumn").ok();
    assert_eq!((&season["starts"], &season["ends"]), (&json!("2011-08-01"), &json!("2011-12-31")));
    assert_eq!(season["lead_time_days"], 7);
    assert_eq!(season["formats"].as_array().unwrap().len(), 13);
    assert_eq!(season["media"].as_array().unwrap().len(), 12);
    assert_eq!(codes(&lin.get("/seasons").ok()), ["2011-autumn"]);
    lin.get("/seasons/2012-spring").refused(404, "request.not_found");

    assert_eq!(codes(&lin.get("/themes").ok()), ["caring", "digital", "cultural", "startup"]);
    let list = lin.get("/activities?season=2011-autumn").ok();
    assert_eq!(codes(&list).len(), 11);
    assert_eq!(codes(&list)[..3], ["sim-mail", "arrival-care", "campus-service"]);
    let phone = lin.get("/activities/new-phone?season=2011-autumn").ok();
    assert_eq!(phone["theme"], "caring");
    assert_eq!(phone["facet"], "device");
    assert_eq!(phone["window"]["end"], "2011-10-31");
    assert_eq!(phone["default_kit"][0], json!({ "sku": "handset", "quantity": 50 }));
    lin.get("/activities/new-phone?season=2026-autumn").refused(404, "request.not_found");
    lin.get("/activities/new-phone").refused(400, "request.query");
}

#[test]
fn reference_data_can_be_paged_and_kept() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let mut path = "/activities?season=2011-autumn&limit=4".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = lin.get(&path).ok();
        seen.extend(codes(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/activities?limit=4&cursor={cursor}");
    }
    let whole = lin.get("/activities?season=2011-autumn").ok();
    assert_eq!(seen, codes(&whole));

    let first = lin.get("/themes");
    let tag = first.header("etag").unwrap();
    let again = lin.call("GET", "/themes").header("if-none-match", tag).send(None);
    assert_eq!(again.status, 304);
    assert!(first.header("cache-control").unwrap().contains("max-age"));
}

#[test]
fn the_province_offers_at_most_five_handsets() {
    let app = TestApp::start();
    let province = app.province();
    let first = add(&province, "S1");
    for name in ["S2", "S3", "S4", "S5"] {
        add(&province, name);
    }
    let sixth = province.post("/handset-models", model("S6"));
    sixth.refused(409, "handset.too_many_active");
    let mut waiting = model("S6");
    waiting["active"] = json!(false);
    let sixth = province.post("/handset-models", waiting).created();
    let path = |model: &Value| format!("/handset-models/{}", model["id"].as_str().unwrap());
    province
        .patch(&path(&sixth), 1, json!({ "active": true }))
        .refused(409, "handset.too_many_active");

    let off = province.patch(&path(&first), 1, json!({ "active": false, "note": "sold out" }));
    assert_eq!((off.ok()["active"].clone(), off.version()), (json!(false), 2));
    province.patch(&path(&sixth), 1, json!({ "active": true })).ok();
    province.patch(&path(&first), 1, json!({ "note": null })).refused(412, "request.stale_version");
    assert_eq!(province.patch(&path(&first), 2, json!({ "note": null })).ok()["note"], Value::Null);
    let list = app.auditor().get("/handset-models?season=2011-autumn").ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 6);
}

#[test]
fn a_handset_model_is_one_of_a_season() {
    let app = TestApp::start();
    let province = app.province();
    add(&province, "S1");
    province.post("/handset-models", model("S1")).refused(409, "handset.model_taken");
    let mut lost = model("S2");
    lost["season"] = json!("1999-autumn");
    province.post("/handset-models", lost).refused(422, "season.unknown");
    let blank = province.post("/handset-models", model("  ")).refused(422, "request.invalid");
    assert_eq!(blank["errors"][0]["pointer"], "/model");
    let send = || {
        let call = province.call("POST", "/handset-models").key("one offer");
        call.send(Some(model("S3")))
    };
    let (made, again) = (send(), send());
    assert_eq!(made.created(), again.created());
    assert!(again.is_replay() && !made.is_replay());
    app.coordinator("440100").post("/handset-models", model("S4")).refused(403, "auth.forbidden");
}

#[test]
fn reference_lists_may_be_kept_and_asked_for_again() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let venues = format!("/campuses/{}/venues", app.world.sysu);
    for list in [&venues, "/handset-models?season=2011-autumn", "/campuses", "/cities"] {
        let first = lin.get(list);
        first.ok();
        assert_eq!(first.header("cache-control"), Some("private, max-age=60"), "{list}");
        let tag = first.header("etag").unwrap();
        let again = lin.call("GET", list).header("if-none-match", tag).send(None);
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{list}");
    }
    let before = lin.get(&venues);
    lin.post(&venues, json!({ "name": "礼堂", "capacity": 10 })).created();
    assert_ne!(lin.get(&venues).header("etag"), before.header("etag"));
}
