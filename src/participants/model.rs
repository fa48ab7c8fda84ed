//! A participant, and what tells who it is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    catalogue::attendance::ParticipantRole,
    platform::{
        http::body::not_blank,
        ids::{CampusId, ParticipantId, UserId},
        names::{CityCode, Phone},
        time::Instant,
    },
};

/// Someone who is checked in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// Order of registration; lists go by it, since clients may make ids.
    pub seq: i64,
    pub id: ParticipantId,
    pub role: ParticipantRole,
    pub campus_id: CampusId,
    pub city: CityCode,
    /// Nothing once the record is erased.
    pub person: Option<Person>,
    pub erased_at: Option<Instant>,
    pub version: i64,
}

/// What tells who someone is.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub phone: Phone,
    pub student_no: Option<String>,
    pub skills: Vec<String>,
    pub app_idea: Option<String>,
    pub consent: Consent,
}

/// To which text the person agreed, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Name of the text as it was shown.
    #[validate(length(min = 1, max = 40), custom(function = "not_blank"))]
    pub version: String,
    pub at: Instant,
}

/// A record in the making.
#[derive(Clone, Debug)]
pub struct NewParticipant {
    pub id: ParticipantId,
    pub role: ParticipantRole,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub person: Person,
    /// Hash of what came with a client's own id.
    pub request_sha256: Option<[u8; 32]>,
    pub created_by: Option<UserId>,
    pub created_at: Instant,
}

/// What check-in and registrations need to know of someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The record's own id, not another name of it.
    pub id: ParticipantId,
    pub role: ParticipantRole,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub erased_at: Option<Instant>,
}

/// Never shows who it is: logs may get it.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person(…)")
    }
}
