//! Repeated requests happen once. The record of a successful answer is written in the
//! transaction of its effect; a request with the same user, method, path and key gets that
//! answer again. Records hold no personal data: answers about a person keep the id only.

use actix_web::{HttpRequest, http::header::HeaderMap};
use diesel::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::codes::Refusal;
use crate::{
    platform::{
        db::{Db, Meta, Tx, Upsert},
        fault::{Fault, Refuse},
    },
    schema::idempotency_keys as keys,
};

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
            remember(tx, retry, &value)?;
            Ok(Replayable { value, replayed: false })
        })
        .await
    }
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
    if claimed == 1 {
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

fn remember<T: Serialize>(tx: &mut Tx<'_>, retry: &Retry, value: &T) -> Result<(), Fault> {
    let Some(user) = tx.meta.user else { return Err(Fault::bug("a retry key without a user")) };
    let answer = serde_json::to_string(value).map_err(Fault::bug)?;
    diesel::update(keys::table.find((user, &retry.target, &retry.key)))
        .set(keys::answer.eq(answer))
        .execute(&mut **tx)?;
    Ok(())
}
