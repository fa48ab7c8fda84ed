//! Campuses: finding them, adding sites, changing what may change.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::{
    model::{Campus, CampusFacts, Days, Level, Ownership},
    sites::{NewSite, add_site, told},
    store::{self, campuses::Wanted},
};
use crate::{
    accounts::{Allowed, may},
    platform::{
        db::Tx,
        fault::Fault,
        http::{
            answer::{Created, Current, Reference, Versioned},
            body::{Once, Valid, check},
            codes::Refusal,
            page::{Page, PageQuery},
            patch::Field,
            path::Path,
            request::Context,
            version::{IfMatch, stale},
        },
        ids::CampusId,
        names::CityCode,
    },
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CampusFilters {
    /// Campuses of this city
    #[param(value_type = Option<String>)]
    city: Option<CityCode>,
    /// Words of the names, or the code
    q: Option<String>,
    /// Sites of "211" universities, or of others
    is_211: Option<bool>,
    /// Campuses with strong startup demand, as the coordinators see it
    startup_focus: Option<bool>,
}

/// Changes to a campus.
#[derive(Deserialize, validator::Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "startup_focus": true,
    "exams": [{"from": "2011-12-26", "to": "2011-12-31"}],
}))]
pub struct CampusPatch {
    #[serde(default)]
    name_zh: Field<String>,
    #[serde(default)]
    name_en: Field<String>,
    #[serde(default)]
    level: Field<Level>,
    #[serde(default)]
    ownership: Field<Ownership>,
    #[serde(default)]
    is_211: Field<bool>,
    #[serde(default)]
    startup_focus: Field<bool>,
    #[serde(default)]
    latitude: Field<f64>,
    #[serde(default)]
    longitude: Field<f64>,
    /// Days on which freshmen register; null removes all.
    #[serde(default)]
    registration: Field<Vec<Days>>,
    /// Exam weeks; null removes all.
    #[serde(default)]
    exams: Field<Vec<Days>>,
}

/// A site of a university.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct CampusOut {
    pub id: CampusId,
    /// Unique: the MOE code, or the MOE code with `-2`, `-3`.
    pub code: String,
    /// Ministry of Education code; the sites of one university share it.
    pub moe_code: String,
    pub name_zh: String,
    pub name_en: String,
    /// Code of its city.
    pub city: CityCode,
    pub level: Level,
    pub ownership: Ownership,
    pub is_211: bool,
    /// Strong startup demand, as the coordinator sees it.
    pub startup_focus: bool,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Days on which freshmen register.
    pub registration: Vec<Days>,
    /// Exam weeks.
    pub exams: Vec<Days>,
    pub version: i64,
}

impl From<Campus> for CampusOut {
    fn from(campus: Campus) -> Self {
        let facts = campus.facts;
        Self {
            id: campus.id,
            code: campus.code,
            moe_code: campus.moe_code,
            name_zh: facts.name_zh,
            name_en: facts.name_en,
            city: campus.city,
            level: facts.level,
            ownership: facts.ownership,
            is_211: facts.is_211,
            startup_focus: facts.startup_focus,
            latitude: facts.latitude,
            longitude: facts.longitude,
            registration: facts.registration,
            exams: facts.exams,
            version: campus.version,
        }
    }
}

impl Versioned for CampusOut {
    fn version(&self) -> i64 {
        self.version
    }
}

pub async fn list_campuses(
    _: Allowed<may::ReadReference>,
    cx: Context,
    query: PageQuery<CampusFilters, String>,
) -> Result<Reference<Page<CampusOut>>, Fault> {
    let filters = &query.filters;
    let wanted = Wanted {
        city: filters.city,
        q: filters.q.clone().filter(|q| !q.trim().is_empty()),
        is_211: filters.is_211,
        startup_focus: filters.startup_focus,
    };
    let (after, limit) = (query.after.clone(), query.fetch());
    let rows = cx
        .read(move |conn| Ok(store::campuses::list(conn, &wanted, after.as_deref(), limit)?))
        .await?;
    Ok(Reference(query.page(rows, |campus| campus.code.clone()).map(CampusOut::from)))
}

pub async fn show_campus(
    _: Allowed<may::ReadReference>,
    cx: Context,
    path: Path<CampusId>,
) -> Result<Current<CampusOut>, Fault> {
    let id = path.0;
    let found = cx.snapshot(move |conn| Ok(store::campuses::find(conn, id)?)).await?;
    Ok(Current(found.ok_or(Refusal::NotFound)?.into()))
}

pub async fn create_campus(
    who: Allowed<may::EditCampuses>,
    cx: Context,
    body: Once<NewSite>,
) -> Result<Created<CampusOut>, Fault> {
    let (scope, id, site) = (who.scope.clone(), CampusId::new(), body.value);
    let work = move |tx: &mut Tx<'_>| Ok(CampusOut::from(add_site(tx, &scope, id, &site)?));
    Ok(Created(cx.write_once(cx.meta(who.user), body.retry, work).await?))
}

pub async fn update_campus(
    who: Allowed<may::EditCampuses>,
    cx: Context,
    path: Path<CampusId>,
    seen: IfMatch,
    body: Valid<CampusPatch>,
) -> Result<Current<CampusOut>, Fault> {
    let (scope, id, patch) = (who.scope.clone(), path.0, body.0);
    let work = move |tx: &mut Tx<'_>| {
        let mut campus = store::campuses::find(tx, id)?
            .filter(|campus| scope.covers(id, campus.city))
            .ok_or(Refusal::NotFound)?;
        seen.expect(campus.version)?;
        campus.facts = patch.over(campus.facts)?;
        if !store::update_if(tx, seen.0, &campus)? {
            return Err(stale(campus.version + 1));
        }
        campus.version += 1;
        tx.audit(told("campus.update", &campus))?;
        Ok(CampusOut::from(campus))
    };
    Ok(Current(cx.write(cx.meta(who.user), work).await?))
}

impl CampusPatch {
    /// The facts as they shall be.
    fn over(&self, old: CampusFacts) -> Result<CampusFacts, Fault> {
        let list = |new: &Field<Vec<Days>>, old: Vec<Days>| {
            let mut list = new.clone().or(Some(old)).unwrap_or_default();
            list.sort();
            list
        };
        let facts = CampusFacts {
            name_zh: self.name_zh.clone().or_keep("name_zh", old.name_zh)?,
            name_en: self.name_en.clone().or_keep("name_en", old.name_en)?,
            level: self.level.or_keep("level", old.level)?,
            ownership: self.ownership.or_keep("ownership", old.ownership)?,
            is_211: self.is_211.or_keep("is_211", old.is_211)?,
            startup_focus: self.startup_focus.or_keep("startup_focus", old.startup_focus)?,
            latitude: self.latitude.or(old.latitude),
            longitude: self.longitude.or(old.longitude),
            registration: list(&self.registration, old.registration),
            exams: list(&self.exams, old.exams),
        };
        check(&facts)?;
        Ok(facts)
    }
}
