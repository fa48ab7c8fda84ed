//! Access tokens (JWT, ES256, `at+jwt`, RFC 9068) and refresh tokens.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::refusal::Refusal;
use crate::platform::{
    crypto::{MacKey, keys::SigningKeys, sha256},
    fault::Fault,
    ids::{DeviceId, SessionId, UserId},
    time::Instant,
};

const ISSUER: &str = "campus-ops";
const AUDIENCE: &str = "campus-ops-api";
const TYPE: &str = "at+jwt";
/// Seconds an access token is good for.
pub const ACCESS_SECONDS: i64 = 15 * 60;
const CACHED: usize = 20_000;
const REFRESH_PURPOSE: &str = "refresh";

/// What an access token says.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Claims {
    pub sub: UserId,
    pub sid: SessionId,
    pub did: DeviceId,
    pub iat: i64,
    pub exp: i64,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    #[serde(flatten)]
    claims: Claims,
}

/// Signs and verifies. Cheap to clone.
#[derive(Clone)]
pub struct Tokens {
    keys: SigningKeys,
    refresh: MacKey,
    verified: Arc<Cache<[u8; 32], Claims>>,
}

/// A refresh token that is genuine; whether it is current is the session's to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refresh {
    pub family: SessionId,
    pub generation: i64,
}

impl Tokens {
    pub fn new(keys: SigningKeys, refresh: MacKey) -> Self {
        Self { keys, refresh, verified: Arc::new(Cache::new(CACHED)) }
    }

    pub fn sign(&self, claims: Claims) -> Result<String, Fault> {
        let key = self.keys.current();
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.kid.clone());
        let wire = Wire { iss: ISSUER.to_owned(), aud: AUDIENCE.to_owned(), claims };
        encode(&header, &wire, &key.encoding).map_err(Fault::bug)
    }

    /// The claims of a genuine token. A signature is checked once per token, not per request.
    pub fn verify(&self, token: &str, now: Instant) -> Result<Claims, Refusal> {
        let hash = sha256(token.as_bytes());
        let claims = match self.verified.get(&hash) {
            Some(claims) => claims,
            None => {
                let claims = self.check(token).ok_or(Refusal::BadToken)?;
                self.verified.insert(hash, claims);
                claims
            }
        };
        if claims.iat > now.seconds() + 60 {
            return Err(Refusal::BadToken);
        }
        if claims.exp <= now.seconds() {
            self.verified.remove(&hash);
            return Err(Refusal::TokenExpired);
        }
        Ok(claims)
    }

    /// Our own list chooses the key; algorithm, type, issuer and audience are fixed.
    fn check(&self, token: &str) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYPE) || header.alg != Algorithm::ES256 {
            return None;
        }
        let key = self.keys.find(header.kid.as_deref()?)?;
        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Expiry is judged by our clock in `verify`.
        rules.validate_exp = false;
        decode::<Wire>(token, &key.decoding, &rules).ok().map(|data| data.claims.claims)
    }

    /// Family ‖ generation ‖ HMAC. The same input gives the same token.
    pub fn refresh_token(&self, refresh: Refresh) -> String {
        let family = refresh.family.0.into_bytes();
        let generation = refresh.generation.to_be_bytes();
        let code = self.refresh.code(REFRESH_PURPOSE, &[&family, &generation]);
        URL_SAFE_NO_PAD.encode([&family[..], &generation[..], &code[..]].concat())
    }

    pub fn read_refresh(&self, token: &str) -> Option<Refresh> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (family, rest) = bytes.split_at_checked(16)?;
        let (generation, code) = rest.split_at_checked(8)?;
        if !self.refresh.verifies(REFRESH_PURPOSE, &[family, generation], code) {
            return None;
        }
        Some(Refresh {
            family: SessionId(Uuid::from_slice(family).ok()?),
            generation: i64::from_be_bytes(generation.try_into().ok()?),
        })
    }

    /// What failed sign-ins are counted under: the phone's keyed hash, known or not.
    pub fn phone_key(&self, phone: &str) -> [u8; 32] {
        self.refresh.code("phone", &[phone.as_bytes()])
    }
}
