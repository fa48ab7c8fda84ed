//! The chain of a promotion as a table, with the duties that go with it.

use std::collections::BTreeSet;

use crate::{
    platform::{
        chain::{self, Misstep, Step, Ties},
        ids::UserId,
    },
    wlan::{
        model::{PromotionAction, PromotionState},
        refusal::Refusal,
    },
};

/// Created, edited or submitted what stands now.
pub const AUTHOR: Ties = Ties::bit(0);
/// Coordinator of the campus's city, or the province.
pub const COORDINATOR: Ties = Ties::bit(1);

const fn row(
    from: PromotionState,
    action: PromotionAction,
    who: Ties,
    to: PromotionState,
) -> Step<PromotionState, PromotionAction> {
    Step { from, action, who, to }
}

/// Every transition there is.
pub const CHAIN: &[Step<PromotionState, PromotionAction>] = {
    use PromotionAction::{Approve, Cancel, Reject, RequestChanges, Submit, Withdraw};
    use PromotionState::{
        Approved, Cancelled, ChangesRequested, Draft, Rejected, Submitted, Withdrawn,
    };
    &[
        row(Draft, Submit, AUTHOR, Submitted),
        row(ChangesRequested, Submit, AUTHOR, Submitted),
        row(Draft, Withdraw, AUTHOR, Withdrawn),
        row(Submitted, Withdraw, AUTHOR, Withdrawn),
        row(ChangesRequested, Withdraw, AUTHOR, Withdrawn),
        row(Submitted, Approve, COORDINATOR, Approved),
        row(Submitted, RequestChanges, COORDINATOR, ChangesRequested),
        row(Submitted, Reject, COORDINATOR, Rejected),
        row(Approved, Cancel, COORDINATOR, Cancelled),
    ]
};

impl PromotionAction {
    /// Whether it takes a comment that is not blank.
    pub const fn needs_comment(self) -> bool {
        matches!(self, Self::RequestChanges | Self::Reject | Self::Cancel)
    }
}

/// The state after `action`, or why it may not be taken.
pub fn permit(
    action: PromotionAction,
    state: PromotionState,
    actor: UserId,
    decides: bool,
    authors: &BTreeSet<UserId>,
) -> Result<PromotionState, Refusal> {
    let author = authors.contains(&actor);
    let ties = AUTHOR.when(author) | COORDINATOR.when(decides);
    let to = chain::step(CHAIN, state, action, ties).map_err(|misstep| match misstep {
        Misstep::NotYours => Refusal::NotYours,
        Misstep::WrongState => Refusal::WrongState,
    })?;
    if action == PromotionAction::Approve && author { Err(Refusal::Duties) } else { Ok(to) }
}

/// The state after an edit: what was submitted is a draft again, what is approved is frozen.
pub fn edited(state: PromotionState) -> Result<PromotionState, Refusal> {
    match state {
        PromotionState::Draft | PromotionState::Submitted => Ok(PromotionState::Draft),
        PromotionState::ChangesRequested => Ok(PromotionState::ChangesRequested),
        PromotionState::Approved | PromotionState::Ended => Err(Refusal::Frozen),
        PromotionState::Rejected | PromotionState::Withdrawn | PromotionState::Cancelled => {
            Err(Refusal::WrongState)
        }
    }
}

/// Whether access points may be added: while the promotion is planned or runs.
pub fn takes_access_points(state: PromotionState) -> bool {
    matches!(
        state,
        PromotionState::Draft
            | PromotionState::Submitted
            | PromotionState::ChangesRequested
            | PromotionState::Approved
    )
}

#[cfg(test)]
mod tests {
    use PromotionAction::{Approve, Cancel, Reject, RequestChanges, Submit, Withdraw};
    use PromotionState::{
        Approved, Cancelled, ChangesRequested, Draft, Ended, Rejected, Submitted, Withdrawn,
    };

    use super::*;

    #[test]
    fn the_straight_way_takes_two_people() {
        let (lin, chen) = (UserId::new(), UserId::new());
        let authors = BTreeSet::from([lin]);
        assert_eq!(permit(Submit, Draft, lin, false, &authors), Ok(Submitted));
        assert_eq!(permit(Approve, Submitted, chen, true, &authors), Ok(Approved));
        assert_eq!(permit(Cancel, Approved, chen, true, &authors), Ok(Cancelled));
    }

    #[test]
    fn an_author_never_approves_also_as_coordinator() {
        let (lin, chen) = (UserId::new(), UserId::new());
        let authors = BTreeSet::from([lin, chen]);
        assert_eq!(permit(Approve, Submitted, chen, true, &authors), Err(Refusal::Duties));
        assert_eq!(permit(Approve, Submitted, lin, false, &authors), Err(Refusal::NotYours));
        assert_eq!(permit(Reject, Submitted, chen, true, &authors), Ok(Rejected));
    }

    #[test]
    fn only_authors_submit_and_withdraw() {
        let (lin, chen) = (UserId::new(), UserId::new());
        let authors = BTreeSet::from([lin]);
        for action in [Submit, Withdraw] {
            assert_eq!(permit(action, Draft, chen, true, &authors), Err(Refusal::NotYours));
        }
        for state in [Draft, Submitted, ChangesRequested] {
            assert_eq!(permit(Withdraw, state, lin, false, &authors), Ok(Withdrawn));
        }
        assert_eq!(permit(Withdraw, Approved, lin, false, &authors), Err(Refusal::WrongState));
    }

    #[test]
    fn nothing_leads_out_of_an_end() {
        let chen = UserId::new();
        let authors = BTreeSet::from([chen]);
        for state in [Rejected, Withdrawn, Cancelled, Ended] {
            for &action in PromotionAction::ALL {
                let answer = permit(action, state, chen, true, &authors);
                assert_eq!(answer, Err(Refusal::WrongState), "{state} {action}");
            }
        }
    }

    #[test]
    fn comments_are_for_bad_news() {
        let told: Vec<_> = PromotionAction::ALL.iter().filter(|a| a.needs_comment()).collect();
        assert_eq!(told, [&RequestChanges, &Reject, &Cancel]);
    }

    #[test]
    fn an_edit_voids_the_submission_and_never_touches_what_was_approved() {
        assert_eq!(edited(Submitted), Ok(Draft));
        assert_eq!(edited(ChangesRequested), Ok(ChangesRequested));
        assert_eq!(edited(Approved), Err(Refusal::Frozen));
        assert_eq!(edited(Ended), Err(Refusal::Frozen));
        assert_eq!(edited(Withdrawn), Err(Refusal::WrongState));
    }
}
