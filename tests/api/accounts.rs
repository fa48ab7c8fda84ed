//! Signing in, staying signed in, being thrown out.

use std::{
    future::{Future as _, poll_fn},
    sync::mpsc,
    task::Poll,
    thread,
};

use campus_ops::{
    accounts::passwords::{Cost, Passwords},
    schema::{sign_in_failures, users},
};
use chrono::Duration;
use diesel::prelude::*;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Actor, TestApp, actor::PASSWORD, world::GUANGZHOU};

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

fn sign_in(who: &Actor, password: &str) -> crate::support::Answer {
    who.post("/auth/login", json!({ "phone": who.phone, "password": password }))
}

#[test]
fn the_lock_lasts_an_hour_from_the_tenth_failure() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    for _ in 0..9 {
        sign_in(&chen, "wrong").refused(401, "auth.bad_credentials");
    }
    app.real_time_passes(Duration::minutes(59));
    sign_in(&chen, "wrong").refused(401, "auth.bad_credentials");
    for minutes in [2, 57] {
        app.real_time_passes(Duration::minutes(minutes));
        sign_in(&chen, PASSWORD).refused(429, "auth.locked_out");
    }
    app.real_time_passes(Duration::minutes(2));
    sign_in(&chen, PASSWORD).ok();
}

/// A hash of [`PASSWORD`] that takes long to check.
fn slow_hash(passes: u32) -> String {
    let cost = Cost { passes, ..Cost::STANDARD };
    Passwords::new(cost).unwrap().hash_blocking(PASSWORD).unwrap()
}

#[test]
fn attempts_at_which_no_password_was_looked_at_do_not_lock() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let (passwords, slow) = (app.shared.passwords.clone(), slow_hash(60));
    let (full, is_full) = mpsc::channel();
    let (leave, mut left) = tokio::sync::oneshot::channel::<()>();
    let crowd = thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let many = 64 + thread::available_parallelism().map_or(1, usize::from);
            let all = (0..many).map(|_| passwords.verify("wrong".into(), Some(slow.clone())));
            let all = join_all(all);
            tokio::pin!(all);
            let asked = poll_fn(|cx| Poll::Ready(all.as_mut().poll(cx).is_pending()));
            assert!(asked.await, "the hashes are too quick for this test");
            full.send(()).unwrap();
            tokio::select! {
                _ = all => panic!("the hashes are too quick for this test"),
                _ = &mut left => {}
            }
        });
    });
    is_full.recv().unwrap();
    for _ in 0..10 {
        sign_in(&chen, "wrong").refused(503, "auth.busy");
    }
    leave.send(()).unwrap();
    crowd.join().unwrap();
    sign_in(&chen, PASSWORD).ok();
}

#[test]
fn a_sign_in_that_meets_a_reset_opens_nothing() {
    let app = TestApp::start();
    let (chen, lin) = (app.coordinator(GUANGZHOU), app.ambassador(app.world.sysu));
    let (hash, user) = (slow_hash(10), lin.user);
    app.write(move |tx| {
        let row = diesel::update(users::table.find(user));
        Ok(row.set(users::password_hash.eq(hash.clone())).execute(&mut **tx)?)
    });
    let answer = thread::scope(|scope| {
        let entering = scope.spawn(|| sign_in(&lin, PASSWORD));
        let counted = || -> i64 {
            app.write(|tx| Ok(sign_in_failures::table.count().get_result(&mut **tx)?))
        };
        while counted() == 0 {
            thread::yield_now();
        }
        let reset = chen.call("POST", &format!("/users/{user}/reset-password")).if_match(1);
        reset.send(Some(json!({}))).ok();
        entering.join().unwrap()
    });
    answer.refused(401, "auth.bad_credentials");
    lin.get("/me").refused(401, "auth.session_ended");
}

#[test]
fn guessing_the_current_password_locks_the_phone() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let change = |current: &str| {
        let body = json!({ "current_password": current, "new_password": "a better password" });
        lin.post("/auth/password", body)
    };
    for _ in 0..10 {
        change("a guess").refused(422, "auth.wrong_password");
    }
    change(PASSWORD).refused(429, "auth.locked_out");
    sign_in(&lin, PASSWORD).refused(429, "auth.locked_out");
    app.real_time_passes(Duration::minutes(61));
    let mut lin = lin.clone();
    lin.token = sign_in(&lin, PASSWORD).ok()["access_token"].as_str().map(str::to_owned);
    let same = json!({ "current_password": PASSWORD, "new_password": PASSWORD });
    for _ in 0..11 {
        lin.post("/auth/password", same.clone()).refused(422, "auth.same_password");
    }
}

#[test]
fn an_old_token_of_an_ended_session_makes_nobody_be_read_again() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let body = json!({ "phone": lin.phone, "password": PASSWORD, "device": { "id": PHONE_A } });
    let other = lin.post("/auth/login", body).ok();
    let refresh = |token: &Value| {
        let body = json!({ "refresh_token": token, "device_id": PHONE_A });
        lin.post("/auth/refresh", body).refused(401, "auth.session_ended");
    };
    let mut ended = lin.clone();
    ended.token = other["access_token"].as_str().map(str::to_owned);
    ended.post("/auth/logout", json!({})).expect(204);
    lin.get("/me").ok();
    // Told to nobody, so it shows whether the caller is still believed to be as before.
    let user = lin.user;
    app.write(move |tx| {
        let row = diesel::update(users::table.find(user));
        Ok(row.set(users::active.eq(false)).execute(&mut **tx)?)
    });
    refresh(&other["refresh_token"]);
    lin.get("/me").ok();
    app.shared.callers.forget();
    lin.get("/me").refused(401, "auth.session_ended");
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
