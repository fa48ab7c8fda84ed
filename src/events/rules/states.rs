//! The chain of an event as a table (deck p.27: team, campus and city sign one after the
//! other). Guards beyond state and person are in [`super::permit()`].

use crate::{
    accounts::{
        model::Role,
        policy::{Action, Relation, Right, may_ever},
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

/// The ties that someone of this role can have to some event.
pub fn ties_of(role: Role) -> Ties {
    LEAD.with(TEAM).with(AUTHOR).when(may_ever(role, Action::DraftEvents))
        | LIAISON.when(may_ever(role, Action::EndorseEvents))
        | COORDINATOR.when(may_ever(role, Action::DecideEvents))
}

/// The row of the policy that a step stands in.
pub const fn policy_row(action: EventAction) -> Action {
    match action {
        EventAction::Submit => Action::SubmitEvents,
        EventAction::Withdraw => Action::WithdrawEvents,
        EventAction::Endorse => Action::EndorseEvents,
        EventAction::RequestChanges | EventAction::Reject => Action::ReviewEvents,
        EventAction::Approve | EventAction::Cancel | EventAction::Reopen => Action::DecideEvents,
        EventAction::Amend => Action::AmendEvents,
        EventAction::Start => Action::StartEvents,
        EventAction::Close => Action::CloseEvents,
    }
}

/// Those of someone's ties that the policy lets count for a step.
pub fn counting(role: Role, action: EventAction, ties: Ties) -> Ties {
    match policy_row(action).right(role) {
        Right::Never => Ties::NONE,
        Right::Always => ties,
        Right::If(relations) => {
            relations.iter().fold(Ties::NONE, |all, relation| all | tie(*relation)).and(ties)
        }
    }
}

/// What a relation of the policy is here.
const fn tie(relation: Relation) -> Ties {
    match relation {
        Relation::Scoped => REVIEWERS,
        Relation::Author => AUTHOR,
        Relation::Team => TEAM,
        Relation::Lead => LEAD,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        accounts::policy::allows,
        platform::chain::{Misstep, open, step, target},
    };

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
    fn the_role_bounds_the_ties() {
        assert_eq!(ties_of(Role::Auditor), Ties::NONE);
        assert_eq!(ties_of(Role::Liaison), LIAISON);
        assert_eq!(ties_of(Role::Ambassador), LEAD | TEAM | AUTHOR);
        assert_eq!(ties_of(Role::Coordinator), LEAD | TEAM | AUTHOR | COORDINATOR);
        assert_eq!(ties_of(Role::Province), ties_of(Role::Coordinator));
    }

    /// The printed grid is what the chain does: for every step, role and relation to an event
    /// of one's scope, some line of the chain is open exactly where the grid has a mark.
    #[test]
    fn chain_and_policy_grid_say_the_same() {
        use Relation::{Author, Lead, Scoped, Team};
        for &action in EventAction::ALL {
            for &role in Role::ALL {
                for relation in [Scoped, Author, Team, Lead] {
                    let ties = (REVIEWERS | tie(relation)).and(ties_of(role));
                    let open = |ties: Ties| {
                        CHAIN.iter().any(|step| step.action == action && step.who.meets(ties))
                    };
                    let granted = allows(role, policy_row(action), relation);
                    assert_eq!(open(ties), granted, "{role} {action} {relation:?}: chain");
                    let counted = counting(role, action, ties);
                    assert_eq!(open(counted), granted, "{role} {action} {relation:?}: counted");
                }
            }
        }
    }
}
