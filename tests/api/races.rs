//! Rules over sets, with sixteen callers at the same moment. On PostgreSQL these fail
//! without anchors; SQLite writes one after the other anyway.

use std::{sync::Barrier, thread};

use campus_ops::platform::ids::{MovementId, ParticipantId};
use serde_json::{Value, json};

use crate::{
    checkins::{Door, live},
    events::{Cast, Event, hall},
    participants::{on_record, someone},
    registrations::assert_verified,
    support::{Actor, Answer, TestApp, actor::PASSWORD, planned, world::GUANGZHOU},
};

const CALLERS: usize = 16;

/// What each of the callers gets who all do `ask` at once.
fn all_at_once(ask: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    let start = Barrier::new(CALLERS);
    thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|index| {
                let (start, ask) = (&start, &ask);
                scope.spawn(move || {
                    start.wait();
                    ask(index)
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    })
}

fn count(answers: &[Answer], is: impl Fn(&Answer) -> bool) -> usize {
    answers.iter().filter(|answer| is(answer)).count()
}

#[test]
fn one_phone_for_sixteen_accounts() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let answers = all_at_once(|index| {
        let name = format!("林 {index}");
        let campuses = [app.world.sysu];
        chen.post("/users", json!({ "phone": "13700000001", "name": name, "role": "ambassador", "campus_ids": campuses }))
    });
    assert_eq!(count(&answers, |answer| answer.status == 201), 1);
    assert_eq!(count(&answers, |answer| answer.json()["code"] == "user.phone_taken"), 15);
}

#[test]
fn one_phone_signs_in_sixteen_times() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let body = json!({ "phone": chen.phone, "password": PASSWORD });
    let answers = all_at_once(|_| chen.post("/auth/login", body.clone()));
    let right = count(&answers, |answer| answer.status == 200);
    let locked = count(&answers, |answer| answer.status == 429);
    assert!(right >= 10 && right + locked == CALLERS, "{:?}", statuses(&answers));
    chen.post("/auth/login", body).ok();
}

#[test]
fn one_hall_for_sixteen_events() {
    let cast = Cast::new();
    let events: Vec<Event> = (0..CALLERS)
        .map(|_| {
            let lead = cast.app.ambassador(cast.app.world.sysu);
            cast.endorsed(json!({ "lead_id": lead.user }))
        })
        .collect();
    let approve = |index: usize| events[index].ask(&cast.chen, json!({ "action": "approve" }));
    let answers = all_at_once(approve);
    assert_eq!(count(&answers, |answer| answer.status == 200), 1);
    assert_eq!(count(&answers, |answer| answer.json()["code"] == "event.venue_taken"), 15);
    let day = cast.lin.get(&format!("/venues/{}/slots?date=2011-09-03", cast.hall)).ok();
    let hard = day["busy"].as_array().unwrap().iter().filter(|busy| busy["hold"] == "hard");
    assert_eq!(hard.count(), 1);
}

#[test]
fn one_lead_for_sixteen_halls() {
    let cast = Cast::new();
    let events: Vec<Event> = (0..CALLERS)
        .map(|number| {
            let hall = hall(&cast.chen, cast.app.world.sysu, &format!("礼堂 {number}"));
            cast.endorsed(json!({ "venue_id": hall }))
        })
        .collect();
    let approve = |index: usize| events[index].ask(&cast.chen, json!({ "action": "approve" }));
    let answers = all_at_once(approve);
    assert_eq!(count(&answers, |answer| answer.status == 200), 1);
    assert_eq!(count(&answers, |answer| answer.json()["code"] == "event.person_taken"), 15);
}

#[test]
fn one_event_is_approved_once() {
    let cast = Cast::new();
    let event = cast.endorsed(json!({}));
    let answers = all_at_once(|_| event.ask(&cast.chen, json!({ "action": "approve" })));
    assert_eq!(count(&answers, |answer| answer.status == 200), 1);
    assert_eq!(count(&answers, |answer| answer.status == 412), 15);
}

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

/// One has `won`; all others are refused with this code.
fn one_wins(answers: &[Answer], won: u16, status: u16, code: &str) {
    let (winners, losers): (Vec<_>, Vec<_>) = answers.iter().partition(|a| a.status == won);
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(winners.len(), 1, "{statuses:?}");
    for loser in losers {
        loser.refused(status, code);
    }
}

#[test]
fn one_spot_for_two_booths() {
    let app = TestApp::start();
    let people = [app.ambassador(app.world.sysu), app.ambassador(app.world.sysu)];
    let answers = all_at_once(|index| {
        // Days and hours differ and yet meet in all of them.
        let body = json!({
            "season": "2011-autumn", "campus_id": app.world.sysu, "kind": "tent", "spot": "A3",
            "opens_on": format!("2011-09-0{}", 1 + index % 5), "closes_on": "2011-09-07",
            "opens_at": format!("{:02}:00", index % 12), "closes_at": "18:00",
        });
        people[index % 2].post("/booths", body)
    });
    one_wins(&answers, 201, 409, "booth.spot_taken");
    let page = people[0].get("/booths").ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
}

#[test]
fn one_ssid_for_two_promotions() {
    let app = TestApp::start();
    let (lin, chen) = (app.ambassador(app.world.sysu), app.coordinator(GUANGZHOU));
    let creative = json!({
        "headline_zh": "免费", "headline_en": "Free", "body_zh": "欢迎", "body_en": "Welcome",
        "link": "https://mm.10086.cn/",
    });
    let submitted: Vec<String> = (0..CALLERS)
        .map(|index| {
            let body = json!({
                "season": "2011-autumn", "campus_id": app.world.sysu, "ssid": "CMCC-EDU",
                "starts_on": format!("2011-09-{:02}", 1 + index), "ends_on": "2011-09-30",
                "minutes_per_day": 60, "bytes_per_day": 1_000_000, "creative": creative,
            });
            let made = lin.post("/wlan/promotions", body).created();
            let at = format!("/wlan/promotions/{}/transitions", made["id"].as_str().unwrap());
            lin.call("POST", &at).if_match(1).send(Some(json!({ "action": "submit" }))).ok();
            at
        })
        .collect();
    let answers = all_at_once(|index| {
        let approve = json!({ "action": "approve" });
        chen.call("POST", &submitted[index]).if_match(2).send(Some(approve))
    });
    one_wins(&answers, 200, 409, "wlan.overlap");
}

/// The statuses, the best first.
fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

/// The body of a movement.
fn movement(kind: &str, from: &str, to: &str, what: Value) -> Value {
    let mut body = json!({
        "movement_id": MovementId::new(), "kind": kind, "from": from, "to": to,
        "occurred_at": "2011-08-20T04:00:00Z",
    });
    body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    body
}

#[test]
fn the_last_piece_in_a_store_goes_out_once() {
    let app = TestApp::start();
    let at = format!("campus:{}", app.world.sysu);
    let chen = app.coordinator(GUANGZHOU);
    let banner = json!({ "sku": "banner", "quantity": 1 });
    let kit = json!({ "sku": "sim-kit", "serials": ["SIM-1"] });
    let staff: Vec<Actor> = (0..CALLERS).map(|_| app.ambassador(app.world.sysu)).collect();
    for what in [banner, kit] {
        chen.post("/movements", movement("count", "adjustment", &at, what.clone())).created();
        let statuses = statuses(&all_at_once(|index| {
            staff[index].post("/movements", movement("use", &at, "used", what.clone()))
        }));
        assert_eq!(statuses[0], 201);
        assert_eq!(statuses[1..], [409; CALLERS - 1]);
        let left = chen.get(&format!("/stock?place={at}")).ok();
        assert_eq!(left["items"], json!([]));
    }
}

#[test]
fn a_movement_sent_sixteen_times_happens_once() {
    let app = TestApp::start();
    let at = format!("campus:{}", app.world.sysu);
    let chen = app.coordinator(GUANGZHOU);
    let body = movement("count", "adjustment", &at, json!({ "sku": "tent", "quantity": 1 }));
    let answers = all_at_once(|_| chen.post("/movements", body.clone()));
    assert_eq!(statuses(&answers), [201; CALLERS]);
    assert_eq!(chen.get(&format!("/stock?place={at}")).ok()["items"][0]["quantity"], 1);
}

#[test]
fn goods_are_accepted_once_and_reversed_once() {
    let app = TestApp::start();
    let (here, there) =
        (format!("campus:{}", app.world.sysu), format!("campus:{}", app.world.jinan));
    let chen = app.coordinator(GUANGZHOU);
    let tent = || json!({ "sku": "tent", "quantity": 1 });
    let counted = movement("count", "adjustment", &here, tent());
    chen.post("/movements", counted.clone()).created();
    let sent = chen.post("/movements", movement("transfer", &here, &there, tent())).created();
    let path = format!("/movements/{}/accept", sent["movement_id"].as_str().unwrap());
    let staff: Vec<Actor> = (0..CALLERS).map(|_| app.ambassador(app.world.jinan)).collect();
    let accepted = statuses(&all_at_once(|index| staff[index].post(&path, json!({}))));
    assert_eq!(accepted[0], 200);
    assert_eq!(accepted[1..], [409; CALLERS - 1]);
    let used = staff[0].post("/movements", movement("use", &there, "used", tent())).created();
    let reversed = all_at_once(|index| {
        let body = json!({
            "movement_id": MovementId::new(), "kind": "reverse", "reverses": used["movement_id"],
            "occurred_at": "2011-08-20T04:00:00Z",
        });
        staff[index].post("/movements", body)
    });
    let statuses = statuses(&reversed);
    assert_eq!(statuses[0], 201);
    assert_eq!(statuses[1..], [409; CALLERS - 1]);
}

#[test]
fn one_scan_is_sent_by_everybody() {
    let door = Door::at(5);
    let (_, pass) = door.guest(1);
    let scan = live(&pass, 5);
    let answers = all_at_once(|_| door.lin.post(&door.path(), scan.clone()));
    assert_eq!(count(&answers, |answer| answer.ok()["verdict"] == "admitted"), CALLERS);
    assert_eq!(count(&answers, |answer| answer.json()["replayed"] == false), 1);
    assert_eq!(door.inside(), 1);
}

#[test]
fn one_pass_at_many_gates() {
    let door = Door::at(5);
    let (_, pass) = door.guest(1);
    let scans: Vec<_> = (0..CALLERS).map(|_| live(&pass, 5)).collect();
    all_at_once(|index| door.lin.post(&door.path(), scans[index].clone())).iter().for_each(|a| {
        a.ok();
    });
    let admitted = door.lin.get(&(door.path() + "?standing=admitted")).ok();
    assert_eq!(admitted["items"].as_array().unwrap().len(), 1);
    // All were made at one moment: the lowest id holds the place, whoever came first.
    let lowest = scans.iter().map(|scan| scan["scan_id"].as_str().unwrap()).min().unwrap();
    assert_eq!(admitted["items"][0]["scan_id"], lowest);
    assert_eq!(door.inside(), 1);
    door.verified();
}

#[test]
fn a_scan_and_its_annulment_meet() {
    let door = Door::at(5);
    let (_, pass) = door.guest(1);
    let mut scan = live(&pass, 5);
    scan["event_id"] = json!(door.event);
    let annul = json!({ "annul": scan["scan_id"], "reason": "x", "at": scan["scanned_at"] });
    all_at_once(|index| {
        let item = if index % 2 == 0 { &scan } else { &annul };
        let batch = json!({
            "device_id": scan["device_id"], "device_seq_high": 1, "sent_at": scan["sent_at"],
            "items": [item],
        });
        door.lin.post("/check-ins/batch", batch)
    })
    .iter()
    .for_each(|answer| {
        answer.ok();
    });
    assert_eq!((door.standing(&scan).as_str(), door.inside()), ("annulled", 0));
    door.verified();
}
