//! Signing in, staying signed in, being thrown out.

use chrono::Duration;
use serde_json::json;

use crate::support::{TestApp, actor::PASSWORD, world::GUANGZHOU};

const PHONE_A: &str = "0190a3f0-0000-7000-8000-00000000000a";
const PHONE_B: &str = "0190a3f0-0000-7000-8000-00000000000b";

#[test]
fn one_signs_in_and_sees_oneself() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let me = lin.get("/me").ok();
    assert_eq!(me["role"], "ambassador");
    assert_eq!(me["campus_ids"], json!([app.world.sysu]));
    assert_eq!(me["phone"], lin.phone);
}

#[test]
fn a_wrong_password_and_an_unknown_phone_are_not_told_apart() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let stranger = app.stranger();
    let wrong = stranger.post("/auth/login", json!({ "phone": chen.phone, "password": "wrong" }));
    let unknown =
        stranger.post("/auth/login", json!({ "phone": "13000000000", "password": "wrong" }));
    let (wrong, unknown) =
        (wrong.refused(401, "auth.bad_credentials"), unknown.refused(401, "auth.bad_credentials"));
    assert_eq!(wrong["detail"], unknown["detail"]);
}

#[test]
fn ten_failures_lock_a_phone_for_an_hour_known_or_not() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let stranger = app.stranger();
    for phone in [chen.phone.as_str(), "13000000001"] {
        let attempt = |password: &str| {
            stranger.post("/auth/login", json!({ "phone": phone, "password": password }))
        };
        for _ in 0..10 {
            attempt("wrong").refused(401, "auth.bad_credentials");
        }
        attempt(PASSWORD).refused(429, "auth.locked_out");
    }
    app.real_time_passes(Duration::minutes(61));
    stranger.post("/auth/login", json!({ "phone": chen.phone, "password": PASSWORD })).ok();
}

#[test]
fn a_refresh_token_works_once_and_its_reuse_ends_the_session() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let device = json!({ "id": PHONE_A, "name": "Lin's phone" });
    let body = json!({ "phone": lin.phone, "password": PASSWORD, "device": device });
    let first = lin.post("/auth/login", body).ok();
    let refresh = |token: &serde_json::Value| {
        app.stranger()
            .post("/auth/refresh", json!({ "refresh_token": token, "device_id": PHONE_A }))
    };
    let second = refresh(&first["refresh_token"]).ok();
    let again = refresh(&first["refresh_token"]).ok();
    assert_eq!(again["refresh_token"], second["refresh_token"], "the grace gives the same");
    app.real_time_passes(Duration::minutes(11));
    refresh(&first["refresh_token"]).refused(401, "auth.session_ended");
    refresh(&second["refresh_token"]).refused(401, "auth.session_ended");
    let mut robbed = app.stranger();
    robbed.token = second["access_token"].as_str().map(str::to_owned);
    robbed.get("/me").refused(401, "auth.session_ended");
    lin.get("/me").ok();
}

#[test]
fn another_device_ends_the_session() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let body = json!({ "phone": lin.phone, "password": PASSWORD, "device": { "id": PHONE_A } });
    let first = lin.post("/auth/login", body).ok();
    let stolen = json!({ "refresh_token": first["refresh_token"], "device_id": PHONE_B });
    app.stranger().post("/auth/refresh", stolen).refused(401, "auth.session_ended");
    let own = json!({ "refresh_token": first["refresh_token"], "device_id": PHONE_A });
    app.stranger().post("/auth/refresh", own).refused(401, "auth.session_ended");
}

#[test]
fn an_access_token_ends_after_fifteen_minutes() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    app.real_time_passes(Duration::minutes(14));
    lin.get("/me").ok();
    app.real_time_passes(Duration::minutes(2));
    lin.get("/me").refused(401, "auth.token_expired");
}

#[test]
fn signing_out_ends_the_session_at_once() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    lin.post("/auth/logout", json!({})).expect(204);
    lin.get("/me").refused(401, "auth.session_ended");
}

#[test]
fn a_lost_phone_is_signed_out_from_another() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let body = json!({ "phone": lin.phone, "password": PASSWORD, "device": { "id": PHONE_B, "name": "lost" } });
    let mut lost = lin.clone();
    lost.token = lin.post("/auth/login", body).ok()["access_token"].as_str().map(str::to_owned);
    let sessions = lin.get("/auth/sessions").ok();
    let items = sessions["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let other = items.iter().find(|s| s["device_name"] == "lost").unwrap();
    assert_eq!(other["current"], false);
    let path = format!("/auth/sessions/{}", other["id"].as_str().unwrap());
    lin.call("DELETE", &path).send(None).expect(204);
    lost.get("/me").refused(401, "auth.session_ended");
    lin.call("DELETE", &path).send(None).refused(404, "request.not_found");
}

#[test]
fn a_password_is_changed_and_other_sessions_end() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let body = json!({ "phone": lin.phone, "password": PASSWORD });
    let mut other = lin.clone();
    other.token = lin.post("/auth/login", body).ok()["access_token"].as_str().map(str::to_owned);
    let change = |current: &str, new: &str| {
        lin.post("/auth/password", json!({ "current_password": current, "new_password": new }))
    };
    change("wrong password", "a better password").refused(422, "auth.wrong_password");
    change(PASSWORD, PASSWORD).refused(422, "auth.same_password");
    change(PASSWORD, "short").refused(422, "request.invalid");
    change(PASSWORD, "a better password").expect(204);
    lin.get("/me").ok();
    other.get("/me").refused(401, "auth.session_ended");
    let body = json!({ "phone": lin.phone, "password": "a better password" });
    app.stranger().post("/auth/login", body).ok();
}

#[test]
fn forged_tokens_open_nothing() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let token = lin.token.clone().unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
    for forged in [
        format!("{none}.{}.", parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], "AAAA"),
        format!("{none}.{}.{}", parts[1], parts[2]),
        "nonsense".to_owned(),
        String::new(),
    ] {
        let mut thief = app.stranger();
        thief.token = Some(forged);
        thief.get("/me").refused(401, "auth.invalid_token");
    }
    app.stranger().get("/me").refused(401, "auth.required");
}
