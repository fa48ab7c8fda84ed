//! What a phone without a network writes down, in the order it happened.

use campus_ops::platform::time::Instant;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    gate::Phone,
    people::Guests,
    plan::Event,
    stage::{Stage, seconds},
    tally::door::{Place, Scan},
};

/// What a phone wrote down, numbered from 1.
pub struct Queue {
    pub records: Vec<Record>,
    /// Numbers that came to the server.
    pub sent: Vec<usize>,
}

pub enum Record {
    Scan { scan: Scan, body: Value },
    Annul { of: Uuid, body: Value },
}

/// One pass shown without a network.
pub struct Seen {
    pub guest: usize,
    pub local: &'static str,
    pub refused: Option<&'static str>,
    pub confirmed: bool,
}

impl Queue {
    pub fn scans(&self) -> impl Iterator<Item = &Scan> {
        self.records.iter().filter_map(|record| match record {
            Record::Scan { scan, .. } => Some(scan),
            Record::Annul { .. } => None,
        })
    }

    /// The ranges of numbers that have not come, newest first.
    pub fn missing(&self) -> Vec<(usize, usize)> {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for number in (1..=self.records.len()).filter(|number| !self.sent.contains(number)) {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => ranges.push((number, number)),
            }
        }
        ranges.reverse();
        ranges
    }

    fn number(&mut self) {
        for (index, record) in self.records.iter_mut().enumerate() {
            let (Record::Scan { body, .. } | Record::Annul { body, .. }) = record;
            body["device_seq"] = json!(index + 1);
        }
    }
}

/// What a phone wrote down of these, from a time on at a steady pace.
pub fn queue(
    stage: &Stage,
    gala: &Event,
    guests: &Guests,
    (phone, from, pace): (&Phone, Instant, i64),
    seen: &[Seen],
) -> Queue {
    let record = |(index, seen): (usize, &Seen)| {
        let at = seconds(from, pace * i64::try_from(index).unwrap());
        let scan = Scan {
            id: stage.id(at),
            place: Place::Gate,
            guest: seen.guest,
            at,
            device: phone.device,
            local: Some(seen.local),
            refused: seen.refused,
            accepted: false,
            annulled: false,
            late: false,
        };
        let body = json!({
            "event_id": gala.id, "scan_id": scan.id, "pass": guests.passes[seen.guest],
            "scanned_at": seconds(at, phone.ahead).to_string(), "mode": "offline",
            "local_verdict": seen.local, "walk_in_confirmed": seen.confirmed,
            "battery": "what a newer app says",
        });
        Record::Scan { scan, body }
    };
    let records = seen.iter().enumerate().map(record).collect();
    let mut queue = Queue { records, sent: Vec::new() };
    queue.number();
    queue
}

/// The phone takes the scan of a guest back thirteen minutes later, still without a network.
pub fn take_back(phone: &Phone, queue: &mut Queue, mistake: usize) {
    let (id, at) = queue
        .scans()
        .find(|scan| scan.guest == mistake)
        .map(|scan| (scan.id, seconds(scan.at, 13 * 60)))
        .expect("it was scanned");
    let body = json!({
        "annul": id, "reason": "扫错人了", "at": seconds(at, phone.ahead).to_string(),
    });
    let place = queue.records.iter().position(|record| match record {
        Record::Scan { scan, .. } => scan.at > at,
        Record::Annul { .. } => false,
    });
    queue.records.insert(place.expect("the evening goes on"), Record::Annul { of: id, body });
    queue.number();
}
