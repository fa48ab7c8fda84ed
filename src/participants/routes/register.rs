//! Putting someone on record.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::ParticipantOut;
use crate::{
    accounts::{Allowed, allowed::Caller, may},
    campuses::store::campuses,
    catalogue::attendance::ParticipantRole,
    participants::{
        Refusal,
        model::{Consent, NewParticipant, Person},
        rules::{self, Answer, Named},
        store,
    },
    platform::{
        crypto::sha256,
        db::{Audit, Change, Conn, Tx},
        fault::{Fault, FieldError, Refuse, Words},
        http::{
            answer::Posted,
            body::{Once, not_blank},
            codes,
            request::Context,
        },
        ids::{CampusId, ParticipantId},
        names::Phone,
    },
};

#[derive(Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
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

/// What an answer keeps for its repetition: no personal data.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Kept {
    id: ParticipantId,
    existed: bool,
}

pub async fn register_participant(
    who: Allowed<may::EditParticipants>,
    cx: Context,
    body: Once<ParticipantIn>,
) -> Result<Posted<ParticipantOut>, Fault> {
    let (caller, input) = (who.caller(), body.value);
    let wish = Wish::of(input)?;
    let done = cx.write_once(cx.meta(who.user), body.retry, move |tx| register(tx, &caller, &wish));
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

/// A registration as it was asked for, with all that is made before the write.
struct Wish {
    fresh: ParticipantId,
    named: Option<ParticipantId>,
    request_sha256: Option<[u8; 32]>,
    role: ParticipantRole,
    campus: CampusId,
    person: Person,
}

impl Wish {
    fn of(input: ParticipantIn) -> Result<Self, Fault> {
        let request_sha256 = match input.id {
            Some(_) => Some(sha256(&serde_json::to_vec(&input).map_err(Fault::bug)?)),
            None => None,
        };
        let Some(consent) = input.consent else {
            let words = Words::new("须有本人同意", "The person's consent is needed");
            let error = FieldError::new("/consent", "field.required", words);
            return Err(Refusal::ConsentMissing.problem().error(error).into());
        };
        Ok(Self {
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

    /// What becomes of it, as the store stands now.
    fn answer(&self, conn: &mut Conn) -> Result<Answer<ParticipantId>, Fault> {
        let by_phone = store::find_by_phone(conn, &self.person.phone)?;
        let row = match self.named {
            Some(id) => store::named(conn, id)?,
            None => None,
        };
        let named = match (self.named, &row) {
            (None, _) => Named::Nothing,
            (Some(_), None) => Named::New,
            (Some(id), Some((own, ..))) if *own == id => Named::Own(id),
            (Some(_), Some((own, ..))) => Named::Alias(*own),
        };
        let same = |_| {
            let wished = self.request_sha256.as_ref().map(|hash| hash.as_slice());
            row.as_ref().is_some_and(|(_, made_by, erased)| *erased || made_by.as_deref() == wished)
        };
        Ok(rules::registration(by_phone, named, same))
    }
}

fn register(tx: &mut Tx<'_>, caller: &Caller, wish: &Wish) -> Result<Kept, Fault> {
    let city = campuses::city_of(tx, wish.campus)?;
    let city = city.filter(|city| caller.scope.covers(wish.campus, *city));
    let city = city.ok_or(codes::Refusal::NotFound)?;
    let mut answer = wish.answer(tx)?;
    if answer == Answer::Make {
        let new = NewParticipant {
            id: wish.fresh,
            role: wish.role,
            campus_id: wish.campus,
            city,
            person: wish.person.clone(),
            request_sha256: wish.request_sha256,
            created_by: tx.meta.user,
            created_at: tx.meta.now,
        };
        if store::write::insert(tx, &new)? {
            return made(tx, &new);
        }
        // Somebody else was faster with the phone or the id; it can be seen by now.
        answer = wish.answer(tx)?;
    }
    match answer {
        Answer::Again(id) => Ok(Kept { id, existed: false }),
        Answer::Found(id) => Ok(Kept { id, existed: true }),
        Answer::Join(id) if store::write::name(tx, wish.fresh, id)? => {
            let name = wish.fresh.to_string();
            let detail = serde_json::json!({ "alias": name });
            let home = store::known(tx, &[id])?.remove(&id);
            let (city, campus) = home.map(|known| (known.city, known.campus_id)).unzip();
            let (action, kind, id_text) = ("participant.alias", "participant", id.to_string());
            tx.audit(Audit { action, kind, id: id_text, city, campus, detail })?;
            Ok(Kept { id, existed: true })
        }
        Answer::Join(_) | Answer::IdReused => Err(Refusal::IdReused.into()),
        Answer::Make => Err(Fault::Collision("a participant was registered twice".to_owned())),
    }
}

fn made(tx: &mut Tx<'_>, new: &NewParticipant) -> Result<Kept, Fault> {
    if !store::write::name(tx, new.id, new.id)? {
        return Err(Refusal::IdReused.into());
    }
    let (city, campus) = (Some(new.city), Some(new.campus_id));
    let id = new.id.to_string();
    let action = "participant.register";
    tx.audit(Audit { action, kind: "participant", id, city, campus, ..Audit::default() })?;
    tx.changed(Change { kind: "participant", id: new.id.into(), campus, city, deleted: false });
    Ok(Kept { id: new.id, existed: false })
}
