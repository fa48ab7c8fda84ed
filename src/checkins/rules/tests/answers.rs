//! What each scan is told.

use super::{super::outcome::*, world::World, *};

fn told(outcome: &ScanOutcome) -> (Verdict, Option<Reason>, bool) {
    (outcome.verdict, outcome.reason, outcome.replayed)
}

#[test]
fn the_first_scan_is_admitted_and_the_second_names_it() {
    let mut world = World::new(campaign());
    let first = world.scan(scan(1, 0, 10));
    assert_eq!(told(&first), (Verdict::Admitted, None, false));
    assert_eq!(first.first.unwrap().scan_id, scan_id(1));
    let second = world.scan(scan(2, 0, 20));
    assert_eq!(told(&second), (Verdict::Duplicate, Some(Reason::AlreadyCheckedIn), false));
    assert_eq!(second.first, first.first);
    assert_eq!(world.event_in.values().sum::<i64>(), 1);
}

#[test]
fn an_earlier_scan_takes_over_and_the_answer_given_stays() {
    let mut world = World::new(campaign());
    world.scan(offline(1, 0, 20, 1));
    assert_eq!(world.scan(offline(2, 0, 10, 2)).verdict, Verdict::Admitted);
    assert_eq!(world.standing(scan_id(1)), Standing::Duplicate);
    assert_eq!(told(&world.scan(offline(1, 0, 20, 1))), (Verdict::Admitted, None, true));
    assert_eq!(world.event_in.values().sum::<i64>(), 1);
    assert_eq!(world.conflicts[&scan_id(1)].kind, ConflictKind::TwoDevices);
    assert_eq!(world.conflicts[&scan_id(1)].other, Some(scan_id(2)));
}

#[test]
fn of_two_at_the_same_time_the_lower_id_holds_the_place() {
    let mut world = World::new(campaign());
    world.scan(scan(2, 0, 10));
    assert_eq!(world.scan(scan(1, 0, 10)).verdict, Verdict::Admitted);
    assert_eq!(world.standing(scan_id(2)), Standing::Duplicate);
}

#[test]
fn a_scan_id_stands_for_one_scan() {
    let mut world = World::new(campaign());
    world.scan(scan(1, 0, 10));
    let others = [
        Scan { subject: Subject::Pass(pass(1)), ..scan(1, 0, 10) },
        Scan { target: Target::Booth(BOOTH), ..scan(1, 0, 10) },
        Scan { scanned_at: at(11), ..scan(1, 0, 10) },
        Scan { device_id: device(1), ..scan(1, 0, 10) },
    ];
    for (n, other) in others.into_iter().enumerate() {
        let judgement = world.send(&[Item::Scan(scan(50 + n as u128, 1, 10)), Item::Scan(other)]);
        let Outcome::Scan(answer) = &judgement.outcomes[1] else { panic!() };
        assert_eq!(told(answer), (Verdict::Denied, Some(Reason::IdReused), false));
        assert!(answer.terminal && answer.participant.is_none());
        assert_eq!(judgement.attempts, [1]);
    }
    let mut same = offline(1, 0, 10, 1);
    (same.device_id, same.walk_in_confirmed) = (device(0), true);
    assert!(world.scan(same).replayed, "mode, verdict, sending time are not part of it");
}

#[test]
fn a_repetition_within_one_slice_is_a_replay() {
    let twice = [Item::Scan(scan(1, 0, 10)), Item::Scan(scan(1, 0, 10))];
    let judgement = World::new(campaign()).send(&twice);
    let Outcome::Scan(second) = &judgement.outcomes[1] else { panic!() };
    assert_eq!(told(second), (Verdict::Admitted, None, true));
    assert_eq!(judgement.new.len(), 1);
    assert_eq!(judgement.entered, [(EVENT, 0)].into());
}

#[test]
fn a_scan_elsewhere_is_repeated_to_its_maker_alone() {
    let mut world = World::new(campaign());
    world.scan(scan(1, 0, 10));
    world.facts.unseen.insert(0);
    let moved_away = world.scan(scan(1, 0, 10));
    assert_eq!(told(&moved_away), (Verdict::Admitted, None, true));
    let stranger = world.scan(Scan { by: COLLEAGUE, ..scan(1, 0, 10) });
    assert_eq!(told(&stranger), (Verdict::Denied, Some(Reason::UnknownEvent), false));
    assert!(stranger.participant.is_none() && stranger.first.is_none());
}

#[test]
fn nothing_is_stored_for_an_unknown_event() {
    let target = Target::Event(EventId(Uuid::from_u128(77)));
    let mut world = World::new(campaign());
    let answer = world.scan(Scan { target, ..scan(1, 0, 10) });
    assert_eq!(told(&answer), (Verdict::Denied, Some(Reason::UnknownEvent), false));
    assert!(!answer.terminal && world.scans.is_empty());
}

#[test]
fn the_gate_and_each_day_of_each_booth_are_places_of_their_own() {
    let mut world = World::new(campaign());
    let booth = |id, booth, minute| Scan { target: Target::Booth(booth), ..scan(id, 0, minute) };
    for one in [scan(1, 0, 10), booth(2, BOOTH, 11), booth(3, BOOTH, 1_440), booth(4, STAND, 12)] {
        assert_eq!(world.scan(one).verdict, Verdict::Admitted);
    }
    assert_eq!(world.scan(booth(5, BOOTH, 30)).verdict, Verdict::Duplicate);
    assert_eq!(world.event_in, [((EVENT, ParticipantRole::StudentDeveloper), 1)].into());
    assert_eq!(world.booth_in.values().copied().collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!(world.presence[&(EVENT, person(0))].scans, 4);
}

#[test]
fn a_scan_of_a_booth_alone_counts_for_its_event() {
    let mut world = World::new(campaign());
    world.scan(Scan { target: Target::Booth(BOOTH), ..scan(1, 2, 11) });
    assert_eq!(world.event_in.values().sum::<i64>(), 1);
    assert_eq!(world.annul(annulment(1, 12)), AnnulOutcome::Annulled);
    assert!(world.event_in.is_empty() && world.booth_in.is_empty());
}

#[test]
fn the_phones_own_verdict_may_come_with_the_repetition() {
    let mut world = World::new(campaign());
    world.scan(scan(1, 2, 10));
    assert!(world.conflicts.is_empty());
    let fallback =
        Scan { mode: Mode::Offline, local_verdict: Some(LocalVerdict::Admitted), ..scan(1, 2, 10) };
    assert!(world.scan(fallback).replayed);
    let conflict = world.conflicts[&scan_id(1)];
    assert_eq!((conflict.kind, conflict.standing), (ConflictKind::Verdict, Standing::Denied));
}

#[test]
fn every_reason_says_something_in_both_languages() {
    for reason in Reason::ALL {
        let words = reason.message();
        assert!(!words.zh.is_ascii() && words.en.is_ascii(), "{reason}");
    }
    let open: Vec<_> = Reason::ALL.iter().filter(|reason| !reason.terminal()).collect();
    assert_eq!(open, [&Reason::UnknownEvent, &Reason::Retry]);
}
