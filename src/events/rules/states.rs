//! The chain of an event as a table (deck p.27: team, campus and city sign one after the
//! other). Guards beyond state and person are in [`super::permit()`].

use crate::{
    accounts::{
        model::Role,
        policy::{Action, may_ever},
    },
    events::model::{EventAction, EventState},
    platform::chain::{Step, Ties},
};

/// Answers for the event.
pub const LEAD: Ties = Ties::bit(0);
/// On the event's team.
pub const TEAM: Ties = Ties::bit(1);
/// Created, edited or submitted what stands now, or leads it.
pub const AUTHOR: Ties = Ties::bit(2);
/// Liaison of the event's campus.
pub const LIAISON: Ties = Ties::bit(3);
/// Coordinator of the event's city, or the province.
pub const COORDINATOR: Ties = Ties::bit(4);

const OWNERS: Ties = LEAD.with(AUTHOR);
const CREW: Ties = LEAD.with(TEAM);
const REVIEWERS: Ties = LIAISON.with(COORDINATOR);

const fn row(
    from: EventState,
    action: EventAction,
    who: Ties,
    to: EventState,
) -> Step<EventState, EventAction> {
    Step { from, action, who, to }
}

/// Every transition there is.
pub const CHAIN: &[Step<EventState, EventAction>] = {
    use EventAction::{
        Amend, Approve, Cancel, Close, Endorse, Reject, Reopen, RequestChanges, Start, Submit,
        Withdraw,
    };
    use EventState::{
        Approved, Cancelled, ChangesRequested, Closed, Draft, Endorsed, Rejected, Running,
        Submitted, Withdrawn,
    };
    &[
        row(Draft, Submit, OWNERS, Submitted),
        row(ChangesRequested, Submit, OWNERS, Submitted),
        row(Submitted, Endorse, LIAISON, Endorsed),
        row(Submitted, RequestChanges, REVIEWERS, ChangesRequested),
        row(Endorsed, RequestChanges, REVIEWERS, ChangesRequested),
        row(Submitted, Reject, REVIEWERS, Rejected),
        row(Endorsed, Reject, REVIEWERS, Rejected),
        row(Submitted, Approve, COORDINATOR, Approved),
        row(Endorsed, Approve, COORDINATOR, Approved),
        row(Draft, Withdraw, OWNERS, Withdrawn),
        row(Submitted, Withdraw, OWNERS, Withdrawn),
        row(Endorsed, Withdraw, OWNERS, Withdrawn),
        row(ChangesRequested, Withdraw, OWNERS, Withdrawn),
        row(Approved, Amend, COORDINATOR, Approved),
        row(Running, Amend, COORDINATOR.with(LEAD), Running),
        row(Approved, Start, CREW, Running),
        row(Approved, Cancel, COORDINATOR, Cancelled),
        row(Running, Cancel, COORDINATOR, Cancelled),
        row(Running, Close, COORDINATOR.with(LEAD), Closed),
        row(Closed, Reopen, COORDINATOR, Running),
    ]
};

/// What a role lets someone do at all; the policy says it, [`Powers::of`] reads it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Powers {
    /// May draft, edit, submit, start, close and withdraw.
    pub drafts: bool,
    /// May endorse.
    pub endorses: bool,
    /// May approve, amend, cancel and reopen.
    pub approves: bool,
}

impl Powers {
    pub fn of(role: Role) -> Self {
        Self {
            drafts: may_ever(role, Action::DraftEvents),
            endorses: may_ever(role, Action::EndorseEvents),
            approves: may_ever(role, Action::DecideEvents),
        }
    }

    /// The ties that someone with these powers can have to some event.
    pub fn ties(self) -> Ties {
        LEAD.with(TEAM).with(AUTHOR).when(self.drafts)
            | LIAISON.when(self.endorses)
            | COORDINATOR.when(self.approves)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::platform::chain::{Misstep, open, step, target};

    #[test]
    fn one_line_for_a_state_and_an_action() {
        let pairs: BTreeSet<_> = CHAIN.iter().map(|s| (s.from, s.action)).collect();
        assert_eq!(pairs.len(), CHAIN.len());
    }

    #[test]
    fn every_state_is_reached_and_every_action_leads_somewhere() {
        let mut reached = BTreeSet::from([EventState::Draft]);
        for _ in EventState::ALL {
            reached.extend(
                CHAIN
                    .iter()
                    .filter(|s| reached.contains(&s.from))
                    .map(|s| s.to)
                    .collect::<Vec<_>>(),
            );
        }
        assert_eq!(reached.len(), EventState::ALL.len());
        for &action in EventAction::ALL {
            assert!(CHAIN.iter().any(|s| s.action == action), "{action}");
        }
    }

    #[test]
    fn rejected_withdrawn_and_cancelled_are_ends() {
        let everyone = LEAD | TEAM | AUTHOR | LIAISON | COORDINATOR;
        for end in [EventState::Rejected, EventState::Withdrawn, EventState::Cancelled] {
            assert_eq!(open(CHAIN, end, everyone).count(), 0);
        }
    }

    #[test]
    fn the_straight_way() {
        use EventAction::*;
        let way = [
            (Submit, AUTHOR, EventState::Submitted),
            (Endorse, LIAISON, EventState::Endorsed),
            (Approve, COORDINATOR, EventState::Approved),
            (Start, TEAM, EventState::Running),
            (Close, LEAD, EventState::Closed),
            (Reopen, COORDINATOR, EventState::Running),
        ];
        let mut state = EventState::Draft;
        for (action, ties, expected) in way {
            state = step(CHAIN, state, action, ties).unwrap();
            assert_eq!(state, expected);
        }
    }

    #[test]
    fn who_may_not() {
        use EventAction::*;
        let no = |state, action, ties| step(CHAIN, state, action, ties).unwrap_err();
        assert_eq!(no(EventState::Draft, Submit, TEAM), Misstep::NotYours);
        assert_eq!(no(EventState::Submitted, Endorse, COORDINATOR), Misstep::NotYours);
        assert_eq!(no(EventState::Endorsed, Approve, LIAISON | LEAD), Misstep::NotYours);
        assert_eq!(no(EventState::Approved, Amend, LEAD), Misstep::NotYours);
        assert_eq!(no(EventState::Approved, Close, LEAD), Misstep::WrongState);
        assert_eq!(no(EventState::Approved, Start, COORDINATOR), Misstep::NotYours);
        assert_eq!(no(EventState::Approved, Withdraw, LEAD), Misstep::WrongState);
        assert_eq!(target(CHAIN, EventState::Closed, Start), None);
    }

    #[test]
    fn powers_bound_the_ties() {
        let ties = |role| Powers::of(role).ties();
        assert_eq!(ties(Role::Auditor), Ties::NONE);
        assert_eq!(ties(Role::Liaison), LIAISON);
        assert_eq!(ties(Role::Ambassador), LEAD | TEAM | AUTHOR);
        assert_eq!(ties(Role::Coordinator), LEAD | TEAM | AUTHOR | COORDINATOR);
        assert_eq!(ties(Role::Province), ties(Role::Coordinator));
    }
}
