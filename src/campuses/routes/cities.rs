//! Cities.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::{Allowed, may},
    campuses::{model::City, store},
    platform::{
        fault::Fault,
        http::{
            answer::Reference,
            page::{NoFilters, Page, PageQuery},
            request::Context,
        },
        names::CityCode,
    },
};

/// A city of the province.
#[derive(Serialize, ToSchema)]
pub struct CityOut {
    pub code: CityCode,
    pub name_zh: String,
    pub name_en: String,
    pub latitude: f64,
    pub longitude: f64,
}

impl From<City> for CityOut {
    fn from(city: City) -> Self {
        Self {
            code: city.code,
            name_zh: city.name_zh,
            name_en: city.name_en,
            latitude: city.latitude,
            longitude: city.longitude,
        }
    }
}

pub async fn list_cities(
    _: Allowed<may::ReadReference>,
    cx: Context,
    query: PageQuery<NoFilters, CityCode>,
) -> Result<Reference<Page<CityOut>>, Fault> {
    let (after, limit) = (query.after, query.fetch());
    let rows = cx.read(move |conn| Ok(store::cities::list(conn, after, limit)?)).await?;
    Ok(Reference(query.page(rows, |city| city.code).map(CityOut::from)))
}
