//! `campus-ops verify`: whatever is kept twice and does not agree is named, and the program
//! says so by its exit.

use std::process::Command;

use campus_ops::platform::{db::Meta, ids::MovementId, time::Instant};
use diesel::{RunQueryDsl, sql_query};
use serde_json::{Value, json};

use crate::{
    checkins::live_at,
    events::{Cast, Event},
    participants::on_record,
    support::TestApp,
};

/// What the program prints about the test's database, and whether it is content.
fn verify(app: &TestApp) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_campus-ops"))
        .args(["verify", "--data-dir"])
        .arg(app.database.folder())
        .env("DATABASE_URL", app.database.url())
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

fn run(app: &TestApp, sql: &str) {
    let meta = Meta { now: Instant(0), real_now: Instant(0), user: None, request: None };
    let text = sql.to_owned();
    let work = app.shared.db.write(meta, move |tx| {
        Ok(campus_ops::each!(&mut **tx, c => sql_query(text.clone()).execute(c))?)
    });
    let rows = actix_web::rt::System::new().block_on(work).unwrap();
    assert!(rows > 0, "nothing to spoil: {sql}");
}

fn move_goods(cast: &Cast, kind: &str, from: &str, to: &str, what: Value) {
    let mut body = json!({
        "movement_id": MovementId::new(), "kind": kind, "from": from, "to": to,
        "occurred_at": "2011-08-20T04:00:00Z",
    });
    body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    cast.chen.post("/movements", body).created();
}

/// A running lecture with a list, a waitlist, somebody in, a booth, a tally and goods.
fn busy(cast: &Cast) -> Event {
    let sysu = cast.app.world.sysu;
    let mut event = cast.approved(json!({ "capacity": 2 }));
    let list = event.path() + "/registrations";
    let people: Vec<String> = (1..=3).map(|number| on_record(&cast.lin, sysu, number)).collect();
    for person in &people {
        cast.lin.post(&list, json!({ "participant_id": person })).created();
    }
    let campus = format!("campus:{sysu}");
    move_goods(cast, "count", "adjustment", &campus, json!({ "sku": "poster", "quantity": 5 }));
    move_goods(cast, "count", "adjustment", &campus, json!({ "sku": "banner", "quantity": 2 }));
    move_goods(cast, "lose", &campus, "lost", json!({ "sku": "banner", "quantity": 1 }));
    let set = json!({ "sku": "handset", "serials": ["G3-1"] });
    move_goods(cast, "count", "adjustment", &campus, set);
    let booth = json!({
        "season": "2011-autumn", "campus_id": sysu, "kind": "tent", "spot": "A3",
        "opens_on": "2011-09-01", "closes_on": "2011-09-07", "opens_at": "09:00", "closes_at": "17:30",
        "event_id": event.id,
    });
    let booth = cast.lin.post("/booths", booth).created();
    let booth = format!("/booths/{}", booth["id"].as_str().unwrap());
    let tally = json!({ "visitors": 1, "installs": 0, "purchases": 0, "cards": 0 });
    cast.lin.put(&format!("{booth}/tallies/2011-09-03"), tally).ok();
    let now = "2011-09-03T01:30:00.000Z";
    cast.app.at(now);
    event.step(&cast.lin, "start");
    let gate = cast.lin.post(&(event.path() + "/check-ins"), live_at(&people[0], now)).ok();
    assert_eq!(gate["verdict"], "admitted");
    let visit = cast.lin.post(&(booth + "/check-ins"), live_at(&people[1], now)).ok();
    assert_eq!(visit["verdict"], "admitted");
    event
}

#[test]
fn what_does_not_agree_is_named() {
    let cast = Cast::new();
    let event = busy(&cast);
    assert_eq!(
        verify(&cast.app),
        (true, "all counts and balances agree with their sources\n".into())
    );
    let named = |what: &str| format!("event {}: {what}", event.id);
    let slots = named("the slots it keeps");
    let terms = named("the terms it is found by");
    let once = named("hash, day or place in lists");
    let campus = format!("campus:{}", cast.app.world.sysu);
    let poster = format!("balance of poster at {campus}: 6, by the ledger 5");
    let spoilt = [
        ("event_slots SET hold = 'soft'", "event_slots SET hold = 'hard'", &*slots),
        ("event_slots SET ends_at = ends_at + 1", "event_slots SET ends_at = ends_at - 1", &slots),
        (
            "event_terms SET term = term || 'x'",
            "event_terms SET term = substr(term, 1, length(term) - 1)",
            &terms,
        ),
        ("event_terms SET sort_at = sort_at + 1", "event_terms SET sort_at = sort_at - 1", &terms),
        (
            "event_team SET sort_at = sort_at + 1",
            "event_team SET sort_at = sort_at - 1",
            &named("it is not in the lists of its lead"),
        ),
        (
            "events SET content_hash = content_hash || 'x'",
            "events SET content_hash = substr(content_hash, 1, length(content_hash) - 1)",
            &once,
        ),
        (
            "event_counters SET registered = registered + 1",
            "event_counters SET registered = registered - 1",
            &named("counts say 3 registered and 1 waiting, rows 2 and 1"),
        ),
        (
            "event_counters SET waitlisted = waitlisted + 1",
            "event_counters SET waitlisted = waitlisted - 1",
            &named("counts say 2 registered and 2 waiting"),
        ),
        (
            "registrations SET state = 'cancelled', cancelled_at = 1 WHERE state = 'waitlisted'",
            "registrations SET state = 'waitlisted', cancelled_at = NULL WHERE state = 'cancelled'",
            "its state is not its newest fact",
        ),
        (
            "events SET capacity = 3",
            "events SET capacity = 2",
            &named("1 wait although places are free"),
        ),
        (
            "events SET capacity = 1",
            "events SET capacity = 2",
            &named("more are registered than its capacity"),
        ),
        (
            "event_attendance SET people = people + 1",
            "event_attendance SET people = people - 1",
            &named("its count by role is not"),
        ),
        (
            "check_in_presence SET scans = scans + 1",
            "check_in_presence SET scans = scans - 1",
            &named("who is in is not what its scans say"),
        ),
        (
            "booth_attendance SET people = people + 1",
            "booth_attendance SET people = people - 1",
            "its count by day is not the number of its visitors",
        ),
        (
            "scans SET standing = 'duplicate' WHERE standing = 'admitted'",
            "scans SET standing = 'admitted' WHERE standing = 'duplicate'",
            "is duplicate and should not be",
        ),
        (
            "losses SET quantity = quantity + 1",
            "losses SET quantity = quantity - 1",
            &format!("lost banner of {campus}: 2, by the ledger 1"),
        ),
        (
            "balances SET quantity = quantity + 1 WHERE sku = 'poster'",
            "balances SET quantity = quantity - 1 WHERE sku = 'poster'",
            &poster,
        ),
        (
            "serials SET place = 'lost'",
            &format!("serials SET place = '{campus}'"),
            "piece G3-1 of handset",
        ),
        (
            "booth_tallies SET day = '2011-10-01'",
            "booth_tallies SET day = '2011-09-03'",
            "its tally of 2011-10-01 lies outside",
        ),
        (
            "change_seq SET seq = seq - 1",
            "change_seq SET seq = seq + 1",
            "change log: its counter is at",
        ),
    ];
    for (spoil, mend, sentence) in spoilt {
        run(&cast.app, &format!("UPDATE {spoil}"));
        let (content, said) = verify(&cast.app);
        assert!(!content && said.contains(sentence), "{spoil}: {said}");
        run(&cast.app, &format!("UPDATE {mend}"));
        assert!(verify(&cast.app).0, "{mend}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let cast = Cast::new();
    let event = busy(&cast);
    for (spoil, sentence) in [
        ("event_slots", "the slots it keeps"),
        ("event_terms", "the terms it is found by"),
        ("event_attendance", "its count by role is not"),
        ("booth_attendance", "its count by day is not"),
        ("check_in_presence", "who is in is not what its scans say"),
        ("check_in_places", "the holders of its places are not"),
        ("balances WHERE sku = 'poster'", "balance of poster at campus"),
        ("losses", "lost banner of campus"),
        ("serials", "piece G3-1 of handset"),
        ("event_counters", "no row stands for its people"),
    ] {
        run(&cast.app, &format!("DELETE FROM {spoil}"));
        let (content, said) = verify(&cast.app);
        assert!(!content && said.contains(sentence), "{spoil}: {said}");
    }
    assert!(verify(&cast.app).1.contains(&event.id));
}

#[test]
fn counts_of_nobody_are_named() {
    let cast = Cast::new();
    cast.approved(json!({}));
    run(
        &cast.app,
        "INSERT INTO event_attendance (event_id, role, people) SELECT id, 'attendee', 1 FROM events",
    );
    let (content, said) = verify(&cast.app);
    assert!(!content && said.contains("its count by role is not the number of those in"), "{said}");
}
