//! Who manages whom.

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    world::{GUANGZHOU, SHANTOU},
};

fn ambassador(app: &TestApp, phone: &str) -> Value {
    json!({ "phone": phone, "name": "林小雨", "role": "ambassador", "campus_ids": [app.world.sysu] })
}

#[test]
fn a_new_colleague_gets_a_first_password_and_must_change_it() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let made = chen.post("/users", ambassador(&app, "13700000001")).created();
    let first = made["temporary_password"].as_str().unwrap();
    let mut lin = app.stranger();
    let login = lin.post("/auth/login", json!({ "phone": "13700000001", "password": first })).ok();
    assert_eq!(login["user"]["must_change_password"], true);
    lin.token = login["access_token"].as_str().map(str::to_owned);
    lin.get("/users").refused(403, "auth.password_change_required");
    lin.get("/me").ok();
    let change = json!({ "current_password": first, "new_password": "my own password" });
    lin.post("/auth/password", change).expect(204);
    let colleagues = lin.get("/users").ok();
    assert!(colleagues["items"].as_array().unwrap().iter().all(|user| user["phone"].is_null()));
}

#[test]
fn a_repeated_request_makes_one_account_and_hides_the_password() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let body = ambassador(&app, "13700000002");
    let first = chen.call("POST", "/users").key("k1").send(Some(body.clone()));
    let again = chen.call("POST", "/users").key("k1").send(Some(body));
    assert!(!first.is_replay() && again.is_replay());
    assert_eq!(first.created()["user"]["id"], again.created()["user"]["id"]);
    assert!(again.json()["temporary_password"].is_null());
    let other = ambassador(&app, "13700000003");
    chen.call("POST", "/users").key("k1").send(Some(other)).refused(422, "idempotency.key_reused");
}

#[test]
fn a_coordinator_manages_the_staff_of_the_own_city_alone() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let there = json!({ "phone": "13700000004", "name": "x", "role": "liaison",
        "campus_ids": [app.world.shantou] });
    chen.post("/users", there).refused(403, "user.not_yours");
    let peer =
        json!({ "phone": "13700000005", "name": "x", "role": "coordinator", "city": SHANTOU });
    chen.post("/users", peer.clone()).refused(403, "user.not_yours");
    app.province().post("/users", peer).created();
    let taken = ambassador(&app, &chen.phone);
    chen.post("/users", taken).refused(409, "user.phone_taken");
    let nowhere = json!({ "phone": "13700000006", "name": "x", "role": "ambassador" });
    chen.post("/users", nowhere).refused(422, "user.place");
    let stranger = app.ambassador(app.world.shantou);
    chen.get(&format!("/users/{}", stranger.user)).refused(404, "request.not_found");
}

#[test]
fn a_deactivated_user_is_out_at_once() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let lin = app.ambassador(app.world.sysu);
    let path = format!("/users/{}", lin.user);
    let version = chen.get(&path).version();
    let leave = |version| {
        chen.call("POST", &format!("{path}/deactivate")).if_match(version).send(Some(json!({})))
    };
    leave(version + 1).refused(412, "request.stale_version");
    assert_eq!(leave(version).ok()["active"], false);
    lin.get("/me").refused(401, "auth.session_ended");
    let again = json!({ "phone": lin.phone, "password": crate::support::actor::PASSWORD });
    app.stranger().post("/auth/login", again).refused(401, "auth.bad_credentials");
    leave(version + 1).refused(409, "user.inactive");
}

#[test]
fn a_user_moves_to_another_campus_and_sees_it_at_once() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let lin = app.ambassador(app.world.sysu);
    let path = format!("/users/{}", lin.user);
    chen.call("PATCH", &path).send(Some(json!({}))).refused(428, "request.if_match_missing");
    let moved = chen.patch(&path, 1, json!({ "campus_ids": [app.world.jinan] })).ok();
    assert_eq!(moved["campus_ids"], json!([app.world.jinan]));
    assert_eq!(lin.get("/me").ok()["campus_ids"], json!([app.world.jinan]));
    let audit = app.auditor().get(&format!("/audit?kind=user&id={}", lin.user)).ok();
    assert_eq!(audit["items"][0]["action"], "user.update");
}

#[test]
fn pages_follow_one_another_without_gaps() {
    let app = TestApp::start();
    let staff: Vec<_> = (0..7).map(|_| app.ambassador(app.world.sysu)).collect();
    let reader = &staff[0];
    let mut seen = Vec::new();
    let mut path = "/users?role=ambassador&limit=3".to_owned();
    loop {
        let page = reader.get(&path).ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|user| user["id"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/users?limit=3&cursor={cursor}");
    }
    let expected: Vec<Value> = staff.iter().map(|actor| json!(actor.user)).collect();
    assert_eq!(seen, expected);
    reader.get("/users?limit=0").refused(400, "request.query");
    reader.get("/users?nonsense=1").refused(400, "request.query");
    reader.get("/users?cursor=nonsense").refused(400, "request.cursor");
}
