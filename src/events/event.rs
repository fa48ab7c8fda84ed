//! An event as the room works with it: its content and where it stands.

use serde_json::Value;

use super::{
    model::{EventAction, EventState, HistoryAction, UNTIMED},
    rules::{
        content::Content,
        states::{AUTHOR, COORDINATOR, LEAD, LIAISON, TEAM, ties_of},
        timing,
    },
};
use crate::{
    accounts::allowed::Caller,
    catalogue::{Facet, Theme, attendance::WalkIn},
    platform::{
        chain::Ties,
        ids::{EventId, UserId},
        names::CityCode,
        time::Instant,
    },
};

/// One event with all its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    /// Of its campus.
    pub city: CityCode,
    /// Of its activity.
    pub theme: Theme,
    pub facet: Facet,
    pub content: Content,
    /// Of the content; made anew only when that changes.
    pub content_hash: String,
    pub walk_in: WalkIn,
    pub state: EventState,
    pub version: i64,
    pub first_submitted_at: Option<Instant>,
    pub submitted_at: Option<Instant>,
    pub endorsed_by: Option<UserId>,
    pub approved_by: Option<UserId>,
    pub approved_at: Option<Instant>,
    pub lead_time_overridden: bool,
    pub closed_at: Option<Instant>,
}

/// What the history tells of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub action: HistoryAction,
    pub comment: Option<String>,
    /// Overridden findings and their reason, changed fields, report: whatever the step had.
    pub data: Value,
}

impl Event {
    /// A draft nobody has seen yet.
    pub fn draft(id: EventId, city: CityCode, kind: (Theme, Facet), content: Content) -> Self {
        Self {
            id,
            city,
            theme: kind.0,
            facet: kind.1,
            content_hash: content.hash(),
            content,
            walk_in: WalkIn::Ask,
            state: EventState::Draft,
            version: 1,
            first_submitted_at: None,
            submitted_at: None,
            endorsed_by: None,
            approved_by: None,
            approved_at: None,
            lead_time_overridden: false,
            closed_at: None,
        }
    }

    /// Its place in lists.
    pub fn sort_at(&self) -> Instant {
        self.content.starts_at.unwrap_or(UNTIMED)
    }

    /// Approved, past its end, and never started.
    pub fn overdue(&self, now: Instant) -> bool {
        timing::overdue(self.state, self.content.ends_at, now)
    }

    /// What ties someone to it; `author` says whether they had a hand in it.
    pub fn ties(&self, who: &Caller, author: bool) -> Ties {
        let here = who.scope.covers(self.content.campus_id, self.city);
        let ties = LEAD.when(self.content.lead_id == Some(who.user))
            | TEAM.when(self.content.team_ids.contains(&who.user))
            | AUTHOR.when(author)
            | LIAISON.when(here)
            | COORDINATOR.when(here);
        ties.and(ties_of(who.role))
    }

    /// The event one version later, with another content.
    #[must_use]
    pub fn rewritten(&self, content: Content) -> Self {
        let content_hash = content.hash();
        Self { content, content_hash, version: self.version + 1, ..self.clone() }
    }

    /// The event after `action` by `actor`, which led to `to`.
    #[must_use]
    pub fn stepped(
        &self,
        action: EventAction,
        to: EventState,
        actor: UserId,
        now: Instant,
    ) -> Self {
        let mut event = Self { state: to, version: self.version + 1, ..self.clone() };
        match action {
            EventAction::Submit => {
                event.submitted_at = Some(now);
                event.first_submitted_at = event.first_submitted_at.or(Some(now));
            }
            EventAction::Endorse => event.endorsed_by = Some(actor),
            EventAction::RequestChanges => event.endorsed_by = None,
            EventAction::Approve => {
                (event.approved_by, event.approved_at) = (Some(actor), Some(now));
            }
            EventAction::Close => event.closed_at = Some(now),
            EventAction::Reopen => event.closed_at = None,
            EventAction::Reject
            | EventAction::Withdraw
            | EventAction::Amend
            | EventAction::Start
            | EventAction::Cancel => {}
        }
        event
    }

    /// The event back in draft with another content; its endorsement is void.
    #[must_use]
    pub fn back_to_draft(&self, content: Content) -> Self {
        Self { state: EventState::Draft, endorsed_by: None, ..self.rewritten(content) }
    }
}
