//! Sessions: families of refresh tokens, each bound to the device that signed in.

use chrono::Duration;
use diesel::prelude::*;

use crate::{
    accounts::{
        model::{Device, Session, User},
        refusal::Refusal,
    },
    platform::{
        db::{Conn, Upsert},
        ids::{DeviceId, SessionId, UserId},
        time::Instant,
    },
    schema::{devices, sessions, users},
};

/// How long the token just replaced gives the same successor to the same device: an answer
/// may be lost on a bad network.
const GRACE: Duration = Duration::minutes(10);
/// A session that is not refreshed for so long has ended.
pub const LIFETIME: Duration = Duration::days(30);

/// What a genuine refresh token gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The next generation.
    Next,
    /// The successor it already got.
    Same,
    /// It was stolen or copied: the family ends.
    Revoke,
    /// The session is over.
    Ended,
}

/// Decides over a refresh token of `generation`, shown by `device`.
pub fn rotation(
    session: &Session,
    generation: i64,
    device: Option<DeviceId>,
    now: Instant,
) -> Rotation {
    if session.revoked_at.is_some() || session.expires_at <= now {
        return Rotation::Ended;
    }
    if device != Some(session.device_id) {
        return Rotation::Revoke;
    }
    if generation == session.generation {
        return Rotation::Next;
    }
    let just_replaced = generation == session.generation - 1 && now - session.rotated_at <= GRACE;
    if just_replaced { Rotation::Same } else { Rotation::Revoke }
}

/// Makes the device known, or notes that it was seen; its name is kept unless given anew.
pub fn see_device(
    conn: &mut Conn,
    id: DeviceId,
    name: Option<&str>,
    now: Instant,
) -> QueryResult<()> {
    let new = Device {
        id,
        name: name.unwrap_or_default().to_owned(),
        created_at: now,
        last_seen_at: now,
        revoked_at: None,
    };
    if diesel::insert_into(devices::table).values(new).or_ignore().execute(conn)? == 0 {
        let known = devices::table.find(id);
        diesel::update(known).set(devices::last_seen_at.eq(now)).execute(conn)?;
        if let Some(name) = name {
            diesel::update(known).set(devices::name.eq(name)).execute(conn)?;
        }
    }
    Ok(())
}

pub fn insert(conn: &mut Conn, session: &Session) -> QueryResult<()> {
    diesel::insert_into(sessions::table).values(session.clone()).execute(conn).map(drop)
}

pub fn find(conn: &mut Conn, id: SessionId) -> QueryResult<Option<Session>> {
    sessions::table.find(id).first(conn).optional()
}

/// A session with its device and its user.
pub fn find_with_owner(
    conn: &mut Conn,
    id: SessionId,
) -> QueryResult<Option<(Session, Device, User)>> {
    sessions::table
        .inner_join(devices::table)
        .inner_join(users::table)
        .filter(sessions::id.eq(id))
        .first(conn)
        .optional()
}

/// The next generation becomes current; `false` when another request was faster.
pub fn advance(conn: &mut Conn, session: &Session, now: Instant) -> QueryResult<bool> {
    let current = sessions::table
        .find(session.id)
        .filter(sessions::generation.eq(session.generation))
        .filter(sessions::revoked_at.is_null());
    let next = (
        sessions::generation.eq(session.generation + 1),
        sessions::rotated_at.eq(now),
        sessions::expires_at.eq(now + LIFETIME),
    );
    Ok(diesel::update(current).set(next).execute(conn)? == 1)
}

/// Ends one session of a user; 404 when there is none that lives.
pub fn revoke(conn: &mut Conn, user: UserId, id: SessionId, now: Instant) -> QueryResult<bool> {
    let live = sessions::table
        .find(id)
        .filter(sessions::user_id.eq(user))
        .filter(sessions::revoked_at.is_null());
    Ok(diesel::update(live).set(sessions::revoked_at.eq(now)).execute(conn)? == 1)
}

/// Ends all sessions of a user but one.
pub fn revoke_others(
    conn: &mut Conn,
    user: UserId,
    keep: Option<SessionId>,
    now: Instant,
) -> QueryResult<()> {
    let live =
        sessions::table.filter(sessions::user_id.eq(user)).filter(sessions::revoked_at.is_null());
    let set = sessions::revoked_at.eq(now);
    match keep {
        Some(keep) => diesel::update(live.filter(sessions::id.ne(keep))).set(set).execute(conn),
        None => diesel::update(live).set(set).execute(conn),
    }
    .map(drop)
}

/// The live sessions of a user with their devices, newest first.
pub fn list(conn: &mut Conn, user: UserId, now: Instant) -> QueryResult<Vec<(Session, Device)>> {
    sessions::table
        .inner_join(devices::table)
        .filter(sessions::user_id.eq(user))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .order(sessions::id.desc())
        .limit(200)
        .load(conn)
}

/// Refuses a session that is over.
pub fn must_live(session: &Session, now: Instant) -> Result<(), Refusal> {
    if session.revoked_at.is_some() || session.expires_at <= now {
        Err(Refusal::SessionEnded)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(generation: i64, rotated_at: i64) -> Session {
        Session {
            id: SessionId::new(),
            user_id: UserId::new(),
            device_id: DeviceId::new(),
            generation,
            rotated_at: Instant(rotated_at),
            created_at: Instant(0),
            expires_at: Instant(1_000_000),
            revoked_at: None,
        }
    }

    #[test]
    fn the_current_token_moves_on() {
        let s = session(3, 0);
        assert_eq!(rotation(&s, 3, Some(s.device_id), Instant(5)), Rotation::Next);
    }

    #[test]
    fn the_token_just_replaced_gives_the_same_for_ten_minutes() {
        let s = session(3, 0);
        let at = |ms| rotation(&s, 2, Some(s.device_id), Instant(ms));
        assert_eq!(at(600_000), Rotation::Same);
        assert_eq!(at(600_001), Rotation::Revoke);
        assert_eq!(rotation(&s, 1, Some(s.device_id), Instant(1)), Rotation::Revoke);
    }

    #[test]
    fn another_device_or_none_ends_the_family() {
        let s = session(3, 0);
        assert_eq!(rotation(&s, 3, Some(DeviceId::new()), Instant(1)), Rotation::Revoke);
        assert_eq!(rotation(&s, 3, None, Instant(1)), Rotation::Revoke);
    }

    #[test]
    fn what_is_over_stays_over() {
        let mut s = session(3, 0);
        assert_eq!(rotation(&s, 3, Some(s.device_id), Instant(1_000_000)), Rotation::Ended);
        s.revoked_at = Some(Instant(1));
        assert_eq!(rotation(&s, 3, Some(s.device_id), Instant(2)), Rotation::Ended);
    }
}
