//! The same scans and annulments in another order, on another app: the same attendance,
//! standings and winners, at gates and booths, whoever was registered, waited or just came.

use std::collections::BTreeMap;

use campus_ops::{
    catalogue::attendance::{Admits, AdmitsCampuses, ParticipantRole},
    platform::ids::EventId,
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Telling, seeds};
use crate::{
    checkins::minute,
    participants::someone,
    support::{Actor, TestApp, database::Database, planned, world::GUANGZHOU},
};

const PEOPLE: usize = 6;
const ITEMS: usize = 60;
/// Everything is received at this minute of the lectures.
const RECEIVED: i64 = 150;

/// A scan or an annulment, and who sends it.
#[derive(Clone)]
struct Item {
    by_colleague: bool,
    body: Value,
}

/// One app on which two lectures and two booths wait for people.
struct Hall {
    app: TestApp,
    lin: Actor,
    colleague: Actor,
    chen: Actor,
    events: [EventId; 2],
    booths: [String; 2],
    people: Vec<String>,
}

impl Hall {
    fn new(database: Database, people: &[String]) -> Self {
        let app = TestApp::on(database);
        let (sysu, jinan) = (app.world.sysu, app.world.jinan);
        let (lin, colleague) = (app.ambassador(sysu), app.ambassador(sysu));
        let chen = app.coordinator(GUANGZHOU);
        let open = Admits { roles: ParticipantRole::ALL.to_vec(), campuses: AdmitsCampuses::All };
        let events = [
            planned::approved(&app, &lin, sysu, Some(2), &planned::own_university()),
            planned::approved(&app, &colleague, sysu, None, &open),
        ];
        let booth = |spot: &str, event: Option<EventId>| {
            let body = json!({
                "season": "2011-autumn", "campus_id": sysu, "kind": "desk", "spot": spot,
                "event_id": event, "opens_on": "2011-09-10", "closes_on": "2011-09-11",
                "opens_at": "12:00", "closes_at": "17:00",
            });
            lin.post("/booths", body).created()["id"].as_str().unwrap().to_owned()
        };
        let booths = [booth("A1", Some(events[0])), booth("A2", None)];
        for (number, id) in people.iter().enumerate() {
            // The last one comes from another university.
            let (who, campus) = if number + 1 == PEOPLE { (&chen, jinan) } else { (&lin, sysu) };
            let mut body = someone(campus, "学生", &format!("1370000000{number}"));
            body["id"] = json!(id);
            who.post("/participants", body).created();
            if number < 4 {
                let list = format!("/events/{}/registrations", events[number % 2]);
                lin.post(&list, json!({ "participant_id": id })).created();
            }
        }
        let late = format!("/events/{}/registrations", events[0]);
        lin.post(&late, json!({ "participant_id": people[4] })).created();
        Self { app, lin, colleague, chen, events, booths, people: people.to_vec() }
    }

    /// Receives everything, cut into batches of this many at most.
    fn receive(&self, items: &[Item], most: usize) {
        self.app.clocks.business.hold(minute(RECEIVED).parse().unwrap());
        let mut rest = items;
        while let Some(first) = rest.first() {
            let same = rest.iter().take_while(|item| item.by_colleague == first.by_colleague);
            let (batch, after) = rest.split_at(same.take(most).count());
            let who = if first.by_colleague { &self.colleague } else { &self.lin };
            let batch: Vec<Value> = batch.iter().map(|item| self.here(&item.body)).collect();
            let body = json!({
                "device_id": Uuid::nil(), "device_seq_high": 0, "sent_at": minute(RECEIVED),
                "items": batch,
            });
            who.post("/check-ins/batch", body).ok();
            rest = after;
        }
    }

    fn here(&self, item: &Value) -> Value {
        let mut body = item.clone();
        for (name, ids) in
            [("event_id", self.events.map(|id| id.to_string())), ("booth_id", self.booths.clone())]
        {
            if let Some(number) = item[name].as_u64() {
                body[name] = json!(ids[usize::from(number == 1)]);
            }
        }
        body
    }

    /// Decides about what was not let in, in the order of these ids.
    fn decide(&self, ids: &[(String, &str)]) {
        for (id, decision) in ids {
            let body = json!({ "decision": decision, "reason": "known to the team" });
            let status = self.chen.post(&format!("/check-ins/{id}/resolve"), body).status;
            assert!(matches!(status, 200 | 404 | 409), "{status}");
        }
    }

    /// What it all comes to.
    fn outcome(&self) -> Value {
        let mut scans: BTreeMap<String, Value> = BTreeMap::new();
        let mut attendance = Vec::new();
        for event in self.events {
            let page = self.lin.get(&format!("/events/{event}/check-ins?limit=200")).ok();
            for scan in page["items"].as_array().unwrap() {
                let id = scan["scan_id"].as_str().unwrap().to_owned();
                scans.insert(
                    id,
                    json!([scan["standing"], scan["participant_id"], scan["effective_at"]]),
                );
            }
            let mut told = self.lin.get(&format!("/events/{event}/attendance")).ok();
            told["event_id"] = Value::Null;
            for line in told["by_booth"].as_array_mut().unwrap() {
                line["booth_id"] = json!(line["booth_id"].is_null());
            }
            attendance.push(told);
        }
        let summary = self.chen.get("/reports/summary?season=2011-autumn&by=day").ok();
        json!({
            "scans": scans, "attendance": attendance, "summary": summary, "winners": self.winners(),
        })
    }

    /// Who would be named as first if somebody came again.
    fn winners(&self) -> Vec<Value> {
        let first = |target: String, id: &String| {
            let again = json!({
                "scan_id": Uuid::from_u128(0xFFFF_FFFF_FFFF_7FFF_BFFF_FFFF_FFFF_FFFF),
                "participant_id": id, "device_id": Uuid::nil(), "scanned_at": minute(RECEIVED),
                "sent_at": minute(RECEIVED), "walk_in_confirmed": true,
            });
            let told = self.lin.post(&(target + "/check-ins?simulate=true"), again).ok();
            json!([told["verdict"], told["first_check_in"]["scan_id"]])
        };
        let gates = self.events.map(|id| format!("/events/{id}"));
        let booths = self.booths.iter().map(|id| format!("/booths/{id}"));
        let targets = gates.into_iter().chain(booths);
        targets.flat_map(|at| self.people.iter().map(move |id| first(at.clone(), id))).collect()
    }

    fn differences(&self) -> Vec<String> {
        let found = self.app.shared.db.read(campus_ops::reports::verify::differences);
        actix_web::rt::System::new().block_on(found).unwrap()
    }
}

fn client_id(rng: &mut StdRng) -> String {
    let mut bytes: [u8; 16] = rng.random();
    bytes[6] = 0x70 | bytes[6] & 0x0F;
    bytes[8] = 0x80 | bytes[8] & 0x3F;
    Uuid::from_bytes(bytes).to_string()
}

/// Scans that overlap in person, place and minute, and wishes to take some of them out.
fn items(rng: &mut StdRng, people: &[String]) -> (Vec<Item>, Vec<String>) {
    let (mut items, mut ids) = (Vec::new(), Vec::new());
    for _ in 0..ITEMS {
        let (id, at) = (client_id(rng), rng.random_range(-130..RECEIVED + 20));
        let mut body = json!({
            "scan_id": id, "scanned_at": minute(at), "local_verdict": "admitted",
            "participant_id": people[rng.random_range(0..people.len())],
            "device_id": Uuid::from_u128(rng.random_range(1..4)),
            "walk_in_confirmed": rng.random_bool(0.6),
        });
        let place = if rng.random_bool(0.4) { "booth_id" } else { "event_id" };
        body[place] = json!(rng.random_range(0..2));
        let by_colleague = rng.random_bool(0.4);
        items.push(Item { by_colleague, body });
        if rng.random_bool(0.25) {
            let body = json!({
                "annul": id, "reason": "a mistake", "at": minute(at + rng.random_range(0..30)),
            });
            items.push(Item { by_colleague: by_colleague ^ rng.random_bool(0.2), body });
        }
        ids.push(id);
    }
    (items, ids)
}

#[test]
fn scans_in_another_order_end_in_the_same_standings() {
    for seed in seeds() {
        let _telling = Telling(seed);
        let mut rng = StdRng::seed_from_u64(seed);
        let people: Vec<String> = (0..PEOPLE).map(|_| client_id(&mut rng)).collect();
        let (mut items, ids) = items(&mut rng, &people);
        let mut decided: Vec<(String, &str)> = ids
            .into_iter()
            .filter_map(|id| match rng.random_range(0..3) {
                0 => Some((id, "accept")),
                1 => Some((id, "reject")),
                _ => None,
            })
            .collect();
        let mut outcomes = Vec::new();
        for most in [1, 500, 7] {
            let database = if most == 7 { Database::sqlite() } else { Database::fresh() };
            let hall = Hall::new(database, &people);
            hall.receive(&items, most);
            let before = hall.outcome();
            hall.decide(&decided);
            outcomes.push((before, hall.outcome()));
            assert_eq!(hall.differences(), Vec::<String>::new());
            items.shuffle(&mut rng);
            decided.shuffle(&mut rng);
        }
        for other in &outcomes[1..] {
            assert_eq!(outcomes[0].0["scans"], other.0["scans"], "standings");
            assert_eq!(outcomes[0], *other);
        }
    }
}
