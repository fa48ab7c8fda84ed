//! Signing and verifying passes. Their keys sign nothing else.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::{
    crypto::keys::SigningKeys,
    fault::Fault,
    ids::PassId,
    time::{Day, Instant},
};

const TYPE: &str = "pass+jwt";
/// How long a pass outlives its season: as long as a door stays open after an event.
const GRACE: Duration = Duration::hours(2);

/// Signs and verifies passes. Cheap to clone.
#[derive(Clone)]
pub struct PassKeys {
    keys: SigningKeys,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    /// The pass id: a UUID as 22 characters of base64url.
    sub: String,
    exp: i64,
}

/// Public keys by which anyone can verify a pass (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct JwkSet {
    pub keys: Vec<Jwk>,
}

/// One public key.
#[derive(Serialize, ToSchema)]
pub struct Jwk {
    /// Always `EC`.
    pub kty: &'static str,
    /// Always `P-256`.
    pub crv: &'static str,
    /// Always `ES256`.
    pub alg: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub use_: &'static str,
    /// Named in the header of the passes it signed.
    pub kid: String,
    pub x: String,
    pub y: String,
}

impl PassKeys {
    pub fn new(keys: SigningKeys) -> Self {
        Self { keys }
    }

    /// When a pass ends that is issued in a season with this last day.
    pub fn end(last_day: Day) -> Instant {
        Instant::start_of(last_day.plus(1)) + GRACE
    }

    /// The token of a pass.
    pub fn sign(&self, id: PassId, expires_at: Instant) -> Result<String, Fault> {
        let key = self.keys.current();
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.kid.clone());
        let sub = URL_SAFE_NO_PAD.encode(id.0.as_bytes());
        let claims = Claims { sub, exp: expires_at.seconds() };
        encode(&header, &claims, &key.encoding).map_err(Fault::bug)
    }

    /// Whether one of our keys signed it as a pass, expired or not. Our own list chooses the
    /// key; algorithm and type are fixed.
    pub fn is_genuine(&self, token: &str) -> bool {
        let Ok(header) = decode_header(token) else { return false };
        if header.typ.as_deref() != Some(TYPE) || header.alg != Algorithm::ES256 {
            return false;
        }
        let Some(key) = header.kid.and_then(|kid| self.keys.find(&kid)) else { return false };
        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_required_spec_claims(&["exp", "sub"]);
        rules.validate_exp = false;
        decode::<Claims>(token, &key.decoding, &rules).is_ok()
    }

    /// The public halves.
    pub fn published(&self) -> JwkSet {
        let keys = self.keys.iter().map(|key| Jwk {
            kty: "EC",
            crv: "P-256",
            alg: "ES256",
            use_: "sig",
            kid: key.kid.clone(),
            x: key.x.clone(),
            y: key.y.clone(),
        });
        JwkSet { keys: keys.collect() }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn keys() -> (tempfile::TempDir, PassKeys) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("pass")).unwrap();
        let made = SigningKeys::load(folder.path(), "pass").unwrap();
        assert_eq!(made.current().kid, "1");
        // The longest name a key can have.
        let first = folder.path().join("pass/1.pem");
        std::fs::rename(&first, folder.path().join("pass/999.pem")).unwrap();
        let keys = SigningKeys::load(folder.path(), "pass").unwrap();
        (folder, PassKeys::new(keys))
    }

    pub fn token(keys: &PassKeys) -> String {
        let end = PassKeys::end(Day::new(2011, 12, 31).unwrap());
        keys.sign(PassId::new(), end).unwrap()
    }

    #[test]
    fn a_pass_ends_two_hours_after_the_season() {
        let end = PassKeys::end(Day::new(2011, 12, 31).unwrap());
        assert_eq!(end.to_string(), "2011-12-31T18:00:00.000Z");
    }

    #[test]
    fn a_token_is_at_most_213_characters_and_says_two_things() {
        let (_folder, keys) = keys();
        let token = token(&keys);
        assert!(token.len() <= 213, "{}", token.len());
        let body = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let mut names: Vec<_> = claims.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["exp", "sub"]);
        assert_eq!(claims["sub"].as_str().unwrap().len(), 22);
    }

    #[test]
    fn two_keys_are_published_at_most() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["3.pem", "10.pem", "2.pem"] {
            SigningKeys::load(folder.path(), "spare").unwrap();
            let place = folder.path().join("pass");
            std::fs::create_dir_all(&place).unwrap();
            std::fs::rename(folder.path().join("spare/1.pem"), place.join(name)).unwrap();
        }
        let keys = PassKeys::new(SigningKeys::load(folder.path(), "pass").unwrap());
        let kids: Vec<_> = keys.published().keys.into_iter().map(|key| key.kid).collect();
        assert_eq!(kids, ["3", "10"]);
    }

    #[test]
    fn only_our_signature_over_a_pass_is_genuine() {
        let ((_one, ours), (_two, theirs)) = (keys(), keys());
        let token = token(&ours);
        assert!(ours.is_genuine(&token));
        assert!(!theirs.is_genuine(&token));
        let (content, signature) = token.rsplit_once('.').unwrap();
        assert!(!ours.is_genuine(&format!("{content}A.{signature}")));
        assert!(!ours.is_genuine("no token"));
        let key = ours.keys.current();
        let mut header = Header::new(Algorithm::ES256);
        (header.typ, header.kid) = (Some("at+jwt".to_owned()), Some(key.kid.clone()));
        let claims = Claims { sub: "x".to_owned(), exp: 1 };
        assert!(!ours.is_genuine(&encode(&header, &claims, &key.encoding).unwrap()));
    }
}
