//! Calendar tokens: one for a user, known by its hash alone.

use diesel::prelude::*;

use crate::{
    accounts::model::User,
    platform::{
        db::{Conn, Upsert},
        ids::UserId,
        time::Instant,
    },
    schema::{calendar_tokens as tokens, users},
};

/// Gives the user this token instead of the one they had.
pub fn put(conn: &mut Conn, user: UserId, hash: &[u8; 32], now: Instant) -> QueryResult<()> {
    let (hash, made_at) = (tokens::token_hash.eq(hash.as_slice()), tokens::made_at.eq(now));
    let row = (tokens::user_id.eq(user), hash, made_at);
    if diesel::insert_into(tokens::table).values(row).or_ignore().execute(conn)? == 0 {
        diesel::update(tokens::table.find(user)).set((hash, made_at)).execute(conn)?;
    }
    Ok(())
}

/// Forgets the user's token; answers whether there was one.
pub fn revoke(conn: &mut Conn, user: UserId) -> QueryResult<bool> {
    Ok(diesel::delete(tokens::table.find(user)).execute(conn)? == 1)
}

/// The active user whose token has this hash.
pub fn find_user(conn: &mut Conn, hash: &[u8; 32]) -> QueryResult<Option<User>> {
    tokens::table
        .inner_join(users::table)
        .filter(tokens::token_hash.eq(hash.as_slice()))
        .filter(users::active.eq(true))
        .select(User::as_select())
        .first(conn)
        .optional()
}
