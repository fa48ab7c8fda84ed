//! A registration and its states.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    platform::{
        ids::{EventId, ParticipantId, RegistrationId},
        time::Instant,
    },
    schema::registrations,
};

crate::words! {
    /// Where someone stands on an event's list.
    pub enum RegistrationState {
        Registered = "registered",
        /// Moves up when a place becomes free.
        Waitlisted = "waitlisted",
        Cancelled = "cancelled",
    }
}

/// One person on one event's list.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
pub struct Registration {
    pub id: RegistrationId,
    pub event_id: EventId,
    pub participant_id: ParticipantId,
    pub state: RegistrationState,
    /// Order of asking within the event.
    pub position: i64,
    pub registered_at: Instant,
    /// When a place became free for someone who waited.
    pub promoted_at: Option<Instant>,
    pub cancelled_at: Option<Instant>,
}

/// Why one person of several is not put on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotPlaced {
    Unknown,
    Erased,
    Role,
    Campus,
}
