//! Names of rows: one newtype per kind of resource, so that an event's id can never be
//! handed to a function that wants a campus's. Any room may name another room's row with
//! these types without importing that room.

use std::{fmt, str::FromStr};

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql},
    serialize::{self, Output, ToSql},
};
use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use uuid::Uuid;

use super::db::types::Uid;

/// Stores a newtype over a UUID as one.
macro_rules! stored {
    ($name:ident) => {
        impl<DB: Backend> FromSql<Uid, DB> for $name
        where
            Uuid: FromSql<Uid, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Uuid::from_sql(bytes).map(Self)
            }
        }

        impl<DB: Backend> ToSql<Uid, DB> for $name
        where
            Uuid: ToSql<Uid, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                ToSql::<Uid, DB>::to_sql(&self.0, out)
            }
        }
    };
}

/// Declares id types. Each is a UUID that reads and writes as text in JSON, as `uuid` on
/// PostgreSQL and as a 16-byte blob on SQLite.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = Uid)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh time-ordered id (UUIDv7, RFC 9562). Make it before a write closure:
            /// the closure may run again.
            #[expect(clippy::new_without_default, reason = "an id is an act, not a default")]
            pub fn new() -> Self {
                Self(fresh())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl From<$name> for RowId {
            fn from(id: $name) -> Self {
                RowId(id.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        stored!($name);

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+};
}

ids! {
    /// A person who signs in.
    UserId,
    /// A phone or browser a session is bound to.
    DeviceId,
    /// One sign-in: a family of refresh tokens.
    SessionId,
    /// A site of a university.
    CampusId,
    /// A hall or ground of a campus.
    VenueId,
    /// A handset model the province offers in a season.
    HandsetModelId,
    /// One activity at one campus at one time.
    EventId,
    /// A staffed spot on a campus.
    BoothId,
    /// A duty of one person at a booth.
    ShiftId,
    /// A period of free campus WLAN.
    PromotionId,
    /// A radio cell that serves a promotion.
    AccessPointId,
    /// One line of the materials ledger.
    MovementId,
    /// Someone who is checked in.
    ParticipantId,
    /// One issued pass of a participant; the `sub` of its token.
    PassId,
    /// One person's place on an event's list.
    RegistrationId,
    /// One scan, named by the phone that made it.
    ScanId,
    /// One handled request; stands in answers, logs and audit.
    RequestId,
}

/// Any row's id, where the kind stands beside it (change log, audit).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = Uid)]
#[serde(transparent)]
pub struct RowId(pub Uuid);

stored!(RowId);

#[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
fn fresh() -> Uuid {
    Uuid::now_v7()
}
