//! What is where now.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    accounts::{Allowed, may},
    materials::{
        model::Balance,
        place::Place,
        store::{movements::Viewer, stock},
    },
    platform::{
        fault::Fault,
        http::{answer::Listed, page::PageQuery, request::Context},
        ids::CampusId,
        names::CityCode,
    },
};

/// Filters of the stock list.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct StockFilters {
    /// One place.
    #[param(value_type = Option<String>, example = "campus:0190a3f0-0000-7000-8000-000000000001")]
    place: Option<Place>,
    /// One material.
    sku: Option<String>,
}

/// How much of a material is at a place.
#[derive(Serialize, ToSchema)]
pub struct StockOut {
    pub place: Place,
    pub sku: String,
    pub quantity: i64,
    /// The campus the place belongs to, if any.
    pub campus_id: Option<CampusId>,
    /// The city the place belongs to, if any.
    pub city: Option<CityCode>,
}

impl From<Balance> for StockOut {
    fn from(row: Balance) -> Self {
        let Balance { place, sku, quantity, campus_id, city, .. } = row;
        Self { place, sku, quantity, campus_id, city }
    }
}

pub async fn list_stock(
    who: Allowed<may::ReadStock>,
    cx: Context,
    query: PageQuery<StockFilters, stock::After>,
) -> Result<Listed<StockOut>, Fault> {
    let caller = who.caller();
    let (filters, after, limit) = (query.filters.clone(), query.after.clone(), query.fetch());
    let rows = cx.read(move |conn| {
        let viewer = Viewer { user: caller.user, scope: &caller.scope };
        let wanted = (filters.place, filters.sku.as_deref());
        Ok(stock::list(conn, viewer, wanted, after.clone(), limit)?)
    });
    let rows = rows.await?;
    Ok(Listed(query.page(rows, |row| (row.place, row.sku.clone())).map(StockOut::from)))
}
