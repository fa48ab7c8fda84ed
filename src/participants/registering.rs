//! How someone comes on record: one by one, whoever asks for it.

use serde::{Deserialize, Serialize};

use super::{
    Refusal,
    model::{NewParticipant, Person},
    rules::{self, Answer, Named},
    store,
};
use crate::{
    accounts::Scope,
    campuses::store::campuses,
    catalogue::attendance::ParticipantRole,
    platform::{
        db::{Audit, Change, Conn, Tx},
        fault::Fault,
        http::codes,
        ids::{CampusId, ParticipantId},
    },
};

/// What became of it; kept for its repetition, so no personal data.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub id: ParticipantId,
    /// Whether the phone was on record before.
    pub existed: bool,
}

/// A registration as it was asked for, with all that is made before the write.
#[derive(Clone)]
pub struct Wish {
    /// The id of the record if it is new: the client's own, or one made for it.
    pub fresh: ParticipantId,
    /// The client's own id.
    pub named: Option<ParticipantId>,
    pub request_sha256: Option<[u8; 32]>,
    pub role: ParticipantRole,
    pub campus: CampusId,
    pub person: Person,
}

impl Wish {
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

/// Makes the record, or finds the one the phone or the id has. 404 for a campus out of scope.
pub fn register(tx: &mut Tx<'_>, scope: &Scope, wish: &Wish) -> Result<Kept, Fault> {
    let city = campuses::city_of(tx, wish.campus)?;
    let city = city.filter(|city| scope.covers(wish.campus, *city));
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
    note_all(tx, std::slice::from_ref(new))?;
    Ok(Kept { id: new.id, existed: false })
}

/// The traces of new records.
pub(super) fn note_all(tx: &mut Tx<'_>, list: &[NewParticipant]) -> Result<(), Fault> {
    let (action, kind) = ("participant.register", "participant");
    let mut entries = Vec::with_capacity(list.len());
    for new in list {
        let (id, city, campus) = (new.id, Some(new.city), Some(new.campus_id));
        let audit = Audit { action, kind, id: id.to_string(), city, campus, ..Audit::default() };
        entries.push(audit);
        tx.changed(Change { kind, id: id.into(), campus, city, deleted: false });
    }
    Ok(tx.audit_all(entries)?)
}
