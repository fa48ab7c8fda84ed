//! Writing participants.

use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error},
};

use super::{
    CHUNK,
    row::{NewRow, PersonColumns},
};
use crate::{
    catalogue::attendance::ParticipantRole,
    each,
    participants::model::{NewParticipant, Person},
    platform::{
        db::{Conn, Upsert},
        ids::{CampusId, ParticipantId},
        names::CityCode,
        time::Instant,
    },
    schema::{participant_ids as names, participants as people},
};

/// Makes writers of the passes and registrations of these people come one after the other,
/// and keeps the records from being erased meanwhile. Give own ids in their order, before
/// reading and before holding any event.
pub fn hold(conn: &mut Conn, ids: &[ParticipantId]) -> QueryResult<()> {
    for id in ids {
        diesel::update(people::table.filter(people::id.eq(id)))
            .set(people::anchor_seq.eq(people::anchor_seq + 1))
            .execute(conn)?;
    }
    Ok(())
}

/// Makes the record; `false` when its phone or its id is taken meanwhile, and then nothing
/// is written.
pub fn insert(conn: &mut Conn, new: &NewParticipant) -> QueryResult<bool> {
    Ok(diesel::insert_into(people::table).values(row(new)).or_ignore().execute(conn)? == 1)
}

/// Makes records that were seen to be new, each named by its own id; `false` when a phone or
/// an id was taken meanwhile.
pub fn insert_all(conn: &mut Conn, list: &[NewParticipant]) -> QueryResult<bool> {
    for some in list.chunks(CHUNK) {
        let rows: Vec<_> = some.iter().map(row).collect();
        let made = each!(&mut *conn, c => diesel::insert_into(people::table)
            .values(rows).on_conflict_do_nothing().execute(c))?;
        let own: Vec<_> = some
            .iter()
            .map(|new| (names::id.eq(new.id), names::participant_id.eq(new.id)))
            .collect();
        if made != some.len() {
            return Ok(false);
        }
        each!(&mut *conn, c => diesel::insert_into(names::table).values(own).execute(c))?;
    }
    Ok(true)
}

fn row(new: &NewParticipant) -> NewRow {
    NewRow {
        id: new.id,
        role: new.role,
        campus_id: new.campus_id,
        city: new.city,
        person: PersonColumns::of(&new.person),
        request_sha256: new.request_sha256.map(|hash| hash.to_vec()),
        created_by: new.created_by,
        created_at: new.created_at,
        anchor_seq: 0,
        version: 1,
    }
}

/// Makes `id` a name of the record for ever; `false` when it names something already.
pub fn name(conn: &mut Conn, id: ParticipantId, of: ParticipantId) -> QueryResult<bool> {
    let row = (names::id.eq(id), names::participant_id.eq(of));
    Ok(diesel::insert_into(names::table).values(row).or_ignore().execute(conn)? == 1)
}

/// What a change leaves.
#[derive(Clone, Debug)]
pub struct Changed {
    pub role: ParticipantRole,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub person: Person,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Updated {
    Done,
    /// The record has another version by now.
    Stale,
    /// Another record has the phone: the write cannot go on.
    PhoneTaken,
}

/// Changes the record if it still has `version` and its phone is nobody else's.
pub fn update_if(
    conn: &mut Conn,
    id: ParticipantId,
    version: i64,
    to: &Changed,
) -> QueryResult<Updated> {
    let same = people::table.filter(people::id.eq(id)).filter(people::version.eq(version));
    let changes = (
        people::role.eq(to.role),
        people::campus_id.eq(to.campus_id),
        people::city.eq(to.city),
        PersonColumns::of(&to.person),
        people::version.eq(version + 1),
    );
    match diesel::update(same).set(changes).execute(conn) {
        Ok(1) => Ok(Updated::Done),
        Ok(_) => Ok(Updated::Stale),
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(Updated::PhoneTaken),
        Err(error) => Err(error),
    }
}

/// Takes all that tells who it was, if the record still has `version`; answers whether it had.
pub fn erase_if(
    conn: &mut Conn,
    id: ParticipantId,
    version: i64,
    at: Instant,
) -> QueryResult<bool> {
    let same = people::table
        .filter(people::id.eq(id))
        .filter(people::version.eq(version))
        .filter(people::erased_at.is_null());
    let changes = (
        PersonColumns::NONE,
        people::request_sha256.eq(None::<Vec<u8>>),
        people::created_by.eq(None::<crate::platform::ids::UserId>),
        people::erased_at.eq(at),
        people::version.eq(version + 1),
    );
    Ok(diesel::update(same).set(changes).execute(conn)? == 1)
}
