//! What somebody asks of the server, said so that it means the same on every database: rows
//! are named by their number, as `@event.3`.

use campus_ops::platform::time::Instant;
use serde_json::Value;

/// Which version the caller claims to have seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Now,
    Stale,
    /// Says nothing, though it should.
    Silent,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Command {
    /// Business time.
    pub at: Instant,
    /// Number of the actor.
    pub who: usize,
    pub method: &'static str,
    pub path: String,
    pub body: Value,
    pub seen: Option<Seen>,
    pub key: Option<String>,
    /// The list the answer's row is added to when there is a new one.
    pub adds: Option<&'static str>,
}

impl Command {
    pub fn new(who: usize, method: &'static str, path: impl Into<String>, body: Value) -> Self {
        let path = path.into();
        Self { at: Instant(0), who, method, path, body, seen: None, key: None, adds: None }
    }

    pub fn post(who: usize, path: impl Into<String>, body: Value) -> Self {
        Self::new(who, "POST", path, body)
    }

    pub fn get(who: usize, path: impl Into<String>) -> Self {
        Self::new(who, "GET", path, Value::Null)
    }

    pub fn seen(self, seen: Seen) -> Self {
        Self { seen: Some(seen), ..self }
    }

    pub fn adds(self, list: &'static str) -> Self {
        Self { adds: Some(list), ..self }
    }

    /// The row its path is about, as `("event", 3)`.
    pub fn about(&self) -> Option<(&str, usize)> {
        let (_, rest) = self.path.split_once('@')?;
        let (list, rest) = rest.split_once('.')?;
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Some((list, rest[..end].parse().ok()?))
    }

    /// The path of the versioned resource it changes.
    pub fn resource(&self) -> &str {
        self.path.strip_suffix("/transitions").unwrap_or(&self.path)
    }
}
