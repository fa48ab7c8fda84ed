use std::collections::BTreeSet;

use super::*;
use crate::events::rules::{
    content::tests::day,
    states::{AUTHOR, COORDINATOR, LEAD, LIAISON, TEAM},
};

/// A role that can have these ties.
fn role_with(ties: Ties) -> Role {
    let can = |role: &&Role| ties_of(**role).and(ties) == ties;
    *Role::ALL.iter().find(can).expect("some role can have them")
}

fn at(state: EventState, ties: Ties, signed: &Signatures) -> Circumstances<'_> {
    Circumstances {
        state,
        actor: UserId::new(),
        role: role_with(ties),
        ties,
        signed,
        has_liaison: true,
        starts_at: Some(Instant::local(day("2011-09-03"), 600)),
        season_ends: day("2011-12-31"),
        now: Instant::local(day("2011-08-25"), 600),
    }
}

#[test]
fn without_endorsement_only_where_nobody_can_endorse() {
    let signed = Signatures::default();
    let mut here = at(EventState::Submitted, COORDINATOR, &signed);
    assert_eq!(permit(EventAction::Approve, &here), Err(Denial::NotEndorsed));
    here.has_liaison = false;
    assert_eq!(permit(EventAction::Approve, &here), Ok(EventState::Approved));
    here.has_liaison = true;
    here.state = EventState::Endorsed;
    assert_eq!(permit(EventAction::Approve, &here), Ok(EventState::Approved));
}

#[test]
fn an_author_does_not_approve_even_as_coordinator() {
    let author = UserId::new();
    let signed = Signatures { authors: BTreeSet::from([author]), ..Signatures::default() };
    let mut here = at(EventState::Endorsed, COORDINATOR | AUTHOR, &signed);
    here.actor = author;
    let denied = Denial::Duties(Conflict::Author);
    assert_eq!(permit(EventAction::Approve, &here), Err(denied));
    assert_eq!(denied.refusal(), Refusal::Duties);
    assert_eq!(permit(EventAction::Reject, &here), Ok(EventState::Rejected));
}

#[test]
fn starting_too_early_is_a_wrong_state() {
    let signed = Signatures::default();
    let mut here = at(EventState::Approved, TEAM, &signed);
    let from = Instant::local(day("2011-09-03"), 480);
    here.now = Instant(from.0 - 1);
    let denial = permit(EventAction::Start, &here).unwrap_err();
    assert_eq!(denial, Denial::TooEarly(from));
    assert_eq!(denial.refusal(), Refusal::WrongState);
    here.now = from;
    assert_eq!(permit(EventAction::Start, &here), Ok(EventState::Running));
}

#[test]
fn reopening_ends_with_the_season() {
    let signed = Signatures::default();
    let mut here = at(EventState::Closed, COORDINATOR, &signed);
    here.now = Instant::local(day("2012-02-29"), 1_439);
    assert_eq!(permit(EventAction::Reopen, &here), Ok(EventState::Running));
    here.now = Instant::start_of(day("2012-03-01"));
    assert_eq!(permit(EventAction::Reopen, &here), Err(Denial::SeasonOver));
}

#[test]
fn lists_show_what_the_role_has_in_the_state() {
    use EventAction::*;
    let submitted = |role| actions_by_role(EventState::Submitted, role);
    assert_eq!(submitted(Role::Ambassador), [Withdraw]);
    assert_eq!(submitted(Role::Liaison), [Endorse, RequestChanges, Reject]);
    assert_eq!(submitted(Role::Auditor), []);
    assert_eq!(actions_by_role(EventState::Closed, Role::Coordinator), [Reopen]);
}

#[test]
fn the_detail_says_why_not() {
    let signed = Signatures::default();
    let stranger = at(EventState::Draft, Ties::NONE, &signed);
    for allowed in allowed_actions(&stranger, None) {
        assert_eq!(allowed.denial, Some(Denial::NotYours));
    }
    let lead = at(EventState::Draft, LEAD, &signed);
    let found = allowed_actions(&lead, Some(FindingCode::NoPublicity));
    let expected = [
        (EventAction::Submit, Some(Denial::Findings(FindingCode::NoPublicity))),
        (EventAction::Withdraw, None),
    ]
    .map(|(action, denial)| AllowedAction { action, denial });
    assert_eq!(found, expected);
}

#[test]
fn every_denial_has_words_in_both_languages() {
    let denials = [
        Denial::NotYours,
        Denial::WrongState,
        Denial::Duties(Conflict::Author),
        Denial::Duties(Conflict::Endorser),
        Denial::Duties(Conflict::Approver),
        Denial::NotEndorsed,
        Denial::TooEarly(Instant(0)),
        Denial::SeasonOver,
        Denial::Findings(FindingCode::Incomplete),
    ];
    for denial in denials {
        let words = denial.words();
        assert!(!words.zh.is_empty() && !words.en.is_empty() && words.zh != words.en);
    }
    let signed = Signatures::default();
    let liaison = at(EventState::Submitted, LIAISON, &signed);
    assert_eq!(permit(EventAction::Endorse, &liaison), Ok(EventState::Endorsed));
}
