//! An answer of the server, with what tests ask of it.

use serde_json::Value;

/// Status, headers and body.
pub struct Answer {
    pub what: String,
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub text: String,
}

impl Answer {
    /// The body, which must be JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{}: no JSON ({error}): {}", self.what, self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// 200.
    #[track_caller]
    pub fn ok(&self) -> Value {
        self.expect(200)
    }

    /// 201.
    #[track_caller]
    pub fn created(&self) -> Value {
        self.expect(201)
    }

    /// A refusal with this status and code, whole and well-formed.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.what);
        assert_eq!(problem["code"], code, "{}: {problem}", self.what);
        assert_eq!(problem["status"], status);
        for member in ["type", "title", "detail", "request_id"] {
            assert!(problem[member].is_string(), "{}: no {member}", self.what);
        }
        if matches!(status, 429 | 503) {
            assert!(self.header("retry-after").is_some(), "{}: no Retry-After", self.what);
        }
        problem
    }

    /// The version in `ETag`.
    #[track_caller]
    pub fn version(&self) -> i64 {
        let tag = self.header("etag").unwrap_or_else(|| panic!("{}: no ETag", self.what));
        tag.trim_matches('"').parse().unwrap()
    }

    pub fn is_replay(&self) -> bool {
        self.header("idempotency-replayed") == Some("true")
    }
}
