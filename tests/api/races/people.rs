//! Who is on record, and who has a place.

use campus_ops::platform::ids::ParticipantId;
use serde_json::json;

use super::{CALLERS, all_at_once, assert_all_verified, count, one_wins};
use crate::{
    participants::{on_record, someone},
    registrations::assert_verified,
    support::{TestApp, planned, world::GUANGZHOU},
};

#[test]
fn the_last_place_of_an_event() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let event = planned::approved(&app, &lin, sysu, Some(3), &planned::own_university());
    let list = format!("/events/{event}/registrations");
    let people: Vec<String> = (1..=18).map(|number| on_record(&lin, sysu, number)).collect();
    for early in &people[16..] {
        lin.post(&list, json!({ "participant_id": early })).created();
    }
    let answers = all_at_once(|index| lin.post(&list, json!({ "participant_id": people[index] })));
    assert_eq!(count(&answers, |answer| answer.created()["state"] == "registered"), 1);
    let positions = answers.iter().map(|answer| answer.json()["position"].as_i64().unwrap());
    let positions: std::collections::BTreeSet<i64> = positions.collect();
    assert_eq!(positions, (3..=18).collect());
    assert_verified(&app);
}

#[test]
fn everybody_leaves_and_everybody_who_waited_moves_up() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let event = planned::approved(&app, &lin, sysu, Some(8), &planned::own_university());
    let list = format!("/events/{event}/registrations");
    let people: Vec<String> = (1..=24).map(|number| on_record(&lin, sysu, number)).collect();
    for early in &people[..16] {
        lin.post(&list, json!({ "participant_id": early })).created();
    }
    // Eight are erased or taken off the list while eight others ask.
    let answers = all_at_once(|index| match index {
        0..4 => lin.delete(&format!("/participants/{}", people[index]), 1),
        4..8 => lin.call("DELETE", &format!("{list}/{}", people[index])).send(None),
        _ => lin.post(&list, json!({ "participant_id": people[index + 8] })),
    });
    assert_eq!(count(&answers, |answer| answer.status == 204), 8);
    assert_eq!(count(&answers, |answer| answer.status == 201), 8);
    let registered = lin.get(&format!("{list}?state=registered")).ok();
    assert_eq!(registered["items"].as_array().unwrap().len(), 8);
    assert_verified(&app);
}

#[test]
fn one_phone_is_one_record() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let answers = all_at_once(|index| {
        let mut body = someone(app.world.sysu, "王小明", "13800138000");
        if index % 2 == 0 {
            body["id"] = ParticipantId::new().to_string().into();
        }
        lin.post("/participants", body)
    });
    assert_eq!(count(&answers, |answer| answer.status == 201), 1);
    assert_eq!(count(&answers, |answer| answer.status == 200), 15);
    let first = &answers[0].json()["id"];
    assert!(answers.iter().all(|answer| answer.json()["id"] == *first));
}

#[test]
fn a_person_has_one_pass() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let at = format!("/participants/{}/pass", on_record(&lin, app.world.sysu, 1));
    let answers = all_at_once(|_| lin.get(&at));
    assert!(answers.iter().all(|answer| answer.ok() == answers[0].ok()));
}

#[test]
fn a_higher_capacity_meets_those_who_ask() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let chen = app.coordinator(GUANGZHOU);
    let event = planned::approved(&app, &lin, sysu, Some(2), &planned::own_university());
    let (path, list) = (format!("/events/{event}"), format!("/events/{event}/registrations"));
    let people: Vec<String> = (1..=20).map(|number| on_record(&lin, sysu, number)).collect();
    for early in &people[16..] {
        lin.post(&list, json!({ "participant_id": early })).created();
    }
    let version = lin.get(&path).ok()["version"].as_i64().unwrap();
    let more = json!({ "action": "amend", "comment": "换了房间", "changes": { "capacity": 10 } });
    let answers = all_at_once(|index| match index {
        0 => chen
            .call("POST", &(path.clone() + "/transitions"))
            .if_match(version)
            .send(Some(more.clone())),
        _ => lin.post(&list, json!({ "participant_id": people[index] })),
    });
    assert_eq!(answers[0].status, 200, "{}", answers[0].text);
    assert_eq!(count(&answers, |answer| answer.status == 201), CALLERS - 1);
    let registered = lin.get(&format!("{list}?state=registered")).ok();
    let registered = registered["items"].as_array().unwrap();
    assert_eq!(registered.len(), 10);
    // First come, first served: those who waited before are among them.
    for early in &people[16..] {
        assert!(registered.iter().any(|row| row["participant_id"] == early.as_str()));
    }
    assert_all_verified(&app);
}

#[test]
fn one_client_id_is_one_person() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let named = |id: ParticipantId, number: usize| {
        let mut body = someone(app.world.sysu, "王小明", &format!("1380013{number:04}"));
        body["id"] = id.to_string().into();
        body
    };
    let same = ParticipantId::new();
    let answers = all_at_once(|_| lin.post("/participants", named(same, 1)));
    assert!(answers.iter().all(|answer| answer.created()["id"] == same.to_string()));
    let other = ParticipantId::new();
    let answers = all_at_once(|index| lin.post("/participants", named(other, 100 + index)));
    one_wins(&answers, 201, 409, "participant.id_reused");
    let page = lin.get("/participants").ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
}
