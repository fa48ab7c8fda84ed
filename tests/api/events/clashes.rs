//! Halls and people in two places at once, and changing what is approved.

use serde_json::{Value, json};

use super::{Cast, codes};

fn finding(body: &Value, code: &str) -> Option<Value> {
    let items = body["items"].as_array().unwrap();
    items.iter().find(|item| item["code"] == code).cloned()
}

#[test]
fn submitted_rivals_warn_each_other_and_the_first_approved_wins() {
    let cast = Cast::new();
    let mut first = cast.endorsed(json!({ "title": "甲" }));
    let colleague = cast.app.ambassador(cast.app.world.sysu);
    let second = cast.endorsed(json!({
        "title": "乙", "lead_id": colleague.user,
        "starts_at": "2011-09-03T03:30:00Z", "ends_at": "2011-09-03T05:00:00Z",
    }));
    for (event, rival) in [(&first, "乙"), (&second, "甲")] {
        let found = cast.lin.get(&(event.path() + "/findings")).ok();
        let clash = finding(&found, "venue_clash").expect("they warn each other");
        assert_eq!(clash["severity"], "warn");
        assert_eq!(clash["data"]["rivals"][0]["title"], rival);
        assert_eq!(clash["data"]["rivals"][0]["overlap_minutes"], 30);
        assert!(finding(&found, "person_clash").is_none());
    }
    first.step(&cast.chen, "approve");
    let refused = second.ask(&cast.chen, json!({ "action": "approve" }));
    let problem = refused.refused(409, "event.venue_taken");
    assert_eq!(codes(&problem), ["venue_clash"]);
    let data = &problem["errors"][0]["data"];
    assert_eq!(
        (&data["rivals"][0]["id"], &data["rivals"][0]["hold"]),
        (&json!(first.id), &json!("hard"))
    );
    let free: Vec<&str> =
        data["free"].as_array().unwrap().iter().map(|s| s["starts_at"].as_str().unwrap()).collect();
    assert_eq!(free, ["2011-09-03T04:00:00.000Z", "2011-09-03T05:30:00.000Z"]);
    // One may start at the minute another ends.
    let patch = json!({ "starts_at": "2011-09-03T04:00:00Z" });
    let edited = cast.lin.patch(&second.path(), second.version, patch).ok();
    let mut second = super::Event::of(&edited);
    second.step(&cast.lin, "submit");
    second.step(&cast.wang, "endorse");
    second.step(&cast.chen, "approve");
}

#[test]
fn nobody_is_in_two_places() {
    let cast = Cast::new();
    let event = cast.approved(json!({}));
    let other_hall = super::hall(&cast.chen, cast.app.world.sysu, "小礼堂");
    let rival = cast.draft(json!({ "title": "乙", "venue_id": other_hall }));
    let refused = rival.ask(&cast.lin, json!({ "action": "submit" }));
    let problem = refused.refused(409, "event.person_taken");
    let person = &problem["errors"][0]["data"]["people"][0];
    assert_eq!(person["user_id"], json!(cast.lin.user));
    assert_eq!(person["rivals"][0]["id"], json!(event.id));
    assert_eq!(person["rivals"][0]["overlap_minutes"], 120);
    assert_eq!(person["free"].as_array().unwrap().len(), 2);
    // A mailing occupies nobody.
    cast.submitted(json!({
        "title": "邮寄", "activity": "sim-mail", "format": "mailing", "venue_id": null,
    }));
}

#[test]
fn a_rival_elsewhere_has_no_title() {
    let cast = Cast::new();
    let province = cast.app.province();
    let mut lecture = cast.lecture();
    lecture["campus_id"] = json!(cast.app.world.shantou);
    lecture["venue_id"] = json!(super::hall(&province, cast.app.world.shantou, "礼堂"));
    lecture["lead_id"] = json!(cast.lin.user);
    let mut far = super::Event::of(&province.post("/events", lecture).created());
    far.step(&province, "submit");
    let event = cast.draft(json!({}));
    let found = cast.lin.get(&(event.path() + "/findings")).ok();
    let clash = finding(&found, "person_clash").unwrap();
    let rival = &clash["data"]["people"][0]["rivals"][0];
    assert_eq!((&rival["id"], &rival["title"]), (&json!(far.id), &Value::Null));
}

#[test]
fn withdrawn_and_cancelled_events_free_their_slots() {
    let cast = Cast::new();
    let mut event = cast.approved(json!({}));
    event.ask(&cast.chen, json!({ "action": "cancel" })).refused(422, "request.invalid");
    event
        .ask(&cast.lin, json!({ "action": "cancel", "comment": "雨" }))
        .refused(403, "event.not_yours");
    let body = json!({ "action": "cancel", "comment": "台风" });
    assert_eq!(event.step_with(&cast.chen, body)["state"], "cancelled");
    let day = cast.lin.get(&format!("/venues/{}/slots?date=2011-09-03", cast.hall)).ok();
    assert_eq!(day["busy"], json!([]));
    cast.approved(json!({ "title": "补办" }));
}

#[test]
fn the_coordinator_amends_what_is_approved() {
    let cast = Cast::new();
    let taken = cast.approved(json!({ "title": "甲" }));
    let colleague = cast.app.ambassador(cast.app.world.sysu);
    let other_hall = super::hall(&cast.chen, cast.app.world.sysu, "小礼堂");
    let mut event = cast.approved(json!({
        "title": "乙", "lead_id": colleague.user, "venue_id": other_hall,
    }));
    let amend =
        |changes: Value| json!({ "action": "amend", "comment": "换场地", "changes": changes });
    let refused = event.ask(&cast.chen, amend(json!({ "venue_id": cast.hall })));
    let problem = refused.refused(409, "event.venue_taken");
    assert_eq!(problem["errors"][0]["pointer"], "/changes/venue_id");
    assert_eq!(problem["errors"][0]["data"]["rivals"][0]["id"], json!(taken.id));
    let late = json!({ "venue_id": cast.hall, "starts_at": "2011-09-03T04:00:00Z", "ends_at": "2011-09-03T06:00:00Z" });
    cast.app.at("2011-09-02T02:00:00.000Z");
    let amended = event.step_with(&cast.chen, amend(late));
    assert_eq!((&amended["state"], &amended["venue_id"]), (&json!("approved"), &json!(cast.hall)));
    assert_eq!(amended["approved_by"], json!(cast.chen.user), "lead time is not asked again");
    event.ask(&colleague, amend(json!({ "capacity": 50 }))).refused(403, "event.not_yours");
    event.ask(&cast.chen, amend(json!({}))).refused(422, "request.invalid");
    event.ask(&cast.chen, amend(json!({ "season": "x" }))).refused(409, "event.frozen");
    let problem =
        event.ask(&cast.chen, amend(json!({ "capacity": 999 }))).refused(422, "event.findings");
    assert_eq!(codes(&problem), ["capacity_exceeds_venue"]);
    // Places of those who are registered are not taken away.
    let problem = amend(json!({ "capacity": 1 }));
    for number in 1..=2 {
        let person = crate::participants::on_record(&cast.lin, cast.app.world.sysu, number);
        let list = event.path() + "/registrations";
        cast.lin.post(&list, json!({ "participant_id": person })).created();
    }
    let refused = event.ask(&cast.chen, problem);
    let problem = refused.refused(422, "event.capacity_below_registered");
    assert_eq!(problem["errors"][0]["data"], json!({ "capacity": 1, "registered": 2 }));
    let history = cast.lin.get(&(event.path() + "/history")).ok();
    let last = history["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["action"], "amend");
    assert_eq!(last["data"]["changed"], json!(["ends_at", "starts_at", "venue_id"]));
}

#[test]
fn while_it_runs_the_lead_prolongs_it() {
    let cast = Cast::new();
    let mut event = cast.approved(json!({}));
    cast.app.at("2011-09-03T01:00:00.000Z");
    event.step(&cast.lin, "start");
    let amend =
        |changes: Value| json!({ "action": "amend", "comment": "观众踊跃", "changes": changes });
    let shorter = event.ask(&cast.lin, amend(json!({ "ends_at": "2011-09-03T03:00:00Z" })));
    shorter.refused(403, "event.not_yours");
    event.ask(&cast.lin, amend(json!({ "title": "x" }))).refused(403, "event.not_yours");
    let longer = amend(json!({ "ends_at": "2011-09-03T05:00:00Z" }));
    assert_eq!(event.step_with(&cast.lin, longer)["ends_at"], "2011-09-03T05:00:00.000Z");
}
