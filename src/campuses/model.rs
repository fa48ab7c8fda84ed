//! Rows and value types of the room.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::rules;
use crate::{
    platform::{
        http::body::not_blank,
        ids::{CampusId, VenueId},
        names::CityCode,
        time::Day,
    },
    schema::{calendar_days, campuses, cities, venues},
};

crate::words! {
    /// What a university awards.
    pub enum Level {
        /// 本科
        Undergraduate = "undergraduate",
        /// 专科
        Vocational = "vocational",
    }
}

crate::words! {
    /// Who runs a university.
    pub enum Ownership {
        /// 公办
        Public = "public",
        /// 民办
        Private = "private",
        /// 中外合作办学
        SinoForeign = "sino_foreign",
        /// 内地与港澳台地区合作办学
        MainlandHkMacaoTaiwan = "mainland_hk_macao_taiwan",
    }
}

crate::words! {
    /// What a day of the calendar is.
    pub enum DayType {
        Workday = "workday",
        Weekend = "weekend",
        Holiday = "holiday",
        /// A weekend day that is worked for a holiday.
        MakeupWorkday = "makeup_workday",
    }
}

crate::words! {
    /// What stretches of days of a campus are for.
    pub enum DatesKind {
        Registration = "registration",
        Exams = "exams",
    }
}

/// One of the 21 cities.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = cities)]
pub struct City {
    pub code: CityCode,
    pub name_zh: String,
    pub name_en: String,
    pub latitude: f64,
    pub longitude: f64,
}

/// A site of a university.
#[derive(Clone, Debug, PartialEq)]
pub struct Campus {
    pub id: CampusId,
    pub code: String,
    pub moe_code: String,
    pub city: CityCode,
    pub version: i64,
    pub facts: CampusFacts,
}

/// What may change about a campus.
#[derive(Clone, Debug, PartialEq, Validate)]
#[validate(schema(function = "whole_position"))]
pub struct CampusFacts {
    #[validate(length(max = 100), custom(function = "not_blank"))]
    pub name_zh: String,
    #[validate(length(max = 200), custom(function = "not_blank"))]
    pub name_en: String,
    pub level: Level,
    pub ownership: Ownership,
    pub is_211: bool,
    pub startup_focus: bool,
    #[validate(range(min = -90.0, max = 90.0))]
    pub latitude: Option<f64>,
    #[validate(range(min = -180.0, max = 180.0))]
    pub longitude: Option<f64>,
    #[validate(length(max = 20), custom(function = "apart"))]
    pub registration: Vec<Days>,
    #[validate(length(max = 20), custom(function = "apart"))]
    pub exams: Vec<Days>,
}

/// A stretch of local days, first and last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Days {
    pub from: Day,
    pub to: Day,
}

fn whole_position(facts: &CampusFacts) -> Result<(), ValidationError> {
    if facts.latitude.is_some() == facts.longitude.is_some() {
        Ok(())
    } else {
        Err(ValidationError::new("latitude_with_longitude"))
    }
}

fn apart(list: &[Days]) -> Result<(), ValidationError> {
    if rules::apart(list) { Ok(()) } else { Err(ValidationError::new("days_apart")) }
}

/// A campus as its table has it; the dates are in a table of their own.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = campuses, treat_none_as_default_value = false)]
pub(super) struct CampusRow {
    pub id: CampusId,
    pub code: String,
    pub moe_code: String,
    pub name_zh: String,
    pub name_en: String,
    pub city: CityCode,
    pub level: Level,
    pub ownership: Ownership,
    pub is_211: bool,
    pub startup_focus: bool,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub version: i64,
}

impl CampusRow {
    pub fn of(campus: &Campus) -> Self {
        let facts = &campus.facts;
        Self {
            id: campus.id,
            code: campus.code.clone(),
            moe_code: campus.moe_code.clone(),
            name_zh: facts.name_zh.clone(),
            name_en: facts.name_en.clone(),
            city: campus.city,
            level: facts.level,
            ownership: facts.ownership,
            is_211: facts.is_211,
            startup_focus: facts.startup_focus,
            latitude: facts.latitude,
            longitude: facts.longitude,
            version: campus.version,
        }
    }

    pub fn with_dates(self, registration: Vec<Days>, exams: Vec<Days>) -> Campus {
        Campus {
            id: self.id,
            code: self.code,
            moe_code: self.moe_code,
            city: self.city,
            version: self.version,
            facts: CampusFacts {
                name_zh: self.name_zh,
                name_en: self.name_en,
                level: self.level,
                ownership: self.ownership,
                is_211: self.is_211,
                startup_focus: self.startup_focus,
                latitude: self.latitude,
                longitude: self.longitude,
                registration,
                exams,
            },
        }
    }
}

/// A hall or ground of a campus.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, Validate)]
#[diesel(table_name = venues)]
pub struct Venue {
    pub id: VenueId,
    pub campus_id: CampusId,
    pub city: CityCode,
    #[validate(length(max = 60), custom(function = "not_blank"))]
    pub name: String,
    /// How many people it holds.
    #[validate(range(min = 1, max = 200_000))]
    pub capacity: i64,
    /// Whether new events may take it.
    pub active: bool,
    pub version: i64,
}

/// A day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = calendar_days, treat_none_as_null = true)]
pub struct CalendarDay {
    pub date: Day,
    pub day_type: DayType,
    pub is_working_day: bool,
    pub name_zh: Option<String>,
    pub name_en: Option<String>,
}
