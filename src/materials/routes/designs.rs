//! The materials there are.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::{
    accounts::{Allowed, may},
    materials::{
        model::{Material, MaterialKind},
        order::missing,
        refusal::Refusal,
        store::designs,
    },
    platform::{
        db::Audit,
        fault::Fault,
        http::{
            answer::{Created, Listed, Versioned},
            body::{Once, not_blank},
            page::{NoFilters, PageQuery},
            request::Context,
        },
    },
};

/// A material to add.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "sku": "orange-cap",
    "name_zh": "橙色帽子",
    "name_en": "Orange cap",
    "unit": "piece",
    "kind": "gift",
    "serialised": false,
}))]
pub struct MaterialIn {
    /// 2 to 40 lower-case letters, digits and hyphens; never changes.
    #[validate(custom(function = "is_sku"))]
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{1,39}$", example = "rain-coat")]
    pub sku: String,
    #[validate(length(max = 80), custom(function = "not_blank"))]
    #[schema(max_length = 80)]
    pub name_zh: String,
    #[validate(length(max = 80), custom(function = "not_blank"))]
    #[schema(max_length = 80)]
    pub name_en: String,
    /// What one of it is called: piece, kit, sheet.
    #[validate(length(max = 20), custom(function = "not_blank"))]
    #[schema(max_length = 20)]
    pub unit: String,
    pub kind: MaterialKind,
    /// Whether every piece has a serial.
    pub serialised: bool,
    /// How many one participant may be given; leave it out for any number.
    #[validate(range(min = 1, max = 1_000))]
    #[schema(minimum = 1, maximum = 1_000)]
    pub limit_per_person: Option<i64>,
    /// Materials of one group count together towards what one person may be given: a new
    /// model of handset names `handset`. Takes a `limit_per_person`. Form as of a sku.
    #[validate(custom(function = "is_sku"))]
    pub limit_group: Option<String>,
}

/// Something made, shipped, used and returned.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct MaterialOut {
    pub sku: String,
    pub name_zh: String,
    pub name_en: String,
    pub unit: String,
    pub kind: MaterialKind,
    pub serialised: bool,
    /// How many one participant may be given; null for any number.
    pub limit_per_person: Option<i64>,
    /// With which others it counts towards that limit.
    pub limit_group: Option<String>,
    pub version: i64,
}

fn is_sku(text: &str) -> Result<(), ValidationError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let fits = (2..=40).contains(&text.len())
        && text.bytes().next().is_some_and(plain)
        && text.bytes().all(|byte| plain(byte) || byte == b'-');
    if fits { Ok(()) } else { Err(ValidationError::new("sku")) }
}

impl Versioned for MaterialOut {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Material> for MaterialOut {
    fn from(row: Material) -> Self {
        let Material { sku, name_zh, name_en, unit, kind, serialised, .. } = row;
        let (limit_per_person, limit_group) = (row.limit_per_person, row.limit_group);
        let version = row.version;
        Self {
            sku,
            name_zh,
            name_en,
            unit,
            kind,
            serialised,
            limit_per_person,
            limit_group,
            version,
        }
    }
}

impl MaterialIn {
    fn design(self) -> Result<Material, Fault> {
        let Self { sku, name_zh, name_en, unit, kind, serialised, .. } = self;
        let (limit_per_person, limit_group) = (self.limit_per_person, self.limit_group);
        if limit_group.is_some() && limit_per_person.is_none() {
            return Err(missing("/limit_per_person"));
        }
        let version = 1;
        Ok(Material {
            sku,
            name_zh,
            name_en,
            unit,
            kind,
            serialised,
            limit_per_person,
            limit_group,
            version,
        })
    }
}

pub async fn list_materials(
    _who: Allowed<may::ReadStock>,
    cx: Context,
    query: PageQuery<NoFilters, String>,
) -> Result<Listed<MaterialOut>, Fault> {
    let (after, limit) = (query.after.clone(), query.fetch());
    let rows = cx.read(move |conn| Ok(designs::list(conn, after.as_deref(), limit)?)).await?;
    Ok(Listed(query.page(rows, |row| row.sku.clone()).map(MaterialOut::from)))
}

pub async fn create_material(
    who: Allowed<may::EditCatalogue>,
    cx: Context,
    body: Once<MaterialIn>,
) -> Result<Created<MaterialOut>, Fault> {
    let design = body.value.design()?;
    let made = cx.write_once(cx.meta(who.user), body.retry, move |tx| {
        if !designs::insert(tx, &design)? {
            return Err(Refusal::SkuTaken.into());
        }
        tx.audit(Audit {
            action: "material.create",
            kind: "material",
            id: design.sku.clone(),
            detail: json!({ "kind": design.kind, "serialised": design.serialised }),
            ..Audit::default()
        })?;
        Ok(MaterialOut::from(design.clone()))
    });
    Ok(Created(made.await?))
}
