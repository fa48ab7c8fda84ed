//! Who keeps which rights when they move, and where entries of the audit log belong.

use campus_ops::platform::ids::{CampusId, MovementId};
use serde_json::{Value, json};

use crate::{
    checkins::{Door, live},
    events::Event,
    participants::{on_record, someone},
    support::{
        Actor, TestApp, planned,
        world::{GUANGZHOU, SHANTOU},
    },
};

fn moves_to(app: &TestApp, who: &Actor, campus: CampusId) {
    let path = format!("/users/{}", who.user);
    app.province().patch(&path, 1, json!({ "campus_ids": [campus] })).ok();
}

#[test]
fn who_left_sees_nobody_once_the_event_has_closed() {
    let door = Door::at(10);
    let (_, pass) = door.guest(1);
    let (_, later) = door.guest(2);
    door.post(&live(&pass, 10));
    moves_to(&door.app, &door.lin, door.app.world.shantou);
    let base = format!("/events/{}", door.event);
    let lists = ["/registrations", "/check-ins", "/attendance", "/conflicts"];
    let list = door.lin.get(&format!("{base}/registrations")).ok();
    assert_eq!(list["items"][0]["participant"]["masked"], false);
    for of in lists {
        door.lin.get(&(base.clone() + of)).ok();
    }
    let close = json!({ "action": "close", "report": { "summary": "好" } });
    Event::of(&door.lin.get(&base).ok()).step_with(&door.chen, close);
    door.lin.get(&base).refused(404, "request.not_found");
    for of in lists {
        door.lin.get(&(base.clone() + of)).refused(404, "request.not_found");
    }
    let guest = on_record(&door.lin, door.app.world.shantou, 3);
    let register = json!({ "participant_id": guest });
    door.lin.post(&format!("{base}/registrations"), register).refused(404, "request.not_found");
    // What was scanned at the door still comes in.
    let told = door.post(&live(&later, 10));
    assert_eq!(told["verdict"], "admitted");
}

#[test]
fn at_the_door_four_digits_find_who_is_on_the_list() {
    let app = TestApp::start();
    let (lin, chen) = (app.ambassador(app.world.sysu), app.ambassador(app.world.shantou));
    let admits = campus_ops::catalogue::attendance::Admits {
        campuses: campus_ops::catalogue::attendance::AdmitsCampuses::All,
        ..planned::own_university()
    };
    let event = planned::approved(&app, &lin, app.world.sysu, None, &admits);
    let put = |who: &Actor, campus: CampusId, name: &str, phone: &str| {
        let made = who.post("/participants", someone(campus, name, phone)).created();
        made["id"].as_str().unwrap().to_owned()
    };
    let near = put(&lin, app.world.sysu, "王小明", "13800138000");
    let guest = put(&chen, app.world.shantou, "李雷", "13900008000");
    put(&chen, app.world.shantou, "韩梅梅", "13700008000");
    put(&lin, app.world.sysu, "赵六", "13800138001");
    lin.post(&format!("/events/{event}/registrations"), json!({ "participant_id": guest }))
        .created();
    let at = |who: &Actor, tail: &str| {
        who.get(&format!("/participants?phone_tail={tail}&event_id={event}"))
    };
    let seen = |who: &Actor| -> Vec<(String, String)> {
        let page = at(who, "8000").ok();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| (text(&item["id"]), text(&item["name"]))).collect()
    };
    let both = |guest_name: &str| {
        vec![(near.clone(), "王小明".to_owned()), (guest.clone(), guest_name.to_owned())]
    };
    assert_eq!(seen(&lin), both("李雷"), "the lead sees whole who is on the list");
    assert_eq!(seen(&app.ambassador(app.world.sysu)), both("李**"));
    assert_eq!(at(&lin, "9999").ok()["items"], json!([]));
    let page = lin.get(&format!("/participants?phone_tail=8000&event_id={event}&limit=1")).ok();
    let next = page["next_cursor"].as_str().unwrap();
    let rest =
        lin.get(&format!("/participants?phone_tail=8000&event_id={event}&limit=1&cursor={next}"));
    assert_eq!(rest.ok()["items"][0]["id"], json!(guest));
    lin.call("DELETE", &format!("/events/{event}/registrations/{guest}")).send(None).expect(204);
    assert_eq!(seen(&lin), both("李雷")[..1], "who is off the list and from elsewhere is not");
    at(&chen, "8000").refused(404, "request.not_found");
    at(&lin, "800").refused(400, "request.query");
    lin.get("/participants?phone_tail=8000").refused(422, "request.invalid");
    lin.get(&format!("/participants?event_id={event}")).refused(422, "request.invalid");
    lin.delete(&format!("/participants/{near}"), 1).expect(204);
    assert_eq!(at(&lin, "8000").ok()["items"], json!([]));
}

#[test]
fn what_happens_to_a_person_is_in_the_log_of_their_city() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let id = on_record(&lin, sysu, 1);
    lin.get(&format!("/participants/{id}/pass")).ok();
    lin.post(&format!("/participants/{id}/pass/revoke"), json!({})).ok();
    let phone = lin.get(&format!("/participants/{id}")).ok()["phone"].clone();
    let mut again = someone(app.world.shantou, "某人", phone.as_str().unwrap());
    again["id"] = json!(campus_ops::platform::ids::ParticipantId::new());
    app.ambassador(app.world.shantou).post("/participants", again).ok();
    let entries = |city: &str| -> Vec<String> {
        let page = app.coordinator(city).get(&format!("/audit?kind=participant&id={id}")).ok();
        let items = page["items"].as_array().unwrap();
        items.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
    };
    let mut here = entries(GUANGZHOU);
    here.sort();
    assert_eq!(here, ["participant.alias", "participant.register", "pass.issue", "pass.revoke"]);
    assert_eq!(entries(SHANTOU), [""; 0]);
}

#[test]
fn who_moved_takes_back_what_they_did_with_the_goods_of_their_event() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let event = planned::approved(&app, &lin, app.world.sysu, None, &planned::own_university());
    let at = format!("campus:{}", app.world.sysu);
    let booth = json!({
        "season": "2011-autumn", "campus_id": app.world.sysu, "kind": "tent", "spot": "A",
        "event_id": event, "opens_on": "2011-09-05", "closes_on": "2011-09-12",
        "opens_at": "09:00", "closes_at": "17:00",
    });
    let booth = lin.post("/booths", booth).created();
    let places = [format!("event:{event}"), format!("booth:{}", booth["id"].as_str().unwrap())];
    let order = |kind: &str, from: &str, to: &str, many: i64| {
        json!({
            "movement_id": MovementId::new(), "kind": kind, "sku": "poster", "quantity": many,
            "from": from, "to": to, "occurred_at": "2011-08-20T04:00:00Z",
        })
    };
    let found = order("count", "adjustment", &at, 20);
    app.coordinator(GUANGZHOU).post("/movements", found).created();
    let mut used = Vec::new();
    for place in &places {
        lin.post("/movements", order("issue", &at, place, 5)).created();
        used.push(lin.post("/movements", order("use", place, "used", 2)).created());
    }
    moves_to(&app, &lin, app.world.shantou);
    let reverse = |of: &Value| {
        json!({
            "movement_id": MovementId::new(), "kind": "reverse", "reverses": of["movement_id"],
            "occurred_at": "2011-08-20T04:00:00Z",
        })
    };
    for used in &used {
        lin.post("/movements", reverse(used)).created();
    }
    for (place, many) in places.iter().zip([5, 4]) {
        lin.post("/movements", order("return", place, &at, many)).created();
    }
    let last = lin.post("/movements", order("use", &places[1], "used", 1)).created();
    planned::close(&app, &lin, event);
    lin.post("/movements", reverse(&last)).refused(404, "request.not_found");
    lin.post("/movements", order("use", &places[0], "used", 1)).refused(404, "request.not_found");
}
