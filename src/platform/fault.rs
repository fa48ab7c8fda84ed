//! Why something was refused or failed. A rule answers with its room's refusal enum; here
//! it becomes a [`Fault`], and `http::render` makes problem+json (RFC 9457) of it in the
//! caller's language. Causes are for the log; a client sees the code alone.

use std::fmt;

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::Value;

/// One stable code of the API with its status and its title in both languages.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    pub name: &'static str,
    pub status: u16,
    pub zh: &'static str,
    pub en: &'static str,
}

/// A reason to refuse that has a code.
pub trait Refuse {
    fn code(&self) -> &'static Code;

    /// A problem that can be given details.
    fn problem(&self) -> Problem {
        Problem::new(self.code())
    }
}

/// Declares a room's refusals: variant, status, code, title in Chinese, title in English.
#[macro_export]
macro_rules! refusals {
    ($(#[$doc:meta])* $vis:vis enum $name:ident {
        $($variant:ident = $status:literal $code:literal, $zh:literal, $en:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name { $(#[doc = $en] $variant),+ }

        impl $name {
            /// Every code of this room, for the specification and its snapshot.
            pub const CODES: &'static [$crate::platform::fault::Code] = &[
                $($crate::platform::fault::Code { name: $code, status: $status, zh: $zh, en: $en }),+
            ];
        }

        impl $crate::platform::fault::Refuse for $name {
            fn code(&self) -> &'static $crate::platform::fault::Code {
                &Self::CODES[*self as usize]
            }
        }
    };
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

impl Words {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// What is wrong with one member of a request, or one of several reasons to refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the request body, or `?name` for a query parameter.
    pub pointer: String,
    pub code: &'static str,
    pub message: Words,
    /// The rule's inputs, where a program can use them.
    pub data: Option<Value>,
}

impl FieldError {
    pub fn new(pointer: impl Into<String>, code: &'static str, message: Words) -> Self {
        Self { pointer: pointer.into(), code, message, data: None }
    }
}

/// A refusal with its particulars.
#[derive(Debug)]
pub struct Problem {
    pub code: &'static Code,
    pub detail: Option<Words>,
    pub errors: Vec<FieldError>,
    /// Seconds after which another try makes sense.
    pub retry_after: Option<u32>,
    /// Value of the `Allow` header of a 405.
    pub allow: Option<String>,
}

impl Problem {
    pub fn new(code: &'static Code) -> Self {
        Self { code, detail: None, errors: Vec::new(), retry_after: None, allow: None }
    }

    pub fn detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some(Words::new(zh, en));
        self
    }

    pub fn error(mut self, error: FieldError) -> Self {
        self.errors.push(error);
        self
    }

    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

/// What ends a request or a transaction without an answer.
#[derive(Debug)]
pub enum Fault {
    /// A rule said no. Nothing was changed.
    Refused(Box<Problem>),
    /// The store cannot serve now: away, full or too slow. Nothing was acknowledged.
    Busy(&'static str),
    /// A defect. The text is for the log.
    Bug(String),
    /// The transaction met another one and may run again.
    Collision(String),
}

impl Fault {
    pub fn bug(cause: impl fmt::Display) -> Self {
        Self::Bug(cause.to_string())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(problem) => f.write_str(problem.code.name),
            Self::Busy(why) => write!(f, "store busy: {why}"),
            Self::Bug(cause) => write!(f, "defect: {cause}"),
            Self::Collision(cause) => write!(f, "collision: {cause}"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl<R: Refuse> From<R> for Fault {
    fn from(refusal: R) -> Self {
        refusal.problem().into()
    }
}

impl From<DieselError> for Fault {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => {
                Self::Collision(error.to_string())
            }
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
            | DieselError::BrokenTransactionManager => Self::Busy("connection lost"),
            DieselError::DatabaseError(kind, info) => from_message(*kind, info.message()),
            _ => Self::bug(error),
        }
    }
}

/// Diesel does not hand out SQLSTATE or SQLite's extended code, so what it calls "unknown"
/// is told apart by the server's own words. What nobody knows is a defect.
fn from_message(kind: DatabaseErrorKind, message: &str) -> Fault {
    const AWAY: &[(&str, &str)] = &[
        ("lock timeout", "waited too long for a lock"),
        ("statement timeout", "statement took too long"),
        ("terminating connection", "database is stopping"),
        ("the database system is", "database is starting or stopping"),
        ("server closed the connection", "connection lost"),
        ("no connection to the server", "connection lost"),
        ("could not receive data", "connection lost"),
        ("could not send data", "connection lost"),
        ("SSL connection has been closed", "connection lost"),
        ("No space left", "disk full"),
        ("disk is full", "disk full"),
        ("disk I/O error", "disk error"),
        ("database is locked", "database is locked"),
        ("unable to open database file", "database file is gone"),
    ];
    if message.contains("deadlock detected") {
        return Fault::Collision(message.to_owned());
    }
    match AWAY.iter().find(|(words, _)| message.contains(words)) {
        Some((_, why)) => Fault::Busy(why),
        None => Fault::Bug(format!("{kind:?}: {message}")),
    }
}
