//! A request sent again, and how long its first answer is remembered.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    events::Cast,
    support::{Answer, TestApp},
};

#[test]
fn a_key_is_free_again_after_seven_days() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let venues = format!("/campuses/{}/venues", app.world.sysu);
    let add = |actor: &crate::support::Actor, name: &str| {
        let body = json!({ "name": name, "capacity": 10 });
        actor.call("POST", &venues).key("1").send(Some(body))
    };
    let first = add(&lin, "甲").created();
    app.real_time_passes(Duration::days(7) - Duration::minutes(1));
    let lin = lin.signs_in_again();
    assert_eq!(add(&lin, "甲").created()["id"], first["id"]);
    add(&lin, "乙").refused(422, "idempotency.key_reused");
    app.real_time_passes(Duration::minutes(2));
    let second = add(&lin, "乙");
    assert!(!second.is_replay());
    assert_ne!(second.created()["id"], first["id"]);
    let again = add(&lin, "乙");
    assert!(again.is_replay());
    add(&lin, "甲").refused(422, "idempotency.key_reused");
}

#[test]
fn a_key_of_many_steps_is_for_one_body() {
    let cast = Cast::new();
    let draft = cast.draft(json!({ "title": "甲" }));
    let good = cast.endorsed(json!({ "title": "乙" }));
    let other = cast.endorsed(json!({
        "title": "丙", "starts_at": "2011-09-04T02:00:00Z", "ends_at": "2011-09-04T04:00:00Z",
    }));
    let seen = |event: &crate::events::Event| json!({ "id": event.id, "version": event.version });
    let approve = |items: &[Value]| -> Answer {
        let body = json!({ "action": "approve", "items": items });
        cast.chen.call("POST", "/events/transitions").key("many").send(Some(body))
    };
    let both = [seen(&draft), seen(&good)];
    let first = approve(&both);
    assert!(!first.is_replay());
    assert_eq!(first.ok()["items"][1]["status"], 200);

    approve(&[seen(&other)]).refused(422, "idempotency.key_reused");
    let untouched = cast.lin.get(&other.path()).ok();
    assert_eq!(untouched["state"], "endorsed");

    let again = approve(&both);
    assert!(again.is_replay());
    assert_eq!(again.ok(), first.ok());
}
