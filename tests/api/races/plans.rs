//! Halls, people's time, spots, networks, handset models: what one has, no other gets.

use serde_json::json;

use super::{CALLERS, all_at_once, count, one_wins, statuses};
use crate::{
    events::{Cast, Event, hall},
    support::{TestApp, world::GUANGZHOU},
};

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

#[test]
fn five_handset_models_of_sixteen() {
    let app = TestApp::start();
    let province = app.province();
    let models = |active: bool| {
        move |index: usize| {
            let name = format!("A{index} {active}");
            json!({ "season": "2011-autumn", "brand": "Lenovo", "model": name, "active": active })
        }
    };
    let active = || {
        let page = province.get("/handset-models?season=2011-autumn&limit=200").ok();
        let items = page["items"].as_array().unwrap().clone();
        items.iter().filter(|item| item["active"] == true).count()
    };
    let offered = models(true);
    let answers = all_at_once(|index| province.post("/handset-models", offered(index)));
    assert_eq!(statuses(&answers), [[201; 5].as_slice(), &[409; CALLERS - 5]].concat());
    assert_eq!(active(), 5);
    // One makes room for one of those that were added without being offered.
    let first = answers.iter().find(|answer| answer.status == 201).unwrap().json();
    let shelved = models(false);
    let waiting: Vec<String> = (0..CALLERS)
        .map(|index| province.post("/handset-models", shelved(index)).created())
        .map(|made| format!("/handset-models/{}", made["id"].as_str().unwrap()))
        .collect();
    let path = format!("/handset-models/{}", first["id"].as_str().unwrap());
    province.patch(&path, 1, json!({ "active": false })).ok();
    let answers =
        all_at_once(|index| province.patch(&waiting[index], 1, json!({ "active": true })));
    one_wins(&answers, 200, 409, "handset.too_many_active");
    assert_eq!(active(), 5);
}
