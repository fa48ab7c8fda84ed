//! Who is coming: capacity, waitlist, admission.

use campus_ops::{
    catalogue::attendance::{Admits, AdmitsCampuses, ParticipantRole},
    platform::ids::{EventId, ParticipantId},
    registrations::verify,
};
use serde_json::{Value, json};

use crate::{
    participants::{on_record, someone},
    support::{Actor, TestApp, planned, world::GUANGZHOU},
};

fn list(event: EventId) -> String {
    format!("/events/{event}/registrations")
}

fn states(who: &Actor, event: EventId) -> Vec<String> {
    let page = who.get(&list(event)).ok();
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["state"].as_str().unwrap().to_owned()).collect()
}

/// Counts, waitlists and facts agree with their rows.
pub fn assert_verified(app: &TestApp) {
    let found = app.shared.db.read(|conn| verify::differences(conn, 100));
    let found = actix_web::rt::System::new().block_on(found).unwrap();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn first_come_first_served_and_the_next_moves_up() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let event = planned::approved(&app, &lin, sysu, Some(2), &planned::own_university());
    let people: Vec<String> = (1..=4).map(|number| on_record(&lin, sysu, number)).collect();
    for (index, id) in people.iter().enumerate() {
        let made = lin.post(&list(event), json!({ "participant_id": id })).created();
        assert_eq!(made["state"], if index < 2 { "registered" } else { "waitlisted" });
        assert_eq!(made["participant"]["masked"], false);
    }
    let again = lin.post(&list(event), json!({ "participant_id": people[3] })).ok();
    assert_eq!(again["position"], 4);
    assert_verified(&app);

    app.at("2011-08-21T04:00:00.000Z");
    let off = |id: &str| lin.call("DELETE", &format!("{}/{id}", list(event))).send(None);
    off(&people[0]).expect(204);
    off(&people[0]).expect(204);
    assert_eq!(states(&lin, event), ["cancelled", "registered", "registered", "waitlisted"]);
    let promoted = &lin.get(&list(event)).ok()["items"][2];
    assert_eq!(promoted["promoted_at"].as_str().unwrap()[..10], *"2011-08-21");
    let back = lin.post(&list(event), json!({ "participant_id": people[0] })).created();
    assert_eq!((&back["state"], &back["position"]), (&json!("waitlisted"), &json!(5)));
    assert_verified(&app);

    planned::amend_capacity(&app.coordinator(GUANGZHOU), event, 3);
    let waiting = lin.get(&format!("{}?state=waitlisted", list(event))).ok();
    assert_eq!(waiting["items"].as_array().unwrap().len(), 1);
    assert_eq!(waiting["items"][0]["participant_id"], people[0].as_str());
    assert_verified(&app);

    planned::close(&app, &lin, event);
    off(&people[1]).refused(409, "registration.not_open");
    lin.post(&list(event), json!({ "participant_id": people[0] }))
        .refused(409, "registration.not_open");
}

#[test]
fn role_and_campus_must_be_admitted() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let admits =
        Admits { roles: vec![ParticipantRole::StudentDeveloper], campuses: AdmitsCampuses::Own };
    let event = planned::approved(&app, &app.ambassador(sysu), sysu, None, &admits);
    let chen = app.ambassador(app.world.jinan);
    let guest = on_record(&chen, app.world.jinan, 1);
    let refusal = lin.post(&list(event), json!({ "participant_id": guest }));
    let why = refusal.refused(422, "registration.not_admitted");
    assert_eq!(why["errors"][0]["code"], "wrong_campus");
    let mut expert = someone(sysu, "李雷", "13800138001");
    expert["role"] = "promotion_expert".into();
    let expert = lin.post("/participants", expert).created();
    let refusal = lin.post(&list(event), json!({ "participant_id": expert["id"] }));
    assert_eq!(
        refusal.refused(422, "registration.not_admitted")["errors"][0]["code"],
        "role_not_allowed"
    );

    let open = Admits { campuses: AdmitsCampuses::All, ..admits };
    let event = planned::approved(&app, &lin, sysu, None, &open);
    let made = lin.post(&list(event), json!({ "participant_id": guest })).created();
    // The lead of the event sees who comes, from wherever.
    assert_eq!(made["participant"]["name"], "学生1");
    assert_eq!(
        app.ambassador(sysu).get(&list(event)).ok()["items"][0]["participant"]["name"],
        "学**"
    );
    chen.get(&list(event)).refused(404, "request.not_found");
    app.liaison(sysu)
        .post(&list(event), json!({ "participant_id": guest }))
        .refused(403, "auth.forbidden");
}

#[test]
fn many_are_registered_with_a_result_each() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let event = planned::approved(&app, &lin, sysu, Some(1), &planned::own_university());
    let (one, two) = (on_record(&lin, sysu, 1), on_record(&lin, sysu, 2));
    let nobody = ParticipantId::new().to_string();
    let items: Vec<Value> =
        [&one, &nobody, &two, &one].iter().map(|id| json!({ "participant_id": id })).collect();
    let send = || {
        let call = lin.call("POST", &format!("{}/batch", list(event))).key("b1");
        call.send(Some(json!({ "items": items })))
    };
    let results = send().ok()["results"].as_array().unwrap().clone();
    let statuses: Vec<_> = results.iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 404, 201, 200]);
    assert_eq!(results[1]["problem"]["code"], "request.not_found");
    assert_eq!(results[2]["registration"]["state"], "waitlisted");
    let replay = send();
    assert!(replay.is_replay());
    assert_eq!(replay.ok()["results"][2], results[2]);
    lin.post(&format!("{}/batch", list(event)), json!({ "items": [] }))
        .refused(422, "request.invalid");
    assert_verified(&app);
}

#[test]
fn another_name_of_a_person_is_accepted() {
    let app = TestApp::start();
    let (lin, sysu) = (app.ambassador(app.world.sysu), app.world.sysu);
    let event = planned::approved(&app, &lin, sysu, None, &planned::own_university());
    let own = on_record(&lin, sysu, 1);
    let alias = ParticipantId::new().to_string();
    let mut body = someone(sysu, "学生", "13700000001");
    body["id"] = alias.as_str().into();
    lin.post("/participants", body).ok();
    let made = lin.post(&list(event), json!({ "participant_id": alias })).created();
    assert_eq!(made["participant_id"], own.as_str());
    lin.call("DELETE", &format!("{}/{alias}", list(event))).send(None).expect(204);
    assert_eq!(states(&lin, event), ["cancelled"]);
}
