//! The same request, or the same token, sixteen times at once.

use serde_json::json;

use super::{CALLERS, all_at_once, count};
use crate::{
    events::{Cast, merged},
    support::{TestApp, actor::PASSWORD, world::GUANGZHOU},
};

#[test]
fn one_key_is_one_effect() {
    let cast = Cast::new();
    let ask = |body| cast.lin.call("POST", "/events").key("once").send(Some(body));
    let answers = all_at_once(|_| ask(cast.lecture()));
    let first = answers[0].created();
    assert!(answers.iter().all(|answer| answer.created() == first));
    assert_eq!(count(&answers, |answer| !answer.is_replay()), 1);
    let page = cast.lin.get("/events").ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
}

#[test]
fn one_key_is_for_one_request() {
    let cast = Cast::new();
    let answers = all_at_once(|index| {
        let body = merged(cast.lecture(), json!({ "title": format!("讲座 {index}") }));
        cast.lin.call("POST", "/events").key("once").send(Some(body))
    });
    super::one_wins(&answers, 201, 422, "idempotency.key_reused");
    let page = cast.lin.get("/events").ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
}

#[test]
fn one_refresh_token_has_one_successor() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let phone = "0190a3f0-0000-7000-8000-00000000000a";
    let body = json!({ "phone": lin.phone, "password": PASSWORD, "device": { "id": phone } });
    let first = lin.post("/auth/login", body).ok()["refresh_token"].clone();
    let refresh = |token: &serde_json::Value, device: &str| {
        let body = json!({ "refresh_token": token, "device_id": device });
        app.stranger().post("/auth/refresh", body)
    };
    let answers = all_at_once(|_| refresh(&first, phone));
    let second = answers[0].ok()["refresh_token"].clone();
    assert_ne!(second, first);
    assert!(answers.iter().all(|answer| answer.ok()["refresh_token"] == second));
    // Another phone among them ends the family, whoever came first.
    let stranger = "0190a3f0-0000-7000-8000-00000000000b";
    let answers = all_at_once(|index| refresh(&second, if index == 7 { stranger } else { phone }));
    answers[7].refused(401, "auth.session_ended");
    let third = answers.iter().find(|answer| answer.status == 200);
    for token in [Some(second), third.map(|answer| answer.json()["refresh_token"].clone())] {
        let Some(token) = token else { continue };
        refresh(&token, phone).refused(401, "auth.session_ended");
    }
    assert_eq!(answers.len(), CALLERS);
}

#[test]
fn one_phone_for_sixteen_accounts() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let answers = all_at_once(|index| {
        let (name, campuses) = (format!("林 {index}"), [app.world.sysu]);
        let body = json!({
            "phone": "13700000001", "name": name, "role": "ambassador", "campus_ids": campuses,
        });
        chen.post("/users", body)
    });
    super::one_wins(&answers, 201, 409, "user.phone_taken");
}

#[test]
fn one_phone_signs_in_sixteen_times() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let body = json!({ "phone": chen.phone, "password": PASSWORD });
    let answers = all_at_once(|_| chen.post("/auth/login", body.clone()));
    let right = count(&answers, |answer| answer.status == 200);
    let locked = count(&answers, |answer| answer.status == 429);
    assert!(right >= 10 && right + locked == CALLERS, "{right} in, {locked} locked out");
    chen.post("/auth/login", body).ok();
}
