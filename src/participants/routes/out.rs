//! How a participant is shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::allowed::Caller,
    catalogue::attendance::ParticipantRole,
    participants::{
        model::{Consent, Participant, Person},
        rules::sees_whole,
    },
    platform::{
        http::answer::Versioned,
        ids::{CampusId, ParticipantId},
        names::masked_name,
        time::Instant,
    },
};

/// A participant as the caller may see it. An erased one has `id`, `role`, `campus_id` and
/// `erased_at`; one outside your scope, found by its phone, has its `id` alone.
#[derive(Clone, Serialize, ToSchema)]
pub struct ParticipantOut {
    pub id: ParticipantId,
    /// Only in the answer to a registration: whether the phone was on record before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<ParticipantRole>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campus_id: Option<CampusId>,
    /// Whether name and phone are masked and the rest is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<bool>,
    /// Masked as `王**`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Masked as `138****8000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub student_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_idea: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Instant>,
    /// Absent for an erased participant; its `ETag` stands in the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    #[serde(skip)]
    etag: i64,
}

impl ParticipantOut {
    /// As the caller may see it by the campus they work for.
    pub fn seen_by(who: &Caller, of: Participant) -> Self {
        let whole = sees_whole(who.role, &who.scope, of.campus_id, of.city);
        if whole { Self::whole(of) } else { Self::masked(of) }
    }

    /// For those who work with the person.
    pub fn whole(of: Participant) -> Self {
        let mut out = Self::outline(&of);
        if let Some(person) = of.person {
            out.masked = Some(false);
            out.name = Some(person.name);
            out.phone = Some(person.phone.digits().to_owned());
            out.student_no = person.student_no;
            out.skills = Some(person.skills);
            out.app_idea = person.app_idea;
            out.consent = Some(person.consent);
        }
        out
    }

    /// For everybody else.
    pub fn masked(of: Participant) -> Self {
        let mut out = Self::outline(&of);
        if let Some(Person { name, phone, .. }) = of.person {
            out.masked = Some(true);
            out.name = Some(masked_name(&name));
            out.phone = Some(phone.masked());
        }
        out
    }

    fn outline(of: &Participant) -> Self {
        Self {
            role: Some(of.role),
            campus_id: Some(of.campus_id),
            erased_at: of.erased_at,
            version: of.person.is_some().then_some(of.version),
            etag: of.version,
            ..Self::only(of.id)
        }
    }

    /// The id alone: the answer about a record that the caller's scope does not have.
    pub fn only(id: ParticipantId) -> Self {
        Self {
            id,
            existed: None,
            role: None,
            campus_id: None,
            masked: None,
            name: None,
            phone: None,
            student_no: None,
            skills: None,
            app_idea: None,
            consent: None,
            erased_at: None,
            version: None,
            etag: 0,
        }
    }
}

impl Versioned for ParticipantOut {
    fn version(&self) -> i64 {
        self.etag
    }
}
