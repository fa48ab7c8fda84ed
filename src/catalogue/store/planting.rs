//! Planting a season.

use diesel::prelude::*;

use crate::{
    catalogue::model::{Activity, FacetRow, Format, Medium, Season, ThemeRow},
    platform::db::{Tx, Upsert},
    schema::{activities, facets, formats, media, seasons, themes},
};

/// `false` when a season of this code is there already.
pub fn season(tx: &mut Tx<'_>, season: &Season) -> QueryResult<bool> {
    let planted =
        diesel::insert_into(seasons::table).values(season).or_ignore().execute(&mut **tx)?;
    Ok(planted == 1)
}

/// Themes and facets are the same in every season.
pub fn names(tx: &mut Tx<'_>, of_themes: &[ThemeRow], of_facets: &[FacetRow]) -> QueryResult<()> {
    for row in of_themes {
        diesel::insert_into(themes::table).values(row).or_ignore().execute(&mut **tx)?;
    }
    for row in of_facets {
        diesel::insert_into(facets::table).values(row).or_ignore().execute(&mut **tx)?;
    }
    Ok(())
}

/// What belongs to the one season.
pub fn entries(
    tx: &mut Tx<'_>,
    of_formats: &[Format],
    of_media: &[Medium],
    of_activities: &[Activity],
) -> QueryResult<()> {
    for row in of_formats {
        diesel::insert_into(formats::table).values(row).execute(&mut **tx)?;
    }
    for row in of_media {
        diesel::insert_into(media::table).values(row).execute(&mut **tx)?;
    }
    for row in of_activities {
        diesel::insert_into(activities::table).values(row).execute(&mut **tx)?;
    }
    Ok(())
}
