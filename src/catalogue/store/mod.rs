//! All SQL of the catalogue: reading it here, models of handsets and planting beside it.

pub mod handsets;
pub mod planting;

use diesel::{dsl::count_star, prelude::*};

use super::{
    model::{Activity, FacetRow, Format, Medium, Season, ThemeRow},
    rules,
};
use crate::{
    platform::{db::Conn, time::Day},
    schema::{activities, facets, formats, handset_models as models, media, seasons, themes},
};

/// Seasons by code, from behind `after`; with `short_on` those that are not over by that day
/// and have fewer handset models than wanted.
pub fn list_seasons(
    conn: &mut Conn,
    short_on: Option<Day>,
    after: Option<&str>,
    limit: i64,
) -> QueryResult<Vec<Season>> {
    let mut query = seasons::table.select(Season::as_select()).into_boxed();
    if let Some(today) = short_on {
        let enough = models::table
            .filter(models::active.eq(true))
            .group_by(models::season)
            .having(count_star().ge(rules::WANTED_MODELS))
            .select(models::season);
        query = query.filter(seasons::ends.ge(today)).filter(seasons::code.ne_all(enough));
    }
    if let Some(after) = after {
        query = query.filter(seasons::code.gt(after.to_owned()));
    }
    query.order(seasons::code).limit(limit).load(conn)
}

pub fn find_season(conn: &mut Conn, code: &str) -> QueryResult<Option<Season>> {
    seasons::table.find(code).select(Season::as_select()).first(conn).optional()
}

/// Seasons that are not over before this day, by code.
pub fn seasons_not_over(conn: &mut Conn, day: Day) -> QueryResult<Vec<Season>> {
    seasons::table
        .filter(seasons::ends.ge(day))
        .order(seasons::code)
        .select(Season::as_select())
        .load(conn)
}

/// The season that has this day; the one that ends first where they overlap.
pub fn season_on(conn: &mut Conn, day: Day) -> QueryResult<Option<Season>> {
    seasons::table
        .filter(seasons::starts.le(day))
        .filter(seasons::ends.ge(day))
        .order((seasons::ends, seasons::code))
        .select(Season::as_select())
        .first(conn)
        .optional()
}

pub fn list_themes(conn: &mut Conn, after: Option<i64>, limit: i64) -> QueryResult<Vec<ThemeRow>> {
    themes::table
        .filter(themes::position.gt(after.unwrap_or(-1)))
        .order(themes::position)
        .limit(limit)
        .select(ThemeRow::as_select())
        .load(conn)
}

pub fn list_facets(conn: &mut Conn) -> QueryResult<Vec<FacetRow>> {
    facets::table.order(facets::position).select(FacetRow::as_select()).load(conn)
}

/// Formats of these seasons, in the order of the season file.
pub fn formats_of(conn: &mut Conn, codes: &[&str]) -> QueryResult<Vec<Format>> {
    formats::table
        .filter(formats::season.eq_any(codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>()))
        .order((formats::season, formats::position))
        .select(Format::as_select())
        .load(conn)
}

pub fn find_format(conn: &mut Conn, season: &str, code: &str) -> QueryResult<Option<Format>> {
    formats::table.find((season, code)).select(Format::as_select()).first(conn).optional()
}

/// Media of these seasons, in the order of the season file.
pub fn media_of(conn: &mut Conn, codes: &[&str]) -> QueryResult<Vec<Medium>> {
    media::table
        .filter(media::season.eq_any(codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>()))
        .order((media::season, media::position))
        .select(Medium::as_select())
        .load(conn)
}

/// Activities by season and place in it, from behind `after`.
pub fn list_activities(
    conn: &mut Conn,
    season: Option<&str>,
    after: Option<&(String, i64)>,
    limit: i64,
) -> QueryResult<Vec<Activity>> {
    let mut query = activities::table.select(Activity::as_select()).into_boxed();
    if let Some(season) = season {
        query = query.filter(activities::season.eq(season.to_owned()));
    }
    if let Some((season, position)) = after {
        query = query
            .filter(activities::season.ge(season.clone()))
            .filter(activities::season.gt(season.clone()).or(activities::position.gt(*position)));
    }
    query.order((activities::season, activities::position)).limit(limit).load(conn)
}

pub fn find_activity(conn: &mut Conn, season: &str, code: &str) -> QueryResult<Option<Activity>> {
    activities::table.find((season, code)).select(Activity::as_select()).first(conn).optional()
}
