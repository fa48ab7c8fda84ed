//! Figures, what they are made of, and that nobody sees another city's.

use serde_json::{Value, json};

use crate::{
    events::Cast,
    support::{Actor, world::SHANTOU},
};

/// The sum over the drill-down of a figure.
fn drilled(actor: &Actor, figure: &str, filters: &str) -> i64 {
    let facts = actor.get(&format!("/reports/facts?figure={figure}{filters}")).ok();
    assert!(facts["next_cursor"].is_null());
    facts["items"].as_array().unwrap().iter().map(|fact| fact["amount"].as_i64().unwrap()).sum()
}

fn line<'a>(summary: &'a Value, key: &str) -> &'a Value {
    let items = summary["items"].as_array().unwrap();
    items.iter().find(|item| item["key"] == key).unwrap_or_else(|| panic!("no line {key}"))
}

#[test]
fn figures_follow_an_event_from_plan_to_hall() {
    let cast = Cast::new();
    cast.draft(json!({ "venue_id": null }));
    cast.submitted(
        json!({ "starts_at": "2011-09-10T02:00:00.000Z", "ends_at": "2011-09-10T04:00:00.000Z" }),
    );
    cast.approved(json!({}));
    let summary = cast.chen.get("/reports/summary?season=2011-autumn&by=theme").ok();
    let startup = line(&summary, "startup");
    assert_eq!(startup["name_zh"], "创业校园");
    assert_eq!((&startup["planned"], &startup["approved"]), (&json!(2), &json!(1)));
    assert_eq!((&startup["on_time"], &startup["held"]), (&json!(1), &json!(0)));
    assert_eq!(summary["totals"]["planned"], 2);
    let by_day = cast.chen.get("/reports/summary?by=day&from=2011-09-03&to=2011-09-03").ok();
    assert_eq!(line(&by_day, "2011-09-03")["approved"], 1);
    assert_eq!(by_day["totals"]["planned"], 1);
}

#[test]
fn a_figure_is_the_sum_of_what_it_is_made_of() {
    let cast = Cast::new();
    cast.approved(json!({}));
    let booth = json!({
        "season": "2011-autumn", "campus_id": cast.app.world.sysu, "kind": "tent", "spot": "A3",
        "opens_on": "2011-09-01", "closes_on": "2011-09-03", "opens_at": "09:00", "closes_at": "17:00",
    });
    let booth = cast.lin.post("/booths", booth).created();
    let tally = format!("/booths/{}/tallies/2011-09-01", booth["id"].as_str().unwrap());
    let counted = json!({ "visitors": 120, "installs": 30, "purchases": 5, "cards": 11 });
    cast.lin.put(&tally, counted).ok();
    let summary = cast.chen.get("/reports/summary?by=campus").ok();
    let own = line(&summary, &cast.app.world.sysu.to_string());
    for (figure, value) in [("planned", 1), ("booth_days", 1), ("visitors", 120), ("cards", 11)] {
        assert_eq!(own[figure], value, "{figure}");
        assert_eq!(drilled(&cast.chen, figure, "&by=campus"), value, "{figure}");
        let key = format!("&by=campus&key={}", cast.app.world.sysu);
        assert_eq!(drilled(&cast.chen, figure, &key), value, "{figure}");
        assert_eq!(drilled(&cast.chen, figure, "&by=campus&key=none"), 0, "{figure}");
    }
}

#[test]
fn another_city_sees_none_of_it_and_the_province_all() {
    let cast = Cast::new();
    cast.approved(json!({}));
    let elsewhere = cast.app.coordinator(SHANTOU);
    assert_eq!(elsewhere.get("/reports/summary").ok()["totals"]["planned"], 0);
    assert_eq!(elsewhere.get("/reports/summary?city=440100").ok()["totals"]["planned"], 0);
    assert_eq!(cast.app.province().get("/reports/summary").ok()["totals"]["planned"], 1);
}

#[test]
fn the_table_opens_in_a_spreadsheet() {
    let cast = Cast::new();
    cast.approved(json!({}));
    let table = cast.chen.get("/reports/summary.csv?by=city");
    assert_eq!(table.status, 200);
    assert!(table.header("content-type").unwrap().starts_with("text/csv"));
    let text = table.text.strip_prefix('\u{feff}').expect("a byte-order mark");
    let lines: Vec<Vec<&str>> =
        text.split_terminator("\r\n").map(|l| l.split(',').collect()).collect();
    assert_eq!(&lines[0][..4], ["key", "name_zh", "name_en", "planned"]);
    assert_eq!(&lines[1][..4], ["440100", "广州市", "Guangzhou", "1"]);
    assert_eq!(&lines[2][..4], ["total", "合计", "Total", "1"]);
    assert!(lines.iter().all(|line| line.len() == lines[0].len()));
}
