//! Who manages whom.

use campus_ops::{
    accounts::Role,
    platform::ids::{CampusId, RowId, UserId},
    schema::changes,
};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::support::{
    Actor, TestApp,
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
fn a_repeated_request_tells_nothing_about_who_has_left() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    for verb in ["reset-password", "deactivate"] {
        let path = format!("/users/{}", app.ambassador(app.world.sysu).user);
        let ask = || {
            let call = chen.call("POST", &format!("{path}/{verb}")).if_match(1).key(verb);
            call.send(Some(json!({})))
        };
        ask().ok();
        assert!(ask().is_replay());
        let moved = json!({ "name": "某人", "campus_ids": [app.world.shantou] });
        app.province().patch(&path, 2, moved).ok();
        ask().refused(404, "request.not_found");
    }
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
fn an_ambassador_becomes_liaison_and_coordinator() {
    let app = TestApp::start();
    let (chen, province) = (app.coordinator(GUANGZHOU), app.province());
    let lin = app.ambassador(app.world.sysu);
    let path = format!("/users/{}", lin.user);
    let liaison = chen.patch(&path, 1, json!({ "role": "liaison" })).ok();
    assert_eq!((&liaison["role"], &liaison["version"]), (&json!("liaison"), &json!(2)));
    assert_eq!(lin.get("/me").ok()["role"], "liaison");
    lin.post("/events", json!({})).refused(403, "auth.forbidden");
    let coordinator = json!({ "role": "coordinator", "city": GUANGZHOU, "campus_ids": [] });
    chen.patch(&path, 2, coordinator.clone()).refused(403, "user.not_yours");
    province.patch(&path, 2, json!({ "role": "coordinator" })).refused(422, "user.place");
    let made = province.patch(&path, 2, coordinator).ok();
    assert_eq!((&made["city"], &made["campus_ids"]), (&json!(GUANGZHOU), &json!([])));
    chen.patch(&path, 3, json!({ "role": "ambassador" })).refused(403, "user.not_yours");
    let back = json!({ "role": "ambassador", "city": null, "campus_ids": [app.world.jinan] });
    assert_eq!(province.patch(&path, 3, back).ok()["city"], json!(null));
}

#[test]
fn null_is_no_name_phone_role_or_campus() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let lin = app.ambassador(app.world.sysu);
    let path = format!("/users/{}", lin.user);
    for member in ["name", "phone", "role", "campus_ids"] {
        let problem = chen.patch(&path, 1, json!({ member: null })).refused(422, "request.invalid");
        assert_eq!(problem["errors"][0]["pointer"], format!("/{member}"));
    }
    let many = vec![app.world.sysu; 51];
    for wrong in [json!({ "campus_ids": many }), json!({ "name": " " })] {
        chen.patch(&path, 1, wrong).refused(422, "request.invalid");
    }
    assert_eq!(chen.get(&path).version(), 1);
}

#[test]
fn phones_show_to_those_who_manage_them_alone() {
    let app = TestApp::start();
    let (chen, peer) = (app.coordinator(GUANGZHOU), app.coordinator(GUANGZHOU));
    let lin = app.ambassador(app.world.sysu);
    let both = [app.world.sysu, app.world.shantou];
    let far = Actor::of(&app, Role::Ambassador, &both, None);
    let phones = |who: &Actor| -> Vec<String> {
        let list = who.get("/users").ok();
        let phones = list["items"].as_array().unwrap().iter();
        phones.filter_map(|user| user["phone"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(phones(&chen), std::slice::from_ref(&lin.phone));
    assert_eq!(chen.get(&format!("/users/{}", peer.user)).ok()["phone"], json!(null));
    assert_eq!(chen.get(&format!("/users/{}", far.user)).ok()["phone"], json!(null));
    assert!(phones(&app.province()).contains(&peer.phone));
    assert!(phones(&app.auditor()).is_empty() && phones(&lin).is_empty());
}

#[test]
fn what_is_done_to_the_staff_is_told_where_they_belong() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let made = chen.post("/users", ambassador(&app, "13700000007")).created();
    let id = made["user"]["id"].as_str().unwrap();
    let lin = app.ambassador(app.world.sysu);
    lin.post("/me/calendar-token", json!({})).created();
    lin.post("/auth/logout", json!({})).expect(204);
    let path = format!("/users/{id}");
    chen.patch(&path, 1, json!({ "campus_ids": [app.world.jinan] })).ok();
    let log = chen.get("/audit").ok();
    let seen: Vec<_> = log["items"].as_array().unwrap().iter().map(|e| &e["action"]).collect();
    for action in ["user.create", "auth.login", "calendar.token", "auth.logout", "user.update"] {
        assert!(seen.contains(&&json!(action)), "{action} is not among {seen:?}");
    }
    let entry = &chen.get(&format!("/audit?kind=user&id={id}")).ok()["items"][0];
    assert_eq!((&entry["city"], &entry["campus_id"]), (&json!(GUANGZHOU), &json!(app.world.sysu)));
    let user: UserId = id.parse().unwrap();
    let changed: Vec<Option<CampusId>> = app.write(move |tx| {
        let own = RowId::from(user);
        let rows = changes::table.filter(changes::entity_id.eq(own)).order(changes::seq);
        Ok(rows.select(changes::campus_id).load(&mut **tx)?)
    });
    let (sysu, jinan) = (Some(app.world.sysu), Some(app.world.jinan));
    assert_eq!(changed[0], sysu);
    assert!(changed[1..].contains(&sysu) && changed[1..].contains(&jinan), "{changed:?}");
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
