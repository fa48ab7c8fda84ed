//! Secrets: randomness, key files and keyed hashes.

pub mod keys;
pub mod random;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A key for HMAC-SHA-256 (RFC 2104).
#[derive(Clone)]
pub struct MacKey([u8; 32]);

impl MacKey {
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// The code of `parts`, one after the other; `purpose` keeps uses of one key apart.
    pub fn code(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.start(purpose);
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }

    /// Compares in constant time.
    pub fn verifies(&self, purpose: &str, parts: &[&[u8]], code: &[u8]) -> bool {
        let mut mac = self.start(purpose);
        parts.iter().for_each(|part| mac.update(part));
        mac.verify_slice(code).is_ok()
    }

    fn start(&self, purpose: &str) -> Hmac<Sha256> {
        // RFC 2104 fills a short key up with zeros to the block of the hash.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac
    }
}
