//! SQL over passes.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    participants::passes::{Pass, TokenHash},
    platform::{
        db::Conn,
        ids::{ParticipantId, PassId},
        time::Instant,
    },
    schema::passes,
};

/// A pass as it is shown: its token and its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Showable {
    pub token: String,
    pub expires_at: Instant,
}

/// The pass that is neither revoked nor expired.
pub fn current(conn: &mut Conn, id: ParticipantId, now: Instant) -> QueryResult<Option<Showable>> {
    let found: Option<(Option<String>, Instant)> = passes::table
        .filter(passes::participant_id.eq(id))
        .filter(passes::revoked_at.is_null())
        .filter(passes::expires_at.gt(now))
        .order(passes::issued_at.desc())
        .select((passes::token, passes::expires_at))
        .first(conn)
        .optional()?;
    Ok(found.and_then(|(token, expires_at)| Some(Showable { token: token?, expires_at })))
}

/// Keeps a new pass with its token.
pub fn insert(conn: &mut Conn, pass: &Pass, token: &str) -> QueryResult<()> {
    let row = (
        passes::id.eq(pass.id),
        passes::participant_id.eq(pass.participant_id),
        passes::token.eq(token),
        passes::token_sha256.eq(pass.token_sha256.as_slice()),
        passes::issued_at.eq(pass.issued_at),
        passes::expires_at.eq(pass.expires_at),
    );
    diesel::insert_into(passes::table).values(row).execute(conn).map(drop)
}

/// Revokes what is not revoked and forgets the tokens; answers which passes it were.
pub fn revoke(conn: &mut Conn, id: ParticipantId, at: Instant) -> QueryResult<Vec<PassId>> {
    let live =
        passes::table.filter(passes::participant_id.eq(id)).filter(passes::revoked_at.is_null());
    diesel::update(live)
        .set((passes::revoked_at.eq(at), passes::token.eq(None::<String>)))
        .returning(passes::id)
        .get_results(conn)
}

type Columns = (PassId, ParticipantId, Vec<u8>, Instant, Instant, Option<Instant>);

const COLUMNS: (
    passes::id,
    passes::participant_id,
    passes::token_sha256,
    passes::issued_at,
    passes::expires_at,
    passes::revoked_at,
) = (
    passes::id,
    passes::participant_id,
    passes::token_sha256,
    passes::issued_at,
    passes::expires_at,
    passes::revoked_at,
);

/// The passes with these hashes; a token that was never issued is left out.
pub fn by_hashes(conn: &mut Conn, hashes: &[TokenHash]) -> QueryResult<BTreeMap<TokenHash, Pass>> {
    let hashes: Vec<Vec<u8>> = hashes.iter().map(|hash| hash.to_vec()).collect();
    let rows: Vec<Columns> =
        passes::table.filter(passes::token_sha256.eq_any(hashes)).select(COLUMNS).load(conn)?;
    let passes = rows.into_iter().filter_map(open).map(|pass| (pass.token_sha256, pass));
    Ok(passes.collect())
}

/// The hash column holds 32 bytes, as it is only written from a [`TokenHash`].
fn open((id, participant_id, hash, issued_at, expires_at, revoked_at): Columns) -> Option<Pass> {
    let token_sha256 = hash.try_into().ok()?;
    Some(Pass { id, participant_id, token_sha256, issued_at, expires_at, revoked_at })
}
