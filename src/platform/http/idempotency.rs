//! Repeated requests happen once. The record of a successful answer is written in the
//! transaction of its effect; a request with the same user, method, path and key gets that
//! answer again. Records hold no personal data: answers about a person keep the id only.

use actix_web::{HttpRequest, http::header::HeaderMap};
use chrono::Duration;
use diesel::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::codes::Refusal;
use crate::{
    platform::{
        db::{Conn, Db, Meta, Tx, Upsert},
        fault::{Fault, Refuse},
        ids::UserId,
        time::Instant,
    },
    schema::idempotency_keys as keys,
};

/// How long an answer is kept; then its key is free again.
pub const KEPT: Duration = Duration::days(7);

/// What names a retryable request.
#[derive(Clone, Debug)]
pub struct Retry {
    key: String,
    target: String,
    body_sha256: [u8; 32],
}

impl Retry {
    /// `None` without the header; refuses a key that is empty, too long or not ASCII text.
    pub fn of(req: &HttpRequest) -> Result<Option<Self>, Fault> {
        let Some(key) = key(req.headers())? else { return Ok(None) };
        let target = format!("{} {}", req.method(), req.path());
        Ok(Some(Self { key, target, body_sha256: [0; 32] }))
    }

    /// For the item of this place in a request that does many things, each in a write of
    /// its own.
    #[must_use]
    pub fn part(&self, place: usize) -> Self {
        Self { key: format!("{}#{place}", self.key), ..self.clone() }
    }

    pub fn with_body(mut self, sha256: [u8; 32]) -> Self {
        self.body_sha256 = sha256;
        self
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Fault> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=255).contains(&key.len()) && !key.contains(char::is_control) => {
            Ok(Some(key.to_owned()))
        }
        _ => Err(Refusal::BadHeader
            .problem()
            .detail(
                "Idempotency-Key 须为 1 到 255 个可见字符",
                "Idempotency-Key takes 1 to 255 visible characters",
            )
            .into()),
    }
}

/// An answer, and whether it was given before.
pub struct Replayable<T> {
    pub value: T,
    pub replayed: bool,
}

impl Db {
    /// As [`Db::write`], at most once per key. `T` is kept as JSON beside the effect.
    pub async fn write_once<T, F>(
        &self,
        meta: Meta,
        retry: Option<Retry>,
        work: F,
    ) -> Result<Replayable<T>, Fault>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        self.write(meta, move |tx| {
            let Some(retry) = &retry else {
                return Ok(Replayable { value: work(tx)?, replayed: false });
            };
            if let Some(answer) = earlier(tx, retry)? {
                let value = serde_json::from_str(&answer).map_err(Fault::bug)?;
                return Ok(Replayable { value, replayed: true });
            }
            let value = work(tx)?;
            remember(tx, retry, &serde_json::to_string(&value).map_err(Fault::bug)?)?;
            Ok(Replayable { value, replayed: false })
        })
        .await
    }

    /// For a request that does many things, each in a write of its own: claims its key, so
    /// that it is refused for another body. `Some`: the whole answer, given before.
    pub async fn answered<T>(&self, meta: Meta, retry: Option<&Retry>) -> Result<Option<T>, Fault>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let Some(retry) = retry.cloned() else { return Ok(None) };
        let answer = self.write(meta, move |tx| earlier(tx, &retry)).await?;
        // Empty while the first request has not come to its end: its parts know what they did.
        let answer = answer.filter(|answer| !answer.is_empty());
        answer.map(|answer| serde_json::from_str(&answer).map_err(Fault::bug)).transpose()
    }

    /// Keeps the whole answer of such a request.
    pub async fn keep_answer<T: Serialize>(
        &self,
        meta: Meta,
        retry: Option<&Retry>,
        answer: &T,
    ) -> Result<(), Fault> {
        let Some(retry) = retry.cloned() else { return Ok(()) };
        let answer = serde_json::to_string(answer).map_err(Fault::bug)?;
        self.write(meta, move |tx| remember(tx, &retry, &answer)).await
    }
}

/// Forgets answers kept since before `before`.
pub fn purge(conn: &mut Conn, before: Instant, most: i64) -> QueryResult<usize> {
    crate::purge!(conn, keys::table, keys::created_at, before, most)
}

/// The answer given to this key before; refuses the key for another body. Claims the key
/// first, so that of two at the same moment one waits for the other.
fn earlier(tx: &mut Tx<'_>, retry: &Retry) -> Result<Option<String>, Fault> {
    let Some(user) = tx.meta.user else { return Err(Fault::bug("a retry key without a user")) };
    let row = (
        keys::user_id.eq(user),
        keys::target.eq(&retry.target),
        keys::key.eq(&retry.key),
        keys::body_sha256.eq(retry.body_sha256.as_slice()),
        keys::answer.eq(""),
        keys::created_at.eq(tx.meta.real_now),
    );
    let claimed = diesel::insert_into(keys::table).values(row).or_ignore().execute(&mut **tx)?;
    if claimed == 1 || free_again(tx, user, retry)? {
        return Ok(None);
    }
    let (hash, answer): (Vec<u8>, String) = keys::table
        .find((user, &retry.target, &retry.key))
        .select((keys::body_sha256, keys::answer))
        .first(&mut **tx)?;
    if hash != retry.body_sha256 {
        return Err(Refusal::KeyReused.into());
    }
    Ok(Some(answer))
}

/// Claims a key that was used longer ago than answers are kept, purged or not.
fn free_again(tx: &mut Tx<'_>, user: UserId, retry: &Retry) -> QueryResult<bool> {
    let now = tx.meta.real_now;
    let old = keys::table.find((user, &retry.target, &retry.key));
    let old = old.filter(keys::created_at.lt(now - KEPT));
    let claim = (
        keys::body_sha256.eq(retry.body_sha256.as_slice()),
        keys::answer.eq(""),
        keys::created_at.eq(now),
    );
    Ok(diesel::update(old).set(claim).execute(&mut **tx)? == 1)
}

fn remember(tx: &mut Tx<'_>, retry: &Retry, answer: &str) -> Result<(), Fault> {
    let Some(user) = tx.meta.user else { return Err(Fault::bug("a retry key without a user")) };
    diesel::update(keys::table.find((user, &retry.target, &retry.key)))
        .set(keys::answer.eq(answer))
        .execute(&mut **tx)?;
    Ok(())
}
