//! Changing a participant.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{ParticipantOut, register::short_words};
use crate::{
    accounts::{Allowed, allowed::Caller, may},
    campuses::store::campuses,
    catalogue::attendance::ParticipantRole,
    participants::{
        Refusal,
        model::{Consent, Participant, Person},
        store::{
            self,
            write::{Changed, Updated},
        },
    },
    platform::{
        db::{Audit, Change, Tx},
        fault::{Fault, FieldError, Refuse, Words},
        http::{
            answer::Current,
            body::{Valid, check, not_blank},
            codes,
            patch::Field,
            path::Path,
            request::Context,
            version::{IfMatch, stale},
        },
        ids::{CampusId, ParticipantId},
        names::Phone,
    },
};

/// What to change; absent members stay.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "role": "promotion_expert", "app_idea": null }))]
pub struct ParticipantPatch {
    #[serde(default)]
    pub role: Field<ParticipantRole>,
    #[serde(default)]
    pub name: Field<String>,
    #[serde(default)]
    pub phone: Field<Phone>,
    #[serde(default)]
    pub campus_id: Field<CampusId>,
    /// Null clears it.
    #[serde(default)]
    pub student_no: Field<String>,
    #[serde(default)]
    pub skills: Field<Vec<String>>,
    /// Null clears it.
    #[serde(default)]
    pub app_idea: Field<String>,
    /// A newer consent; it cannot be taken back but by erasure.
    #[serde(default)]
    pub consent: Field<Consent>,
}

/// The rules of the members that are set.
#[derive(Validate)]
struct Given<'a> {
    #[validate(length(min = 1, max = 60), custom(function = "not_blank"))]
    name: Option<&'a String>,
    #[validate(length(max = 40))]
    student_no: Option<&'a String>,
    #[validate(length(max = 20), custom(function = "short_words"))]
    skills: Option<&'a Vec<String>>,
    #[validate(length(max = 2000))]
    app_idea: Option<&'a String>,
    #[validate(nested)]
    consent: Option<&'a Consent>,
}

impl ParticipantPatch {
    fn given(&self) -> Given<'_> {
        Given {
            name: self.name.value(),
            student_no: self.student_no.value(),
            skills: self.skills.value(),
            app_idea: self.app_idea.value(),
            consent: self.consent.value(),
        }
    }
}

pub async fn change_participant(
    who: Allowed<may::EditParticipants>,
    cx: Context,
    path: Path<ParticipantId>,
    version: IfMatch,
    body: Valid<ParticipantPatch>,
) -> Result<Current<ParticipantOut>, Fault> {
    let (caller, id, patch) = (who.caller(), path.0, body.0);
    check(&patch.given())?;
    let work = move |tx: &mut Tx<'_>| change(tx, &caller, id, version, &patch);
    let changed = cx.write(cx.meta(who.user), work).await?;
    Ok(Current(ParticipantOut::seen_by(&who, changed)))
}

fn change(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: ParticipantId,
    version: IfMatch,
    patch: &ParticipantPatch,
) -> Result<Participant, Fault> {
    let old = store::find(tx, &caller.scope, id)?.ok_or(codes::Refusal::NotFound)?;
    version.expect(old.version)?;
    let person = old.person.clone().ok_or(Refusal::Erased)?;
    let to = changed(tx, caller, &old, person, patch)?;
    match store::write::update_if(tx, old.id, old.version, &to)? {
        Updated::Done => {}
        Updated::Stale => return Err(stale(old.version + 1)),
        Updated::PhoneTaken => return Err(phone_taken()),
    }
    note(tx, &old, &to)?;
    let new = Participant {
        role: to.role,
        campus_id: to.campus_id,
        city: to.city,
        person: Some(to.person),
        version: old.version + 1,
        ..old
    };
    Ok(new)
}

fn phone_taken() -> Fault {
    let words = Words::new("该手机号已有记录", "This phone is on record already");
    let error = FieldError::new("/phone", "field.taken", words);
    Refusal::PhoneTaken.problem().error(error).into()
}

/// The record as the patch leaves it.
fn changed(
    tx: &mut Tx<'_>,
    caller: &Caller,
    old: &Participant,
    person: Person,
    patch: &ParticipantPatch,
) -> Result<Changed, Fault> {
    let patch = patch.clone();
    let campus_id = patch.campus_id.or_keep("campus_id", old.campus_id)?;
    let mut city = old.city;
    if campus_id != old.campus_id {
        let found = campuses::city_of(tx, campus_id)?;
        let found = found.filter(|city| caller.scope.covers(campus_id, *city));
        city = found.ok_or(codes::Refusal::NotFound)?;
    }
    let person = Person {
        name: patch.name.or_keep("name", person.name)?.trim().to_owned(),
        phone: patch.phone.or_keep("phone", person.phone)?,
        student_no: patch.student_no.or(person.student_no),
        skills: patch.skills.or_keep("skills", person.skills)?,
        app_idea: patch.app_idea.or(person.app_idea),
        consent: patch.consent.or_keep("consent", person.consent)?,
    };
    Ok(Changed { role: patch.role.or_keep("role", old.role)?, campus_id, city, person })
}

/// Both places are told when somebody moves; the old one first, for those who see both.
fn note(tx: &mut Tx<'_>, old: &Participant, to: &Changed) -> Result<(), Fault> {
    let (kind, id) = ("participant", old.id);
    if old.campus_id != to.campus_id {
        let (campus, city) = (Some(old.campus_id), Some(old.city));
        tx.changed(Change { kind, id: id.into(), campus, city, deleted: true });
    }
    let (city, campus) = (Some(to.city), Some(to.campus_id));
    tx.changed(Change { kind, id: id.into(), campus, city, deleted: false });
    let (action, id) = ("participant.change", id.to_string());
    Ok(tx.audit(Audit { action, kind, id, city, campus, ..Audit::default() })?)
}
