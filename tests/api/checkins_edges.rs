//! What goes wrong at the door, and what must not come of it.

use std::collections::BTreeMap;

use campus_ops::{
    catalogue::attendance::{Admits, AdmitsCampuses},
    platform::ids::{DeviceId, EventId, ScanId},
    schema::{device_queues, scans},
};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::{
    checkins::{Door, denied, live, minute, offline, with},
    participants::on_record,
    support::{Actor, NOON, actor::PASSWORD, planned},
};

#[test]
fn a_bad_item_stops_no_other() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let annul = |reason: &str, seq: i64| json!({ "annul": ScanId::new(), "reason": reason, "device_seq": seq });
    let unconfirmed = offline(door.event, &pass, 11, 5);
    let items = [
        annul("a\0b", 1),
        annul(&"x".repeat(501), 2),
        offline(door.event, &pass, 10, 3),
        annul(&"王".repeat(500), 4),
        with(unconfirmed, "walk_in_confirmed", Value::Null),
    ];
    let answer = door.batch(30, 5, &items);
    let results = answer["results"].as_array().unwrap();
    denied(&results[0], "malformed");
    denied(&results[1], "malformed");
    assert_eq!(
        (&results[0]["terminal"], &results[0]["scan_id"]),
        (&json!(true), &items[0]["annul"])
    );
    assert_eq!(results[2]["verdict"], "admitted");
    assert_eq!(results[3]["annulment"], "waiting");
    assert_eq!(results[4]["verdict"], "duplicate");
    assert_eq!(answer["missing_seq"], json!([]));
    door.verified();
}

#[test]
fn a_time_no_calendar_has_is_not_believed() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let lost = with(live(&pass, 30), "scanned_at", "0001-06-01T00:00:00.000Z");
    let lost = with(lost, "sent_at", "9998-01-01T00:00:00.000Z");
    let told = door.post(&lost);
    denied(&told, "time_suspect");
    assert_eq!(told["effective_at"], Value::Null);
    assert_eq!(door.post(&lost)["replayed"], true);
    let path = format!("/check-ins/{}/resolve", lost["scan_id"].as_str().unwrap());
    let accept = json!({ "decision": "accept", "reason": "seen by the team" });
    assert_eq!(door.chen.post(&path, accept).ok()["standing"], "admitted");
    assert_eq!(door.inside(), 1);
    door.verified();
}

#[test]
fn an_id_alone_makes_no_name_known() {
    let door = Door::at(5);
    let admits = Admits { campuses: AdmitsCampuses::All, ..planned::own_university() };
    let lead = door.app.ambassador(door.app.world.sysu);
    door.app.at(NOON);
    let open = planned::approved(&door.app, &lead, door.app.world.sysu, None, &admits);
    door.app.at(&minute(5));
    let chen = door.app.ambassador(door.app.world.shantou);
    let stranger = on_record(&chen, door.app.world.shantou, 1);
    let pass = chen.get(&format!("/participants/{stranger}/pass")).ok();
    let pass = pass["pass"].as_str().unwrap();
    door.lin.get(&format!("/participants/{stranger}")).refused(404, "request.not_found");
    let named = |event: EventId, what: Value, query: &str| {
        let mut body = with(live("", 5), "walk_in_confirmed", true);
        body.as_object_mut().unwrap().remove("pass");
        let (member, value) = what.as_object().unwrap().iter().next().unwrap();
        let body = with(body, member, value.clone());
        let who = if event == open { &lead } else { &door.lin };
        let told = who.post(&format!("/events/{event}/check-ins{query}"), body).ok();
        (told["reason"].clone(), told["participant"]["display_name"].clone())
    };
    let by_id = || json!({ "participant_id": stranger });
    let by_pass = || json!({ "pass": pass });
    let (masked, whole) = (json!("学**"), json!("学生1"));
    let masked_as = named(door.event, by_id(), "?simulate=true");
    assert_eq!(masked_as, (json!("wrong_campus"), masked.clone()));
    let masked_as = named(door.event, by_pass(), "");
    assert_eq!(masked_as, (json!("wrong_campus"), masked.clone()));
    assert_eq!(named(open, by_id(), "?simulate=true"), (Value::Null, masked.clone()));
    assert_eq!(named(open, by_pass(), "?simulate=true"), (Value::Null, whole.clone()));
    assert_eq!(named(open, by_id(), "").1, masked);
    assert_eq!(named(open, by_pass(), ""), (json!("already_checked_in"), whole.clone()));
    let list = format!("/events/{open}/registrations");
    lead.post(&list, json!({ "participant_id": stranger })).created();
    assert_eq!(named(open, by_id(), "").1, whole, "who is on the list is known to the team");
    let event = lead.get(&format!("/events/{open}"));
    let close = json!({ "action": "close", "report": { "summary": "a full hall" } });
    let path = format!("/events/{open}/transitions");
    lead.call("POST", &path).if_match(event.version()).send(Some(close)).ok();
    assert_eq!(named(open, by_pass(), "?simulate=true").1, masked);
}

#[test]
fn a_scan_elsewhere_is_nobodys_business() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let scan = offline(door.event, &pass, 10, 1);
    let device = DeviceId::new();
    let upload = |who: &Actor, items: &[Value]| {
        let body = json!({
            "device_id": device, "device_seq_high": 1, "sent_at": minute(30), "items": items,
        });
        who.post("/check-ins/batch", body).ok()["results"].clone()
    };
    assert_eq!(upload(&door.lin, std::slice::from_ref(&scan))[0]["verdict"], "admitted");
    let chen = door.app.ambassador(door.app.world.shantou);
    let annul = json!({ "annul": scan["scan_id"], "reason": "x", "at": minute(11) });
    let unknown = with(annul.clone(), "annul", json!(ScanId::new()));
    let told = upload(&chen, &[annul.clone(), scan.clone(), unknown]);
    let bare = |of: &Value| {
        let mut of = of.clone();
        (of["scan_id"], of["server_time"]) = (Value::Null, Value::Null);
        of
    };
    assert_eq!(bare(&told[0]), bare(&told[2]), "as if it had not come");
    assert_eq!(told[0]["annulment"], "waiting");
    denied(&told[1], "unknown_event");
    for silent in ["participant", "first_check_in", "effective_at", "counters"] {
        assert_eq!((&told[0][silent], &told[1][silent]), (&Value::Null, &Value::Null), "{silent}");
    }
    // A colleague of the campus may not take it out, but sees what it is.
    let colleague = door.app.ambassador(door.app.world.sysu);
    let told = upload(&colleague, &[annul, scan.clone()]);
    assert_eq!(
        (&told[0]["annulment"], &told[0]["verdict"]),
        (&json!("refused"), &json!("admitted"))
    );
    assert_eq!(told[1]["replayed"], true);
    assert_eq!((door.standing(&scan).as_str(), door.inside()), ("admitted", 1));
    door.verified();
}

#[test]
fn a_borrowed_device_id_gives_no_right() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let device = DeviceId::new();
    let on_that_phone = || {
        let mut who = door.app.ambassador(door.app.world.sysu);
        let device = json!({ "id": device, "name": "door" });
        let body = json!({ "phone": who.phone, "password": PASSWORD, "device": device });
        let tokens = who.post("/auth/login", body).ok();
        who.token = tokens["access_token"].as_str().map(str::to_owned);
        who
    };
    let (maker, thief) = (on_that_phone(), on_that_phone());
    let scan = live(&pass, 30);
    maker.post(&door.path(), scan.clone()).ok();
    let path = format!("/check-ins/{}/annul", scan["scan_id"].as_str().unwrap());
    let reason = json!({ "reason": "x" });
    thief.post(&path, reason.clone()).refused(403, "check_in.not_yours");
    assert_eq!(maker.post(&path, reason).ok()["standing"], "annulled");
    door.verified();
}

#[test]
fn an_accepted_scan_starts_the_event() {
    let door = Door::at(5);
    let state = || door.lin.get(&format!("/events/{}", door.event)).ok()["state"].clone();
    let pass = door.pass(&on_record(&door.lin, door.app.world.sysu, 1));
    let asked = live(&pass, 5);
    denied(&door.post(&asked), "walk_in_needs_confirmation");
    assert_eq!(state(), "approved");
    let path = format!("/check-ins/{}/resolve", asked["scan_id"].as_str().unwrap());
    door.chen.post(&path, json!({ "decision": "accept", "reason": "known to the team" })).ok();
    assert_eq!((state(), door.inside()), (json!("running"), 1));
    let history = door.lin.get(&format!("/events/{}/history", door.event)).ok();
    let start = history["items"].as_array().unwrap().iter().find(|step| step["action"] == "start");
    assert_eq!(start.expect("it is told")["user_id"], json!(door.chen.user));
    door.verified();
}

#[test]
fn a_scan_does_not_start_what_was_put_off() {
    let door = Door::at(5);
    let (_, pass) = door.guest(1);
    let event = door.lin.get(&format!("/events/{}", door.event));
    let body = json!({
        "action": "amend", "comment": "the hall is flooded",
        "changes": { "starts_at": "2011-09-17T06:00:00.000Z", "ends_at": "2011-09-17T08:00:00.000Z" },
    });
    let path = format!("/events/{}/transitions", door.event);
    door.chen.call("POST", &path).if_match(event.version()).send(Some(body)).ok();
    let made_before = offline(door.event, &pass, 1, 1);
    assert_eq!(door.batch(5, 1, &[made_before])["results"][0]["verdict"], "admitted");
    let event = door.lin.get(&format!("/events/{}", door.event)).ok();
    assert_eq!((&event["state"], door.inside()), (&json!("approved"), 1));
    door.verified();
}

#[test]
fn whoever_takes_a_scan_out_is_on_record() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let (_, other) = door.guest(2);
    let (waited, together) =
        (offline(door.event, &pass, 10, 1), offline(door.event, &other, 10, 2));
    let annul = |scan: &Value| json!({ "annul": scan["scan_id"], "reason": "x", "at": minute(11) });
    door.batch(30, 0, &[annul(&waited)]);
    let audit = || {
        let page = door.chen.get("/audit?kind=check_in").ok();
        let entries = page["items"].as_array().unwrap().iter();
        let entries = entries.filter(|entry| entry["action"] == "check_in.annul");
        entries.map(|of| (of["id"].clone(), of["user_id"].clone(), of["detail"].clone())).collect()
    };
    let entries: Vec<(Value, Value, Value)> = audit();
    assert!(entries.is_empty(), "nothing was taken out yet: {entries:?}");
    // A colleague's phone brings the scan that lin, the lead, had taken out.
    let colleague = door.app.ambassador(door.app.world.sysu);
    let live = with(waited.clone(), "sent_at", minute(30));
    colleague.post(&door.path(), with(live, "device_id", json!(DeviceId::new()))).ok();
    door.batch(30, 2, &[together.clone(), annul(&together)]);
    let found: BTreeMap<String, (Value, Value)> = audit()
        .into_iter()
        .map(|(id, user, detail)| (id.as_str().unwrap().to_owned(), (user, detail)))
        .collect();
    let lin = json!(door.lin.user);
    let entry = |scan: &Value| found[scan["scan_id"].as_str().unwrap()].clone();
    assert_eq!(entry(&waited), (lin.clone(), json!({ "waited": true })));
    assert_eq!(entry(&together), (lin, json!({ "waited": false })));
    assert_eq!((found.len(), door.inside()), (2, 0));
    door.verified();
}

#[test]
fn a_booth_is_judged_by_what_it_was() {
    let door = Door::at(-180);
    let booth = json!({
        "season": "2011-autumn", "campus_id": door.app.world.sysu, "kind": "tent", "spot": "B2",
        "opens_on": "2011-09-10", "closes_on": "2011-09-11", "opens_at": "09:00",
        "closes_at": "17:00", "event_id": door.event,
    });
    let made = door.lin.post("/booths", booth).created();
    let id = made["id"].as_str().unwrap();
    let (_, pass) = door.guest(1);
    let (_, other) = door.guest(2);
    let at_booth = |pass: &str, at: i64| {
        let mut scan = with(offline(door.event, pass, at, 1), "booth_id", id);
        scan.as_object_mut().unwrap().remove("event_id");
        scan
    };
    door.app.at(&minute(10));
    door.lin.patch(&format!("/booths/{id}"), 1, json!({ "event_id": null })).ok();
    door.app.at(&minute(20));
    let tomorrow = json!({ "opens_on": "2011-09-11" });
    door.lin.patch(&format!("/booths/{id}"), 2, tomorrow).ok();
    door.lin.delete(&format!("/booths/{id}"), 3).refused(409, "booth.in_use");
    door.app.at(&minute(30));
    let (for_event, alone) = (at_booth(&pass, 9), at_booth(&other, 15));
    let results = door.batch(30, 0, &[for_event, alone, at_booth(&pass, 25)])["results"].clone();
    assert_eq!(
        (&results[0]["verdict"], &results[1]["verdict"]),
        (&json!("admitted"), &json!("admitted"))
    );
    denied(&results[2], "event_not_open");
    assert_eq!(door.inside(), 1, "one of them while it was the event's booth");
    door.verified();
}

#[test]
fn the_queues_of_a_phone_have_an_end() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let items: Vec<Value> = (0..60)
        .map(|n| {
            let scan = offline(door.event, &pass, n % 30, 1);
            with(scan, "device_id", json!(DeviceId::new()))
        })
        .collect();
    door.batch(30, 0, &items);
    assert_eq!(door.batch(30, 3, &[])["missing_seq"], json!([[1, 3]]));
    let kept = door.app.shared.db.read(|conn| Ok(device_queues::table.count().first(conn)?));
    let kept: i64 = actix_web::rt::System::new().block_on(kept).unwrap();
    assert_eq!(kept, 50);
}

#[test]
fn a_record_that_broke_stops_no_other() {
    let door = Door::at(30);
    let (_, pass) = door.guest(1);
    let (_, other) = door.guest(2);
    let broken = offline(door.event, &pass, 10, 1);
    door.batch(30, 1, std::slice::from_ref(&broken));
    planned::write(&door.app, |tx| {
        diesel::update(scans::table).set(scans::day.eq("no day")).execute(&mut **tx).map(drop)
    });
    let answer = door.batch(30, 2, &[broken, offline(door.event, &other, 10, 2)]);
    let results = &answer["results"];
    denied(&results[0], "retry");
    assert_eq!(
        (&results[0]["terminal"], &results[1]["verdict"]),
        (&json!(false), &json!("admitted"))
    );
    assert_eq!(answer["missing_seq"], json!([[1, 1]]), "of what was not stored it is asked again");
    assert_eq!(answer["results"][1]["effective_at"], minute(10));
}
