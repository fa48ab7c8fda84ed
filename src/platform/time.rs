//! Instants and local days. The season's zone is a fixed +08:00 (Asia/Shanghai has had no
//! daylight saving since 1991), so a local day is a function of the instant alone.

use std::{fmt, ops, str::FromStr};

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, SecondsFormat, Utc};
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    serialize::{self, Output, ToSql},
    sql_types::{BigInt, Text},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

const ZONE_OFFSET: Duration = Duration::hours(8);
/// The years that days and instants are read in.
const YEARS: ops::RangeInclusive<i32> = 1..=9998;

/// A point in time, in milliseconds since 1970 UTC: exactly what the API shows (RFC 3339,
/// `Z`, three digits), so what is stored and what is sent never differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct Instant(pub i64);

impl Instant {
    /// Midnight at which the local day begins.
    pub fn start_of(day: Day) -> Self {
        Self::local(day, 0)
    }

    /// A local day and minutes since its midnight; 1,440 is the end of the day.
    pub fn local(day: Day, minutes: i64) -> Self {
        let midnight = day.0.and_time(NaiveTime::MIN).and_utc() - ZONE_OFFSET;
        Self(midnight.timestamp_millis() + minutes * 60_000)
    }

    /// The local day this instant falls on.
    pub fn day(self) -> Day {
        Day((self.utc() + ZONE_OFFSET).date_naive())
    }

    /// The hour of the local day, 0–23.
    pub fn local_hour(self) -> i64 {
        (self.0 + ZONE_OFFSET.num_milliseconds()).rem_euclid(86_400_000) / 3_600_000
    }

    /// As chrono's type; years outside 1–9999 do not come in through the API.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, as JWT claims count them (RFC 7519).
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

impl ops::Add<Duration> for Instant {
    type Output = Self;
    fn add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(by.num_milliseconds()))
    }
}

impl ops::Sub<Duration> for Instant {
    type Output = Self;
    fn sub(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(by.num_milliseconds()))
    }
}

impl ops::Sub for Instant {
    type Output = Duration;
    fn sub(self, other: Self) -> Duration {
        Duration::milliseconds(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = BadTime;

    /// Reads RFC 3339; any offset is accepted, what is finer than a millisecond is cut.
    fn from_str(text: &str) -> Result<Self, BadTime> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| BadTime)?.with_timezone(&Utc);
        // Both as it is written and as the local day it falls on.
        let read = [at.year(), (at + ZONE_OFFSET).year()].iter().all(|year| YEARS.contains(year));
        if read { Ok(Self(at.timestamp_millis())) } else { Err(BadTime) }
    }
}

/// A text that is no RFC 3339 instant or no `YYYY-MM-DD` day of the years 1–9998.
#[derive(Debug, thiserror::Error)]
#[error("expected a time like 2011-09-03T02:00:00.000Z or a day like 2011-09-03")]
pub struct BadTime;

/// A calendar day in the season's zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Day(pub NaiveDate);

impl Day {
    /// `None` for a date that no calendar has.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// The day `days` later (or earlier, when negative).
    pub fn plus(self, days: i64) -> Self {
        Self(self.0 + Duration::days(days))
    }

    /// Days from `self` to `other`; negative when `other` is earlier.
    pub fn days_until(self, other: Self) -> i64 {
        (other.0 - self.0).num_days()
    }

    /// The same month and day in another year; 29 February becomes 28 February.
    pub fn in_year(self, year: i32) -> Self {
        let same = self.0.with_year(year);
        Self(same.or_else(|| self.plus(-1).0.with_year(year)).unwrap_or(self.0))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = BadTime;

    fn from_str(text: &str) -> Result<Self, BadTime> {
        if text.len() != 10 {
            return Err(BadTime);
        }
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| BadTime)?;
        if YEARS.contains(&day.year()) { Ok(Self(day)) } else { Err(BadTime) }
    }
}

/// Writes a text form that serde, both databases and the OpenAPI document share.
macro_rules! as_text {
    ($name:ident, $format:expr) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                text.parse().map_err(D::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat($format)))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}

as_text!(Instant, KnownFormat::DateTime);
as_text!(Day, KnownFormat::Date);

impl<DB: Backend> FromSql<BigInt, DB> for Instant
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(value).map(Self)
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for Instant
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

crate::text_column!(Day);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_hours_that_have_a_local_day() {
        let read = |text: &str| text.parse::<Instant>().is_ok();
        assert!(read("9998-12-31T15:59:59.999Z") && !read("9998-12-31T16:00:00.000Z"));
        assert!(read("9998-12-31T23:59:59+08:00") && !read("9999-01-01T00:00:00+08:00"));
        assert!(read("0001-01-01T00:00:00Z") && !read("0001-01-01T00:00:00+08:00"));
    }

    /// Any time of any year, and most of all those at the ends.
    fn millis() -> impl Strategy<Value = i64> {
        let ends = [-62_135_596_800_000_i64, 253_370_764_800_000];
        prop_oneof![
            -62_200_000_000_000_i64..253_500_000_000_000,
            (proptest::sample::select(ends.to_vec()), -200_000_000_i64..200_000_000)
                .prop_map(|(end, by)| end + by),
        ]
    }

    proptest! {
        #[test]
        fn what_is_read_has_a_day_that_is_read(millis in millis()) {
            if let Ok(at) = Instant(millis).to_string().parse::<Instant>() {
                prop_assert_eq!(at, Instant(millis));
                prop_assert_eq!(at.day().to_string().parse::<Day>().ok(), Some(at.day()));
            }
        }
    }
}
