//! Seasons with their formats and media, and the themes.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    accounts::{Allowed, may},
    catalogue::{
        model::{Format, Medium, Season, Theme, ThemeRow},
        store,
    },
    platform::{
        db::Conn,
        fault::Fault,
        http::{
            answer::Reference,
            codes::Refusal,
            page::{NoFilters, Page, PageQuery},
            path::Path,
            request::Context,
        },
        time::Day,
    },
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SeasonFilters {
    /// Only seasons that are not over and have fewer than three active handset models
    short_of_models: Option<bool>,
}

/// One run of the catalogue.
#[derive(Serialize, ToSchema)]
pub struct SeasonOut {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// A fixed offset of +08:00 in fact: local dates of the season are in it.
    pub time_zone: String,
    pub starts: Day,
    pub ends: Day,
    /// By then team, campus contact and plan of each campus should stand.
    pub preparation_deadline: Day,
    /// Local days from today to the start of an event that is in time.
    pub lead_time_days: i64,
    pub formats: Vec<FormatOut>,
    pub media: Vec<MediumOut>,
}

/// What an event looks like.
#[derive(Serialize, ToSchema)]
pub struct FormatOut {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub needs_venue: bool,
    /// Whether its people can be nowhere else meanwhile.
    pub occupies_team: bool,
    /// Whether people check in.
    pub check_in: bool,
}

/// Where an event is announced.
#[derive(Serialize, ToSchema)]
pub struct MediumOut {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

/// What an activity is about.
#[derive(Serialize, ToSchema)]
pub struct ThemeOut {
    pub code: Theme,
    pub name_zh: String,
    pub name_en: String,
}

/// A season with what belongs to it.
struct Whole {
    season: Season,
    formats: Vec<Format>,
    media: Vec<Medium>,
}

fn whole(conn: &mut Conn, seasons: Vec<Season>) -> Result<Vec<Whole>, Fault> {
    let codes: Vec<&str> = seasons.iter().map(|season| season.code.as_str()).collect();
    let (mut formats, mut media) =
        (store::formats_of(conn, &codes)?, store::media_of(conn, &codes)?);
    let whole = |season: Season| Whole {
        formats: formats.extract_if(.., |format| format.season == season.code).collect(),
        media: media.extract_if(.., |medium| medium.season == season.code).collect(),
        season,
    };
    Ok(seasons.into_iter().map(whole).collect())
}

impl From<Whole> for SeasonOut {
    fn from(Whole { season, formats, media }: Whole) -> Self {
        Self {
            code: season.code,
            name_zh: season.name_zh,
            name_en: season.name_en,
            time_zone: season.time_zone,
            starts: season.starts,
            ends: season.ends,
            preparation_deadline: season.preparation_deadline,
            lead_time_days: season.lead_time_days,
            formats: formats.into_iter().map(FormatOut::from).collect(),
            media: media.into_iter().map(MediumOut::from).collect(),
        }
    }
}

impl From<Format> for FormatOut {
    fn from(format: Format) -> Self {
        Self {
            code: format.code,
            name_zh: format.name_zh,
            name_en: format.name_en,
            needs_venue: format.needs_venue,
            occupies_team: format.occupies_team,
            check_in: format.check_in,
        }
    }
}

impl From<Medium> for MediumOut {
    fn from(medium: Medium) -> Self {
        Self { code: medium.code, name_zh: medium.name_zh, name_en: medium.name_en }
    }
}

impl From<ThemeRow> for ThemeOut {
    fn from(theme: ThemeRow) -> Self {
        Self { code: theme.code, name_zh: theme.name_zh, name_en: theme.name_en }
    }
}

pub async fn list_seasons(
    _: Allowed<may::ReadReference>,
    cx: Context,
    query: PageQuery<SeasonFilters, String>,
) -> Result<Reference<Page<SeasonOut>>, Fault> {
    let (after, limit, today) = (query.after.clone(), query.fetch(), cx.today());
    let short_on = query.filters.short_of_models.unwrap_or(false).then_some(today);
    let work = move |conn: &mut Conn| {
        let seasons = store::list_seasons(conn, short_on, after.as_deref(), limit)?;
        whole(conn, seasons)
    };
    let rows = cx.snapshot(work).await?;
    Ok(Reference(query.page(rows, |row| row.season.code.clone()).map(SeasonOut::from)))
}

pub async fn show_season(
    _: Allowed<may::ReadReference>,
    cx: Context,
    path: Path<String>,
) -> Result<Reference<SeasonOut>, Fault> {
    let code = path.0;
    let work = move |conn: &mut Conn| {
        let season = store::find_season(conn, &code)?.ok_or(Refusal::NotFound)?;
        Ok(whole(conn, vec![season])?.pop())
    };
    let found = cx.snapshot(work).await?;
    Ok(Reference(found.ok_or(Refusal::NotFound)?.into()))
}

pub async fn list_themes(
    _: Allowed<may::ReadReference>,
    cx: Context,
    query: PageQuery<NoFilters, i64>,
) -> Result<Reference<Page<ThemeOut>>, Fault> {
    let (after, limit) = (query.after, query.fetch());
    let rows = cx.read(move |conn| Ok(store::list_themes(conn, after, limit)?)).await?;
    Ok(Reference(query.page(rows, |theme| theme.position).map(ThemeOut::from)))
}
