//! Half an hour without a network: two phones with wrong clocks decide by themselves, and
//! what they wrote down comes later, in the wrong order, partly twice.

use std::ops::RangeInclusive;

use campus_ops::platform::time::Instant;
use serde_json::{Value, json};

use crate::{
    gate::{Phone, Phones, counters_agree},
    people::Guests,
    plan::Event,
    records::{Queue, Record, Seen, queue, take_back},
    stage::{Stage, local, seconds},
    tally::{Tally, door::Scan},
};

/// Let in by both phones.
const TWICE: [usize; 9] = [148, 149, 150, 151, 152, 153, 172, 173, 174];
/// Scanned by mistake; phone B takes it back thirteen minutes later.
const MISTAKE: usize = 193;
/// Not on the list and let in without a word of confirmation.
const SMUGGLED: usize = 293;

/// What the two phones wrote down.
pub struct Records {
    a: Queue,
    b: Queue,
}

fn guest(guest: usize) -> Seen {
    Seen { guest, local: "admitted", refused: None, confirmed: false }
}

pub fn while_the_network_is_away(
    stage: &Stage,
    gala: &Event,
    guests: &Guests,
    phones: &Phones,
) -> Records {
    stage.at("2011-09-03 18:20");
    // A lets in 24 of the list, two who were in, three whom B lets in too, two walk-ins, and
    // turns away one who moved up after it fetched the list.
    let mut a: Vec<Seen> = (148..172).chain([10, 11]).chain(172..175).map(guest).collect();
    a.extend([291, 292].map(|number| Seen { confirmed: true, ..guest(number) }));
    a.push(Seen { local: "denied", ..guest(281) });
    // B lets in twenty others, six of A's, one without asking, and one by mistake.
    let mut b: Vec<Seen> = (172..192).chain(148..154).map(guest).collect();
    b.push(Seen { refused: Some("walk_in_needs_confirmation"), ..guest(SMUGGLED) });
    stage.shuffle(&mut a);
    stage.shuffle(&mut b);
    b.insert(8, guest(MISTAKE));
    let a = queue(stage, gala, guests, (&phones.a, local("2011-09-03 18:20:30"), 50), &a);
    let mut b = queue(stage, gala, guests, (&phones.b, local("2011-09-03 18:20:50"), 55), &b);
    take_back(&phones.b, &mut b, MISTAKE);
    for (phone, queue) in [(&phones.a, &a), (&phones.b, &b)] {
        let scans = queue.scans().count();
        let what = format!("phone {} scans {scans} passes without a network", phone.name);
        stage.tell(&phone.who, &what, "kept on the phone");
    }
    assert_eq!(a.scans().count() + b.scans().count(), 60);
    for own in a.scans() {
        let same = |other: &&Scan| {
            other.guest == own.guest && (other.at - own.at).abs().num_seconds() < 20
        };
        assert!(b.scans().find(same).is_none(), "too close to tell: 学生{}", own.guest);
    }
    let both = a.scans().filter(|own| b.scans().any(|other| other.guest == own.guest)).count();
    assert_eq!(both, TWICE.len());
    Records { a, b }
}

/// Sends these numbers of a phone in any order; each answer must be what the plain rule says.
fn send(
    stage: &Stage,
    tally: &mut Tally,
    (phone, queue): (&Phone, &mut Queue),
    (numbers, late): (Vec<usize>, bool),
) {
    let items: Vec<&Value> = numbers
        .iter()
        .map(|number| match &queue.records[number - 1] {
            Record::Scan { body, .. } | Record::Annul { body, .. } => body,
        })
        .collect();
    let body = json!({
        "device_id": phone.device, "device_seq_high": queue.records.len(), "items": items,
        "sent_at": seconds(stage.now(), phone.ahead).to_string(),
    });
    let answer = phone.who.actor.post("/check-ins/batch", body).ok();
    let results = answer["results"].as_array().unwrap();
    stage.agree("answers", results.len(), numbers.len());
    let (mut new, mut again) = (0, 0);
    for (number, result) in numbers.iter().zip(results) {
        let replayed = queue.sent.contains(number);
        *(if replayed { &mut again } else { &mut new }) += 1;
        match &queue.records[number - 1] {
            Record::Scan { scan, .. } => {
                assert_eq!(result["replayed"], replayed, "{result}");
                if !replayed {
                    judged(stage, tally, scan, (result, late));
                }
            }
            Record::Annul { of, .. } => {
                tally.door.find(*of).annulled = true;
                stage.agree("the mistake", result["annulment"].as_str(), Some("done"));
            }
        }
        if !replayed {
            queue.sent.push(*number);
        }
    }
    for result in results.iter().filter(|result| !result["counters"].is_null()) {
        counters_agree(stage, tally, &result["counters"]);
    }
    let missing: Vec<(usize, usize)> =
        serde_json::from_value(answer["missing_seq"].clone()).unwrap();
    stage.agree("numbers that are missing", &missing, &queue.missing());
    let inside = tally.door.inside().len();
    let what = format!("phone {} uploads {new} records and {again} again", phone.name);
    stage.tell(&phone.who, &what, &format!("{inside} people in, missing {missing:?}"));
}

fn judged(stage: &Stage, tally: &mut Tally, scan: &Scan, (result, late): (&Value, bool)) {
    let (verdict, reason) = tally.door.told(scan);
    let told = (result["verdict"].as_str(), result["reason"].as_str());
    stage.agree(&format!("学生{:03}, offline", scan.guest), told, (Some(verdict), reason));
    let dated: Instant = result["effective_at"].as_str().unwrap().parse().unwrap();
    let off = (dated - scan.at).abs().num_seconds();
    assert!(off < 15, "a clock that is wrong by a constant is put right: {off} s off");
    tally.door.scans.push(Scan { late, ..scan.clone() });
}

fn shuffled(stage: &Stage, numbers: RangeInclusive<usize>) -> Vec<usize> {
    let mut numbers: Vec<usize> = numbers.collect();
    stage.shuffle(&mut numbers);
    numbers
}

/// Phone A sends its second half first, then overlapping parts of what was before; phone B
/// sends its middle and runs out of battery.
pub fn network_is_back(
    stage: &Stage,
    tally: &mut Tally,
    gala: &Event,
    phones: &Phones,
    Records { a, b }: &mut Records,
) {
    stage.at("2011-09-03 19:30");
    send(stage, tally, (&phones.a, a), ((17..=32).rev().collect(), false));
    stage.at("2011-09-03 19:31");
    send(stage, tally, (&phones.b, b), (shuffled(stage, 5..=18), false));
    stage.at("2011-09-03 19:32");
    send(stage, tally, (&phones.a, a), (shuffled(stage, 9..=24), false));
    stage.at("2011-09-03 19:33");
    send(stage, tally, (&phones.a, a), (shuffled(stage, 1..=12), false));
    let attendance = stage.lin.actor.get(&gala.path("/attendance")).ok();
    let own = i64::try_from(tally.door.inside().len()).unwrap();
    stage.agree("in, with a part of phone B missing", attendance["in"].as_i64(), Some(own));
}

/// Phone B is charged: everything once more, with what was missing and the mistake taken
/// back. The gala has been closed since; the scans count like any other. Then the coordinator
/// lets the one count who was let in without a word.
pub fn next_morning(
    stage: &Stage,
    tally: &mut Tally,
    gala: &Event,
    phones: &Phones,
    Records { b, .. }: &mut Records,
) {
    stage.at("2011-09-04 09:00");
    let mut numbers = shuffled(stage, 1..=29);
    // The annulment goes last: until then the mistake is counted.
    let annul = b.records.iter().position(|record| matches!(record, Record::Annul { .. }));
    let annul = annul.expect("it was written down") + 1;
    numbers.retain(|number| *number != annul);
    send(stage, tally, (&phones.b, b), (numbers, true));
    let before = tally.door.inside().len();
    stage.at("2011-09-04 09:05");
    send(stage, tally, (&phones.b, b), (vec![annul], true));
    assert_eq!(tally.door.inside().len() + 1, before, "the annulment frees one person");

    stage.at("2011-09-04 10:00");
    let id = b.scans().find(|scan| scan.guest == SMUGGLED).expect("it was scanned").id;
    let path = format!("/check-ins/{id}/resolve");
    let accept = json!({ "decision": "accept", "reason": "林小雨认得此人" });
    let refused = stage.lin.actor.post(&path, accept.clone());
    let what = format!("accepts the scan of 学生{SMUGGLED}");
    stage.refused(&stage.lin, &what, &refused, 403, "auth.forbidden");
    let resolved = stage.chen.actor.post(&path, accept).ok();
    tally.door.find(id).accepted = true;
    stage.agree("resolved", resolved["standing"].as_str(), Some("admitted"));
    stage.tell(&stage.chen, &what, "200 admitted");
    let attendance = stage.lin.actor.get(&gala.path("/attendance")).ok();
    let own = i64::try_from(tally.door.inside().len()).unwrap();
    stage.agree("in, with everything there", attendance["in"].as_i64(), Some(own));
}
