//! Rows and value types of the room.

use std::{fmt, str::FromStr};

use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Text};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use validator::Validate;

use crate::{
    platform::{
        db::Json,
        http::body::not_blank,
        ids::{AccessPointId, CampusId, PromotionId, UserId},
        names::CityCode,
        time::{Day, Instant},
    },
    schema::{wlan_access_points, wlan_history, wlan_promotions},
};

/// Code of the activity in whose window promotions lie.
pub const ACTIVITY: &str = "free-wlan";

crate::words! {
    /// What a promotion can wait for somebody to do.
    pub enum PromotionTask {
        /// The coordinator of its city, unless they wrote it.
        Approve = "approve",
    }
}

crate::words! {
    /// Where a promotion stands in its chain.
    pub enum PromotionState {
        Draft = "draft",
        Submitted = "submitted",
        Approved = "approved",
        ChangesRequested = "changes_requested",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Cancelled = "cancelled",
        /// Approved, and its last day has passed. Computed, never stored.
        Ended = "ended",
    }
}

crate::words! {
    /// What someone may ask of a promotion.
    pub enum PromotionAction {
        Submit = "submit",
        Withdraw = "withdraw",
        Approve = "approve",
        RequestChanges = "request_changes",
        Reject = "reject",
        Cancel = "cancel",
    }
}

crate::words! {
    /// What the history of a promotion tells.
    pub enum HistoryAction {
        Create = "create",
        Edit = "edit",
        Submit = "submit",
        Withdraw = "withdraw",
        Approve = "approve",
        RequestChanges = "request_changes",
        Reject = "reject",
        Cancel = "cancel",
    }
}

impl From<PromotionAction> for HistoryAction {
    fn from(action: PromotionAction) -> Self {
        match action {
            PromotionAction::Submit => Self::Submit,
            PromotionAction::Withdraw => Self::Withdraw,
            PromotionAction::Approve => Self::Approve,
            PromotionAction::RequestChanges => Self::RequestChanges,
            PromotionAction::Reject => Self::Reject,
            PromotionAction::Cancel => Self::Cancel,
        }
    }
}

/// What the login page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Creative {
    #[validate(length(min = 1, max = 60), custom(function = "not_blank"))]
    pub headline_zh: String,
    #[validate(length(min = 1, max = 120), custom(function = "not_blank"))]
    pub headline_en: String,
    #[validate(length(min = 1, max = 1000), custom(function = "not_blank"))]
    pub body_zh: String,
    #[validate(length(min = 1, max = 2000), custom(function = "not_blank"))]
    pub body_en: String,
    /// Where the page's button leads: https, on an allowed host.
    #[validate(length(min = 1, max = 500))]
    #[schema(example = "https://mm.10086.cn/campus")]
    pub link: String,
}

/// What is guarded of a promotion: what was seen is what is approved.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset,
)]
#[diesel(table_name = wlan_promotions)]
pub struct Content {
    pub ssid: String,
    pub starts_on: Day,
    pub ends_on: Day,
    pub minutes_per_day: i64,
    pub bytes_per_day: i64,
    #[serde(serialize_with = "plain")]
    pub creative: Json<Creative>,
}

fn plain<S: Serializer>(creative: &Json<Creative>, to: S) -> Result<S::Ok, S::Error> {
    creative.0.serialize(to)
}

/// A promotion as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = wlan_promotions)]
pub struct Promotion {
    pub id: PromotionId,
    pub season: String,
    pub campus_id: CampusId,
    pub city: CityCode,
    #[diesel(embed)]
    pub content: Content,
    /// As stored; [`Promotion::state_on`] tells what it is today.
    pub state: PromotionState,
    /// Hash of the content that was approved.
    pub content_hash: Option<String>,
    /// Anchor of rules over its access points.
    pub access_point_seq: i64,
    pub created_by: UserId,
    pub created_at: Instant,
    pub version: i64,
}

impl Promotion {
    /// The state on a day: an approved promotion whose last day has passed has ended.
    pub fn state_on(&self, today: Day) -> PromotionState {
        match self.state {
            PromotionState::Approved if self.content.ends_on < today => PromotionState::Ended,
            state => state,
        }
    }
}

/// A line of a promotion's history.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = wlan_history)]
pub struct HistoryLine {
    pub promotion_id: PromotionId,
    /// The version it led to.
    pub version: i64,
    pub action: HistoryAction,
    pub from_state: Option<PromotionState>,
    pub to_state: PromotionState,
    pub user_id: UserId,
    pub at: Instant,
    pub comment: Option<String>,
    pub content_hash: String,
}

/// A radio cell that serves a promotion.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = wlan_access_points)]
pub struct AccessPoint {
    pub id: AccessPointId,
    pub promotion_id: PromotionId,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub name: String,
    pub mac: Mac,
    pub created_at: Instant,
    pub version: i64,
}

/// A MAC address (EUI-48); written as `00:1b:63:84:45:e6`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Mac([u8; 6]);

/// A text that is no MAC address.
#[derive(Debug, thiserror::Error)]
#[error("expected a MAC address like 00:1b:63:84:45:e6")]
pub struct BadMac;

impl FromStr for Mac {
    type Err = BadMac;

    /// Pairs with `:` or `-`, fours with `.`, or twelve digits at once; in either case.
    fn from_str(text: &str) -> Result<Self, BadMac> {
        let (groups, length) = match text.find([':', '-', '.']) {
            Some(at) => (text.split(char::from(text.as_bytes()[at])).collect(), at),
            None => (vec![text], 12),
        };
        let whole = matches!(length, 2 | 4 | 12) && groups.len() * length == 12;
        if !whole || groups.iter().any(|group| group.len() != length) {
            return Err(BadMac);
        }
        let digits = groups.concat();
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(BadMac);
        }
        let mut octets = [0; 6];
        for (index, octet) in octets.iter_mut().enumerate() {
            let pair = &digits[2 * index..2 * index + 2];
            *octet = u8::from_str_radix(pair, 16).map_err(|_| BadMac)?;
        }
        Ok(Self(octets))
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mac({self})")
    }
}

crate::text_column!(Mac);

impl Serialize for Mac {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mac {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl utoipa::PartialSchema for Mac {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .examples(["00:1b:63:84:45:e6"])
            .description(Some("A MAC address; kept in lower case with colons"))
            .into()
    }
}

impl ToSchema for Mac {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_address_has_one_form() {
        for text in ["00:1B:63:84:45:E6", "00-1b-63-84-45-e6", "001b.6384.45e6", "001B638445E6"] {
            assert_eq!(text.parse::<Mac>().unwrap().to_string(), "00:1b:63:84:45:e6");
        }
    }

    #[test]
    fn other_texts_are_no_mac_address() {
        for text in [
            "",
            "00:1b:63:84:45",
            "00:1b:63:84:45:e6:00",
            "00:1b-63:84:45:e6",
            "0:1b:63:84:45:e60",
            "00:1b:63:84:45:g6",
            "+0:1b:63:84:45:e6",
            "001b638445e",
            "：：",
            "é0:1b:63:84:45:e6",
            ".",
        ] {
            assert!(text.parse::<Mac>().is_err(), "{text}");
        }
    }
}
