//! Planting the designs of a season's catalogue.

use serde_json::json;

use super::{
    model::{Material, MaterialKind},
    store,
};
use crate::{
    catalogue::seed::MaterialLine,
    platform::{
        db::{Audit, Tx},
        fault::Fault,
    },
};

/// Handsets are given once: one per freshman, whatever the model (deck p.23). Models that the
/// province adds as designs of their own name this group.
const ONE_PER_PERSON: &str = "handset";

/// Plants the designs that are not there yet; answers how many were.
pub fn seed(tx: &mut Tx<'_>, lines: &[MaterialLine]) -> Result<usize, Fault> {
    let mut planted = 0;
    for line in lines {
        let kind: MaterialKind = line.kind.parse().map_err(Fault::bug)?;
        let design = Material {
            sku: line.sku.clone(),
            name_zh: line.name_zh.clone(),
            name_en: line.name_en.clone(),
            unit: line.unit.clone(),
            kind,
            serialised: line.serialised,
            limit_per_person: (line.sku == ONE_PER_PERSON).then_some(1),
            limit_group: (line.sku == ONE_PER_PERSON).then(|| ONE_PER_PERSON.to_owned()),
            version: 1,
        };
        planted += usize::from(store::designs::insert(tx, &design)?);
    }
    if planted > 0 {
        tx.audit(Audit {
            action: "material.seed",
            kind: "material",
            id: "*".to_owned(),
            detail: json!({ "designs": planted }),
            ..Audit::default()
        })?;
    }
    Ok(planted)
}
