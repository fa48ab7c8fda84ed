//! Rows and value types of the room.

use std::{fmt, str::FromStr};

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    prelude::*,
    serialize::{self, Output, ToSql},
    sql_types::BigInt,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

use crate::{
    platform::{
        ids::{BoothId, CampusId, EventId, UserId},
        names::CityCode,
        time::{Day, Instant},
    },
    schema::{booth_doors, booth_tallies, booths},
};

crate::words! {
    /// What stands on the spot.
    pub enum BoothKind {
        Tent = "tent",
        Desk = "desk",
        /// 校园营业厅
        CampusHall = "campus_hall",
        /// 接站点
        PickUpPoint = "pick_up_point",
    }
}

/// Minutes since local midnight, 0–1,440; written `HH:MM`, the end of the day as `00:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct Minute(pub i64);

impl Minute {
    pub const MIDNIGHT: Self = Self(0);
    pub const END_OF_DAY: Self = Self(24 * 60);
}

/// A booth as it stands.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
pub struct Booth {
    pub id: BoothId,
    pub season: String,
    pub campus_id: CampusId,
    pub city: CityCode,
    #[diesel(embed)]
    pub plan: Plan,
    pub created_by: UserId,
    pub created_at: Instant,
    /// Anchor of rules over what is recorded at the booth.
    pub record_seq: i64,
    pub version: i64,
}

/// What may be changed of a booth.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = booths, treat_none_as_null = true)]
pub struct Plan {
    pub event_id: Option<EventId>,
    pub kind: BoothKind,
    /// Normalised: see [`super::rules::spot`].
    pub spot: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub opens_on: Day,
    pub closes_on: Day,
    pub opens_at: Minute,
    pub closes_at: Minute,
    pub permit_no: Option<String>,
}

/// What a booth said about its event and its hours from `at` on, until the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = booth_doors, treat_none_as_default_value = false)]
pub struct DoorTerms {
    pub booth_id: BoothId,
    pub version: i64,
    pub at: Instant,
    pub event_id: Option<EventId>,
    pub opens_on: Day,
    pub closes_on: Day,
    pub opens_at: Minute,
    pub closes_at: Minute,
}

impl DoorTerms {
    pub fn of(booth: BoothId, version: i64, at: Instant, plan: &Plan) -> Self {
        let Plan { event_id, opens_on, closes_on, opens_at, closes_at, .. } = *plan;
        Self { booth_id: booth, version, at, event_id, opens_on, closes_on, opens_at, closes_at }
    }
}

/// What one person counted at one booth on one day.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = booth_tallies)]
pub struct Tally {
    pub booth_id: BoothId,
    pub day: Day,
    pub user_id: UserId,
    pub season: String,
    pub campus_id: CampusId,
    pub city: CityCode,
    #[diesel(embed)]
    pub counted: Counted,
    pub written_at: Instant,
    pub version: i64,
}

/// The content of a tally.
#[derive(Clone, Debug, Default, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = booth_tallies, treat_none_as_null = true)]
pub struct Counted {
    pub visitors: i64,
    pub installs: i64,
    pub purchases: i64,
    pub cards: i64,
    pub note: Option<String>,
}

/// A text that is no `HH:MM` from 00:00 to 23:59.
#[derive(Debug, thiserror::Error)]
#[error("expected a time of day like 09:30")]
pub struct BadMinute;

impl FromStr for Minute {
    type Err = BadMinute;

    fn from_str(text: &str) -> Result<Self, BadMinute> {
        let digits = |part: &str| {
            let two = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            if two { part.parse::<i64>().map_err(|_| BadMinute) } else { Err(BadMinute) }
        };
        let (hour, minute) = text.split_once(':').ok_or(BadMinute)?;
        match (digits(hour)?, digits(minute)?) {
            (hour @ 0..=23, minute @ 0..=59) => Ok(Self(hour * 60 + minute)),
            _ => Err(BadMinute),
        }
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60 % 24, self.0 % 60)
    }
}

impl Serialize for Minute {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Minute {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl utoipa::PartialSchema for Minute {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"))
            .examples(["09:30"])
            .into()
    }
}

impl utoipa::ToSchema for Minute {}

impl<DB: Backend> FromSql<BigInt, DB> for Minute
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(value).map(Self)
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for Minute
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}
