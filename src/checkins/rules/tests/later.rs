//! What happens to a scan afterwards: annulled, accepted, rejected.

use super::{super::outcome::*, world::World, *};

#[test]
fn annulling_the_holder_promotes_the_next() {
    let mut world = World::new(campaign());
    for (id, minute) in [(1, 10), (2, 20), (3, 15)] {
        world.scan(scan(id, 0, minute));
    }
    assert_eq!(world.annul(annulment(1, 20)), AnnulOutcome::Annulled);
    let standings = [1, 2, 3].map(|id| world.standing(scan_id(id)));
    assert_eq!(standings, [Standing::Annulled, Standing::Duplicate, Standing::Admitted]);
    assert_eq!(world.event_in.values().sum::<i64>(), 1);
    assert_eq!(world.annul(annulment(1, 21)), AnnulOutcome::Already);
    assert!(world.scan(scan(1, 0, 10)).replayed, "the answer stays");
}

#[test]
fn the_first_scan_says_as_what_somebody_came() {
    use ParticipantRole::{Attendee, StudentDeveloper};
    let as_attendee = |mut facts: Facts| {
        facts.people.get_mut(&person(0)).unwrap().role = Attendee;
        facts
    };
    let at_booth = |id, minute| Scan { target: Target::Booth(BOOTH), ..scan(id, 0, minute) };
    let both = [(scan(1, 0, 20), false), (at_booth(2, 10), true)];
    for order in [[0, 1], [1, 0]] {
        let mut world = World::new(campaign());
        for (scan, attendee) in order.map(|n| both[n].clone()) {
            let facts = if attendee { as_attendee(campaign()) } else { campaign() };
            world.facts = facts;
            world.scan(scan);
        }
        assert_eq!(world.event_in, [((EVENT, Attendee), 1)].into());
        assert_eq!(world.annul(annulment(2, 12)), AnnulOutcome::Annulled);
        assert_eq!(world.event_in, [((EVENT, StudentDeveloper), 1)].into());
    }
}

#[test]
fn the_last_scan_annulled_lowers_the_counter() {
    let mut world = World::new(campaign());
    world.scan(scan(1, 0, 10));
    world.annul(annulment(1, 20));
    assert!(world.event_in.is_empty() && world.places.is_empty() && world.presence.is_empty());
    assert_eq!(world.scan(scan(2, 0, 30)).verdict, Verdict::Admitted);
}

#[test]
fn the_phone_has_a_quarter_of_an_hour_by_its_own_clock() {
    let late_by = |minute: i64, who: UserId, phone| {
        let mut world = World::new(campaign());
        // The phone is two days ahead.
        let ahead = Scan { scanned_at: at(2_890), sent_at: at(2_890), ..scan(1, 0, 10) };
        world.scan(ahead);
        let by_phone = annulment(1, 2_880 + minute);
        world.annul(Annulment { by: who, session_device: device(phone), ..by_phone })
    };
    assert_eq!(late_by(25, AMBASSADOR, 0), AnnulOutcome::Annulled);
    assert_eq!(late_by(26, AMBASSADOR, 0), AnnulOutcome::Refused);
    assert_eq!(late_by(12, AMBASSADOR, 1), AnnulOutcome::Refused);
    assert_eq!(late_by(12, COLLEAGUE, 0), AnnulOutcome::Refused, "who signed in as that device");
    assert_eq!(late_by(900, COORDINATOR, 1), AnnulOutcome::Annulled);
    let mut world = World::new(campaign());
    world.scan(Scan { scanned_at: at(2_890), sent_at: at(2_890), ..scan(1, 0, 10) });
    let online = Annulment { at: None, ..annulment(1, 25) };
    assert_eq!(world.annul(online), AnnulOutcome::Annulled, "our clock, brought to the phone's");
}

#[test]
fn a_revoked_device_takes_nothing_back() {
    let mut world = World::new(campaign());
    world.scan(scan(1, 0, 10));
    for by in [AMBASSADOR, COORDINATOR] {
        let stolen = Annulment { by, device_revoked: true, ..annulment(1, 11) };
        assert_eq!(world.annul(stolen), AnnulOutcome::Refused);
    }
    assert_eq!(world.standing(scan_id(1)), Standing::Admitted);
}

#[test]
fn an_annulment_waits_for_its_scan() {
    let mut world = World::new(campaign());
    assert_eq!(world.annul(annulment(1, 12)), AnnulOutcome::Waiting);
    assert_eq!(world.annul(annulment(1, 12)), AnnulOutcome::Waiting);
    assert_eq!(world.annulments.len(), 1);
    let answer = world.scan(scan(1, 0, 10));
    assert_eq!(answer.verdict, Verdict::Admitted, "what the phone would have been told");
    assert_eq!(world.standing(scan_id(1)), Standing::Annulled);
    assert!(world.event_in.is_empty());
    assert_eq!(world.annulments.values().next().unwrap().1, AnnulmentState::Done);
}

#[test]
fn an_annulment_without_right_waits_in_vain() {
    let mut world = World::new(campaign());
    world.annul(Annulment { session_device: device(1), ..annulment(1, 12) });
    world.scan(scan(1, 0, 10));
    assert_eq!(world.standing(scan_id(1)), Standing::Admitted);
    assert_eq!(world.annulments.values().next().unwrap().1, AnnulmentState::Refused);
}

#[test]
fn a_coordinator_accepts_what_was_not_let_in() {
    let mut world = World::new(campaign());
    world.scan(Scan { device_revoked: true, ..scan(1, 0, 10) });
    world.scan(scan(2, 0, 20));
    let accept = |world: &mut World, id| world.resolve(scan_id(id), Decision::Accept);
    assert_eq!(accept(&mut world, 1), ResolveOutcome::Resolved(Standing::Admitted));
    assert_eq!(world.standing(scan_id(2)), Standing::Duplicate);
    assert_eq!(accept(&mut world, 1), ResolveOutcome::Resolved(Standing::Admitted));
    let reject = world.resolve(scan_id(1), Decision::Reject);
    assert_eq!(reject, ResolveOutcome::DecidedOtherwise);
    assert_eq!(accept(&mut world, 2), ResolveOutcome::NotOpen);
    assert_eq!(accept(&mut world, 9), ResolveOutcome::UnknownScan);
}

#[test]
fn an_accepted_suspect_time_is_the_time_of_receipt() {
    let mut world = World::new(campaign());
    let told = world.scan(Scan { scanned_at: at(100), ..scan(1, 0, 10) });
    assert_eq!((told.reason, told.effective_at), (Some(Reason::TimeSuspect), None));
    world.scan(scan(2, 0, 9));
    let answer = world.resolve(scan_id(1), Decision::Accept);
    assert_eq!(answer, ResolveOutcome::Resolved(Standing::Duplicate));
    assert_eq!(world.scans[&scan_id(1)].effective_at, at(10));
}

#[test]
fn whoever_is_accepted_starts_the_event() {
    let mut world = World::new(campaign());
    world.scan(scan(1, 2, 10));
    world.scan(Scan { target: Target::Booth(BOOTH), device_revoked: true, ..scan(2, 2, -121) });
    let mut decide = |id, decision| {
        let item = Item::Resolve(Resolve { scan_id: scan_id(id), decision });
        world.send(&[item]).entered
    };
    assert_eq!(decide(2, Decision::Accept), [].into(), "before the gate was open");
    assert_eq!(decide(1, Decision::Accept), [(EVENT, 0)].into());
    assert_eq!(decide(1, Decision::Accept), [].into());
}

#[test]
fn a_scan_at_a_booth_starts_its_event_only_while_the_gate_is_open() {
    let mut world = World::new(campaign());
    let booth = |id, who, minute| {
        Item::Scan(Scan { target: Target::Booth(BOOTH), ..scan(id, who, minute) })
    };
    assert_eq!(world.send(&[booth(1, 0, -121)]).entered, [].into());
    assert_eq!(world.send(&[booth(2, 1, 240)]).entered, [].into());
    let both = [booth(3, 2, 241), booth(4, 1, 2)];
    assert_eq!(world.send(&both).entered, [(EVENT, 1)].into());
}

#[test]
fn what_a_coordinator_cannot_waive_stays_denied() {
    let mut world = World::new(campaign());
    world.scan(scan(1, 9, 10));
    world.scan(scan(2, 9, 900));
    world.scan(Scan { device_revoked: true, ..scan(3, 0, 10) });
    assert_eq!(world.resolve(scan_id(1), Decision::Accept), ResolveOutcome::NotOpen);
    assert_eq!(world.resolve(scan_id(2), Decision::Accept), ResolveOutcome::Nobody);
    let rejected = world.resolve(scan_id(3), Decision::Reject);
    assert_eq!(rejected, ResolveOutcome::Resolved(Standing::Denied));
    assert!(world.event_in.is_empty());
}
