//! Where goods can be.

use std::{fmt, str::FromStr};

use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Text};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

use crate::platform::{
    ids::{BoothId, CampusId, EventId, ParticipantId, UserId},
    names::CityCode,
};

crate::words! {
    /// The kinds of places.
    pub enum PlaceKind {
        Province = "province",
        City = "city",
        Campus = "campus",
        Event = "event",
        Booth = "booth",
        User = "user",
        Transit = "transit",
        Supplier = "supplier",
        Used = "used",
        Lost = "lost",
        Damaged = "damaged",
        Adjustment = "adjustment",
        Participant = "participant",
    }
}

/// A place, written as `campus:0190a3f0-…`, `city:440100` or `used`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub enum Place {
    Province,
    City(CityCode),
    Campus(CampusId),
    Event(EventId),
    Booth(BoothId),
    User(UserId),
    /// Sent and not yet accepted.
    Transit,
    /// Where goods come from.
    Supplier,
    Used,
    Lost,
    Damaged,
    /// The other side of what a count corrects.
    Adjustment,
    /// Given to a named person.
    Participant(ParticipantId),
}

/// A place and the campus and city it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    pub place: Place,
    pub campus: Option<CampusId>,
    pub city: Option<CityCode>,
}

/// A text that names no place.
#[derive(Debug, thiserror::Error)]
#[error(
    "expected a place: province, city:CODE, campus:ID, event:ID, booth:ID, user:ID, transit, \
     supplier, used, lost, damaged, adjustment or participant:ID"
)]
pub struct BadPlace;

impl Place {
    pub const fn kind(self) -> PlaceKind {
        match self {
            Self::Province => PlaceKind::Province,
            Self::City(_) => PlaceKind::City,
            Self::Campus(_) => PlaceKind::Campus,
            Self::Event(_) => PlaceKind::Event,
            Self::Booth(_) => PlaceKind::Booth,
            Self::User(_) => PlaceKind::User,
            Self::Transit => PlaceKind::Transit,
            Self::Supplier => PlaceKind::Supplier,
            Self::Used => PlaceKind::Used,
            Self::Lost => PlaceKind::Lost,
            Self::Damaged => PlaceKind::Damaged,
            Self::Adjustment => PlaceKind::Adjustment,
            Self::Participant(_) => PlaceKind::Participant,
        }
    }

    /// Whether goods stand there that somebody answers for. Transit is real, too.
    pub const fn is_real(self) -> bool {
        self.kind().is_real()
    }

    /// The place without campus and city, where it has none.
    pub const fn nowhere(self) -> Located {
        Located { place: self, campus: None, city: None }
    }
}

impl PlaceKind {
    pub const fn is_real(self) -> bool {
        matches!(
            self,
            Self::Province
                | Self::City
                | Self::Campus
                | Self::Event
                | Self::Booth
                | Self::User
                | Self::Transit
        )
    }

    /// Whether a balance is kept: of real places, and of what a person was given.
    pub const fn has_balance(self) -> bool {
        self.is_real() || matches!(self, Self::Participant)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::City(code) => write!(f, "{kind}:{code}"),
            Self::Campus(id) => write!(f, "{kind}:{id}"),
            Self::Event(id) => write!(f, "{kind}:{id}"),
            Self::Booth(id) => write!(f, "{kind}:{id}"),
            Self::User(id) => write!(f, "{kind}:{id}"),
            Self::Participant(id) => write!(f, "{kind}:{id}"),
            _ => kind.fmt(f),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Place {
    type Err = BadPlace;

    fn from_str(text: &str) -> Result<Self, BadPlace> {
        fn id<T: FromStr>(text: Option<&str>) -> Result<T, BadPlace> {
            text.and_then(|text| text.parse().ok()).ok_or(BadPlace)
        }
        let (word, rest) = match text.split_once(':') {
            Some((word, rest)) => (word, Some(rest)),
            None => (text, None),
        };
        let kind: PlaceKind = word.parse().map_err(|_| BadPlace)?;
        let place = match kind {
            PlaceKind::City => return id(rest).map(Self::City),
            PlaceKind::Campus => return id(rest).map(Self::Campus),
            PlaceKind::Event => return id(rest).map(Self::Event),
            PlaceKind::Booth => return id(rest).map(Self::Booth),
            PlaceKind::User => return id(rest).map(Self::User),
            PlaceKind::Participant => return id(rest).map(Self::Participant),
            PlaceKind::Province => Self::Province,
            PlaceKind::Transit => Self::Transit,
            PlaceKind::Supplier => Self::Supplier,
            PlaceKind::Used => Self::Used,
            PlaceKind::Lost => Self::Lost,
            PlaceKind::Damaged => Self::Damaged,
            PlaceKind::Adjustment => Self::Adjustment,
        };
        if rest.is_none() { Ok(place) } else { Err(BadPlace) }
    }
}

crate::text_column!(Place);

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl utoipa::PartialSchema for Place {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "`province`, `city:{code}`, `campus:{id}`, `event:{id}`, `booth:{id}`, \
                 `user:{id}`, `transit`, `supplier`, `used`, `lost`, `damaged`, `adjustment` \
                 or `participant:{id}`",
            ))
            .examples(["city:440100"])
            .into()
    }
}

impl utoipa::ToSchema for Place {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_back_as_they_are_written() {
        let id = uuid::Uuid::nil();
        let places = [
            Place::Province,
            Place::City("440100".parse().unwrap()),
            Place::Campus(CampusId(id)),
            Place::Event(EventId(id)),
            Place::Booth(BoothId(id)),
            Place::User(UserId(id)),
            Place::Transit,
            Place::Supplier,
            Place::Used,
            Place::Lost,
            Place::Damaged,
            Place::Adjustment,
            Place::Participant(ParticipantId(id)),
        ];
        assert_eq!(places.len(), PlaceKind::ALL.len());
        for place in places {
            assert_eq!(place.to_string().parse::<Place>().unwrap(), place);
        }
    }

    #[test]
    fn what_names_no_place_is_refused() {
        for text in
            ["", "moon", "city", "city:44", "campus:x", "used:1", "province:", "City:440100"]
        {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
