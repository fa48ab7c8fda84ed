//! The evening: 220 passes shown at the gate while the network is there.

use campus_ops::platform::time::Instant;
use serde_json::json;
use uuid::Uuid;

use crate::{
    people::{self, Guests},
    plan::Event,
    stage::{Person, Stage, local, seconds},
    tally::{
        Tally,
        door::{Place, Scan},
    },
};

/// Between two people at the gate.
const PACE: i64 = 15;

/// The phones at the gate: one with a network, and two that will lose it.
pub struct Phones {
    pub gate: Person,
    pub a: Phone,
    pub b: Phone,
}

pub struct Phone {
    pub who: Person,
    pub device: Uuid,
    pub name: &'static str,
    /// How many seconds its clock is ahead.
    pub ahead: i64,
}

/// A pass shown to a phone that has a network.
pub struct Showing<'a> {
    pub path: &'a str,
    pub place: Place,
    pub guest: usize,
    pub pass: &'a str,
    /// Why they may not come in, if so.
    pub refused: Option<&'static str>,
    pub confirmed: bool,
}

pub fn phones(stage: &Stage) -> Phones {
    stage.at("2011-09-03 16:45");
    let phone = |of: &Person, name: &'static str, ahead: i64| {
        let device = stage.id(stage.now());
        let who = stage.phone(of, device, name);
        stage.tell(&who, &format!("signs in on phone {name}, {ahead} s ahead of time"), "200");
        Phone { who, device, name, ahead }
    };
    let (a, b) = (phone(&stage.lin, "A", 180), phone(&stage.wang, "B", -660));
    Phones { gate: stage.lin.clone(), a, b }
}

/// Shows a pass; the answer must be what the plain rule says.
#[track_caller]
pub fn show(
    stage: &Stage,
    tally: &mut Tally,
    who: &Person,
    (showing, at): (&Showing<'_>, Instant),
) {
    stage.until(at);
    let scan = Scan {
        id: stage.id(at),
        place: showing.place,
        guest: showing.guest,
        at,
        device: who.actor.user.0,
        local: None,
        refused: showing.refused,
        accepted: false,
        annulled: false,
        late: false,
    };
    let body = json!({
        "scan_id": scan.id, "pass": showing.pass, "device_id": scan.device,
        "scanned_at": at.to_string(), "sent_at": at.to_string(), "mode": "online",
        "walk_in_confirmed": showing.confirmed,
    });
    let told = who.actor.post(showing.path, body).ok();
    let (verdict, reason) = tally.door.told(&scan);
    let what = format!("学生{:03} at {at}", scan.guest);
    stage.agree(
        &what,
        (told["verdict"].as_str(), told["reason"].as_str()),
        (Some(verdict), reason),
    );
    assert_eq!((&told["terminal"], &told["replayed"]), (&json!(true), &json!(false)));
    tally.door.scans.push(scan);
    counters_agree(stage, tally, &told["counters"]);
}

/// The counters that stand in every answer, and we.
#[track_caller]
pub fn counters_agree(stage: &Stage, tally: &Tally, counters: &serde_json::Value) {
    let (inside, list) = (tally.door.inside().len(), &tally.list);
    let own = json!({
        "expected": list.registered.len(), "in": inside,
        "over_capacity": inside.saturating_sub(list.capacity),
    });
    stage.agree("the counters", counters, &own);
}

/// People at the gate in a row; answers when the last one came.
struct Row<'a> {
    stage: &'a Stage,
    tally: &'a mut Tally,
    gate: &'a Person,
    path: String,
    guests: &'a Guests,
    at: Instant,
    shown: usize,
}

impl Row<'_> {
    fn one(&mut self, guest: usize, pass: &str, refused: Option<&'static str>, confirmed: bool) {
        self.at = seconds(self.at, PACE);
        let place = Place::Gate;
        let showing = Showing { path: &self.path, place, guest, pass, refused, confirmed };
        show(self.stage, self.tally, self.gate, (&showing, self.at));
        self.shown += 1;
    }

    fn comes(&mut self, guest: usize) {
        self.one(guest, &self.guests.passes[guest].clone(), None, false);
    }

    fn refused(&mut self, guest: usize, reason: &'static str) {
        self.one(guest, &self.guests.passes[guest].clone(), Some(reason), false);
        let what = format!("学生{guest:03} shows a pass");
        self.stage.tell(self.gate, &what, &format!("200 denied, {reason}"));
    }

    /// Not on the list: asked for a word, and let in with it.
    fn walks_in(&mut self, guest: usize) {
        self.refused(guest, "walk_in_needs_confirmation");
        self.one(guest, &self.guests.passes[guest].clone(), None, true);
        self.stage.tell(self.gate, &format!("lets 学生{guest:03} in all the same"), "200 admitted");
    }

    fn said(&self) {
        let (shown, inside) = (self.shown, self.tally.door.inside().len());
        let what = format!("{shown} passes shown at the gate");
        self.stage.tell(self.gate, &what, &format!("{inside} people in"));
    }
}

fn row<'a>(
    (stage, tally): (&'a Stage, &'a mut Tally),
    (gala, guests, phones): (&Event, &'a Guests, &'a Phones),
    from: &str,
) -> Row<'a> {
    let (gate, at, path) = (&phones.gate, local(from), gala.path("/check-ins"));
    Row { stage, tally, gate, path, guests, at, shown: 0 }
}

/// From half past five: two waves, until the network goes.
pub fn doors_open(
    stage: &Stage,
    tally: &mut Tally,
    gala: &mut Event,
    guests: &Guests,
    phones: &Phones,
) {
    let mut first: Vec<usize> = (0..93).filter(|guest| ![5, 17, 42].contains(guest)).collect();
    stage.shuffle(&mut first);
    let again: Vec<usize> = first[..6].to_vec();
    let mut wave = row((stage, &mut *tally), (gala, guests, phones), "2011-09-03 17:30");
    first.iter().for_each(|guest| wave.comes(*guest));
    again.iter().for_each(|guest| wave.comes(*guest));
    wave.refused(guests.strangers().0, "wrong_campus");
    wave.refused(guests.strangers().1, "wrong_campus");
    wave.walks_in(290);
    wave.said();
    gala.noted(tally, "start", "running");
    let event = stage.lin.actor.get(&gala.path("")).ok();
    stage.agree("the first one starts the gala", event["state"].as_str(), Some("running"));
    gala.version = event["version"].as_i64().unwrap();

    let mut second: Vec<usize> = (93..148).collect();
    stage.shuffle(&mut second);
    let mut wave = row((stage, tally), (gala, guests, phones), "2011-09-03 18:02");
    second.iter().for_each(|guest| wave.comes(*guest));
    wave.walks_in(283);
    wave.refused(5, "walk_in_needs_confirmation");
    wave.comes(second[0]);
    wave.comes(first[9]);
    wave.said();
}

/// After seven the network is back at the gate; among others come four whom the phones
/// without a network have let in already, and one who lost the pass.
pub fn late_comers(
    stage: &Stage,
    tally: &mut Tally,
    gala: &Event,
    guests: &Guests,
    phones: &Phones,
) {
    stage.at("2011-09-03 18:58");
    let lost = format!("/participants/{}/pass", guests.ids[246]);
    stage.lin.actor.post(&format!("{lost}/revoke"), json!({})).ok();
    stage.tell(&stage.lin, "revokes the pass of 学生246, who lost it", "200");
    let fresh = people::pass(&stage.lin, &guests.ids[246]);
    assert_ne!(fresh, guests.passes[246]);
    let mut third: Vec<usize> = (160..164).chain(195..246).collect();
    stage.shuffle(&mut third);
    let mut wave = row((stage, tally), (gala, guests, phones), "2011-09-03 19:02");
    third.iter().for_each(|guest| wave.comes(*guest));
    wave.comes(third[0]);
    wave.walks_in(294);
    wave.refused(246, "revoked");
    wave.one(246, &fresh, None, false);
    wave.said();
}
