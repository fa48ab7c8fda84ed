//! One's events in a calendar program, which cannot sign in.

use serde_json::json;

use crate::{
    events::Cast,
    support::{Actor, Answer, TestApp, world::SHANTOU},
};

fn subscribe(who: &Actor) -> String {
    let made = who.post("/me/calendar-token", json!({}));
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let made = made.created();
    let (token, link) = (made["token"].as_str().unwrap(), made["link"].as_str().unwrap());
    // 32 bytes.
    assert_eq!(token.len(), 43);
    assert_eq!(link, format!("/api/v1/calendar.ics?token={token}"));
    link.strip_prefix("/api/v1").unwrap().to_owned()
}

/// What a calendar program gets, which sends no Bearer header.
fn fetch(app: &TestApp, feed: &str) -> Answer {
    app.stranger().get(feed)
}

#[track_caller]
fn lines(app: &TestApp, feed: &str) -> Vec<String> {
    let answer = fetch(app, feed);
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
    assert!(answer.header("cache-control").unwrap().contains("no-store"));
    assert!(answer.text.ends_with("END:VCALENDAR\r\n"));
    assert!(answer.text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    answer.text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

fn titles(app: &TestApp, feed: &str) -> Vec<String> {
    let lines = lines(app, feed);
    lines.iter().filter_map(|line| line.strip_prefix("SUMMARY:")).map(str::to_owned).collect()
}

#[test]
fn it_tells_title_time_and_venue_and_no_more() {
    let cast = Cast::new();
    let feed = subscribe(&cast.lin);
    let mut event = cast.endorsed(json!({ "title": "讲座; 一, 二" }));
    assert_eq!(titles(&cast.app, &feed), [""; 0]);
    event.step(&cast.chen, "approve");
    let lines = lines(&cast.app, &feed);
    let own = [
        "SUMMARY:讲座\\; 一\\, 二".to_owned(),
        "LOCATION:梁銶琚堂\\, 中山大学".to_owned(),
        "DTSTART:20110903T020000Z".to_owned(),
        "DTEND:20110903T040000Z".to_owned(),
        "DTSTAMP:20110820T040000Z".to_owned(),
        format!("UID:{}@campus-ops", event.id),
        format!("SEQUENCE:{}", event.version),
    ];
    for line in &own {
        let same = |found: &&String| found.split(':').next() == line.split(':').next();
        let found = lines.iter().find(same).unwrap_or_else(|| panic!("no {line}: {lines:?}"));
        let stamp = line.starts_with("DTSTAMP");
        assert!(found == line || (stamp && found.starts_with("DTSTAMP:20110820T04")), "{found}");
    }
    let begin = lines.iter().position(|line| line == "BEGIN:VEVENT").unwrap();
    let end = lines.iter().position(|line| line == "END:VEVENT").unwrap();
    assert_eq!(end - begin - 1, own.len(), "{lines:?}");
    let text = lines.join("\n");
    for secret in ["两位创业者", &cast.lin.phone, "ambassador", "bbs"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }

    let changes = json!({ "ends_at": "2011-09-03T05:00:00.000Z" });
    let amend = json!({ "action": "amend", "comment": "加场", "changes": changes });
    event.step_with(&cast.chen, amend);
    let lines = self::lines(&cast.app, &feed);
    assert!(lines.contains(&format!("SEQUENCE:{}", event.version)), "{lines:?}");
    assert!(lines.contains(&"DTEND:20110903T050000Z".to_owned()), "{lines:?}");
    event.step_with(&cast.chen, json!({ "action": "cancel", "comment": "台风" }));
    assert_eq!(titles(&cast.app, &feed), [""; 0]);
}

#[test]
fn everybody_has_their_own_events() {
    let cast = Cast::new();
    let (app, world) = (&cast.app, &cast.app.world);
    let mei = app.ambassador(world.sysu);
    let colleague = app.ambassador(world.sysu);
    let people = [&cast.lin, &mei, &cast.wang, &cast.chen];
    let strangers =
        [&colleague, &app.liaison(world.jinan), &app.coordinator(SHANTOU), &app.province()];
    let feeds = people.map(subscribe);
    let others = strangers.map(subscribe);
    cast.approved(json!({ "title": "讲座", "team_ids": [mei.user] }));
    for feed in &feeds {
        assert_eq!(titles(app, feed), ["讲座"]);
    }
    for feed in &others {
        assert_eq!(titles(app, feed), [""; 0]);
    }
    // The season is over.
    app.at("2012-01-01T02:00:00.000Z");
    assert_eq!(titles(app, &feeds[0]), [""; 0]);
}

#[test]
fn a_token_works_until_it_is_replaced_or_revoked() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let gone = |feed: &str| drop(fetch(&app, feed).refused(404, "request.not_found"));
    let first = subscribe(&lin);
    lines(&app, &first);
    let second = subscribe(&lin);
    assert_ne!(first, second);
    gone(&first);
    lines(&app, &second);
    let revoke = || lin.call("DELETE", "/me/calendar-token").send(None).status;
    assert_eq!((revoke(), revoke()), (204, 204));
    gone(&second);
    gone("/calendar.ics?token=none");
    fetch(&app, "/calendar.ics").refused(400, "request.query");

    let third = subscribe(&lin);
    let manage = |verb: &str, version: i64| {
        let path = format!("/users/{}/{verb}", lin.user);
        app.province().call("POST", &path).if_match(version).send(Some(json!({}))).ok();
    };
    manage("reset-password", 1);
    gone(&third);
}

#[test]
fn a_deactivated_users_feed_stops() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let feed = subscribe(&lin);
    lines(&app, &feed);
    let path = format!("/users/{}/deactivate", lin.user);
    app.province().call("POST", &path).if_match(1).send(Some(json!({}))).ok();
    fetch(&app, &feed).refused(404, "request.not_found");
}

#[test]
fn the_token_is_in_no_answer_but_the_first() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let feed = subscribe(&lin);
    let token = feed.split('=').next_back().unwrap();
    for path in [&feed, &format!("{feed}&token=x"), &format!("{feed}x"), &format!("{feed}&y=1")] {
        let answer = fetch(&app, path);
        assert!(!answer.text.contains(token), "{}", answer.text);
    }
    let audit = app.province().get("/audit").ok().to_string();
    assert!(audit.contains("calendar.token") && !audit.contains(token));
}
