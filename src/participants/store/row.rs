//! How a participant stands in its row.

use diesel::prelude::*;

use crate::{
    catalogue::attendance::ParticipantRole,
    participants::model::{Consent, Participant, Person},
    platform::{
        db::Json,
        fault::Fault,
        ids::{CampusId, ParticipantId, UserId},
        names::{CityCode, Phone, PhoneTail},
        time::Instant,
    },
    schema::participants,
};

/// The row as it is read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = participants)]
pub struct Row {
    seq: i64,
    id: ParticipantId,
    role: ParticipantRole,
    campus_id: CampusId,
    city: CityCode,
    #[diesel(embed)]
    person: PersonColumns,
    erased_at: Option<Instant>,
    version: i64,
}

/// The columns that are null once the record is erased.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = participants)]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct PersonColumns {
    name: Option<String>,
    phone: Option<Phone>,
    phone_tail: Option<PhoneTail>,
    student_no: Option<String>,
    skills: Option<Json<Vec<String>>>,
    app_idea: Option<String>,
    consent_version: Option<String>,
    consent_at: Option<Instant>,
}

/// The row as it is made.
#[derive(Insertable)]
#[diesel(table_name = participants, treat_none_as_default_value = false)]
pub struct NewRow {
    pub id: ParticipantId,
    pub role: ParticipantRole,
    pub campus_id: CampusId,
    pub city: CityCode,
    #[diesel(embed)]
    pub person: PersonColumns,
    pub request_sha256: Option<Vec<u8>>,
    pub created_by: Option<UserId>,
    pub created_at: Instant,
    pub anchor_seq: i64,
    pub version: i64,
}

impl PersonColumns {
    /// What an erased record has.
    pub const NONE: Self = Self {
        name: None,
        phone: None,
        phone_tail: None,
        student_no: None,
        skills: None,
        app_idea: None,
        consent_version: None,
        consent_at: None,
    };

    pub fn of(person: &Person) -> Self {
        Self {
            name: Some(person.name.clone()),
            phone: Some(person.phone.clone()),
            phone_tail: Some(person.phone.tail()),
            student_no: person.student_no.clone(),
            skills: Some(Json(person.skills.clone())),
            app_idea: person.app_idea.clone(),
            consent_version: Some(person.consent.version.clone()),
            consent_at: Some(person.consent.at),
        }
    }

    fn open(self) -> Option<Person> {
        Some(Person {
            name: self.name?,
            phone: self.phone?,
            student_no: self.student_no,
            skills: self.skills?.0,
            app_idea: self.app_idea,
            consent: Consent { version: self.consent_version?, at: self.consent_at? },
        })
    }
}

impl Row {
    /// The participant; a record is whole or erased, as the table's checks say.
    pub fn open(self) -> Result<Participant, Fault> {
        let person = self.person.open();
        if person.is_some() == self.erased_at.is_some() {
            return Err(Fault::bug(format!("participant {} is neither whole nor erased", self.id)));
        }
        Ok(Participant {
            seq: self.seq,
            id: self.id,
            role: self.role,
            campus_id: self.campus_id,
            city: self.city,
            person,
            erased_at: self.erased_at,
            version: self.version,
        })
    }
}
