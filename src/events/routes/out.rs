//! An event as clients see it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    accounts::allowed::Caller,
    catalogue::{
        Facet, KitLine, Theme,
        attendance::{Admits, WalkIn},
    },
    events::{
        case::Case,
        event::Event,
        model::{EventAction, EventState, Publicity},
        rules::permit::actions_by_role,
    },
    platform::{
        db::Conn,
        fault::Fault,
        http::{answer::Versioned, render::Language},
        ids::{CampusId, EventId, UserId, VenueId},
        names::CityCode,
        time::Instant,
    },
};

/// One activity at one campus at one time.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EventOut {
    pub id: EventId,
    pub season: String,
    pub activity: String,
    /// Of the activity.
    pub theme: Theme,
    pub facet: Facet,
    pub format: String,
    pub campus_id: CampusId,
    /// Of the campus.
    pub city: CityCode,
    pub venue_id: Option<VenueId>,
    pub title: String,
    pub organiser: Option<String>,
    pub plan: String,
    pub publicity: Vec<Publicity>,
    pub kit: Vec<KitLine>,
    pub starts_at: Option<Instant>,
    pub ends_at: Option<Instant>,
    /// How many may register; null for as many as come.
    pub capacity: Option<i64>,
    pub lead_id: Option<UserId>,
    pub team_ids: Vec<UserId>,
    pub admits: Admits,
    pub walk_in: WalkIn,
    pub state: EventState,
    pub version: i64,
    /// Approved, past its end, and never started.
    pub overdue: bool,
    /// SHA-256 over the guarded fields; the history names the same.
    pub content_hash: String,
    pub first_submitted_at: Option<Instant>,
    pub submitted_at: Option<Instant>,
    pub endorsed_by: Option<UserId>,
    pub approved_by: Option<UserId>,
    pub approved_at: Option<Instant>,
    /// Approved in spite of less than a week of preheat.
    pub lead_time_overridden: bool,
    pub closed_at: Option<Instant>,
    /// What your role may do in this state. In lists by role and state only; for one event
    /// also judged for you and now.
    pub allowed_actions: Vec<AllowedActionOut>,
}

/// A step, and whether you may take it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AllowedActionOut {
    pub action: EventAction,
    pub enabled: bool,
    /// Why not now, in your language.
    pub reason: Option<String>,
}

impl Versioned for EventOut {
    fn version(&self) -> i64 {
        self.version
    }
}

/// For whom and when an event is shown.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub who: &'a Caller,
    pub language: Language,
    pub now: Instant,
}

impl View<'_> {
    /// The event as lists show it.
    pub fn line(&self, event: Event) -> EventOut {
        let actions = actions_by_role(event.state, self.who.role)
            .into_iter()
            .map(|action| AllowedActionOut { action, enabled: true, reason: None })
            .collect();
        self.out(event, actions)
    }

    /// The event with what the caller may do now.
    pub fn detail(&self, conn: &mut Conn, event: Event) -> Result<EventOut, Fault> {
        let case = Case::open(conn, event)?;
        let allowed = case.allowed_actions(conn, self.who, self.now)?;
        let actions = allowed
            .into_iter()
            .map(|allowed| AllowedActionOut {
                action: allowed.action,
                enabled: allowed.denial.is_none(),
                reason: allowed.denial.map(|why| self.language.say(&why.words()).to_owned()),
            })
            .collect();
        Ok(self.out(case.event, actions))
    }

    fn out(&self, event: Event, allowed_actions: Vec<AllowedActionOut>) -> EventOut {
        let overdue = event.overdue(self.now);
        let content = event.content;
        EventOut {
            id: event.id,
            season: content.season,
            activity: content.activity,
            theme: event.theme,
            facet: event.facet,
            format: content.format,
            campus_id: content.campus_id,
            city: event.city,
            venue_id: content.venue_id,
            title: content.title,
            organiser: content.organiser,
            plan: content.plan,
            publicity: content.publicity,
            kit: content.kit,
            starts_at: content.starts_at,
            ends_at: content.ends_at,
            capacity: content.capacity,
            lead_id: content.lead_id,
            team_ids: content.team_ids.into_iter().collect(),
            admits: content.admits,
            walk_in: event.walk_in,
            state: event.state,
            version: event.version,
            overdue,
            content_hash: event.content_hash,
            first_submitted_at: event.first_submitted_at,
            submitted_at: event.submitted_at,
            endorsed_by: event.endorsed_by,
            approved_by: event.approved_by,
            approved_at: event.approved_at,
            lead_time_overridden: event.lead_time_overridden,
            closed_at: event.closed_at,
            allowed_actions,
        }
    }
}
