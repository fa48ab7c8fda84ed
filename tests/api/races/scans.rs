//! Scans: one person, one place, whoever sends what how often.

use serde_json::json;

use super::{CALLERS, all_at_once, count};
use crate::checkins::{Door, live};

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
