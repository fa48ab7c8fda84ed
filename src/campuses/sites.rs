//! Adding a site to a university.

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Refusal,
    model::{Campus, CampusFacts, Days, Level, Ownership},
    rules, store,
};
use crate::{
    accounts::Scope,
    platform::{
        db::{Audit, Tx},
        fault::{Fault, FieldError, Problem, Refuse, Words},
        http::{body::check, codes},
        ids::CampusId,
        names::CityCode,
    },
};

/// A site to add.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CampusIn, example = json!({
    "moe_code": "4144010558",
    "city": "440100",
    "name_zh": "中山大学东校区",
    "name_en": "Sun Yat-sen University East Campus",
    "latitude": 23.06,
    "longitude": 113.39,
    "registration": [{"from": "2011-08-27", "to": "2011-08-28"}],
}))]
pub struct NewSite {
    /// Ministry of Education code of the university, ten digits.
    #[validate(custom(function = "moe_code"))]
    moe_code: String,
    /// The site's own code; without it the next free one is taken.
    code: Option<String>,
    city: CityCode,
    name_zh: String,
    /// Without it the Chinese name stands here too.
    name_en: Option<String>,
    level: Option<Level>,
    ownership: Option<Ownership>,
    is_211: Option<bool>,
    #[serde(default)]
    startup_focus: bool,
    latitude: Option<f64>,
    longitude: Option<f64>,
    /// Days on which freshmen register.
    #[serde(default)]
    registration: Vec<Days>,
    /// Exam weeks.
    #[serde(default)]
    exams: Vec<Days>,
}

fn moe_code(text: &str) -> Result<(), ValidationError> {
    if rules::is_moe_code(text) { Ok(()) } else { Err(ValidationError::new("moe_code")) }
}

/// Adds the site. A city that is not there or not in scope is refused alike.
pub fn add_site(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: CampusId,
    site: &NewSite,
) -> Result<Campus, Fault> {
    if !scope.covers_city(site.city) || !store::cities::exists(tx, site.city)? {
        return Err(Refusal::NoSuchCity.into());
    }
    let sister = store::campuses::sites(tx, &site.moe_code)?.into_iter().next();
    let facts = site.facts(sister.map(|campus| campus.facts))?;
    let moe_code = site.moe_code.clone();
    let mut campus =
        Campus { id, code: String::new(), moe_code, city: site.city, version: 1, facts };
    for code in site.codes()? {
        campus.code = code;
        // Of two at the same moment one waits here, and takes the next code.
        if store::insert(tx, &campus)? {
            tx.audit(told("campus.create", &campus))?;
            return Ok(campus);
        }
    }
    Err(Refusal::CodeTaken.into())
}

/// The audit entry of a change to a campus.
pub fn told(action: &'static str, campus: &Campus) -> Audit {
    let facts = &campus.facts;
    Audit {
        action,
        kind: "campus",
        id: campus.id.to_string(),
        city: Some(campus.city),
        campus: Some(campus.id),
        detail: json!({
            "code": campus.code,
            "startup_focus": facts.startup_focus,
            "registration": facts.registration,
            "exams": facts.exams,
        }),
    }
}

impl NewSite {
    /// The codes to try, in order.
    fn codes(&self) -> Result<Vec<String>, Fault> {
        match &self.code {
            None => {
                Ok((1..=rules::MAX_SITES).map(|n| rules::site_code(&self.moe_code, n)).collect())
            }
            Some(code) if rules::is_site_code(code, &self.moe_code) => Ok(vec![code.clone()]),
            Some(_) => {
                let words = Words::new(
                    "须为教育部代码，或加 -2、-3",
                    "It must be the MOE code, or the MOE code with -2, -3",
                );
                let error = FieldError::new("/code", "field.rule", words);
                Err(codes::Refusal::Invalid.problem().error(error).into())
            }
        }
    }

    /// With what another site of the university says where this one says nothing.
    fn facts(&self, sister: Option<CampusFacts>) -> Result<CampusFacts, Fault> {
        let level = self.level.or(sister.as_ref().map(|f| f.level));
        let ownership = self.ownership.or(sister.as_ref().map(|f| f.ownership));
        let is_211 = self.is_211.or(sister.as_ref().map(|f| f.is_211));
        let (Some(level), Some(ownership), Some(is_211)) = (level, ownership, is_211) else {
            return Err(first_site(&[
                ("/level", level.is_none()),
                ("/ownership", ownership.is_none()),
                ("/is_211", is_211.is_none()),
            ]));
        };
        let sorted = |list: &[Days]| {
            let mut list = list.to_vec();
            list.sort();
            list
        };
        let facts = CampusFacts {
            name_zh: self.name_zh.clone(),
            name_en: self.name_en.clone().unwrap_or_else(|| self.name_zh.clone()),
            level,
            ownership,
            is_211,
            startup_focus: self.startup_focus,
            latitude: self.latitude,
            longitude: self.longitude,
            registration: sorted(&self.registration),
            exams: sorted(&self.exams),
        };
        check(&facts)?;
        Ok(facts)
    }
}

/// The first site of a university has to say what others can leave out.
fn first_site(members: &[(&str, bool)]) -> Fault {
    let words =
        || Words::new("该校尚无其他校区，须填写", "The university has no other site: give it here");
    let missing = members.iter().filter(|(_, missing)| *missing);
    let errors = missing.map(|(at, _)| FieldError::new(*at, "field.required", words())).collect();
    Problem { errors, ..codes::Refusal::Invalid.problem() }.into()
}
