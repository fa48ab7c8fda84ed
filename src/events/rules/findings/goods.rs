//! Findings about the kit: stock and what the activity usually takes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Facts, Finding};
use crate::{
    catalogue::KitLine,
    events::model::{FindingCode, Severity},
    platform::fault::Words,
};

/// Less in stock, after what is promised to approved events, than this kit takes.
pub(super) fn material_short(facts: &Facts) -> Option<Finding> {
    let stock = facts.available.as_ref()?;
    let short: Vec<(String, i64, i64)> = quantities(&facts.content.kit)
        .into_iter()
        .map(|(sku, needed)| {
            let available = stock.get(&sku).copied().unwrap_or(0).max(0);
            (sku, needed, available)
        })
        .filter(|(_, needed, available)| available < needed)
        .collect();
    if short.is_empty() {
        return None;
    }
    let names: Vec<String> =
        short.iter().map(|(sku, needed, there)| format!("{sku} × {}", needed - there)).collect();
    let items: Vec<_> = short
        .iter()
        .map(|(sku, needed, there)| {
            json!({"sku": sku, "needed": needed, "available": there, "missing": needed - there})
        })
        .collect();
    Some(Finding::new(
        FindingCode::MaterialShort,
        Severity::Warn,
        Words::new(
            format!("物料不足：{}", names.join("、")),
            format!("Short of goods: {}", names.join(", ")),
        ),
        json!({ "items": items }),
    ))
}

/// The kit is not what the activity takes by default.
pub(super) fn kit_differs(facts: &Facts) -> Option<Finding> {
    let (planned, usual) = (quantities(&facts.content.kit), quantities(&facts.default_kit));
    if planned == usual {
        return None;
    }
    let skus: BTreeSet<&String> = planned.keys().chain(usual.keys()).collect();
    let of = |kit: &BTreeMap<String, i64>, sku: &String| kit.get(sku).copied().unwrap_or(0);
    let items: Vec<_> = skus
        .into_iter()
        .filter(|sku| of(&planned, sku) != of(&usual, sku))
        .map(|sku| json!({"sku": sku, "planned": of(&planned, sku), "default": of(&usual, sku)}))
        .collect();
    Some(Finding::new(
        FindingCode::KitDiffers,
        Severity::Note,
        Words::new("物料清单与该项活动的标准不同", "The kit differs from the activity's default"),
        json!({ "items": items }),
    ))
}

/// Quantities by SKU; a SKU named twice counts both times.
fn quantities(kit: &[KitLine]) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for line in kit {
        let sum: &mut i64 = sums.entry(line.sku.clone()).or_default();
        *sum = sum.saturating_add(line.quantity);
    }
    sums
}
