//! Any order and any batching of the same scans and annulments comes to the same.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    super::{Item, facts::Phase, outcome::*},
    reference::{Sum, sum},
    world::World,
    *,
};

/// Few people, places, devices and minutes, so that scans meet.
fn any_scan(n: usize) -> impl Strategy<Value = Scan> {
    let target = prop_oneof![
        3 => Just(Target::Event(EVENT)),
        2 => Just(Target::Booth(BOOTH)),
        1 => Just(Target::Booth(STAND)),
    ];
    let local = prop::option::of(prop_oneof![
        3 => Just(LocalVerdict::Admitted),
        1 => Just(LocalVerdict::Denied),
    ]);
    let subject = prop_oneof![
        6 => (0..3u8).prop_map(|n| Subject::Pass(pass(n))),
        2 => (0..3u128).prop_map(|n| Subject::Participant(person(n))),
        1 => Just(Subject::Pass(pass(9))),
    ];
    let minute = prop_oneof![6 => 0..12i64, 1 => 1_440..1_446i64, 1 => -200..400i64];
    let wrong_by = prop_oneof![3 => Just(0i64), 1 => -90..90i64];
    let rarely = || prop::bool::weighted(0.1);
    let rest = (0..3u128, rarely(), rarely(), 0..40i64, wrong_by, rarely());
    (target, subject, minute, local, rest).prop_map(move |parts| {
        let (target, subject, minute, local_verdict, rest) = parts;
        let (phone, colleague, device_revoked, delay, wrong_by, suspect) = rest;
        // The phone's clock shows `wrong_by` minutes too much.
        let scanned_at = at(minute + wrong_by + if suspect { 200 } else { 0 });
        Scan {
            target,
            subject,
            scanned_at,
            sent_at: at(minute + delay + wrong_by),
            received_at: at(minute + delay),
            device_id: device(phone),
            session_device: device(phone),
            by: if colleague { COLLEAGUE } else { AMBASSADOR },
            device_revoked,
            local_verdict,
            ..scan(n as u128, 0, minute)
        }
    })
}

fn any_annulment(scans: u128) -> impl Strategy<Value = Annulment> {
    let by = prop_oneof![4 => Just(AMBASSADOR), 1 => Just(COLLEAGUE), 2 => Just(COORDINATOR)];
    let at = prop::option::of((0..30i64).prop_map(at));
    let rest = (0..3u128, prop::bool::weighted(0.1), 0..30i64);
    (0..scans, by, at, rest).prop_map(|(id, by, at, (phone, device_revoked, received))| Annulment {
        by,
        session_device: device(phone),
        device_revoked,
        at,
        ..annulment(id, received)
    })
}

/// Scans and annulments, an order with repetitions, and where to cut it.
#[derive(Clone, Debug)]
struct Story {
    scans: Vec<Scan>,
    annulments: Vec<Annulment>,
    order: Vec<Item>,
    cuts: Vec<usize>,
    decisions: Vec<(u128, Decision)>,
}

fn any_story() -> impl Strategy<Value = Story> {
    let scans = (1..14usize).prop_flat_map(|n| (0..n).map(any_scan).collect::<Vec<_>>());
    scans
        .prop_flat_map(|scans| {
            let annulments = prop::collection::vec(any_annulment(scans.len() as u128 + 1), 0..6);
            (Just(scans), annulments)
        })
        .prop_flat_map(|(scans, annulments)| {
            let mut items: Vec<Item> = scans.iter().cloned().map(Item::Scan).collect();
            items.extend(annulments.iter().cloned().map(Item::Annul));
            let again = prop::sample::subsequence(items.clone(), 0..=items.len());
            let order = again
                .prop_flat_map(move |again| Just([items.clone(), again].concat()).prop_shuffle());
            let decision = prop_oneof![Just(Decision::Accept), Just(Decision::Reject)];
            let decisions = prop::collection::vec((0..14u128, decision), 0..6);
            let cuts = prop::collection::vec(1..9usize, 1..40);
            (Just(scans), Just(annulments), order, cuts, decisions)
        })
        .prop_map(|(scans, annulments, order, cuts, decisions)| Story {
            scans,
            annulments,
            order,
            cuts,
            decisions,
        })
}

fn play(story: &Story) -> World {
    let mut facts = campaign();
    let event = facts.events.get_mut(&EVENT).unwrap();
    event.terms = Dated::new(vec![(at(-500), terms(Phase::Shut)), (at(-100), terms(Phase::Open))]);
    let hours = facts.booths[&BOOTH].latest().unwrap().clone();
    let alone = BoothFacts { event: None, ..hours.clone() };
    let later = BoothFacts { opens_on: at(1_440).day(), ..hours.clone() };
    let said = vec![(at(-500), hours.clone()), (at(3), alone), (at(5), later), (at(8), hours)];
    facts.booths.insert(BOOTH, Dated::new(said));
    let mut world = World::new(facts);
    let (mut rest, mut cuts) = (&story.order[..], story.cuts.iter().cycle());
    while !rest.is_empty() {
        let (slice, later) = rest.split_at((*cuts.next().unwrap()).min(rest.len()));
        world.send(slice);
        rest = later;
    }
    world
}

fn found(world: &World) -> Sum {
    Sum {
        standings: world.scans.iter().map(|(id, scan)| (*id, scan.standing)).collect(),
        holders: world.places.iter().map(|(place, first)| (*place, first.scan_id)).collect(),
        event_in: world.event_in.clone(),
        booth_in: world.booth_in.clone(),
        disputed: world.conflicts.keys().copied().collect(),
    }
}

/// Conflict records outlive the dispute, so there may be more of them.
fn agree(world: &World, want: Sum) -> Result<(), TestCaseError> {
    let got = found(world);
    prop_assert!(got.disputed.is_superset(&want.disputed), "{:?} {:?}", got, want);
    prop_assert_eq!(Sum { disputed: want.disputed.clone(), ..got }, want);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn order_and_batching_do_not_matter(story in any_story()) {
        let world = play(&story);
        let want = sum(&world.facts, &story.scans, &story.annulments, &BTreeMap::new());
        agree(&world, want)?;
    }

    #[test]
    fn decisions_join_the_set(story in any_story()) {
        let mut world = play(&story);
        let mut decided = BTreeMap::new();
        for (id, decision) in &story.decisions {
            if let ResolveOutcome::Resolved(_) = world.resolve(scan_id(*id), *decision) {
                decided.entry(scan_id(*id)).or_insert(*decision);
            }
        }
        let want = sum(&world.facts, &story.scans, &story.annulments, &decided);
        agree(&world, want)?;
    }

    #[test]
    fn a_second_upload_of_everything_changes_nothing(story in any_story()) {
        let mut world = play(&story);
        let before = found(&world);
        let told: BTreeMap<_, _> =
            world.scans.iter().map(|(id, scan)| (*id, scan.answer.clone())).collect();
        let again: Vec<Item> = story.scans.iter().cloned().map(Item::Scan).collect();
        let judgement = world.send(&again);
        for outcome in &judgement.outcomes {
            let Outcome::Scan(scan) = outcome else { panic!("{outcome:?}") };
            let first = &told[&scan.scan_id];
            prop_assert!(scan.replayed && scan.terminal);
            prop_assert_eq!((scan.verdict, scan.reason, scan.first), (first.verdict, first.reason, first.first));
        }
        let nothing = Judgement { outcomes: judgement.outcomes.clone(), ..Judgement::default() };
        prop_assert_eq!(judgement, nothing);
        prop_assert_eq!(found(&world), before);
    }

    #[test]
    fn everybody_counts_once(story in any_story()) {
        let world = play(&story);
        let total: i64 = world.event_in.values().sum();
        prop_assert_eq!(total, i64::try_from(world.presence.len()).unwrap());
        prop_assert!(total <= 3);
        for (place, first) in &world.places {
            prop_assert_eq!(world.standing(first.scan_id), Standing::Admitted);
            let scan = &world.scans[&first.scan_id];
            prop_assert_eq!(scan.place(), Some(*place));
        }
    }
}
