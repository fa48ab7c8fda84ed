//! The same set of scans and annulments, in whatever order and batches it arrives, ends in the
//! same standings and counters: on a real database, over HTTP.

use std::cell::Cell;

use campus_ops::platform::ids::{DeviceId, EventId, ScanId};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use crate::{
    checkins::{Door, minute},
    participants::on_record,
    support::{NOON, planned},
};

/// One scan: who, on which phone, when, let in without registration, and when it was taken
/// back if it was.
#[derive(Clone, Debug)]
struct Shown {
    person: usize,
    phone: usize,
    at: i64,
    confirmed: bool,
    annulled_at: Option<i64>,
}

#[derive(Clone, Debug)]
struct Story {
    scans: Vec<Shown>,
    /// Two orders of all that was made, and where each is cut.
    orders: [Vec<usize>; 2],
    cuts: [usize; 2],
}

fn any_shown() -> impl Strategy<Value = Shown> {
    let annulled = prop::option::of(0..50i64);
    (0..2usize, 0..2usize, 0..40i64, prop::bool::weighted(0.8), annulled).prop_map(
        |(person, phone, at, confirmed, annulled_at)| Shown {
            person,
            phone,
            at,
            confirmed,
            annulled_at,
        },
    )
}

fn any_story() -> impl Strategy<Value = Story> {
    prop::collection::vec(any_shown(), 1..9).prop_flat_map(|scans| {
        let made: Vec<usize> = (0..2 * scans.len()).collect();
        let order = Just(made).prop_shuffle();
        (Just(scans), [order.clone(), order], [1..5usize, 1..5usize])
            .prop_map(|(scans, orders, cuts)| Story { scans, orders, cuts })
    })
}

/// Tells one event the story in one order; answers the standings in the order of the scans,
/// and the number of people in.
fn play(door: &Door, people: &[String], phones: &[DeviceId], story: &Story, n: usize) -> Value {
    let sysu = door.app.world.sysu;
    // Approved long before anybody came.
    door.app.at(NOON);
    let lead = door.app.ambassador(sysu);
    let event: EventId =
        planned::approved(&door.app, &lead, sysu, None, &planned::own_university());
    let ids: Vec<ScanId> = story.scans.iter().map(|_| ScanId::new()).collect();
    let made = |index: usize| -> Option<Value> {
        let (which, is_scan) = (index / 2, index.is_multiple_of(2));
        let shown = &story.scans[which];
        if is_scan {
            return Some(json!({
                "event_id": event, "scan_id": ids[which], "scanned_at": minute(shown.at),
                "participant_id": people[shown.person], "device_id": phones[shown.phone],
                "walk_in_confirmed": shown.confirmed, "local_verdict": "admitted",
            }));
        }
        let at = minute(shown.annulled_at?);
        Some(json!({ "annul": ids[which], "reason": "a mistake", "at": at }))
    };
    let items: Vec<Value> = story.orders[n].iter().filter_map(|index| made(*index)).collect();
    for items in items.chunks(story.cuts[n]) {
        door.app.at(&minute(60));
        door.batch(60, 0, items);
    }
    let page = door.lin.get(&format!("/events/{event}/check-ins?limit=200")).ok();
    let listed = page["items"].as_array().unwrap();
    let standing = |id: &ScanId| {
        let found = listed.iter().find(|item| item["scan_id"] == json!(id));
        found.expect("every scan is there")["standing"].clone()
    };
    let attendance = door.lin.get(&format!("/events/{event}/attendance")).ok();
    json!({
        "standings": ids.iter().map(standing).collect::<Vec<Value>>(),
        "in": attendance["in"], "by_standing": attendance["by_standing"],
    })
}

#[test]
fn order_and_batches_do_not_matter() {
    let door = Door::at(60);
    let people: Vec<String> =
        (1..=2).map(|number| on_record(&door.lin, door.app.world.sysu, number)).collect();
    let phones = [DeviceId::new(), DeviceId::new()];
    let played = Cell::new(0);
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(12) });
    let told = runner.run(&any_story(), |story| {
        let one = play(&door, &people, &phones, &story, 0);
        let other = play(&door, &people, &phones, &story, 1);
        played.set(played.get() + 1);
        prop_assert_eq!(one, other);
        Ok(())
    });
    told.unwrap_or_else(|error| panic!("{error}"));
    assert!(played.get() >= 12);
    door.verified();
}
