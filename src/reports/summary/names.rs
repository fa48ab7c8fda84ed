//! What the keys of a report are called.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::facts::{By, NONE};
use crate::{
    platform::{db::Conn, ids::CampusId, names::CityCode},
    schema::{activities, campuses, cities, facets, themes},
};

/// Names in Chinese and English, by key.
pub type Names = BTreeMap<String, (String, String)>;

/// The names of the keys that a report has.
pub fn of(conn: &mut Conn, by: By, season: &str, keys: &[String]) -> QueryResult<Names> {
    let rows: Vec<(String, String, String)> = match by {
        By::City => {
            let codes: Vec<CityCode> = keys.iter().filter_map(|key| key.parse().ok()).collect();
            let query = cities::table.filter(cities::code.eq_any(codes));
            query.select((cities::code, cities::name_zh, cities::name_en)).load(conn)?
        }
        By::Campus => {
            let ids: Vec<CampusId> = keys.iter().filter_map(|key| key.parse().ok()).collect();
            let rows: Vec<(CampusId, String, String)> = campuses::table
                .filter(campuses::id.eq_any(ids))
                .select((campuses::id, campuses::name_zh, campuses::name_en))
                .load(conn)?;
            rows.into_iter().map(|(id, zh, en)| (id.to_string(), zh, en)).collect()
        }
        By::Theme => {
            themes::table.select((themes::code, themes::name_zh, themes::name_en)).load(conn)?
        }
        By::Facet => {
            facets::table.select((facets::code, facets::name_zh, facets::name_en)).load(conn)?
        }
        By::Activity => activities::table
            .filter(activities::season.eq(season))
            .select((activities::code, activities::name_zh, activities::name_en))
            .load(conn)?,
        By::Day => keys.iter().map(|key| (key.clone(), key.clone(), key.clone())).collect(),
    };
    let mut names: Names = rows.into_iter().map(|(key, zh, en)| (key, (zh, en))).collect();
    names.insert(NONE.to_owned(), ("未归属".to_owned(), "Belongs to none".to_owned()));
    Ok(names)
}
