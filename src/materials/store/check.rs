//! `verify`: balances, losses and the places of pieces, computed again from the ledger.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use crate::{
    materials::place::{Place, PlaceKind},
    platform::db::Conn,
    schema::{balances, ledger, movement_serials, serials},
};

/// What does not agree with the ledger, in words; at most `limit`.
pub fn differences(conn: &mut Conn, limit: usize) -> QueryResult<Vec<String>> {
    let mut found = balances_off(conn, limit)?;
    let left = limit - found.len();
    found.extend(pieces_off(conn, left)?);
    let left = limit - found.len();
    found.extend(super::losses::differences(conn, left)?);
    Ok(found)
}

fn balances_off(conn: &mut Conn, limit: usize) -> QueryResult<Vec<String>> {
    let kept: Vec<PlaceKind> =
        PlaceKind::ALL.iter().copied().filter(|kind| kind.has_balance()).collect();
    let sums: Vec<(Place, String, i64)> = ledger::table
        .filter(ledger::place_kind.eq_any(kept))
        .group_by((ledger::place, ledger::sku))
        .select((
            ledger::place,
            ledger::sku,
            sql::<BigInt>("CAST(COALESCE(SUM(ledger.delta), 0) AS BIGINT)"),
        ))
        .load(conn)?;
    let shown: Vec<(Place, String, i64)> =
        balances::table.select((balances::place, balances::sku, balances::quantity)).load(conn)?;
    let by_key = |rows: Vec<(Place, String, i64)>| -> BTreeMap<(Place, String), i64> {
        rows.into_iter().map(|(place, sku, many)| ((place, sku), many)).collect()
    };
    let (sums, shown) = (by_key(sums), by_key(shown));
    let keys: BTreeSet<_> = sums.keys().chain(shown.keys()).collect();
    let off = keys.into_iter().filter_map(|key| {
        let (sum, shown) = (sums.get(key).unwrap_or(&0), shown.get(key).unwrap_or(&0));
        let (place, sku) = key;
        (sum != shown || *sum < 0)
            .then(|| format!("balance of {sku} at {place}: {shown}, by the ledger {sum}"))
    });
    Ok(off.take(limit).collect())
}

fn pieces_off(conn: &mut Conn, limit: usize) -> QueryResult<Vec<String>> {
    let net = "CAST(SUM(CASE WHEN ledger.delta > 0 THEN 1 ELSE -1 END) AS BIGINT)";
    let steps: Vec<(String, String, Place, i64)> = ledger::table
        .inner_join(
            movement_serials::table.on(movement_serials::movement_id.eq(ledger::movement_id)),
        )
        .group_by((ledger::sku, movement_serials::serial, ledger::place))
        .select((ledger::sku, movement_serials::serial, ledger::place, sql::<BigInt>(net)))
        .load(conn)?;
    let mut by_ledger: BTreeMap<(String, String), Vec<Place>> = BTreeMap::new();
    for (sku, serial, place, net) in steps {
        let places = by_ledger.entry((sku, serial)).or_default();
        if net > 0 {
            places.push(place);
        }
    }
    let shown: Vec<(String, String, Place)> = serials::table.load(conn)?;
    let shown: BTreeMap<_, _> =
        shown.into_iter().map(|(sku, serial, place)| ((sku, serial), place)).collect();
    let keys: BTreeSet<_> = by_ledger.keys().chain(shown.keys()).collect();
    let off = keys.into_iter().filter_map(|key| {
        let (places, shown) = (by_ledger.get(key), shown.get(key));
        let agrees = match (places.map(Vec::as_slice), shown) {
            (Some([place]), Some(shown)) => place == shown,
            // Went back to where it came from: outside the house.
            (Some([]), Some(shown)) => !shown.is_real(),
            _ => false,
        };
        let (sku, serial) = key;
        (!agrees).then(|| {
            format!("piece {serial} of {sku}: shown at {shown:?}, by the ledger at {places:?}")
        })
    });
    Ok(off.take(limit).collect())
}
