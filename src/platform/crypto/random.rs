//! The one source of secrets.

use rand::{Rng, RngCore, seq::IndexedRandom};

/// Letters and digits that are not taken for one another on a small screen.
const CLEAR: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// `N` unpredictable bytes.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    source().fill_bytes(&mut bytes);
    bytes
}

/// A text of `length` letters and digits to be read and typed by people; about 4.9 bits each.
pub fn readable(length: usize) -> String {
    let mut source = source();
    (0..length).filter_map(|_| CLEAR.choose(&mut source)).map(|byte| char::from(*byte)).collect()
}

#[expect(clippy::disallowed_methods, reason = "the one place that makes secrets")]
fn source() -> impl Rng {
    rand::rng()
}
