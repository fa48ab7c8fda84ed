//! Campuses by CSV. A row is a registered seat (`moe_code`), or another site when it has a
//! `code`. Coordinators bring in campuses of their city only.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::json;

use crate::{
    accounts::Scope,
    campuses::{
        model::{Campus, CampusFacts, Level, Ownership},
        rules, store,
    },
    platform::{
        csv_import::{self, Columns, ImportOut, Noted, Row, Sheet, cell_error, yes_or_no},
        db::{Audit, Conn, Db, Meta, Tx},
        fault::{Fault, FieldError, Words},
        ids::CampusId,
        names::CityCode,
    },
};

pub const COLUMNS: Columns = Columns {
    required: &["moe_code", "name_zh", "city_code", "level", "ownership", "is_211"],
    optional: &["code", "name_en", "startup_focus", "latitude", "longitude"],
    ignored: &[
        "name_2011",
        "level_2011",
        "in_2011",
        "is_985",
        "authority",
        "name_en_source",
        "name_2011_basis",
    ],
};

/// A list as it may come.
pub const EXAMPLE: &str = "moe_code,code,name_zh,name_en,city_code,level,ownership,is_211
4144010558,4144010558-2,中山大学东校区,Sun Yat-sen University East Campus,440100,本科,公办,是
";

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Line {
    number: u64,
    /// The id it gets if it is new.
    id: CampusId,
    code: String,
    moe_code: String,
    name_zh: String,
    name_en: Option<String>,
    city: CityCode,
    level: Level,
    ownership: Ownership,
    is_211: bool,
    startup_focus: Option<bool>,
    position: Option<(f64, f64)>,
}

/// What a list comes to, given what is there.
#[derive(Debug, Default, PartialEq)]
pub struct Plan {
    pub new: Vec<Campus>,
    /// With the version that was seen.
    pub changed: Vec<Campus>,
    pub unchanged: usize,
}

/// Reads the list.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Fault> {
    Sheet::read(bytes, &COLUMNS)?.parse(|row| line(row).ok())
}

/// Reads every cell before giving up, so that all errors of a row are told.
fn line(row: &mut Row<'_>) -> Result<Line, Noted> {
    let moe = Words::new("十位教育部代码", "a Ministry of Education code of ten digits");
    let moe_code = row
        .required_with("moe_code", &moe, |text| rules::is_moe_code(text).then(|| text.to_owned()));
    let site = Words::new("教育部代码或加 -2、-3", "the MOE code, or with -2, -3 behind it");
    let code = row.optional_with("code", &site, |text| {
        let fits = moe_code.as_ref().is_ok_and(|moe| rules::is_site_code(text, moe));
        fits.then(|| text.to_owned())
    });
    let name_zh = row.short("name_zh", 100);
    let name_en = row.short("name_en", 200);
    let city = row.required("city_code", &Words::new("六位城市代码", "the six digits of a city"));
    let level = row.required_with("level", &Words::new("本科或专科", "本科 or 专科"), level);
    let ownership =
        row.required_with("ownership", &Words::new("办学性质", "a kind of ownership"), ownership);
    let flag = Words::new("true 或 false", "true or false");
    let is_211 = row.required_with("is_211", &flag, yes_or_no);
    let startup_focus = row.optional_with("startup_focus", &flag, yes_or_no);
    let latitude = degrees(row, "latitude", 90.0);
    let longitude = degrees(row, "longitude", 180.0);
    let position = whole_position(row, latitude?, longitude?);
    let name_zh = match name_zh? {
        Some(name) => name,
        None => row.required("name_zh", &Words::new("名称", "a name"))?,
    };
    let moe_code = moe_code?;
    Ok(Line {
        number: row.line,
        id: CampusId::new(),
        code: code?.unwrap_or_else(|| moe_code.clone()),
        moe_code,
        name_zh,
        name_en: name_en?,
        city: city?,
        level: level?,
        ownership: ownership?,
        is_211: is_211?,
        startup_focus: startup_focus?,
        position: position?,
    })
}

fn degrees(row: &mut Row<'_>, column: &str, most: f64) -> Result<Option<f64>, Noted> {
    let expected = Words::new("十进制度数", "decimal degrees");
    row.optional_with(column, &expected, |text| {
        text.parse().ok().filter(|value: &f64| value.abs() <= most)
    })
}

fn whole_position(
    row: &mut Row<'_>,
    latitude: Option<f64>,
    longitude: Option<f64>,
) -> Result<Option<(f64, f64)>, Noted> {
    if latitude.is_some() == longitude.is_some() {
        return Ok(latitude.zip(longitude));
    }
    let missing = if latitude.is_none() { "latitude" } else { "longitude" };
    let message = Words::new("经纬度须同时给出", "Give latitude and longitude together");
    row.wrong(missing, "import.required", message);
    Err(Noted)
}

fn level(text: &str) -> Option<Level> {
    match text {
        "本科" => Some(Level::Undergraduate),
        "专科" => Some(Level::Vocational),
        word => word.parse().ok(),
    }
}

fn ownership(text: &str) -> Option<Ownership> {
    match text {
        "公办" => Some(Ownership::Public),
        "民办" => Some(Ownership::Private),
        "中外合作办学" => Some(Ownership::SinoForeign),
        "内地与港澳台地区合作办学" => Some(Ownership::MainlandHkMacaoTaiwan),
        word => word.parse().ok(),
    }
}

/// Decides what to write; refuses the list when any row cannot be.
pub fn plan(
    lines: &[Line],
    known: &HashMap<String, Campus>,
    cities: &BTreeSet<CityCode>,
    scope: &Scope,
) -> Result<Plan, Fault> {
    let mut errors = Vec::new();
    let mut seen = HashSet::new();
    let mut plan = Plan::default();
    for line in lines {
        let old = known.get(&line.code);
        let before = errors.len();
        errors.extend(misplaced(line, old, cities, scope));
        if !seen.insert(&line.code) {
            errors.push(line.error(
                "moe_code",
                "import.repeated_row",
                "文件中已有此校区",
                "The file has this campus already",
            ));
        }
        if errors.len() > before {
            continue;
        }
        let new = line.over(old);
        match old {
            None => plan.new.push(new),
            Some(old) if *old == new => plan.unchanged += 1,
            Some(_) => plan.changed.push(new),
        }
    }
    csv_import::refuse(errors)?;
    Ok(plan)
}

fn misplaced(
    line: &Line,
    old: Option<&Campus>,
    cities: &BTreeSet<CityCode>,
    scope: &Scope,
) -> Option<FieldError> {
    let (code, zh, en) = if !cities.contains(&line.city) {
        ("import.unknown_city", "没有这个城市", "There is no such city")
    } else if !scope.covers_city(line.city) {
        ("import.out_of_scope", "不在您的城市", "It is not in your city")
    } else if old.is_some_and(|campus| campus.city != line.city) {
        ("import.city_fixed", "校区的城市不能更改", "The city of a campus cannot change")
    } else {
        return None;
    };
    Some(line.error("city_code", code, zh, en))
}

impl Line {
    fn error(&self, column: &str, code: &'static str, zh: &str, en: &str) -> FieldError {
        cell_error(self.number, column, code, Words::new(zh, en))
    }

    /// The campus as the row has it; what the row does not say stays as it was.
    fn over(&self, old: Option<&Campus>) -> Campus {
        let facts = old.map(|campus| &campus.facts);
        let kept = facts.and_then(|f| f.latitude.zip(f.longitude));
        let position = self.position.or(kept);
        let name_en = self.name_en.clone().or_else(|| facts.map(|f| f.name_en.clone()));
        Campus {
            id: old.map_or(self.id, |campus| campus.id),
            code: self.code.clone(),
            moe_code: self.moe_code.clone(),
            city: self.city,
            version: old.map_or(1, |campus| campus.version),
            facts: CampusFacts {
                name_zh: self.name_zh.clone(),
                name_en: name_en.unwrap_or_else(|| self.name_zh.clone()),
                level: self.level,
                ownership: self.ownership,
                is_211: self.is_211,
                startup_focus: self
                    .startup_focus
                    .unwrap_or_else(|| facts.is_some_and(|f| f.startup_focus)),
                latitude: position.map(|(latitude, _)| latitude),
                longitude: position.map(|(_, longitude)| longitude),
                registration: facts.map(|f| f.registration.clone()).unwrap_or_default(),
                exams: facts.map(|f| f.exams.clone()).unwrap_or_default(),
            },
        }
    }
}

/// What the list comes to now.
pub fn plan_now(conn: &mut Conn, lines: &[Line], scope: &Scope) -> Result<Plan, Fault> {
    let codes: Vec<String> = lines.iter().map(|line| line.code.clone()).collect();
    let known = store::campuses::by_codes(conn, &codes)?;
    let known = known.into_iter().map(|campus| (campus.code.clone(), campus)).collect();
    let cities = store::cities::codes(conn)?.into_iter().collect();
    plan(lines, &known, &cities, scope)
}

/// Writes a plan that was made in this write.
pub fn carry_out(tx: &mut Tx<'_>, plan: &Plan) -> Result<(), Fault> {
    let mut fine = store::insert_all(tx, &plan.new)?;
    for campus in &plan.changed {
        fine &= store::update_if(tx, campus.version, campus)?;
    }
    if fine { Ok(()) } else { Err(Fault::Collision("campuses changed during an import".into())) }
}

/// Takes the list in, or with `dry_run` only says what would happen.
pub async fn run(
    db: &Db,
    meta: Meta,
    scope: Scope,
    lines: Vec<Line>,
    dry_run: bool,
) -> Result<ImportOut, Fault> {
    let rows = lines.len();
    let plan = if dry_run {
        db.snapshot(move |conn| plan_now(conn, &lines, &scope)).await?
    } else {
        db.write_alone(meta, move |tx| {
            let plan = plan_now(tx, &lines, &scope)?;
            carry_out(tx, &plan)?;
            tx.audit(Audit {
                action: "campus.import",
                kind: "campus",
                city: if let Scope::City(city) = scope { Some(city) } else { None },
                detail: json!({ "created": plan.new.len(), "updated": plan.changed.len() }),
                ..Audit::default()
            })?;
            Ok(plan)
        })
        .await?
    };
    let (created, updated) = (plan.new.len(), plan.changed.len());
    Ok(ImportOut { dry_run, rows, created, updated, unchanged: plan.unchanged })
}
