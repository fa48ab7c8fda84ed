//! Putting someone on record.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::ParticipantOut;
use crate::{
    accounts::{Allowed, may},
    catalogue::attendance::ParticipantRole,
    participants::{
        Refusal,
        model::{Consent, Person},
        registering::{Kept, Wish, register},
        store,
    },
    platform::{
        crypto::sha256,
        fault::{Fault, FieldError, Refuse, Words},
        http::{
            answer::Posted,
            body::{Once, not_blank},
            request::Context,
        },
        ids::{CampusId, ParticipantId},
        names::Phone,
    },
};

#[derive(Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "role": "student_developer",
    "name": "王芳",
    "phone": "13800138000",
    "campus_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01",
    "student_no": "10212345",
    "skills": ["Java", "Android"],
    "app_idea": "校园二手书",
    "consent": { "version": "2011-09", "at": "2011-09-01T02:30:00.000Z" },
}))]
pub struct ParticipantIn {
    /// Client id (UUIDv7); leave it out to have one made.
    pub id: Option<ParticipantId>,
    pub role: ParticipantRole,
    #[validate(length(min = 1, max = 60), custom(function = "not_blank"))]
    pub name: String,
    pub phone: Phone,
    pub campus_id: CampusId,
    #[validate(length(max = 40))]
    pub student_no: Option<String>,
    #[validate(length(max = 20), custom(function = "short_words"))]
    pub skills: Option<Vec<String>>,
    #[validate(length(max = 2000))]
    pub app_idea: Option<String>,
    /// Without it nobody is put on record.
    #[validate(nested)]
    pub consent: Option<Consent>,
}

/// Skills are words, not essays.
pub fn short_words(words: &[String]) -> Result<(), validator::ValidationError> {
    let fine = |word: &String| !word.trim().is_empty() && word.chars().count() <= 40;
    if words.iter().all(fine) { Ok(()) } else { Err(validator::ValidationError::new("words")) }
}

pub async fn register_participant(
    who: Allowed<may::EditParticipants>,
    cx: Context,
    body: Once<ParticipantIn>,
) -> Result<Posted<ParticipantOut>, Fault> {
    let (scope, wish) = (who.scope.clone(), wish(body.value)?);
    let done = cx.write_once(cx.meta(who.user), body.retry, move |tx| register(tx, &scope, &wish));
    let done = done.await?;
    let Kept { id, existed } = done.value;
    let shown = cx.read(move |conn| store::by_ids(conn, &[id])).await?.pop();
    let shown = shown.ok_or_else(|| Fault::bug("a registered participant is gone"))?;
    let erased = shown.erased_at.is_some();
    let mut out = match existed {
        _ if !who.scope.covers(shown.campus_id, shown.city) => ParticipantOut::only(id),
        true => ParticipantOut::masked(shown),
        false => ParticipantOut::seen_by(&who, shown),
    };
    out.existed = Some(existed);
    let created = !existed && !erased;
    Ok(Posted { version: out.version, value: out, created, replayed: done.replayed })
}

fn wish(input: ParticipantIn) -> Result<Wish, Fault> {
    let request_sha256 = match input.id {
        Some(_) => Some(sha256(&serde_json::to_vec(&input).map_err(Fault::bug)?)),
        None => None,
    };
    let Some(consent) = input.consent else {
        let words = Words::new("须有本人同意", "The person's consent is needed");
        let error = FieldError::new("/consent", "field.required", words);
        return Err(Refusal::ConsentMissing.problem().error(error).into());
    };
    Ok(Wish {
        fresh: input.id.unwrap_or_else(ParticipantId::new),
        named: input.id,
        request_sha256,
        role: input.role,
        campus: input.campus_id,
        person: Person {
            name: input.name.trim().to_owned(),
            phone: input.phone,
            student_no: input.student_no,
            skills: input.skills.unwrap_or_default(),
            app_idea: input.app_idea,
            consent,
        },
    })
}
