//! Passes: what a person shows at a gate.
//!
//! A pass is a JWT (ES256, `pass+jwt`) that says two things: which pass it is and until when
//! it is good. A phone verifies it without a network, by the public keys in
//! `/.well-known/jwks.json`; it fits a QR code of version 10-M. It ends two hours after the
//! season in which it was issued.
//!
//! The server recognises a pass by the hash of the whole token, never by its `sub`: lists on
//! phones name passes by their ids. The token is kept beside its hash, so that every showing
//! is the same code until it is revoked; then the token is forgotten and the hash stays.

mod keys;
mod qr;

use std::collections::BTreeMap;

pub use keys::{Jwk, JwkSet, PassKeys};
pub use qr::svg;

use super::store;
use crate::platform::{
    crypto::sha256,
    db::Conn,
    ids::{ParticipantId, PassId},
    time::Instant,
};

/// What a token is recognised by.
pub type TokenHash = [u8; 32];

/// An issued pass, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    pub id: PassId,
    pub participant_id: ParticipantId,
    pub token_sha256: TokenHash,
    pub issued_at: Instant,
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
}

/// What a shown token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// It was issued here; whether it is good still is for its dates to say.
    Issued(Pass),
    /// It was not. A genuine signature then means a pass of another database.
    Unknown { signature_ok: bool },
}

/// What a token is looked up by.
pub fn hash(token: &str) -> TokenHash {
    sha256(token.as_bytes())
}

/// Recognises tokens, all at once. A signature is checked only for a token that was never
/// issued, to tell the two kinds of unknown apart; so call it on a reader, before the write,
/// and ask [`store::passes::by_hashes`] again inside it.
pub fn recognise(
    conn: &mut Conn,
    keys: &PassKeys,
    tokens: &[&str],
) -> diesel::QueryResult<BTreeMap<TokenHash, Recognised>> {
    let hashes: Vec<TokenHash> = tokens.iter().map(|token| hash(token)).collect();
    let mut issued = store::passes::by_hashes(conn, &hashes)?;
    let recognised = tokens.iter().zip(hashes).map(|(token, hash)| {
        let fact = match issued.remove(&hash) {
            Some(pass) => Recognised::Issued(pass),
            None => Recognised::Unknown { signature_ok: keys.is_genuine(token) },
        };
        (hash, fact)
    });
    // Of a token shown twice the first finding counts.
    let mut found = BTreeMap::new();
    for (hash, fact) in recognised {
        found.entry(hash).or_insert(fact);
    }
    Ok(found)
}
