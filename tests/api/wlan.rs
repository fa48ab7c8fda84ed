//! WLAN promotions: drafting, deciding, and the list of access points.

use serde_json::{Value, json};

use crate::support::{Actor, Answer, TestApp, world::GUANGZHOU};

/// Free WLAN at Sun Yat-sen University in September.
fn free_wlan(app: &TestApp) -> Value {
    json!({
        "season": "2011-autumn", "campus_id": app.world.sysu, "ssid": "CMCC-EDU",
        "starts_on": "2011-09-01", "ends_on": "2011-09-30",
        "minutes_per_day": 120, "bytes_per_day": 200_000_000,
        "creative": {
            "headline_zh": "校园WLAN免费体验", "headline_en": "Free campus WLAN",
            "body_zh": "登录即送MM应用", "body_en": "Sign in and try MM apps",
            "link": "https://mm.10086.cn/campus",
        },
    })
}

fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    match pointer.split_once('/') {
        Some((outer, inner)) => body[outer][inner] = value,
        None => body[pointer] = value,
    }
    body
}

fn path(promotion: &Value) -> String {
    format!("/wlan/promotions/{}", promotion["id"].as_str().unwrap())
}

fn step(actor: &Actor, promotion: &Value, version: i64, body: Value) -> Answer {
    let at = format!("{}/transitions", path(promotion));
    actor.call("POST", &at).if_match(version).send(Some(body))
}

fn act(action: &str) -> Value {
    json!({ "action": action })
}

#[test]
fn a_promotion_is_drafted_submitted_approved_and_ends() {
    let app = TestApp::start();
    let (lin, chen) = (app.ambassador(app.world.sysu), app.coordinator(GUANGZHOU));
    let made = lin.call("POST", "/wlan/promotions").key("draft").send(Some(free_wlan(&app)));
    let promotion = made.created();
    assert_eq!((promotion["state"].as_str(), made.version()), (Some("draft"), 1));
    assert_eq!(promotion["authors"], json!([lin.user]));
    let again = lin.call("POST", "/wlan/promotions").key("draft").send(Some(free_wlan(&app)));
    assert!(again.is_replay() && again.created() == promotion);

    step(&chen, &promotion, 1, act("submit")).refused(403, "wlan.not_yours");
    assert_eq!(step(&lin, &promotion, 1, act("submit")).ok()["state"], "submitted");
    step(&chen, &promotion, 1, act("approve")).refused(412, "request.stale_version");
    step(&lin, &promotion, 2, act("approve")).refused(403, "wlan.not_yours");
    let approve = || {
        let at = format!("{}/transitions", path(&promotion));
        chen.call("POST", &at).if_match(2).key("approve").send(Some(act("approve")))
    };
    let approved = approve().ok();
    assert_eq!(approved["state"], "approved");
    assert_eq!(approved["content_hash"].as_str().unwrap().len(), 64);
    let replay = approve();
    assert!(replay.is_replay() && replay.ok() == approved);
    lin.patch(&path(&promotion), 3, json!({ "ssid": "X" })).refused(409, "wlan.frozen");
    lin.delete(&path(&promotion), 3).refused(409, "wlan.frozen");

    app.at("2011-09-30T15:59:00.000Z");
    assert_eq!(lin.get(&path(&promotion)).ok()["state"], "approved");
    app.at("2011-09-30T16:00:00.000Z");
    assert_eq!(lin.get(&path(&promotion)).ok()["state"], "ended");
    let cancel = json!({ "action": "cancel", "comment": "late" });
    step(&chen, &promotion, 3, cancel).refused(409, "wlan.wrong_state");
    let count = |state: &str| {
        let page = chen.get(&format!("/wlan/promotions?state={state}")).ok();
        page["items"].as_array().unwrap().len()
    };
    assert_eq!((count("ended"), count("approved"), count("draft")), (1, 0, 0));
}

#[test]
fn an_author_never_approves() {
    let app = TestApp::start();
    let (lin, chen) = (app.ambassador(app.world.sysu), app.coordinator(GUANGZHOU));
    let promotion = lin.post("/wlan/promotions", free_wlan(&app)).created();
    // The coordinator mends the draft and so becomes an author.
    let edited = chen.patch(&path(&promotion), 1, json!({ "minutes_per_day": 60 })).ok();
    assert_eq!(edited["authors"].as_array().unwrap().len(), 2);
    step(&lin, &promotion, 2, act("submit")).ok();
    step(&chen, &promotion, 3, act("approve")).refused(403, "wlan.duties");
    assert_eq!(step(&app.province(), &promotion, 3, act("approve")).ok()["state"], "approved");
}

#[test]
fn an_edit_voids_what_was_submitted() {
    let app = TestApp::start();
    let (lin, chen) = (app.ambassador(app.world.sysu), app.coordinator(GUANGZHOU));
    let promotion = lin.post("/wlan/promotions", free_wlan(&app)).created();
    step(&lin, &promotion, 1, act("submit")).ok();
    let headline = json!({ "creative": { "headline_en": "Free WLAN!" } });
    let edited = lin.patch(&path(&promotion), 2, headline).ok();
    assert_eq!(edited["state"], "draft");
    assert_eq!(edited["creative"]["headline_zh"], "校园WLAN免费体验");
    step(&chen, &promotion, 3, act("approve")).refused(409, "wlan.wrong_state");
    step(&lin, &promotion, 3, act("submit")).ok();
    for blank in
        [json!({ "action": "request_changes" }), json!({ "action": "reject", "comment": " " })]
    {
        let problem = step(&chen, &promotion, 4, blank).refused(422, "request.invalid");
        assert_eq!(problem["errors"][0]["pointer"], "/comment");
    }
    let comment = json!({ "action": "request_changes", "comment": "which halls?" });
    assert_eq!(step(&chen, &promotion, 4, comment).ok()["state"], "changes_requested");
    step(&lin, &promotion, 5, act("submit")).ok();
    step(&lin, &promotion, 6, act("withdraw")).ok();
    step(&lin, &promotion, 7, act("submit")).refused(409, "wlan.wrong_state");

    let history = chen.get(&format!("{}/history", path(&promotion))).ok();
    let actions: Vec<&str> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["action"].as_str().unwrap())
        .collect();
    let told = ["create", "submit", "edit", "submit", "request_changes", "submit", "withdraw"];
    assert_eq!(actions, told);
    let line = |at: usize| &history["items"][at];
    assert_eq!(line(4)["comment"], "which halls?");
    assert_eq!(line(4)["user_id"], json!(chen.user));
    assert_eq!(line(0)["content_hash"], line(1)["content_hash"]);
    assert_ne!(line(1)["content_hash"], line(2)["content_hash"]);
}

#[test]
fn two_approved_promotions_of_one_ssid_never_overlap() {
    let app = TestApp::start();
    let (lin, chen) = (app.ambassador(app.world.sysu), app.coordinator(GUANGZHOU));
    let submitted = |body: Value| {
        let promotion = lin.post("/wlan/promotions", body).created();
        step(&lin, &promotion, 1, act("submit")).ok();
        promotion
    };
    let first = submitted(free_wlan(&app));
    let october = with(free_wlan(&app), "ends_on", json!("2011-10-31"));
    let touching = submitted(with(october.clone(), "starts_on", json!("2011-09-30")));
    let after = submitted(with(october.clone(), "starts_on", json!("2011-10-01")));
    let other = submitted(with(free_wlan(&app), "ssid", json!("cmcc-edu")));
    step(&chen, &first, 2, act("approve")).ok();
    let lost = step(&chen, &touching, 2, act("approve")).refused(409, "wlan.overlap");
    assert_eq!(lost["errors"][0]["data"]["promotion_id"], first["id"]);
    step(&chen, &after, 2, act("approve")).ok();
    step(&chen, &other, 2, act("approve")).ok();
    // What is cancelled is in nobody's way.
    for taken in [&first, &after] {
        step(&chen, taken, 3, json!({ "action": "cancel", "comment": "works in the hall" })).ok();
    }
    step(&chen, &touching, 2, act("approve")).ok();
}

#[test]
fn what_a_promotion_must_be() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let ask = |member: &str, value: Value| {
        lin.post("/wlan/promotions", with(free_wlan(&app), member, value))
    };
    for link in
        ["http://mm.10086.cn/", "https://mm.10086.cn.example.com/", "mm", "https://a@10086.cn/"]
    {
        let problem = ask("creative/link", json!(link)).refused(422, "wlan.link_host");
        assert_eq!(problem["errors"][0]["pointer"], "/creative/link");
    }
    ask("starts_on", json!("2011-08-31")).refused(422, "wlan.outside_window");
    ask("ends_on", json!("2012-01-01")).refused(422, "wlan.outside_window");
    ask("creative/image_id", json!("x")).refused(400, "request.body");
    ask("campus_id", json!(app.world.jinan)).refused(404, "request.not_found");
    for (member, value, pointer) in [
        ("season", json!("1999-spring"), "/season"),
        ("ssid", json!("校".repeat(11)), "/ssid"),
        ("ends_on", json!("2011-08-01"), "/ends_on"),
        ("minutes_per_day", json!(1441), "/minutes_per_day"),
        ("bytes_per_day", json!(0), "/bytes_per_day"),
        ("creative/headline_zh", json!(" "), "/creative/headline_zh"),
    ] {
        let problem = ask(member, value).refused(422, "request.invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    ask("creative/link", json!("https://10086.cn/gd?x=1")).created();
}

#[test]
fn drafts_are_deleted_with_their_access_points() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let promotion = lin.post("/wlan/promotions", free_wlan(&app)).created();
    let points = format!("{}/access-points", path(&promotion));
    let hall = json!({ "name": "Hall 3, east", "mac": "00-1B-63-84-45-E6" });
    let point = lin.post(&points, hall).created();
    assert_eq!(point["mac"], "00:1b:63:84:45:e6");
    let twin = json!({ "name": "again", "mac": "001b.6384.45e6" });
    lin.post(&points, twin).refused(409, "wlan.mac_taken");
    lin.post(&points, json!({ "name": "x", "mac": "nonsense" })).refused(400, "request.body");
    lin.post(&points, json!({ "name": "Hall 4", "mac": "00:1b:63:84:45:e7" })).created();
    let page = lin.get(&format!("{points}?limit=1")).ok();
    let next = lin.get(&format!("{points}?cursor={}", page["next_cursor"].as_str().unwrap())).ok();
    assert_eq!(page["items"][0]["id"], point["id"]);
    assert_eq!(next["items"][0]["name"], "Hall 4");

    let stranger = app.coordinator("440500");
    stranger.get(&points).refused(404, "request.not_found");
    step(&stranger, &promotion, 1, act("approve")).refused(404, "request.not_found");
    lin.delete(&path(&promotion), 7).refused(412, "request.stale_version");
    lin.delete(&path(&promotion), 1).expect(204);
    lin.get(&path(&promotion)).refused(404, "request.not_found");
    let withdrawn = lin.post("/wlan/promotions", free_wlan(&app)).created();
    step(&lin, &withdrawn, 1, act("withdraw")).ok();
    lin.delete(&path(&withdrawn), 2).refused(409, "wlan.wrong_state");
    let closed = format!("{}/access-points", path(&withdrawn));
    let late = json!({ "name": "late", "mac": "00:1b:63:84:45:e6" });
    lin.post(&closed, late).refused(409, "wlan.wrong_state");
}
