//! On the campus: the tent at the library, day by day, and the free WLAN.

use serde_json::{Value, json};

use crate::{
    gate::{Showing, show},
    goods::{Way, campus, carry, stock_agrees},
    people::Guests,
    plan::Event,
    stage::{Person, SEASON, Stage, local, seconds},
    tally::{Counted, Tally, door::Place},
};

/// The tent, by id.
pub struct Tent(pub String);

impl Tent {
    pub fn place(&self) -> String {
        format!("booth:{}", self.0)
    }
}

pub fn booth(stage: &Stage, gala: &Event) -> Tent {
    stage.at("2011-08-27 10:00");
    let body = json!({
        "season": SEASON, "campus_id": stage.sysu, "event_id": gala.id, "kind": "tent",
        "spot": " 图书馆 a3 ", "opens_on": "2011-09-02", "closes_on": "2011-09-04",
        "opens_at": "09:00", "closes_at": "17:30", "permit_no": "SYSU-2011-17",
    });
    let made = stage.lin.actor.post("/booths", body.clone()).created();
    stage.agree("the spot", made["spot"].as_str(), Some("图书馆A3"));
    stage.tell(&stage.lin, "registers a tent at 图书馆 A3, 2 to 4 September", "201");
    let again = stage.liang.actor.post("/booths", body);
    stage.refused(&stage.liang, "wants the same spot", &again, 409, "booth.spot_taken");
    Tent(made["id"].as_str().unwrap().to_owned())
}

/// Free WLAN for September; answers the path of the promotion.
pub fn wlan(stage: &Stage) -> String {
    stage.at("2011-08-27 11:00");
    let body = json!({
        "season": SEASON, "campus_id": stage.sysu, "ssid": "CMCC-EDU",
        "starts_on": "2011-09-01", "ends_on": "2011-09-30",
        "minutes_per_day": 120, "bytes_per_day": 200_000_000,
        "creative": {
            "headline_zh": "校园WLAN免费体验", "headline_en": "Free campus WLAN",
            "body_zh": "登录即送MM应用", "body_en": "Sign in and try MM apps",
            "link": "https://mm.10086.cn/campus",
        },
    });
    let made = stage.lin.actor.post("/wlan/promotions", body).created();
    stage.tell(&stage.lin, "drafts free WLAN for September", "201 draft");
    let path = format!("/wlan/promotions/{}", made["id"].as_str().unwrap());
    let step = |who: &Person, version: i64, action: &str, state: &str| {
        let call = who.actor.call("POST", &format!("{path}/transitions")).if_match(version);
        let moved = call.send(Some(json!({ "action": action }))).ok();
        assert_eq!(moved["state"], state);
        stage.tell(who, &format!("{action}: free WLAN"), &format!("200 {state}"));
    };
    step(&stage.lin, 1, "submit", "submitted");
    stage.at("2011-08-28 09:00");
    step(&stage.chen, 2, "approve", "approved");
    path
}

/// Somebody's count of a day; the day is then the sum of what all have counted.
fn count(
    stage: &Stage,
    tally: &mut Tally,
    (tent, day): (&Tent, &'static str),
    (who, own): (&Person, Counted),
) {
    let Counted { visitors, installs, purchases, cards } = own;
    let body = json!({
        "visitors": visitors, "installs": installs, "purchases": purchases, "cards": cards,
    });
    let path = format!("/booths/{}/tallies/{day}", tent.0);
    let told = who.actor.put(&path, body).ok();
    let sum = tally.booth.entry(day).or_default();
    sum.visitors += visitors;
    sum.installs += installs;
    sum.purchases += purchases;
    sum.cards += cards;
    let what = format!("counts {visitors} visitors and {installs} installs at the tent on {day}");
    stage.tell(who, &what, "200");
    for (name, own) in [
        ("visitors", sum.visitors),
        ("installs", sum.installs),
        ("purchases", sum.purchases),
        ("cards", sum.cards),
    ] {
        stage.agree(&format!("{name} of {day}"), told["total"][name].as_i64(), Some(own));
    }
}

/// Shows these guests at the tent, a minute apart.
fn at_the_tent(
    stage: &Stage,
    tally: &mut Tally,
    (gala, tent, guests): (&Event, &Tent, &Guests),
    (from, who): (&str, &[(usize, Option<&'static str>)]),
) {
    let path = format!("/booths/{}/check-ins", tent.0);
    let mut at = local(from);
    for (guest, refused) in who {
        at = seconds(at, 60);
        let showing = Showing {
            path: &path,
            place: Place::Booth,
            guest: *guest,
            pass: &guests.passes[*guest],
            refused: *refused,
            confirmed: false,
        };
        show(stage, tally, &stage.wang, (&showing, at));
    }
    let what = format!("scans {} passes at the tent", who.len());
    stage.tell(&stage.wang, &what, &format!("{} people in", tally.door.inside().len()));
    let event = stage.lin.actor.get(&gala.path("")).ok();
    stage.agree("the gala has not begun", event["state"].as_str(), Some("approved"));
}

fn pieces(stage: &Stage, tally: &mut Tally, tent: &Tent, kind: &'static str, many: usize) {
    let (at, campus) = (tent.place(), campus(stage));
    let (from, to) = match kind {
        "issue" => (&*campus, &*at),
        "return" => (&*at, &*campus),
        _ => (&*at, "used"),
    };
    carry(stage, tally, &stage.wang, &Way { kind, from, to }, many);
    stock_agrees(stage, tally, &stage.wang, &at);
}

pub fn first_day(stage: &Stage, tally: &mut Tally, gala: &Event, tent: &Tent, guests: &Guests) {
    stage.at("2011-09-02 08:45");
    pieces(stage, tally, tent, "issue", 80);
    let mut who: Vec<_> = (0..8).map(|guest| (guest, None)).collect();
    who.extend([(0, None), (1, None)]);
    at_the_tent(stage, tally, (gala, tent, guests), ("2011-09-02 15:05", &who));
    stage.at("2011-09-02 17:40");
    pieces(stage, tally, tent, "use", 35);
    let day = (tent, "2011-09-02");
    let lin = Counted { visitors: 120, installs: 31, purchases: 4, cards: 20 };
    let wang = Counted { visitors: 85, installs: 22, purchases: 3, cards: 15 };
    count(stage, tally, day, (&stage.lin, lin));
    count(stage, tally, day, (&stage.wang, wang));
}

pub fn second_day(stage: &Stage, tally: &mut Tally, gala: &Event, tent: &Tent, guests: &Guests) {
    let mut who: Vec<_> = (4..12).chain(250..260).map(|guest| (guest, None)).collect();
    who.extend([(255, None), (guests.strangers().0, Some("wrong_campus"))]);
    at_the_tent(stage, tally, (gala, tent, guests), ("2011-09-03 10:05", &who));
    stage.at("2011-09-03 16:30");
    pieces(stage, tally, tent, "use", 25);
    let wang = Counted { visitors: 140, installs: 44, purchases: 9, cards: 25 };
    count(stage, tally, (tent, "2011-09-03"), (&stage.wang, wang));
}

/// On Sunday Lin alone is there, counts, and counts again.
pub fn last_day(stage: &Stage, tally: &mut Tally, tent: &Tent) {
    stage.at("2011-09-04 17:40");
    let path = format!("/booths/{}/tallies/2011-09-04", tent.0);
    let first = json!({ "visitors": 400, "installs": 1, "purchases": 0, "cards": 0 });
    let told: Value = stage.lin.actor.put(&path, first).ok();
    stage.agree("a first count", told["total"]["visitors"].as_i64(), Some(400));
    let lin = Counted { visitors: 40, installs: 10, purchases: 1, cards: 0 };
    count(stage, tally, (tent, "2011-09-04"), (&stage.lin, lin));
}
