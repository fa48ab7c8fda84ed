//! Separation of duties: the authors, the endorser and the approver of what is approved are
//! three different people. Requesting changes, rejecting and withdrawing are free.

use std::collections::BTreeSet;

use crate::{events::model::EventAction, platform::ids::UserId};

/// Who has had a hand in the event as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signatures {
    /// Whoever created, edited or submitted it so far.
    pub authors: BTreeSet<UserId>,
    /// Its lead is an author too.
    pub lead: Option<UserId>,
    /// Who endorsed it, unless that was voided since.
    pub endorsed_by: Option<UserId>,
    /// Who approved it.
    pub approved_by: Option<UserId>,
}

impl Signatures {
    pub fn is_author(&self, user: UserId) -> bool {
        self.lead == Some(user) || self.authors.contains(&user)
    }
}

/// Which duty someone already has that rules out another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    Author,
    Endorser,
    Approver,
}

/// Whether `actor` may do `action` beside what they have already signed.
pub fn duties(action: EventAction, actor: UserId, signed: &Signatures) -> Result<(), Conflict> {
    let author = signed.is_author(actor);
    let endorser = signed.endorsed_by == Some(actor);
    let approver = signed.approved_by == Some(actor);
    match action {
        EventAction::Submit if endorser => Err(Conflict::Endorser),
        EventAction::Submit | EventAction::Endorse if approver => Err(Conflict::Approver),
        EventAction::Endorse | EventAction::Approve if author => Err(Conflict::Author),
        EventAction::Approve if endorser => Err(Conflict::Endorser),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> (UserId, UserId, UserId, UserId) {
        (UserId::new(), UserId::new(), UserId::new(), UserId::new())
    }

    #[test]
    fn authors_and_lead_neither_endorse_nor_approve() {
        let (author, lead, other, _) = people();
        let signed = Signatures {
            authors: BTreeSet::from([author]),
            lead: Some(lead),
            ..Signatures::default()
        };
        for action in [EventAction::Endorse, EventAction::Approve] {
            assert_eq!(duties(action, author, &signed), Err(Conflict::Author));
            assert_eq!(duties(action, lead, &signed), Err(Conflict::Author));
            assert_eq!(duties(action, other, &signed), Ok(()));
        }
        assert_eq!(duties(EventAction::Submit, author, &signed), Ok(()));
    }

    #[test]
    fn the_endorser_does_not_approve_or_submit() {
        let (author, lead, endorser, _) = people();
        let signed = Signatures {
            authors: BTreeSet::from([author]),
            lead: Some(lead),
            endorsed_by: Some(endorser),
            approved_by: None,
        };
        assert_eq!(duties(EventAction::Approve, endorser, &signed), Err(Conflict::Endorser));
        assert_eq!(duties(EventAction::Submit, endorser, &signed), Err(Conflict::Endorser));
    }

    #[test]
    fn the_rest_is_free() {
        let (author, lead, endorser, approver) = people();
        let signed = Signatures {
            authors: BTreeSet::from([author]),
            lead: Some(lead),
            endorsed_by: Some(endorser),
            approved_by: Some(approver),
        };
        let bound = [EventAction::Submit, EventAction::Endorse, EventAction::Approve];
        for &action in EventAction::ALL.iter().filter(|a| !bound.contains(a)) {
            for actor in [author, lead, endorser, approver] {
                assert_eq!(duties(action, actor, &signed), Ok(()), "{action}");
            }
        }
    }
}
