//! Handset models.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{
    accounts::{Allowed, may},
    catalogue::{model::HandsetModel, store::handsets},
    platform::{
        db::{Audit, Change, Tx},
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
        ids::HandsetModelId,
    },
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ModelFilters {
    /// Models of this season
    season: Option<String>,
}

/// A handset model to add.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "season": "2011-autumn",
    "brand": "HTC",
    "model": "A510c",
    "os": "Android 2.3",
    "note": "零元购机",
}))]
pub struct HandsetModelIn {
    /// Code of the season.
    season: String,
    brand: String,
    /// Unique within season and brand.
    model: String,
    os: Option<String>,
    note: Option<String>,
    /// Whether it is offered at once; it is if you do not say.
    active: Option<bool>,
}

/// Changes to a handset model.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "active": false, "note": null }))]
pub struct HandsetModelPatch {
    #[serde(default)]
    brand: Field<String>,
    #[serde(default)]
    model: Field<String>,
    #[serde(default)]
    os: Field<String>,
    #[serde(default)]
    note: Field<String>,
    #[serde(default)]
    active: Field<bool>,
}

/// A handset the province offers to freshmen.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct HandsetModelOut {
    pub id: HandsetModelId,
    pub season: String,
    pub brand: String,
    pub model: String,
    pub os: Option<String>,
    pub note: Option<String>,
    /// Whether it is offered.
    pub active: bool,
    pub version: i64,
}

impl From<HandsetModel> for HandsetModelOut {
    fn from(row: HandsetModel) -> Self {
        Self {
            id: row.id,
            season: row.season,
            brand: row.brand,
            model: row.model,
            os: row.os,
            note: row.note,
            active: row.active,
            version: row.version,
        }
    }
}

impl Versioned for HandsetModelOut {
    fn version(&self) -> i64 {
        self.version
    }
}

pub async fn list_handset_models(
    _: Allowed<may::ReadReference>,
    cx: Context,
    query: PageQuery<ModelFilters, HandsetModelId>,
) -> Result<Reference<Page<HandsetModelOut>>, Fault> {
    let (season, after, limit) = (query.filters.season.clone(), query.after, query.fetch());
    let work = move |conn: &mut _| Ok(handsets::list(conn, season.as_deref(), after, limit)?);
    let rows = cx.read(work).await?;
    Ok(Reference(query.page(rows, |row| row.id).map(HandsetModelOut::from)))
}

pub async fn create_handset_model(
    who: Allowed<may::EditCatalogue>,
    cx: Context,
    body: Once<HandsetModelIn>,
) -> Result<Created<HandsetModelOut>, Fault> {
    let model = body.value.into_row(HandsetModelId::new());
    check(&model)?;
    let work = move |tx: &mut Tx<'_>| {
        handsets::insert(tx, &model)?;
        told(tx, "handset_model.create", &model)?;
        Ok(HandsetModelOut::from(model.clone()))
    };
    Ok(Created(cx.write_once(cx.meta(who.user), body.retry, work).await?))
}

pub async fn update_handset_model(
    who: Allowed<may::EditCatalogue>,
    cx: Context,
    path: Path<HandsetModelId>,
    seen: IfMatch,
    body: Valid<HandsetModelPatch>,
) -> Result<Current<HandsetModelOut>, Fault> {
    let (id, patch) = (path.0, body.0);
    let work = move |tx: &mut Tx<'_>| {
        let old = handsets::find(tx, id)?.ok_or(Refusal::NotFound)?;
        seen.expect(old.version)?;
        let was_active = old.active;
        let new = patch.over(old)?;
        if !handsets::update_if(tx, seen.0, was_active, &new)? {
            return Err(stale(new.version));
        }
        told(tx, "handset_model.update", &new)?;
        Ok(HandsetModelOut::from(new))
    };
    Ok(Current(cx.write(cx.meta(who.user), work).await?))
}

impl HandsetModelIn {
    fn into_row(self, id: HandsetModelId) -> HandsetModel {
        HandsetModel {
            id,
            season: self.season,
            brand: self.brand.trim().to_owned(),
            model: self.model.trim().to_owned(),
            os: self.os,
            note: self.note,
            active: self.active.unwrap_or(true),
            version: 1,
        }
    }
}

impl HandsetModelPatch {
    /// The model as it shall be, with its next version.
    fn over(&self, old: HandsetModel) -> Result<HandsetModel, Fault> {
        let model = HandsetModel {
            brand: self.brand.clone().or_keep("brand", old.brand)?.trim().to_owned(),
            model: self.model.clone().or_keep("model", old.model)?.trim().to_owned(),
            os: self.os.clone().or(old.os),
            note: self.note.clone().or(old.note),
            active: self.active.or_keep("active", old.active)?,
            version: old.version + 1,
            ..old
        };
        check(&model)?;
        Ok(model)
    }
}

fn told(tx: &mut Tx<'_>, action: &'static str, model: &HandsetModel) -> Result<(), Fault> {
    tx.changed(Change {
        kind: "handset_model",
        id: model.id.into(),
        campus: None,
        city: None,
        deleted: false,
    });
    Ok(tx.audit(Audit {
        action,
        kind: "handset_model",
        id: model.id.to_string(),
        detail: json!({ "season": model.season, "active": model.active }),
        ..Audit::default()
    })?)
}
