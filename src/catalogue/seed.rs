//! The season that the program carries, and planting it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    model::{Activity, Facet, FacetRow, Format, KitLine, Medium, Season, Theme, ThemeRow},
    store::planting,
};
use crate::platform::{
    db::{Audit, Json, Tx},
    fault::Fault,
    time::Day,
};

const AUTUMN_2011: &str = include_str!("../../reference/season-2011-autumn.json");
const AUTUMN_2011_YEAR: i32 = 2011;

/// A season as its file has it.
#[derive(Clone, Debug)]
pub struct Seed {
    pub season: Season,
    pub themes: Vec<ThemeRow>,
    pub facets: Vec<FacetRow>,
    pub formats: Vec<Format>,
    pub media: Vec<Medium>,
    pub activities: Vec<Activity>,
    /// For the materials room, which owns the designs.
    pub materials: Vec<MaterialLine>,
}

/// A material design as the file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MaterialLine {
    pub sku: String,
    pub name_zh: String,
    pub name_en: String,
    pub unit: String,
    pub kind: String,
    pub serialised: bool,
}

impl Seed {
    /// The season of autumn 2011.
    pub fn autumn_2011() -> Result<Self, Fault> {
        let file: File = serde_json::from_str(AUTUMN_2011).map_err(Fault::bug)?;
        Ok(file.into_seed())
    }

    /// The same season for another year: `<year>-autumn`, all dates moved.
    pub fn autumn_of(year: i32) -> Result<Self, Fault> {
        let mut seed = Self::autumn_2011()?;
        let renamed = |text: &str| text.replace(&AUTUMN_2011_YEAR.to_string(), &year.to_string());
        let season = &mut seed.season;
        for text in [&mut season.code, &mut season.name_zh, &mut season.name_en] {
            *text = renamed(text);
        }
        for day in [&mut season.starts, &mut season.ends, &mut season.preparation_deadline] {
            *day = day.in_year(year);
        }
        let code = season.code.clone();
        for activity in &mut seed.activities {
            activity.window_start = activity.window_start.in_year(year);
            activity.window_end = activity.window_end.in_year(year);
            activity.season.clone_from(&code);
        }
        seed.formats.iter_mut().for_each(|format| format.season.clone_from(&code));
        seed.media.iter_mut().for_each(|medium| medium.season.clone_from(&code));
        Ok(seed)
    }

    /// Plants it unless a season of this code is there; answers whether it was planted.
    pub fn plant(&self, tx: &mut Tx<'_>) -> Result<bool, Fault> {
        if !planting::season(tx, &self.season)? {
            return Ok(false);
        }
        planting::names(tx, &self.themes, &self.facets)?;
        planting::entries(tx, &self.formats, &self.media, &self.activities)?;
        tx.audit(Audit {
            action: "season.seed",
            kind: "season",
            id: self.season.code.clone(),
            detail: json!({ "activities": self.activities.len() }),
            ..Audit::default()
        })?;
        Ok(true)
    }
}

#[derive(Deserialize)]
struct File {
    code: String,
    name_zh: String,
    name_en: String,
    time_zone: String,
    starts: Day,
    ends: Day,
    preparation_deadline: Day,
    lead_time_days: i64,
    themes: Vec<Named<Theme>>,
    facets: Vec<Named<Facet>>,
    formats: Vec<FormatLine>,
    media: Vec<Named<String>>,
    materials: Vec<MaterialLine>,
    activities: Vec<ActivityLine>,
}

#[derive(Deserialize)]
struct Named<C> {
    code: C,
    name_zh: String,
    name_en: String,
}

#[derive(Deserialize)]
struct FormatLine {
    #[serde(flatten)]
    named: Named<String>,
    needs_venue: bool,
    occupies_team: bool,
    check_in: bool,
}

#[derive(Deserialize)]
struct ActivityLine {
    #[serde(flatten)]
    named: Named<String>,
    theme: Theme,
    facet: Facet,
    window: WindowLine,
    formats: Vec<String>,
    default_kit: Vec<KitLine>,
    summary_zh: String,
    summary_en: String,
    #[serde(default = "no_rules")]
    rules: Value,
    #[serde(default)]
    also_written_zh: Vec<String>,
}

#[derive(Deserialize)]
struct WindowLine {
    start: Day,
    end: Day,
    source: String,
}

fn no_rules() -> Value {
    json!({})
}

impl File {
    fn into_seed(self) -> Seed {
        let code = self.code.clone();
        let themes = (0..).zip(self.themes).map(|(position, n)| ThemeRow {
            code: n.code,
            position,
            name_zh: n.name_zh,
            name_en: n.name_en,
        });
        let facets = (0..).zip(self.facets).map(|(position, n)| FacetRow {
            code: n.code,
            position,
            name_zh: n.name_zh,
            name_en: n.name_en,
        });
        let formats = (0..).zip(self.formats).map(|(position, line)| Format {
            season: code.clone(),
            code: line.named.code,
            position,
            name_zh: line.named.name_zh,
            name_en: line.named.name_en,
            needs_venue: line.needs_venue,
            occupies_team: line.occupies_team,
            check_in: line.check_in,
        });
        let media = (0..).zip(self.media).map(|(position, n)| Medium {
            season: code.clone(),
            code: n.code,
            position,
            name_zh: n.name_zh,
            name_en: n.name_en,
        });
        let activities = (0..).zip(self.activities).map(|(at, line)| line.into_row(&code, at));
        Seed {
            themes: themes.collect(),
            facets: facets.collect(),
            formats: formats.collect(),
            media: media.collect(),
            activities: activities.collect(),
            materials: self.materials,
            season: Season {
                code: self.code,
                name_zh: self.name_zh,
                name_en: self.name_en,
                time_zone: self.time_zone,
                starts: self.starts,
                ends: self.ends,
                preparation_deadline: self.preparation_deadline,
                lead_time_days: self.lead_time_days,
            },
        }
    }
}

impl ActivityLine {
    fn into_row(self, season: &str, position: i64) -> Activity {
        Activity {
            season: season.to_owned(),
            code: self.named.code,
            position,
            name_zh: self.named.name_zh,
            name_en: self.named.name_en,
            theme: self.theme,
            facet: self.facet,
            window_start: self.window.start,
            window_end: self.window.end,
            window_source: self.window.source,
            formats: Json(self.formats),
            default_kit: Json(self.default_kit),
            summary_zh: self.summary_zh,
            summary_en: self.summary_en,
            rules: Json(self.rules),
            also_written: Json(self.also_written_zh),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_eleven_activities_whose_parts_exist() {
        let seed = Seed::autumn_2011().unwrap();
        assert_eq!((seed.themes.len(), seed.facets.len(), seed.activities.len()), (4, 4, 11));
        for activity in &seed.activities {
            for code in &activity.formats.0 {
                assert!(seed.formats.iter().any(|f| f.code == *code), "{code}");
            }
            for line in &activity.default_kit.0 {
                assert!(seed.materials.iter().any(|m| m.sku == line.sku), "{}", line.sku);
            }
            assert!(activity.window_start >= seed.season.starts);
            assert!(activity.window_end <= seed.season.ends);
        }
    }

    #[test]
    fn another_year_is_the_same_season_moved() {
        let seed = Seed::autumn_of(2026).unwrap();
        assert_eq!(seed.season.code, "2026-autumn");
        assert_eq!(seed.season.name_zh, "2026年秋季校园营销");
        assert_eq!(seed.season.ends.to_string(), "2026-12-31");
        let phone = seed.activities.iter().find(|a| a.code == "new-phone").unwrap();
        assert_eq!(
            (phone.season.as_str(), phone.window_end.to_string().as_str()),
            ("2026-autumn", "2026-10-31")
        );
        assert!(seed.formats.iter().all(|f| f.season == "2026-autumn"));
    }
}
