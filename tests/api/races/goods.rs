//! Goods: nothing appears, vanishes, or is in two hands.

use campus_ops::platform::ids::MovementId;
use serde_json::{Value, json};

use super::{CALLERS, all_at_once, assert_all_verified, count, one_wins, statuses};
use crate::{
    events::{Cast, Event},
    participants::on_record,
    support::{Actor, TestApp, world::GUANGZHOU},
};

/// The body of a movement.
fn movement(kind: &str, from: &str, to: &str, what: Value) -> Value {
    let mut body = json!({
        "movement_id": MovementId::new(), "kind": kind, "from": from, "to": to,
        "occurred_at": "2011-08-20T04:00:00Z",
    });
    body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    body
}

/// How many posters are at a place.
fn posters(who: &Actor, place: &str) -> i64 {
    let items = who.get(&format!("/stock?place={place}")).ok()["items"].clone();
    items.as_array().unwrap().iter().map(|line| line["quantity"].as_i64().unwrap()).sum()
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
fn one_movement_id_stands_for_one_movement() {
    let app = TestApp::start();
    let at = format!("campus:{}", app.world.sysu);
    let chen = app.coordinator(GUANGZHOU);
    let id = MovementId::new();
    let answers = all_at_once(|index| {
        let what = json!({ "sku": "tent", "quantity": 1 + index, "movement_id": id });
        chen.post("/movements", movement("count", "adjustment", &at, what))
    });
    one_wins(&answers, 201, 409, "movement.id_reused");
    let won = answers.iter().find(|answer| answer.status == 201).unwrap().json();
    let stock = chen.get(&format!("/stock?place={at}")).ok();
    assert_eq!(stock["items"][0]["quantity"], won["quantity"]);
    assert_all_verified(&app);
}

#[test]
fn a_freshman_is_given_one_handset_by_sixteen() {
    let app = TestApp::start();
    let at = format!("campus:{}", app.world.sysu);
    let (lin, chen) = (app.ambassador(app.world.sysu), app.coordinator(GUANGZHOU));
    let serial = |index: usize| json!({ "sku": "handset", "serials": [format!("G3-{index}")] });
    for index in 0..CALLERS {
        let counted = movement("count", "adjustment", &at, serial(index));
        chen.post("/movements", counted).created();
    }
    let to = format!("participant:{}", on_record(&lin, app.world.sysu, 1));
    let answers =
        all_at_once(|index| lin.post("/movements", movement("give", &at, &to, serial(index))));
    one_wins(&answers, 201, 409, "stock.person_limit");
    assert_all_verified(&app);
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
fn an_event_closes_while_goods_come_and_go() {
    let cast = Cast::new();
    let campus = format!("campus:{}", cast.app.world.sysu);
    let poster = |quantity: i64| json!({ "sku": "poster", "quantity": quantity });
    let stock = movement("count", "adjustment", &campus, poster(1000));
    cast.chen.post("/movements", stock).created();
    let mut event = cast.approved(json!({}));
    cast.app.at("2011-09-03T01:00:00.000Z");
    event.step(&cast.lin, "start");
    let place = format!("event:{}", event.id);
    for round in 0..6 {
        cast.lin.post("/movements", movement("issue", &campus, &place, poster(4))).created();
        // In every other round what is left is waived.
        let waive = (round % 2 == 0).then_some("台风吹走");
        let close = json!({
            "action": "close", "report": { "summary": "好" }, "waive_reason": waive,
        });
        let answers = all_at_once(|index| match index {
            0 | 8 => event.ask(&cast.chen, close.clone()),
            1..8 => cast.lin.post("/movements", movement("issue", &campus, &place, poster(1))),
            _ => cast.lin.post("/movements", movement("use", &place, "used", poster(1))),
        });
        // Sixteen wait for one event: on a busy machine the last may be told to come again.
        assert!(
            answers.iter().all(|a| matches!(a.status, 200 | 201 | 409 | 412 | 503)),
            "{round}: {:?}",
            answers.iter().map(|a| a.status).collect::<Vec<_>>()
        );
        let busy = [0, 8].iter().all(|closer| answers[*closer].status == 503);
        let now = cast.lin.get(&event.path()).ok();
        event = Event::of(&now);
        let left = posters(&cast.chen, &place);
        if now["state"] == "closed" {
            assert_eq!(left, 0, "closed in round {round} with posters");
            let reopen = json!({ "action": "reopen", "comment": "漏记" });
            event.step_with(&cast.chen, reopen);
        } else {
            assert!(waive.is_none() || busy, "nothing stops a coordinator who waives");
            cast.lin.post("/movements", movement("use", &place, "used", poster(left))).created();
        }
    }
    assert_all_verified(&cast.app);
}

#[test]
fn a_booth_is_deleted_while_goods_come() {
    let app = TestApp::start();
    let campus = format!("campus:{}", app.world.sysu);
    let (lin, chen) = (app.ambassador(app.world.sysu), app.coordinator(GUANGZHOU));
    let poster = || json!({ "sku": "poster", "quantity": 1 });
    let stock = json!({ "sku": "poster", "quantity": 100 });
    chen.post("/movements", movement("count", "adjustment", &campus, stock)).created();
    for _ in 0..4 {
        let body = json!({
            "season": "2011-autumn", "campus_id": app.world.sysu, "kind": "tent", "spot": "A3",
            "opens_on": "2011-09-01", "closes_on": "2011-09-07", "opens_at": "09:00", "closes_at": "18:00",
        });
        let booth = lin.post("/booths", body).created();
        let id = booth["id"].as_str().unwrap();
        let (path, place) = (format!("/booths/{id}"), format!("booth:{id}"));
        let answers = all_at_once(|index| match index {
            0..4 => lin.delete(&path, 1),
            _ => lin.post("/movements", movement("issue", &campus, &place, poster())),
        });
        let issued = count(&answers, |answer| answer.status == 201);
        let deleted = count(&answers, |answer| answer.status == 204);
        assert!(deleted == 1 && issued == 0 || deleted == 0 && issued == 12, "{deleted} {issued}");
        if deleted == 0 {
            let last = json!({ "closes_on": "2011-09-01", "spot": &id[24..] });
            lin.patch(&path, 1, last).ok();
        }
    }
}
