//! Each rule of eligibility at its edges, in the order they are asked.

use super::{
    super::{dated::Dated, facts::*, item::Scan},
    world::World,
    *,
};

fn reason(facts: Facts, scan: Scan) -> Option<Reason> {
    World::new(facts).scan(scan).reason
}

fn with_terms(change: impl FnOnce(&mut Terms)) -> Facts {
    let mut facts = campaign();
    let mut terms = terms(Phase::Open);
    change(&mut terms);
    facts.events.get_mut(&EVENT).unwrap().terms = Dated::new(vec![(at(-5_000), terms)]);
    facts
}

#[test]
fn the_window_of_an_event_is_half_open_and_two_hours_wider() {
    let told = |minute| reason(campaign(), scan(1, 0, minute));
    assert_eq!(told(-121), Some(Reason::EventNotOpen));
    assert_eq!(told(-120), None);
    assert_eq!(told(239), None);
    assert_eq!(told(240), Some(Reason::EventNotOpen));
}

#[test]
fn the_state_counts_that_the_event_had_at_the_time() {
    let mut facts = campaign();
    facts.events.get_mut(&EVENT).unwrap().terms = Dated::new(vec![
        (at(10), terms(Phase::Open)),
        (at(50), terms(Phase::Closed)),
        (at(90), terms(Phase::Shut)),
    ]);
    let told = |minute| reason(facts.clone(), offline(1, 0, minute, 1));
    assert_eq!(told(9), Some(Reason::EventNotOpen));
    assert_eq!(told(10), None);
    assert_eq!(told(60), None);
    assert_eq!(told(90), Some(Reason::EventNotOpen));
    let judgement = World::new(facts).send(&[Item::Scan(offline(1, 0, 40, 1))]);
    assert!(!judgement.new[&scan_id(1)].late, "received after the cancellation");
}

#[test]
fn a_booth_is_what_it_was_at_the_time() {
    let mut facts = campaign();
    let hours = facts.booths[&BOOTH].latest().unwrap().clone();
    let moved = BoothFacts { event: None, opens_on: at(1_440).day(), ..hours.clone() };
    facts.booths.insert(BOOTH, Dated::new(vec![(at(-60), hours), (at(30), moved)]));
    let mut world = World::new(facts);
    let booth = |id, minute| Scan { target: Target::Booth(BOOTH), ..offline(id, 0, minute, 1) };
    let told = [booth(1, 29), booth(2, 30), booth(3, 1_440)].map(|scan| world.scan(scan));
    let reasons = told.each_ref().map(|told| (told.reason, told.event));
    let expected = [(None, Some(EVENT)), (Some(Reason::EventNotOpen), None), (None, None)];
    assert_eq!(reasons, expected);
    assert_eq!(world.event_in.values().sum::<i64>(), 1);
}

#[test]
fn what_arrives_while_closed_is_late() {
    let mut facts = campaign();
    let history = vec![(at(-500), terms(Phase::Open)), (at(50), terms(Phase::Closed))];
    facts.events.get_mut(&EVENT).unwrap().terms = Dated::new(history);
    let mut world = World::new(facts);
    let judgement = world.send(&[Item::Scan(offline(1, 0, 20, 1)), Item::Scan(scan(2, 1, 49))]);
    assert!(judgement.new[&scan_id(1)].late && !judgement.new[&scan_id(2)].late);
    assert_eq!(world.standing(scan_id(1)), Standing::Admitted);
}

#[test]
fn passes_are_judged_at_the_time_of_the_scan() {
    let showing = |fact| {
        let mut facts = campaign();
        facts.passes.insert(pass(0), fact);
        facts
    };
    let participant = person(0);
    let found = |expires, revoked: Option<i64>| {
        showing(PassFact::Found {
            participant,
            expires_at: at(expires),
            revoked_at: revoked.map(at),
        })
    };
    assert_eq!(reason(found(31, None), scan(1, 0, 30)), None);
    assert_eq!(reason(found(30, None), scan(1, 0, 30)), Some(Reason::Expired));
    assert_eq!(reason(found(900, Some(31)), offline(1, 0, 30, 1)), None);
    assert_eq!(reason(found(900, Some(30)), scan(1, 0, 30)), Some(Reason::Revoked));
    let forged = showing(PassFact::Unknown { signature_ok: false });
    assert_eq!(reason(forged, scan(1, 0, 30)), Some(Reason::BadSignature));
    let strange = showing(PassFact::Unknown { signature_ok: true });
    assert_eq!(reason(strange, scan(1, 0, 30)), Some(Reason::UnknownPass));
}

#[test]
fn an_erased_person_is_revoked_from_then_on() {
    let mut facts = campaign();
    facts.people.get_mut(&person(0)).unwrap().erased_at = Some(at(30));
    let by_id = |minute| Scan { subject: Subject::Participant(person(0)), ..scan(1, 0, minute) };
    assert_eq!(reason(facts.clone(), by_id(29)), None);
    assert_eq!(reason(facts, by_id(30)), Some(Reason::Revoked));
    let nobody = Scan { subject: Subject::Participant(person(7)), ..scan(1, 0, 30) };
    assert_eq!(reason(campaign(), nobody), Some(Reason::UnknownPass));
}

#[test]
fn roles_and_campuses_are_asked_before_the_list() {
    let only_team = with_terms(|terms| terms.admits.roles = vec![ParticipantRole::Team]);
    assert_eq!(reason(only_team, scan(1, 2, 30)), Some(Reason::RoleNotAllowed));
    let guest = |mut facts: Facts| {
        facts.people.get_mut(&person(0)).unwrap().moe_code = "10559".into();
        reason(facts, scan(1, 0, 30))
    };
    assert_eq!(guest(campaign()), Some(Reason::WrongCampus));
    let everyone = with_terms(|terms| {
        terms.admits.campuses = crate::catalogue::attendance::AdmitsCampuses::All;
    });
    assert_eq!(guest(everyone), None);
}

#[test]
fn walk_ins_follow_the_policy() {
    let policy = |walk_in| with_terms(|terms| terms.walk_in = walk_in);
    let confirmed = Scan { walk_in_confirmed: true, ..scan(1, 2, 30) };
    assert_eq!(reason(policy(WalkIn::Allow), scan(1, 2, 30)), None);
    let asked = Some(Reason::WalkInNeedsConfirmation);
    assert_eq!(reason(policy(WalkIn::Ask), scan(1, 2, 30)), asked);
    assert_eq!(reason(policy(WalkIn::Ask), confirmed.clone()), None);
    assert_eq!(reason(policy(WalkIn::Deny), confirmed.clone()), Some(Reason::NotRegistered));
    let mut facts = policy(WalkIn::Deny);
    let history = Dated::new(vec![(at(-10), Enrolment::Waitlisted)]);
    facts.registrations.insert((EVENT, person(2)), history);
    assert_eq!(reason(facts, confirmed), Some(Reason::Waitlisted));
}

#[test]
fn registered_then_or_by_now() {
    let listed = |changes: &[(i64, Enrolment)]| {
        let mut facts = campaign();
        let changes = changes.iter().map(|(minute, state)| (at(*minute), *state)).collect();
        facts.registrations.insert((EVENT, person(2)), Dated::new(changes));
        reason(facts, offline(1, 2, 30, 1))
    };
    use Enrolment::{Cancelled, Registered, Waitlisted};
    assert_eq!(listed(&[(29, Registered), (40, Cancelled)]), None);
    assert_eq!(listed(&[(0, Waitlisted), (40, Registered)]), None);
    assert_eq!(listed(&[(0, Registered), (20, Cancelled)]), Some(Reason::NotRegistered));
}

#[test]
fn booths_take_people_in_around_their_hours() {
    // Opens 9:00–18:00 on two days; minute 0 is 10:00 of the first.
    let told = |booth, minute| {
        reason(campaign(), Scan { target: Target::Booth(booth), ..scan(1, 2, minute) })
    };
    assert_eq!(told(STAND, -181), Some(Reason::EventNotOpen));
    assert_eq!(told(STAND, -180), None);
    assert_eq!(told(STAND, 599), None);
    assert_eq!(told(STAND, 600), Some(Reason::EventNotOpen));
    assert_eq!(told(STAND, 1_440), None);
    assert_eq!(told(STAND, 2_880), Some(Reason::EventNotOpen));
    let mut facts = campaign();
    let open_late =
        BoothFacts { closes_at: 1_440, ..facts.booths[&STAND].latest().unwrap().clone() };
    facts.booths.insert(STAND, Dated::new(vec![(at(-5_000), open_late)]));
    let night = |minute| Scan { target: Target::Booth(STAND), ..scan(1, 2, minute) };
    assert_eq!(reason(facts.clone(), night(1_440 + 959)), None, "1:59 after the last day");
    assert_eq!(reason(facts, night(1_440 + 960)), Some(Reason::EventNotOpen));
}

#[test]
fn a_booth_asks_whom_its_event_admits() {
    let only_team = with_terms(|terms| terms.admits.roles = vec![ParticipantRole::Team]);
    let told = |booth| {
        let target = Target::Booth(booth);
        reason(only_team.clone(), Scan { target, ..scan(1, 0, 30) })
    };
    assert_eq!(told(BOOTH), Some(Reason::RoleNotAllowed));
    assert_eq!(told(STAND), None);
}

#[test]
fn a_revoked_device_is_quarantined_before_all_else() {
    let mut world = World::new(campaign());
    let told = world.scan(Scan { device_revoked: true, ..scan(1, 9, 9_999) });
    assert_eq!((told.verdict, told.reason), (Verdict::Denied, Some(Reason::DeviceRevoked)));
    assert_eq!(world.standing(scan_id(1)), Standing::Quarantined);
}
