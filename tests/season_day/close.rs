//! After the gala: what became of the kits, and the end report.

use serde_json::{Value, json};

use crate::{
    campus::Tent,
    figures::by_role,
    goods::{Way, accept, campus, carry, stock_agrees},
    people::Guests,
    plan::{Event, GALA},
    stage::{Person, Stage},
    tally::Tally,
};

/// Gives one kit each to these guests, in one batch.
fn give(
    stage: &Stage,
    tally: &mut Tally,
    (who, from): (&Person, &str),
    to: impl Iterator<Item = String>,
) {
    let to: Vec<String> = to.map(|id| format!("participant:{id}")).collect();
    let kits = tally.shelf.pick(from, to.len());
    let item = |(to, kit): (&String, &String)| {
        Way { kind: "give", from, to }.body(stage, std::slice::from_ref(kit))
    };
    let items: Vec<Value> = to.iter().zip(&kits).map(item).collect();
    let results = who.actor.post("/movements/batch", json!({ "items": items })).ok();
    for ((to, kit), result) in to.iter().zip(&kits).zip(results["results"].as_array().unwrap()) {
        assert_eq!(result["status"], 201, "{result}");
        tally.shelf.carry(from, to, std::slice::from_ref(kit));
        tally.shelf.note("give", 1);
        *tally.shelf.movements.entry("give").or_default() += 1;
    }
    stage.tell(who, &format!("gives {} guests a SIM kit each", to.len()), "200");
}

/// It closes when nothing is left at the event and its booth.
pub fn balanced(stage: &Stage, tally: &mut Tally, gala: &mut Event, tent: &Tent, guests: &Guests) {
    let (lin, wang) = (&stage.lin, &stage.wang);
    let (at, booth, campus) = (gala.place(), tent.place(), campus(stage));
    let hand = format!("user:{}", wang.actor.user);
    stage.at("2011-09-03 21:40");
    let inside: Vec<usize> = tally.door.inside().into_iter().collect();
    let ids = |numbers: &[usize]| {
        numbers.iter().map(|guest| guests.ids[*guest].clone()).collect::<Vec<_>>().into_iter()
    };
    give(stage, tally, (lin, &at), ids(&inside[..40]));
    carry(stage, tally, lin, &Way { kind: "use", from: &at, to: "used" }, 230);
    carry(stage, tally, lin, &Way { kind: "damage", from: &at, to: "damaged" }, 3);
    carry(stage, tally, lin, &Way { kind: "lose", from: &at, to: "lost" }, 7);

    stage.at("2011-09-03 22:00");
    let close = json!({
        "action": "close",
        "report": { "summary": "大礼堂座无虚席。", "attendance_note": "断网半小时，手机离线签到。" },
    });
    let answer = gala.ask(lin, close.clone());
    let problem = stage.refused(lin, &format!("close: {GALA}"), &answer, 409, "event.unbalanced");
    let left = problem["errors"].as_array().unwrap().iter();
    let left: i64 = left.map(|error| error["data"]["quantity"].as_i64().unwrap()).sum();
    let own = tally.shelf.many(&at) + tally.shelf.many(&booth);
    stage.agree("kits that are in the way", left, i64::try_from(own).unwrap());

    carry(stage, tally, lin, &Way { kind: "find", from: "lost", to: &at }, 2);
    carry(stage, tally, lin, &Way { kind: "return", from: &at, to: &campus }, 22);
    give(stage, tally, (wang, &booth), ids(&inside[40..50]));
    carry(stage, tally, wang, &Way { kind: "return", from: &booth, to: &campus }, 10);
    carry(stage, tally, wang, &Way { kind: "use", from: &hand, to: "used" }, 15);
    let back = Way { kind: "return", from: &hand, to: &campus };
    let sent = carry(stage, tally, wang, &back, 5);
    accept(stage, tally, lin, (&sent, &back));
    for place in [&at, &booth, &hand, &campus] {
        stock_agrees(stage, tally, lin, place);
    }

    stage.at("2011-09-03 22:10");
    gala.step(stage, tally, lin, (close, "closed"));
    // What the colleague had in hand was issued to him, not to the gala: 20, of which he used
    // 15 and gave 5 back.
    let pieces = |kind: &str, by_hand: i64| tally.shelf.pieces(kind) - by_hand;
    let own = json!({
        "registrations": tally.list.registered.len(), "waitlisted": tally.list.waiting.len(),
        "no_shows": tally.no_shows(), "people_in": tally.door.inside().len(),
        "people_in_by_role": by_role(tally),
        "issued": pieces("issue", 20), "used": pieces("use", 15), "given": pieces("give", 0),
        "returned": pieces("return", 5), "lost": pieces("lose", 0) - pieces("find", 0),
        "damaged": pieces("damage", 0),
    });
    let history = stage.all(lin, &gala.path("/history"));
    let last = history.last().expect("it was closed");
    stage.agree("figures of the end report", &last["data"]["figures"], &own);
}
