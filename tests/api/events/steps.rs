//! From the first submit to the end report: who may do what, and when.

use campus_ops::platform::ids::EventId;
use serde_json::{Value, json};

use super::{Cast, Event, codes, merged};
use crate::support::world::GUANGZHOU;

/// Which of an event's actions are enabled for someone.
fn enabled(who: &crate::support::Actor, event: &Event) -> Vec<String> {
    let body = who.get(&event.path()).ok();
    let actions = body["allowed_actions"].as_array().unwrap();
    let enabled = actions.iter().filter(|action| action["enabled"] == true);
    enabled.map(|action| action["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_event_goes_the_straight_way() {
    let cast = Cast::new();
    let mut event = cast.draft(json!({}));
    assert_eq!(enabled(&cast.lin, &event), ["submit", "withdraw"]);
    let submitted = event.step(&cast.lin, "submit");
    assert_eq!(submitted["state"], "submitted");
    assert_eq!(submitted["first_submitted_at"], submitted["submitted_at"]);
    assert_eq!(enabled(&cast.wang, &event), ["endorse", "request_changes", "reject"]);
    assert_eq!(enabled(&cast.chen, &event), ["request_changes", "reject"]);
    let endorsed = event.step(&cast.wang, "endorse");
    assert_eq!(endorsed["endorsed_by"], json!(cast.wang.user));
    assert_eq!(enabled(&cast.chen, &event), ["request_changes", "reject", "approve"]);
    let approved = event.step(&cast.chen, "approve");
    assert_eq!(approved["approved_by"], json!(cast.chen.user));
    assert_eq!(approved["lead_time_overridden"], false);
    cast.app.at("2011-09-02T23:59:59.000Z");
    event.ask(&cast.lin, json!({ "action": "start" })).refused(409, "event.wrong_state");
    cast.app.at("2011-09-03T00:00:00.000Z");
    assert_eq!(event.step(&cast.lin, "start")["state"], "running");
    let report = json!({ "summary": "座无虚席", "attendance_note": "约二百人" });
    event.ask(&cast.lin, json!({ "action": "close" })).refused(422, "request.invalid");
    let closed = event.step_with(&cast.lin, json!({ "action": "close", "report": report }));
    assert_eq!((&closed["state"], closed["closed_at"].is_string()), (&json!("closed"), true));
    let history = cast.lin.get(&(event.path() + "/history?limit=4")).ok();
    let more = format!("/history?cursor={}", history["next_cursor"].as_str().unwrap());
    let rest = cast.lin.get(&(event.path() + &more)).ok();
    let last = &rest["items"][0];
    assert_eq!((&last["action"], &last["data"]["report"]), (&json!("close"), &report));
    assert_eq!(rest["next_cursor"], Value::Null);
    cast.app.at("2012-02-29T02:00:00.000Z");
    event.ask(&cast.chen, json!({ "action": "reopen" })).refused(422, "request.invalid");
    let body = json!({ "action": "reopen", "comment": "补登物料" });
    assert_eq!(event.step_with(&cast.chen, body)["state"], "running");
}

#[test]
fn after_sixty_days_a_closed_event_stays_closed() {
    let cast = Cast::new();
    let mut event = cast.approved(json!({}));
    cast.app.at("2011-09-03T02:00:00.000Z");
    event.step(&cast.lin, "start");
    let report = json!({ "summary": "好" });
    event.step_with(&cast.chen, json!({ "action": "close", "report": report }));
    cast.app.at("2012-03-01T00:00:00.000Z");
    let body = json!({ "action": "reopen", "comment": "补登物料" });
    event.ask(&cast.chen, body).refused(409, "event.wrong_state");
}

#[test]
fn three_people_sign_three_duties() {
    let cast = Cast::new();
    let second = cast.app.coordinator(GUANGZHOU);
    let made = second.post("/events", cast.lecture()).created();
    let mut event = Event::of(&made);
    // Chen edits: an author now, and no longer free to approve.
    let edited = cast.chen.patch(&event.path(), 1, json!({ "plan": "新方案" })).ok();
    event = Event::of(&edited);
    event.ask(&cast.wang, json!({ "action": "submit" })).refused(403, "event.not_yours");
    event.step(&second, "submit");
    event.ask(&cast.lin, json!({ "action": "endorse" })).refused(403, "event.not_yours");
    event.ask(&cast.chen, json!({ "action": "endorse" })).refused(403, "event.not_yours");
    event.step(&cast.wang, "endorse");
    for author in [&second, &cast.chen] {
        event.ask(author, json!({ "action": "approve" })).refused(403, "event.duties");
    }
    event.ask(&cast.wang, json!({ "action": "approve" })).refused(403, "event.not_yours");
    let province = cast.app.province();
    assert_eq!(event.step(&province, "approve")["state"], "approved");
}

#[test]
fn the_lead_is_an_author_even_without_a_keystroke() {
    let cast = Cast::new();
    let event = cast.draft(json!({}));
    let lead = json!({ "lead_id": cast.chen.user });
    let mut event = Event::of(&cast.app.province().patch(&event.path(), 1, lead).ok());
    event.step(&cast.lin, "submit");
    event.step(&cast.wang, "endorse");
    event.ask(&cast.chen, json!({ "action": "approve" })).refused(403, "event.duties");
}

#[test]
fn reviewers_send_back_or_reject_with_a_reason() {
    let cast = Cast::new();
    let mut event = cast.submitted(json!({}));
    for body in
        [json!({ "action": "request_changes" }), json!({ "action": "reject", "comment": " " })]
    {
        let problem = event.ask(&cast.wang, body).refused(422, "request.invalid");
        assert_eq!(problem["errors"][0]["pointer"], "/comment");
    }
    let body = json!({ "action": "request_changes", "comment": "请写明安全预案" });
    assert_eq!(event.step_with(&cast.wang, body)["state"], "changes_requested");
    event.step(&cast.lin, "submit");
    event.step(&cast.wang, "endorse");
    let body = json!({ "action": "request_changes", "comment": "预算" });
    let back = event.step_with(&cast.chen, body);
    assert_eq!(back["endorsed_by"], Value::Null, "an endorsement is of what was seen");
    event.step(&cast.lin, "submit");
    let body = json!({ "action": "reject", "comment": "重复" });
    assert_eq!(event.step_with(&cast.chen, body)["state"], "rejected");
    event.ask(&cast.lin, json!({ "action": "submit" })).refused(409, "event.wrong_state");
}

#[test]
fn owners_withdraw_until_it_is_approved() {
    let cast = Cast::new();
    let mut event = cast.endorsed(json!({}));
    let colleague = cast.app.ambassador(cast.app.world.sysu);
    event.ask(&colleague, json!({ "action": "withdraw" })).refused(403, "event.not_yours");
    assert_eq!(event.step(&cast.lin, "withdraw")["state"], "withdrawn");
    let event = cast.approved(json!({ "title": "另一场" }));
    event.ask(&cast.lin, json!({ "action": "withdraw" })).refused(409, "event.wrong_state");
}

#[test]
fn what_is_missing_is_told_at_once() {
    let cast = Cast::new();
    let event = cast.draft(json!({
        "plan": "", "venue_id": null, "publicity": [], "ends_at": "2012-01-01T02:00:00Z",
    }));
    let problem =
        event.ask(&cast.lin, json!({ "action": "submit" })).refused(422, "event.findings");
    assert_eq!(codes(&problem), ["outside_window", "incomplete", "no_publicity"]);
    assert_eq!(problem["errors"][1]["data"]["missing"], json!(["plan", "venue_id"]));
    let found = cast.lin.get(&(event.path() + "/findings")).ok();
    let items = found["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["message"].is_string()));
    assert_eq!(items[0]["code"], "outside_window");
    assert_eq!((&items[0]["severity"], &items[0]["overridable"]), (&json!("block"), &json!(false)));
    assert_eq!(enabled(&cast.lin, &event), ["withdraw"]);
}

#[test]
fn too_little_preheat_takes_a_reason_that_is_kept() {
    let cast = Cast::new();
    cast.app.at("2011-08-28T02:00:00.000Z");
    let mut event = cast.endorsed(json!({}));
    let problem = event.ask(&cast.chen, json!({ "action": "approve" }));
    let problem = problem.refused(422, "event.findings");
    assert_eq!(codes(&problem), ["lead_time"]);
    assert_eq!(problem["errors"][0]["data"]["days"], 6);
    let body = json!({ "action": "approve", "override_reason": "新生报到改期" });
    assert_eq!(event.step_with(&cast.chen, body)["lead_time_overridden"], true);
    let history = cast.lin.get(&(event.path() + "/history")).ok();
    assert_eq!(history["items"][2]["data"]["overridden"], json!(["lead_time"]));
    assert_eq!(history["items"][2]["data"]["override_reason"], "新生报到改期");
}

#[test]
fn without_a_liaison_the_coordinator_says_why() {
    let cast = Cast::new();
    let jinan = cast.app.world.jinan;
    let zhou = cast.app.ambassador(jinan);
    let hall = super::hall(&cast.chen, jinan, "礼堂");
    let body = json!({ "campus_id": jinan, "venue_id": hall, "lead_id": zhou.user });
    let mut event = Event::of(&zhou.post("/events", merged(cast.lecture(), body)).created());
    event.step(&zhou, "submit");
    let problem =
        event.ask(&cast.chen, json!({ "action": "approve" })).refused(422, "event.findings");
    assert_eq!(codes(&problem), ["no_liaison"]);
    let reason = json!({ "action": "approve", "override_reason": "联络人空缺" });
    assert_eq!(event.step_with(&cast.chen, reason)["state"], "approved");
    // Where there is one, nobody goes past.
    let event = cast.submitted(json!({}));
    let reason = json!({ "action": "approve", "override_reason": "赶时间" });
    event.ask(&cast.chen, reason).refused(409, "event.wrong_state");
}

#[test]
fn a_lost_answer_is_asked_for_again() {
    let cast = Cast::new();
    let event = cast.endorsed(json!({}));
    let path = event.path() + "/transitions";
    let send = || {
        let call = cast.chen.call("POST", &path).if_match(event.version).key("approve-1");
        call.send(Some(json!({ "action": "approve" })))
    };
    let (first, again) = (send(), send());
    assert_eq!(first.ok(), again.ok());
    assert!(again.is_replay());
    let late = event.ask(&cast.chen, json!({ "action": "approve" }));
    late.refused(412, "request.stale_version");
    let call = cast.chen.call("POST", &path).send(Some(json!({ "action": "approve" })));
    call.refused(428, "request.if_match_missing");
}

#[test]
fn many_events_take_one_step() {
    let cast = Cast::new();
    let good = cast.endorsed(json!({ "title": "甲" }));
    let draft = cast.draft(json!({ "title": "乙" }));
    let stale = cast.endorsed(json!({
        "title": "丙", "starts_at": "2011-09-04T02:00:00Z", "ends_at": "2011-09-04T04:00:00Z",
    }));
    let body = json!({ "action": "approve", "items": [
        { "id": good.id, "version": good.version },
        { "id": draft.id, "version": draft.version },
        { "id": stale.id, "version": 1 },
        { "id": EventId::new(), "version": 1 },
    ] });
    let send =
        || cast.chen.call("POST", "/events/transitions").key("many").send(Some(body.clone())).ok();
    let statuses = |body: &Value| -> Vec<i64> {
        body["items"].as_array().unwrap().iter().map(|i| i["status"].as_i64().unwrap()).collect()
    };
    let first = send();
    assert_eq!(statuses(&first), [200, 409, 412, 404]);
    assert_eq!(first["items"][0]["state"], "approved");
    assert_eq!(first["items"][1]["problem"]["code"], "event.wrong_state");
    assert_eq!(statuses(&send()), [200, 409, 412, 404], "the one that was approved is told again");
    let none = cast.chen.post("/events/transitions", json!({ "action": "approve", "items": [] }));
    none.refused(422, "request.invalid");
}
