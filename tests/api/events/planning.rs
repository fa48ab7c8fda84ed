//! Drafting and editing.

use serde_json::{Value, json};

use super::{Cast, Event, merged};
use crate::{checkins::live_at, participants::on_record};

#[test]
fn a_draft_begins_with_what_the_activity_usually_has() {
    let cast = Cast::new();
    let body = json!({
        "season": "2011-autumn", "activity": "campus-service",
        "campus_id": cast.app.world.sysu, "title": "  迎新服务 ",
    });
    let answer = cast.lin.post("/events", body);
    let made = answer.created();
    assert_eq!(answer.version(), 1);
    assert_eq!(made["state"], "draft");
    assert_eq!(made["title"], "迎新服务");
    assert_eq!((&made["theme"], &made["facet"]), (&json!("caring"), &json!("brand")));
    assert_eq!(made["format"], "booth-day", "the only format of the activity");
    assert_eq!(made["kit"][0], json!({ "sku": "tent", "quantity": 2 }));
    assert_eq!(made["walk_in"], "ask");
    assert_eq!(made["admits"]["campuses"], "own");
    assert_eq!(made["admits"]["roles"].as_array().unwrap().len(), 4);
    assert_eq!(made["city"], "440100");
}

#[test]
fn a_request_may_be_repeated() {
    let cast = Cast::new();
    let send = || cast.lin.call("POST", "/events").key("draft-1").send(Some(cast.lecture()));
    let (first, again) = (send(), send());
    assert_eq!(first.created()["id"], again.created()["id"]);
    assert!(!first.is_replay() && again.is_replay());
    let other = merged(cast.lecture(), json!({ "title": "x" }));
    let other = cast.lin.call("POST", "/events").key("draft-1").send(Some(other));
    other.refused(422, "idempotency.key_reused");
}

#[test]
fn mistakes_are_named_each() {
    let cast = Cast::new();
    let refused = |changes, pointers: &[&str]| {
        let answer = cast.lin.post("/events", merged(cast.lecture(), changes));
        let problem = answer.refused(422, "request.invalid");
        let found: Vec<_> =
            problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
        assert_eq!(json!(found), json!(pointers));
    };
    refused(json!({ "title": " ", "capacity": 0 }), &["/title", "/capacity"]);
    refused(json!({ "ends_at": "2011-09-03T02:00:00Z" }), &["/ends_at"]);
    refused(json!({ "activity": "juggling" }), &["/activity"]);
    refused(json!({ "season": "1999-autumn" }), &["/season"]);
    refused(json!({ "format": "gala" }), &["/format"]);
    refused(
        json!({ "publicity": [{ "medium": "smoke", "from": "2011-08-27" }] }),
        &["/publicity/0/medium"],
    );
    refused(json!({ "kit": [{ "sku": "poster", "quantity": 0 }] }), &["/kit/0/quantity"]);
    let elsewhere = cast.app.ambassador(cast.app.world.shantou);
    refused(json!({ "lead_id": elsewhere.user }), &["/lead_id"]);
    let other = super::hall(&cast.chen, cast.app.world.jinan, "礼堂");
    refused(json!({ "venue_id": other }), &["/venue_id"]);
    let bare = cast.lin.post("/events", json!({ "activity": "startup-elite" }));
    let problem = bare.refused(422, "request.invalid");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 3);
    let far = merged(cast.lecture(), json!({ "campus_id": cast.app.world.shantou }));
    cast.lin.post("/events", far).refused(404, "request.not_found");
}

#[test]
fn times_stay_near_the_season() {
    let cast = Cast::new();
    let ask = |starts: &str, ends: &str| {
        let times = json!({ "starts_at": starts, "ends_at": ends });
        cast.lin.post("/events", merged(cast.lecture(), times))
    };
    // Its local day is one that no list could be read with.
    ask("9998-12-31T16:00:00.000Z", "9998-12-31T17:00:00.000Z").refused(400, "request.body");
    let far = ask("2013-09-03T02:00:00.000Z", "2013-09-03T04:00:00.000Z");
    let problem = far.refused(422, "request.invalid");
    let pointers: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(json!(pointers), json!(["/starts_at", "/ends_at"]));
    ask("2012-09-03T02:00:00.000Z", "2012-09-03T04:00:00.000Z").created();
    cast.lin.get("/events").ok();
}

#[test]
fn only_who_may_draft_events_leads_one() {
    let cast = Cast::new();
    let auditor = cast.app.auditor();
    let province = cast.app.province();
    let refused = |answer: crate::support::Answer| {
        let problem = answer.refused(422, "request.invalid");
        assert_eq!(problem["errors"][0]["pointer"], "/lead_id");
    };
    let liaison = json!({ "lead_id": cast.wang.user });
    refused(cast.lin.post("/events", merged(cast.lecture(), liaison.clone())));
    refused(province.post("/events", merged(cast.lecture(), json!({ "lead_id": auditor.user }))));
    let event = cast.draft(json!({ "team_ids": [cast.wang.user] }));
    refused(cast.lin.patch(&event.path(), event.version, liaison));
    province.post("/events", merged(cast.lecture(), json!({ "lead_id": province.user }))).created();
}

#[test]
fn an_edit_is_a_merge_patch_of_the_version_seen() {
    let cast = Cast::new();
    let event = cast.draft(json!({ "organiser": "团委" }));
    let patch = json!({ "title": "讲座", "organiser": null });
    let edited = cast.lin.patch(&event.path(), 1, patch.clone()).ok();
    assert_eq!((&edited["title"], &edited["organiser"]), (&json!("讲座"), &json!(null)));
    assert_eq!((&edited["version"], &edited["capacity"]), (&json!(2), &json!(200)));
    cast.lin.patch(&event.path(), 1, patch).refused(412, "request.stale_version");
    let null = cast.lin.patch(&event.path(), 2, json!({ "title": null }));
    null.refused(422, "request.invalid");
    let same = cast.lin.patch(&event.path(), 2, json!({ "title": "讲座" })).ok();
    assert_eq!(same["version"], 2, "nothing changed");
}

#[test]
fn only_fresh_drafts_are_deleted() {
    let cast = Cast::new();
    let event = cast.draft(json!({}));
    cast.lin.call("DELETE", &event.path()).send(None).refused(428, "request.if_match_missing");
    cast.lin.delete(&event.path(), 1).expect(204);
    cast.lin.get(&event.path()).refused(404, "request.not_found");
    let event = cast.submitted(json!({}));
    cast.lin.delete(&event.path(), event.version).refused(409, "event.wrong_state");
    // Somebody has stood at its door already; they were turned away, which is on record.
    let draft = cast.draft(json!({}));
    let guest = on_record(&cast.lin, cast.app.world.sysu, 1);
    let scan = live_at(&guest, "2011-08-20T04:00:00.000Z");
    let turned = cast.lin.post(&(draft.path() + "/check-ins"), scan).ok();
    assert_eq!(turned["reason"], "event_not_open");
    cast.lin.delete(&draft.path(), draft.version).refused(409, "event.wrong_state");
}

#[test]
fn an_edit_voids_what_others_signed() {
    let cast = Cast::new();
    let event = cast.endorsed(json!({}));
    let walk_in = cast.lin.patch(&event.path(), event.version, json!({ "walk_in": "allow" })).ok();
    assert_eq!((&walk_in["state"], &walk_in["walk_in"]), (&json!("endorsed"), &json!("allow")));
    let patch = json!({ "plan": "另一个方案" });
    let edited = cast.lin.patch(&event.path(), event.version + 1, patch).ok();
    assert_eq!((&edited["state"], &edited["endorsed_by"]), (&json!("draft"), &json!(null)));
    let mut event = Event::of(&edited);
    let history = cast.lin.get(&(event.path() + "/history")).ok();
    let actions: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|line| line["action"].clone()).collect();
    assert_eq!(json!(actions), json!(["submit", "endorse", "edit"]));
    let hashes = &history["items"];
    assert_eq!(hashes[0]["content_hash"], hashes[1]["content_hash"]);
    assert_ne!(hashes[1]["content_hash"], hashes[2]["content_hash"]);
    assert_eq!(hashes[2]["data"]["changed"], json!(["plan"]));
    event.step(&cast.lin, "submit");
    let moved = json!({ "campus_id": cast.app.world.jinan });
    let refused = cast.chen.patch(&event.path(), event.version, moved).refused(409, "event.frozen");
    assert_eq!(refused["errors"][0]["pointer"], "/campus_id");
}

#[test]
fn what_is_approved_is_frozen_but_for_walk_in() {
    let cast = Cast::new();
    let event = cast.approved(json!({}));
    let patch = |version, body| cast.lin.patch(&event.path(), version, body);
    let problem = patch(event.version, json!({ "title": "x" })).refused(409, "event.frozen");
    assert_eq!(problem["errors"][0]["pointer"], "/title");
    let changed = patch(event.version, json!({ "walk_in": "deny" })).ok();
    assert_eq!((&changed["state"], &changed["walk_in"]), (&json!("approved"), &json!("deny")));
}

#[test]
fn a_copy_takes_all_but_the_times() {
    let cast = Cast::new();
    let event =
        cast.approved(json!({ "team_ids": [cast.app.ambassador(cast.app.world.sysu).user] }));
    let made =
        cast.lin.post("/events", json!({ "copy_of": event.id, "title": "第二讲" })).created();
    let first = cast.lin.get(&event.path()).ok();
    assert_eq!((&made["state"], &made["title"]), (&json!("draft"), &json!("第二讲")));
    for member in ["plan", "kit", "publicity", "venue_id", "team_ids", "lead_id", "format"] {
        assert_eq!(made[member], first[member], "{member}");
    }
    assert_eq!((&made["starts_at"], &made["approved_by"]), (&json!(null), &json!(null)));
    assert_eq!(made["walk_in"], "ask");
    cast.lin.patch(&event.path(), event.version, json!({ "walk_in": "deny" })).ok();
    let copy = |walk_in: Value| merged(json!({ "copy_of": event.id }), walk_in);
    let walk_in = |body| cast.lin.post("/events", copy(body)).created()["walk_in"].clone();
    assert_eq!(walk_in(json!({})), "deny");
    assert_eq!(walk_in(json!({ "walk_in": "allow" })), "allow");
    let far = cast.app.ambassador(cast.app.world.shantou);
    far.post("/events", json!({ "copy_of": event.id })).refused(404, "request.not_found");
}
