//! Rows of the catalogue.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::rules::Window;
use crate::{
    platform::{db::Json, http::body::not_blank, ids::HandsetModelId, time::Day},
    schema::{activities, facets, formats, handset_models, media, seasons, themes},
};

crate::words! {
    /// What an activity is about (deck p.21).
    pub enum Theme {
        Caring = "caring",
        Digital = "digital",
        Cultural = "cultural",
        Startup = "startup",
    }
}

crate::words! {
    /// What an activity is for (deck p.22).
    pub enum Facet {
        Brand = "brand",
        App = "app",
        Device = "device",
        Reward = "reward",
    }
}

/// One run of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = seasons)]
pub struct Season {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub time_zone: String,
    pub starts: Day,
    pub ends: Day,
    /// By then team, campus contact and plan of a campus should stand (deck p.27).
    pub preparation_deadline: Day,
    /// Local days between today and the start of an event.
    pub lead_time_days: i64,
}

/// A theme with its names.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = themes)]
pub struct ThemeRow {
    pub code: Theme,
    pub position: i64,
    pub name_zh: String,
    pub name_en: String,
}

/// A facet with its names.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = facets)]
pub struct FacetRow {
    pub code: Facet,
    pub position: i64,
    pub name_zh: String,
    pub name_en: String,
}

/// What an event of an activity looks like.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = formats)]
pub struct Format {
    pub season: String,
    pub code: String,
    pub position: i64,
    pub name_zh: String,
    pub name_en: String,
    pub needs_venue: bool,
    /// Whether its people can be nowhere else meanwhile.
    pub occupies_team: bool,
    pub check_in: bool,
}

/// A place where an event is announced.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = media)]
pub struct Medium {
    pub season: String,
    pub code: String,
    pub position: i64,
    pub name_zh: String,
    pub name_en: String,
}

/// So many of one material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KitLine {
    pub sku: String,
    pub quantity: i64,
}

/// A catalogue entry of a season.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = activities)]
pub struct Activity {
    pub season: String,
    pub code: String,
    pub position: i64,
    pub name_zh: String,
    pub name_en: String,
    pub theme: Theme,
    pub facet: Facet,
    pub window_start: Day,
    pub window_end: Day,
    /// The deck's page, or `decided`.
    pub window_source: String,
    /// Codes of the formats it may take.
    pub formats: Json<Vec<String>>,
    pub default_kit: Json<Vec<KitLine>>,
    pub summary_zh: String,
    pub summary_en: String,
    /// Numbers of the activity's own rules; an object.
    pub rules: Json<Value>,
    /// Other spellings of its Chinese name.
    pub also_written: Json<Vec<String>>,
}

impl Activity {
    pub fn window(&self) -> Window {
        Window { start: self.window_start, end: self.window_end }
    }

    pub fn takes_format(&self, code: &str) -> bool {
        self.formats.0.iter().any(|format| format == code)
    }
}

/// A handset the province offers to freshmen in a season.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, Validate)]
#[diesel(table_name = handset_models)]
pub struct HandsetModel {
    pub id: HandsetModelId,
    pub season: String,
    #[validate(length(max = 40), custom(function = "not_blank"))]
    pub brand: String,
    #[validate(length(max = 60), custom(function = "not_blank"))]
    pub model: String,
    #[validate(length(max = 60))]
    pub os: Option<String>,
    #[validate(length(max = 500))]
    pub note: Option<String>,
    pub active: bool,
    pub version: i64,
}
