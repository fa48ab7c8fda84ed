//! Changing what is approved. The coordinator may change all but the fixed fields; while the
//! event runs, its lead may prolong it and change its team.

use super::{content::Content, guarded::fixed};
use crate::{events::model::EventState, platform::chain::Ties};

use super::states::COORDINATOR;

/// Why an amendment is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmendRefusal {
    /// It changes nothing.
    Empty,
    /// These never change once the event has been submitted.
    Fixed(Vec<&'static str>),
    /// The lead may not change these; the coordinator may.
    NotTheLeads(Vec<&'static str>),
    /// The lead may only move the end to later.
    Shorter,
    /// More people are registered than this capacity lets in.
    BelowRegistered { capacity: i64, registered: i64 },
}

/// Judges an amendment by someone whom the chain lets amend; answers the fields it changes.
pub fn amend(
    state: EventState,
    ties: Ties,
    old: &Content,
    new: &Content,
    registered: i64,
) -> Result<Vec<&'static str>, AmendRefusal> {
    let changed = old.changed(new);
    if changed.is_empty() {
        return Err(AmendRefusal::Empty);
    }
    let fixed = fixed(&changed);
    if !fixed.is_empty() {
        return Err(AmendRefusal::Fixed(fixed));
    }
    if !ties.meets(COORDINATOR) {
        leads_part(state, old, new, &changed)?;
    }
    match new.capacity {
        Some(capacity) if capacity < registered && changed.contains(&"capacity") => {
            Err(AmendRefusal::BelowRegistered { capacity, registered })
        }
        _ => Ok(changed),
    }
}

fn leads_part(
    state: EventState,
    old: &Content,
    new: &Content,
    changed: &[&'static str],
) -> Result<(), AmendRefusal> {
    let own: &[&str] = if state == EventState::Running { &["ends_at", "team_ids"] } else { &[] };
    let others: Vec<_> = changed.iter().copied().filter(|name| !own.contains(name)).collect();
    if !others.is_empty() {
        return Err(AmendRefusal::NotTheLeads(others));
    }
    if changed.contains(&"ends_at") && new.ends_at < old.ends_at {
        return Err(AmendRefusal::Shorter);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::{
        events::rules::{content::tests::lecture, states::LEAD},
        platform::ids::{CampusId, UserId},
    };

    fn changed(by: impl Fn(&mut Content)) -> (Content, Content) {
        let old = lecture();
        let mut new = old.clone();
        by(&mut new);
        (old, new)
    }

    #[test]
    fn the_lead_prolongs_and_changes_the_team_while_it_runs() {
        let (old, new) = changed(|c| {
            c.ends_at = c.ends_at.map(|at| at + Duration::hours(1));
            c.team_ids.insert(UserId::new());
        });
        let answer = amend(EventState::Running, LEAD, &old, &new, 0);
        assert_eq!(answer, Ok(vec!["ends_at", "team_ids"]));
        let back = amend(EventState::Running, LEAD, &new, &old, 0);
        assert_eq!(back, Err(AmendRefusal::Shorter));
    }

    #[test]
    fn the_rest_is_the_coordinators() {
        let (old, new) = changed(|c| c.venue_id = None);
        let lead = amend(EventState::Running, LEAD, &old, &new, 0);
        assert_eq!(lead, Err(AmendRefusal::NotTheLeads(vec!["venue_id"])));
        let both = amend(EventState::Running, LEAD | COORDINATOR, &old, &new, 0);
        assert_eq!(both, Ok(vec!["venue_id"]));
        let coordinator = amend(EventState::Approved, COORDINATOR, &old, &new, 0);
        assert_eq!(coordinator, Ok(vec!["venue_id"]));
    }

    #[test]
    fn some_fields_nobody_changes() {
        let (old, new) = changed(|c| c.campus_id = CampusId::new());
        let answer = amend(EventState::Approved, COORDINATOR, &old, &new, 0);
        assert_eq!(answer, Err(AmendRefusal::Fixed(vec!["campus_id"])));
        let answer = amend(EventState::Approved, COORDINATOR, &old, &old, 0);
        assert_eq!(answer, Err(AmendRefusal::Empty));
    }

    #[test]
    fn capacity_does_not_fall_below_the_registered() {
        let (old, new) = changed(|c| c.capacity = Some(100));
        let answer = amend(EventState::Approved, COORDINATOR, &old, &new, 101);
        let refused = AmendRefusal::BelowRegistered { capacity: 100, registered: 101 };
        assert_eq!(answer, Err(refused));
        assert!(amend(EventState::Approved, COORDINATOR, &old, &new, 100).is_ok());
        let (old, open) = changed(|c| c.capacity = None);
        assert!(amend(EventState::Approved, COORDINATOR, &old, &open, 999).is_ok());
    }
}
