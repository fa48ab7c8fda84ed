//! Words about who comes: the roles of those who are checked in, and whom an event lets in.
//! Events write them down, participants carry them, check-ins judge by them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::words! {
    /// What someone is in the campaign.
    pub enum ParticipantRole {
        /// Builds applications: contest, salons, training.
        StudentDeveloper = "student_developer",
        /// Spreads the store; earns gifts and points.
        PromotionExpert = "promotion_expert",
        Attendee = "attendee",
        /// Works at the event.
        Team = "team",
    }
}

crate::words! {
    /// From which campuses an event lets people in.
    pub enum AdmitsCampuses {
        /// Every site with the same `moe_code` as the event's campus.
        Own = "own",
        All = "all",
    }
}

crate::words! {
    /// What the door does with someone who is not registered.
    pub enum WalkIn {
        Deny = "deny",
        /// Asks the person at the door to confirm, by a second scan.
        Ask = "ask",
        Allow = "allow",
    }
}

/// Whom an event lets in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Admits {
    /// Roles that are let in; the others are told `role_not_allowed`.
    pub roles: Vec<ParticipantRole>,
    /// Campuses that are let in; the others are told `wrong_campus`.
    pub campuses: AdmitsCampuses,
}

impl Default for Admits {
    /// All four roles of the event's own university.
    fn default() -> Self {
        Self { roles: ParticipantRole::ALL.to_vec(), campuses: AdmitsCampuses::Own }
    }
}

impl Admits {
    pub fn role(&self, role: ParticipantRole) -> bool {
        self.roles.contains(&role)
    }

    /// Whether someone of the university `theirs` may come to an event of the university `ours`.
    pub fn university(&self, theirs: &str, ours: &str) -> bool {
        self.campuses == AdmitsCampuses::All || theirs == ours
    }
}
