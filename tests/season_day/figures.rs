//! What the server makes of it all, beside our own count.

use std::collections::BTreeMap;

use campus_ops::platform::time::Instant;
use serde_json::{Value, json};

use crate::{
    people::{self, Guests},
    plan::{Event, steps_agree},
    stage::{GUANGZHOU, SEASON, Stage},
    tally::{Tally, count, door::Place},
};

pub type Sums = BTreeMap<String, i64>;

/// Counts things by what they are called.
fn sums<K: ToString>(keys: impl Iterator<Item = K>) -> Sums {
    let mut sums = Sums::new();
    for key in keys {
        *sums.entry(key.to_string()).or_default() += 1;
    }
    sums
}

/// A list of `{ key, count }` as the server has it.
fn told(list: &Value, key: &str, figure: &str) -> Sums {
    let line = |line: &Value| {
        let name = line[key].as_str().unwrap_or("gate").to_owned();
        (name, line[figure].as_i64().unwrap())
    };
    list.as_array().unwrap().iter().map(line).collect()
}

/// Different people in, by role.
pub fn by_role(tally: &Tally) -> Sums {
    sums(tally.door.inside().into_iter().map(people::role))
}

pub fn attendance(stage: &Stage, tally: &Tally, gala: &Event) {
    stage.at("2011-09-05 09:00");
    let found = stage.lin.actor.get(&gala.path("/attendance")).ok();
    let inside = tally.door.inside().len();
    let list = &tally.list;
    let own = (list.registered.len(), inside, inside.saturating_sub(list.capacity));
    let figure = |name: &str| usize::try_from(found[name].as_i64().unwrap()).unwrap();
    let server = (figure("expected"), figure("in"), figure("over_capacity"));
    stage.agree("expected, in, over capacity", server, own);
    stage.agree("in by role", told(&found["by_role"], "role", "people"), by_role(tally));
    let holders = tally.door.holders();
    let server = told(&found["by_booth"], "booth_id", "people").into_values().collect::<Vec<_>>();
    let at = |place| count(holders.keys().filter(|held| held.0 == place));
    let mut own = vec![at(Place::Gate), at(Place::Booth)];
    let mut server = server;
    own.sort_unstable();
    server.sort_unstable();
    stage.agree("at the gate and at the tent", server, own);
    let hour = |at: Instant| Instant(at.0 - at.0.rem_euclid(3_600_000));
    let own = sums(holders.values().map(|scan| hour(scan.at)));
    stage.agree("in by hour", told(&found["by_hour"], "from", "people"), own);
    let own = sums(tally.door.scans.iter().map(|scan| tally.door.standing(scan)));
    stage.agree("scans by standing", told(&found["by_standing"], "standing", "scans"), own.clone());
    let what = format!("reads the attendance: {inside} in, {own:?}");
    stage.tell(&stage.lin, &what, "agrees");
}

/// Every scan, and every conflict.
pub fn scans(stage: &Stage, tally: &Tally, gala: &Event, guests: &Guests) {
    let listed = stage.all(&stage.lin, &gala.path("/check-ins"));
    stage.agree("scans", listed.len(), tally.door.scans.len());
    let listed: BTreeMap<&str, &Value> =
        listed.iter().map(|scan| (scan["scan_id"].as_str().unwrap(), scan)).collect();
    for scan in &tally.door.scans {
        let there = listed[&*scan.id.to_string()];
        let server = (there["standing"].as_str(), there["late"].as_bool());
        let what = format!("scan of 学生{:03} at {}", scan.guest, scan.at);
        stage.agree(&what, server, (Some(tally.door.standing(scan)), Some(scan.late)));
        stage.agree(&what, guests.number(&there["participant_id"]), Some(scan.guest));
    }
    let late = count(tally.door.scans.iter().filter(|scan| scan.late));
    let what = format!("reads {} scans, {late} of them late", listed.len());
    stage.tell(&stage.lin, &what, "agrees");

    let listed = stage.all(&stage.chen, &gala.path("/conflicts"));
    let conflict = |line: &Value| {
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        (text("scan_id"), text("kind"), line["settled"].as_bool().unwrap())
    };
    let mut server: Vec<(String, String, bool)> = listed.iter().map(conflict).collect();
    server.sort();
    let own = tally.door.conflicts().into_iter();
    let own: Vec<_> = own.map(|own| (own.scan, own.kind.to_owned(), own.settled)).collect();
    let kinds = sums(own.iter().map(|own| &own.1));
    stage.agree("conflicts", server, own);
    stage.tell(&stage.chen, &format!("reads the conflicts: {kinds:?}"), "agrees");
}

/// Where the kits are, and how often they were moved.
pub fn goods(stage: &Stage, tally: &Tally) {
    let listed = stage.all(&stage.zhou, "/stock?sku=sim-kit");
    let server = told(&json!(listed), "place", "quantity");
    // The list shows what is in somebody's keeping.
    let gone = ["used", "lost", "damaged", "participant"];
    let kept = |place: &str| !gone.iter().any(|gone| place.starts_with(gone));
    let many = |place: &String| i64::try_from(tally.shelf.many(place)).unwrap();
    let places = tally.shelf.at.keys();
    let own: Sums = places.clone().map(|place| (place.clone(), many(place))).collect();
    assert_eq!(own.values().sum::<i64>(), 500, "the story loses kits");
    let own: Sums = own.into_iter().filter(|(place, kits)| kept(place) && *kits > 0).collect();
    stage.agree("stock", &server, &own);
    let listed = stage.all(&stage.zhou, "/movements?sku=sim-kit");
    let server = sums(listed.iter().map(|line| line["kind"].as_str().unwrap()));
    let own = tally.shelf.movements.iter().map(|(kind, many)| ((*kind).to_owned(), *many));
    stage.agree("movements", server, own.collect());
    let waiting = stage.all(&stage.zhou, "/movements?state=sent").len();
    stage.agree("movements on their way", waiting, 0);
    let what = format!("reads the stock: 500 kits in {} places", places.len());
    stage.tell(&stage.zhou, &what, "agrees");
}

pub fn histories(stage: &Stage, tally: &Tally, gala: &Event, wlan: &str) {
    let history = stage.all(&stage.lin, &gala.path("/history"));
    steps_agree(stage, tally, gala, &history);
    let figures = history.last().map(|entry| entry["data"]["figures"]["registrations"].as_u64());
    stage.agree("the end report keeps its figures", figures, Some(Some(280)));
    let entries = stage.all(&stage.lin, &format!("{wlan}/history"));
    let told: Vec<&str> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    stage.agree("history of the free WLAN", told, vec!["create", "submit", "approve"]);
    let promotion = stage.chen.actor.get(wlan).ok();
    stage.agree("free WLAN", promotion["state"].as_str(), Some("approved"));
    stage.tell(&stage.lin, "reads the histories", "agree");
}

/// The figures of the report (deck p.26), as we have counted them.
fn figures(tally: &Tally) -> Sums {
    let shelf = &tally.shelf;
    let approved = ["approved", "running", "closed"];
    let on_time =
        |event: &&crate::tally::Planned| approved.contains(&event.state) && !event.overridden;
    let people = count(tally.door.inside().into_iter());
    let own = [
        ("planned", count(tally.events.values())),
        ("approved", tally.events_in(&approved)),
        ("held", tally.events_in(&["running", "closed"])),
        ("cancelled", tally.events_in(&["cancelled"])),
        ("on_time", count(tally.events.values().filter(on_time))),
        ("people_in", people),
        ("registrations", count(tally.list.registered.iter())),
        ("no_shows", tally.no_shows()),
        ("booth_days", count(tally.booth.keys())),
        ("visitors", tally.counted(|day| day.visitors)),
        ("installs", tally.counted(|day| day.installs)),
        ("purchases", tally.counted(|day| day.purchases)),
        ("cards", tally.counted(|day| day.cards)),
        ("issued", shelf.pieces("issue")),
        ("used", shelf.pieces("use")),
        ("given", shelf.pieces("give")),
        ("returned", shelf.pieces("return")),
        ("lost", shelf.pieces("lose") - shelf.pieces("find")),
        ("damaged", shelf.pieces("damage")),
        ("people_distinct", people),
    ];
    own.map(|(name, figure)| (name.to_owned(), figure)).into()
}

/// The figures of a line that are ours too.
fn of(line: &Value, own: &Sums) -> Sums {
    let figure = |name: &String| (name.clone(), line[name].as_i64().unwrap_or(-1));
    own.keys().map(figure).collect()
}

fn line<'a>(summary: &'a Value, key: &str) -> &'a Value {
    let items = summary["items"].as_array().unwrap();
    items.iter().find(|item| item["key"] == key).unwrap_or_else(|| panic!("no line {key}"))
}

pub fn reports(stage: &Stage, tally: &Tally) {
    let own = figures(tally);
    let summary = |by: &str| {
        let path = format!("/reports/summary?season={SEASON}&by={by}");
        stage.chen.actor.get(&path).ok()
    };
    for who in [&stage.chen, &stage.zhou, &stage.lin] {
        let path = format!("/reports/summary?season={SEASON}&by=city");
        let found = who.actor.get(&path).ok();
        stage.agree(&format!("totals for {}", who.name), of(&found["totals"], &own), own.clone());
        stage.agree("the line of Guangzhou", of(line(&found, GUANGZHOU), &own), own.clone());
        let roles = serde_json::from_value::<Sums>(found["totals"]["people_in_by_role"].clone());
        stage.agree("people in by role", roles.unwrap(), by_role(tally));
    }
    stage.agree(
        "the line of the campus",
        of(line(&summary("campus"), &stage.sysu), &own),
        own.clone(),
    );
    let by_activity = summary("activity");
    let (show, startup) = (line(&by_activity, "culture-show"), line(&by_activity, "startup-elite"));
    for (name, figures) in [("people_in", own["people_in"]), ("no_shows", own["no_shows"])] {
        stage.agree(name, show[name].as_i64(), Some(figures));
    }
    let two = (startup["planned"].as_i64(), startup["cancelled"].as_i64());
    stage.agree("planned and cancelled for founders", two, (Some(2), Some(1)));
    by_day(stage, tally, &summary("day"));
    stage.tell(&stage.zhou, "reads the summary, by city, campus, activity and day", "agrees");

    for (figure, own) in own.iter().filter(|(figure, _)| *figure != "people_distinct") {
        let path = format!("/reports/facts?season={SEASON}&figure={figure}");
        let facts = stage.all(&stage.chen, &path);
        let sum: i64 = facts.iter().map(|fact| fact["amount"].as_i64().unwrap()).sum();
        stage.agree(&format!("facts of {figure}"), sum, *own);
    }
    table(stage, &own);
    let figures: Vec<String> = own.iter().map(|(name, value)| format!("{name} {value}")).collect();
    println!("\n  {}", figures.join(", "));
}

/// People on the day they first came.
fn by_day(stage: &Stage, tally: &Tally, summary: &Value) {
    let mut first: BTreeMap<usize, String> = BTreeMap::new();
    for scan in tally.door.holders().values() {
        let day = scan.at.day().to_string();
        let own = first.entry(scan.guest).or_insert_with(|| day.clone());
        *own = day.min(own.clone());
    }
    for (day, people) in sums(first.values()) {
        let server = line(summary, &day)["people_in"].as_i64();
        stage.agree(&format!("people in on {day}"), server, Some(people));
    }
    for (day, counted) in &tally.booth {
        let server = line(summary, day)["visitors"].as_i64();
        stage.agree(&format!("visitors on {day}"), server, Some(counted.visitors));
    }
}

/// The last line of the table is the total.
fn table(stage: &Stage, own: &Sums) {
    let path = format!("/reports/summary.csv?season={SEASON}&by=campus");
    let answer = stage.chen.actor.get(&path);
    let text = answer.text.strip_prefix('\u{feff}').expect("a byte-order mark");
    let lines: Vec<Vec<&str>> =
        text.split_terminator("\r\n").map(|line| line.split(',').collect()).collect();
    let total = lines.last().expect("a total");
    assert_eq!(total[0], "total");
    let cells: BTreeMap<&str, &str> = lines[0].iter().copied().zip(total.iter().copied()).collect();
    let server = own.keys().map(|name| (name.clone(), cells[&**name].parse().unwrap()));
    stage.agree("the total of the table", server.collect(), own.clone());
    stage.tell(&stage.chen, "downloads the table", "agrees");
}
