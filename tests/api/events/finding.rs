//! Finding events: filters, search, pages, and who sees what.

use serde_json::{Value, json};

use super::Cast;
use crate::support::Actor;

fn titles(who: &Actor, query: &str) -> Vec<String> {
    let list = who.get(&format!("/events?{query}")).ok();
    let items = list["items"].as_array().unwrap();
    items.iter().map(|event| event["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn lists_are_narrowed_and_in_the_order_of_time() {
    let cast = Cast::new();
    let sim = json!({
        "activity": "sim-mail", "format": "mailing", "title": "套卡", "venue_id": null,
        "starts_at": "2011-08-31T16:00:00Z", "ends_at": "2011-09-10T16:00:00Z",
    });
    cast.draft(json!({ "title": "讲座" }));
    cast.draft(sim);
    cast.draft(json!({ "title": "未定", "starts_at": null, "ends_at": null }));
    cast.submitted(
        json!({ "title": "沙龙", "format": "salon", "starts_at": "2011-09-02T02:00:00Z" }),
    );
    assert_eq!(titles(&cast.lin, ""), ["套卡", "沙龙", "讲座", "未定"]);
    assert_eq!(titles(&cast.lin, "activity=sim-mail&season=2011-autumn"), ["套卡"]);
    assert_eq!(titles(&cast.lin, "theme=startup&state=draft"), ["讲座", "未定"]);
    assert_eq!(titles(&cast.lin, "state=submitted"), ["沙龙"]);
    assert_eq!(titles(&cast.lin, "from=2011-09-01&to=2011-09-02"), ["套卡", "沙龙"]);
    assert_eq!(titles(&cast.lin, "from=2011-09-03"), ["讲座"]);
    assert_eq!(titles(&cast.chen, "city=440100").len(), 4);
    assert_eq!(titles(&cast.chen, "mine=true"), [""; 0]);
    assert_eq!(titles(&cast.lin, "mine=true").len(), 4);
    cast.lin.get("/events?state=lost").refused(400, "request.query");
    cast.lin.get("/events?limit=0").refused(400, "request.query");
}

#[test]
fn titles_are_searched_in_both_languages() {
    let cast = Cast::new();
    cast.draft(json!({ "title": "MM创业铸精英 Startup night" }));
    cast.draft(json!({ "title": "校园文化秀精彩 Culture show" }));
    let found = |q: &str| titles(&cast.lin, &format!("q={q}")).len();
    assert_eq!(found("创业"), 1);
    assert_eq!(found("精"), 2);
    assert_eq!(found("START"), 1);
    assert_eq!(found("cult%20文化秀"), 1);
    assert_eq!(found("创业%20culture"), 0);
    assert_eq!(found("%E3%80%82"), 0, "nothing to search for");
}

#[test]
fn pages_stay_whole_while_others_write() {
    let cast = Cast::new();
    for _ in 0..7 {
        cast.draft(json!({}));
    }
    let mut seen: Vec<Value> = Vec::new();
    let mut path = "/events?limit=3&season=2011-autumn".to_owned();
    loop {
        let page = cast.lin.get(&path).ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|event| event["id"].clone()));
        cast.draft(json!({ "starts_at": "2011-09-01T02:00:00Z" }));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/events?limit=3&cursor={cursor}");
    }
    assert_eq!(seen.len(), 7, "what came earlier in the order is not on later pages");
    let mut once = seen.clone();
    once.sort_by_key(Value::to_string);
    once.dedup();
    assert_eq!(once.len(), 7);
}

#[test]
fn the_team_sees_its_event_from_anywhere_until_it_closes() {
    let cast = Cast::new();
    let su = cast.app.ambassador(cast.app.world.shantou);
    let event = cast.draft(json!({}));
    su.get(&event.path()).refused(404, "request.not_found");
    let province = cast.app.province();
    province.patch(&event.path(), 1, json!({ "team_ids": [su.user] })).ok();
    assert_eq!(su.get(&event.path()).ok()["id"], event.id);
    assert_eq!(titles(&su, "mine=true").len(), 1);
    assert_eq!(titles(&su, "").len(), 0);
    let other = cast.app.ambassador(cast.app.world.shantou);
    assert_eq!(titles(&other, "mine=true").len(), 0);
}

#[test]
fn a_venue_shows_its_day() {
    let cast = Cast::new();
    cast.submitted(json!({}));
    let path = format!("/venues/{}/slots?date=2011-09-03", cast.hall);
    let day = cast.lin.get(&path).ok();
    assert_eq!(day["busy"].as_array().unwrap().len(), 1);
    assert_eq!((&day["busy"][0]["hold"]), (&json!("soft")));
    assert_eq!(day["free"][0]["starts_at"], "2011-09-02T16:00:00.000Z");
    assert_eq!(day["free"][0]["ends_at"], "2011-09-03T02:00:00.000Z");
    assert_eq!(day["free"][1]["starts_at"], "2011-09-03T04:00:00.000Z");
    let far = cast.app.ambassador(cast.app.world.shantou);
    far.get(&path).refused(404, "request.not_found");
}
