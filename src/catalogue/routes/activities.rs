//! Activities.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    accounts::{Allowed, may},
    catalogue::{
        model::{Activity, Facet, KitLine, Theme},
        store,
    },
    platform::{
        fault::Fault,
        http::{
            answer::Reference,
            codes::Refusal,
            page::{Page, PageQuery, Query},
            path::Path,
            request::Context,
        },
        time::Day,
    },
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ActivityFilters {
    /// Activities of this season
    season: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct OfSeason {
    /// Code of the season
    season: String,
}

/// A catalogue entry of a season.
#[derive(Serialize, ToSchema)]
pub struct ActivityOut {
    pub season: String,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// Other spellings of its Chinese name.
    pub also_written_zh: Vec<String>,
    pub theme: Theme,
    pub facet: Facet,
    pub window: WindowOut,
    /// Codes of the formats it may take.
    pub formats: Vec<String>,
    /// The kit a new event begins with.
    pub default_kit: Vec<KitLine>,
    pub summary_zh: String,
    pub summary_en: String,
    /// Numbers of the activity's own rules.
    #[schema(value_type = Object)]
    pub rules: Value,
}

/// The local days on which events of an activity may be.
#[derive(Serialize, ToSchema)]
pub struct WindowOut {
    pub start: Day,
    /// Included; an event may end with it, at 24:00.
    pub end: Day,
    /// The deck's page, or `decided`.
    pub source: String,
}

impl From<Activity> for ActivityOut {
    fn from(row: Activity) -> Self {
        let (start, end) = (row.window_start, row.window_end);
        Self {
            season: row.season,
            code: row.code,
            name_zh: row.name_zh,
            name_en: row.name_en,
            also_written_zh: row.also_written.0,
            theme: row.theme,
            facet: row.facet,
            window: WindowOut { start, end, source: row.window_source },
            formats: row.formats.0,
            default_kit: row.default_kit.0,
            summary_zh: row.summary_zh,
            summary_en: row.summary_en,
            rules: row.rules.0,
        }
    }
}

pub async fn list_activities(
    _: Allowed<may::ReadReference>,
    cx: Context,
    query: PageQuery<ActivityFilters, (String, i64)>,
) -> Result<Reference<Page<ActivityOut>>, Fault> {
    let (season, after) = (query.filters.season.clone(), query.after.clone());
    let limit = query.fetch();
    let rows = cx
        .read(move |conn| {
            Ok(store::list_activities(conn, season.as_deref(), after.as_ref(), limit)?)
        })
        .await?;
    let page = query.page(rows, |row| (row.season.clone(), row.position));
    Ok(Reference(page.map(ActivityOut::from)))
}

pub async fn show_activity(
    _: Allowed<may::ReadReference>,
    cx: Context,
    path: Path<String>,
    query: Query<OfSeason>,
) -> Result<Reference<ActivityOut>, Fault> {
    let (code, season) = (path.0, query.0.season);
    let found = cx.read(move |conn| Ok(store::find_activity(conn, &season, &code)?)).await?;
    Ok(Reference(found.ok_or(Refusal::NotFound)?.into()))
}
