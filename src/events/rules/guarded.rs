//! What an edit does to an event. Every field but `walk_in` and the evidence of publicity is
//! guarded: what was seen is what is approved.

use super::content::Content;
use crate::events::model::EventState;

/// What an edit does beside changing the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditEffect {
    /// Nothing guarded changes: nobody becomes an author and the state stays.
    Unguarded,
    /// The editor becomes an author; the state stays.
    Rewritten,
    /// The editor becomes an author; the event returns to draft, its endorsement is void.
    BackToDraft,
}

/// Why an edit is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditRefusal {
    /// Approved or running: these fields change by amend only.
    UseAmend(Vec<&'static str>),
    /// These never change once the event has been submitted.
    Fixed(Vec<&'static str>),
    /// It has come to its end.
    Ended,
}

/// The fields that stay for ever after the first submit.
pub const FIXED: [&str; 3] = ["activity", "campus_id", "season"];

/// Judges the edit of an event in `state` from `old` to `new`.
pub fn edit(
    state: EventState,
    ever_submitted: bool,
    old: &Content,
    new: &Content,
) -> Result<EditEffect, EditRefusal> {
    use EventState::{
        Approved, Cancelled, ChangesRequested, Closed, Draft, Endorsed, Rejected, Running,
        Submitted, Withdrawn,
    };
    let changed = old.changed(new);
    match state {
        Closed | Rejected | Withdrawn | Cancelled => return Err(EditRefusal::Ended),
        _ if changed.is_empty() => return Ok(EditEffect::Unguarded),
        Approved | Running => return Err(EditRefusal::UseAmend(changed)),
        Draft | ChangesRequested | Submitted | Endorsed => {}
    }
    let fixed = fixed(&changed);
    if ever_submitted && !fixed.is_empty() {
        return Err(EditRefusal::Fixed(fixed));
    }
    Ok(match state {
        Submitted | Endorsed => EditEffect::BackToDraft,
        _ => EditEffect::Rewritten,
    })
}

/// Which of these fields never change after the first submit.
pub fn fixed(changed: &[&'static str]) -> Vec<&'static str> {
    changed.iter().copied().filter(|name| FIXED.contains(name)).collect()
}

/// Whether an event may be deleted: a draft that nobody else has been shown yet. What has
/// been submitted is part of the record and is withdrawn instead.
pub fn deletable(state: EventState, ever_submitted: bool) -> bool {
    state == EventState::Draft && !ever_submitted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{events::rules::content::tests::lecture, platform::ids::CampusId};

    fn retitled() -> (Content, Content) {
        let old = lecture();
        let mut new = old.clone();
        new.title = "讲座".into();
        (old, new)
    }

    #[test]
    fn an_edit_of_what_others_see_returns_to_draft() {
        let (old, new) = retitled();
        for state in [EventState::Submitted, EventState::Endorsed] {
            assert_eq!(edit(state, true, &old, &new), Ok(EditEffect::BackToDraft));
            assert_eq!(edit(state, true, &old, &old), Ok(EditEffect::Unguarded));
        }
        for state in [EventState::Draft, EventState::ChangesRequested] {
            assert_eq!(edit(state, true, &old, &new), Ok(EditEffect::Rewritten));
        }
    }

    #[test]
    fn what_is_approved_is_frozen() {
        let (old, new) = retitled();
        for state in [EventState::Approved, EventState::Running] {
            let refused = Err(EditRefusal::UseAmend(vec!["title"]));
            assert_eq!(edit(state, true, &old, &new), refused);
            assert_eq!(edit(state, true, &old, &old), Ok(EditEffect::Unguarded));
        }
        assert_eq!(edit(EventState::Closed, true, &old, &old), Err(EditRefusal::Ended));
    }

    #[test]
    fn campus_season_and_activity_are_fixed_by_the_first_submit() {
        let old = lecture();
        let mut new = old.clone();
        new.campus_id = CampusId::new();
        new.activity = "orange-crew".into();
        assert_eq!(edit(EventState::Draft, false, &old, &new), Ok(EditEffect::Rewritten));
        for state in [EventState::Draft, EventState::ChangesRequested, EventState::Submitted] {
            let refused = Err(EditRefusal::Fixed(vec!["activity", "campus_id"]));
            assert_eq!(edit(state, true, &old, &new), refused);
        }
    }

    #[test]
    fn only_fresh_drafts_are_deleted() {
        assert!(deletable(EventState::Draft, false));
        assert!(!deletable(EventState::Draft, true));
        assert!(!deletable(EventState::Submitted, true));
    }
}
