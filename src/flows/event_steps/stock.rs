//! What stock has for an event's kit.

use std::collections::BTreeMap;

use crate::{
    booths,
    events::{event::Event, store::planned_kits},
    materials,
    platform::{db::Conn, fault::Fault},
};

/// Stock of campus and city less what other approved events of the campus have not been
/// issued yet, by SKU of the kit.
pub(super) fn available(conn: &mut Conn, event: &Event) -> Result<BTreeMap<String, i64>, Fault> {
    let content = &event.content;
    let kit: Vec<(String, i64)> =
        content.kit.iter().map(|line| (line.sku.clone(), line.quantity)).collect();
    if kit.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut committed = Vec::new();
    for (other, lines) in planned_kits(conn, content.campus_id)? {
        if other == event.id {
            continue;
        }
        let booths = booths::store::of_event(conn, other)?;
        let issued = materials::store::events::issued_to_event(conn, other, &booths)?;
        committed.extend(lines.into_iter().map(|line| {
            let open = line.quantity - issued.get(&line.sku).copied().unwrap_or(0);
            (line.sku, open.max(0))
        }));
    }
    let missing =
        materials::store::shortage(conn, content.campus_id, event.city, &kit, &committed)?;
    let missing: BTreeMap<String, i64> = missing.into_iter().collect();
    let left = |(sku, needed): (String, i64)| {
        let short = missing.get(&sku).copied().unwrap_or(0);
        (sku, needed - short)
    };
    Ok(kit.into_iter().map(left).collect())
}
