//! What an event and its booths hold, and what a campus lacks for a kit.

use std::collections::BTreeMap;

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    figures,
    post::{Wanted, post},
};
use crate::{
    materials::{
        model::{Balance, MovementKind},
        order::{Amount, Goods, Order, What},
        place::{Located, Place},
    },
    platform::{
        db::{Conn, Tx},
        fault::Fault,
        ids::{BoothId, CampusId, EventId, MovementId},
        names::CityCode,
    },
    schema::{balances, serials},
};

/// A quantity of a material, as a kit names it.
pub type KitLine = (String, i64);

fn places(event: EventId, booths: &[BoothId]) -> Vec<Place> {
    let booths = booths.iter().map(|id| Place::Booth(*id));
    std::iter::once(Place::Event(event)).chain(booths).collect()
}

/// What an event and its booths still hold; empty when issued = used + given + returned +
/// lost + damaged.
pub fn balance_of_event(
    conn: &mut Conn,
    event: EventId,
    booths: &[BoothId],
) -> QueryResult<Vec<Balance>> {
    balances::table
        .filter(balances::place.eq_any(places(event, booths)))
        .filter(balances::quantity.gt(0))
        .order((balances::place, balances::sku))
        .select(Balance::as_select())
        .load(conn)
}

/// Writes off as lost what an event and its booths still hold: the coordinator has waived
/// it. Answers how many lines that were.
pub fn lose_rest(
    tx: &mut Tx<'_>,
    event: EventId,
    booths: &[BoothId],
    reason: &str,
) -> Result<usize, Fault> {
    let rest = balance_of_event(tx, event, booths)?;
    let now = tx.meta.now;
    for held in &rest {
        let amount = amount(tx, held)?;
        // How many lines there are shows only here. Nobody knows these ids before the
        // commit, so a second run may make others.
        let id = MovementId::new();
        let from = Located { place: held.place, campus: held.campus_id, city: held.city };
        let goods = Goods {
            kind: MovementKind::Lose,
            sku: held.sku.clone(),
            amount: amount.clone(),
            from: held.place,
            to: Place::Lost,
        };
        let order = Order {
            id,
            occurred_at: now,
            reason: Some(reason.to_owned()),
            content_sha256: Sha256::digest(id.0.as_bytes()).into(),
            what: What::Goods(goods),
        };
        let wanted = Wanted {
            kind: MovementKind::Lose,
            counts_as: MovementKind::Lose,
            sku: held.sku.clone(),
            amount,
            from,
            to: Place::Lost.nowhere(),
            reverses: None,
        };
        post(tx, &order, &wanted)?;
    }
    Ok(rest.len())
}

/// All of what is held: by number, or piece by piece.
fn amount(conn: &mut Conn, held: &Balance) -> QueryResult<Amount> {
    let pieces: Vec<String> = serials::table
        .filter(serials::place.eq(held.place))
        .filter(serials::sku.eq(&held.sku))
        .order(serials::serial)
        .select(serials::serial)
        .load(conn)?;
    Ok(if pieces.is_empty() { Amount::Quantity(held.quantity) } else { Amount::Serials(pieces) })
}

/// How much of each material was issued to an event and its booths, less what was reversed.
pub fn issued_to_event(
    conn: &mut Conn,
    event: EventId,
    booths: &[BoothId],
) -> QueryResult<BTreeMap<String, i64>> {
    figures::issued_by_sku(conn, &places(event, booths))
}

/// How the goods of an event and its booths went.
pub fn figures(
    conn: &mut Conn,
    event: EventId,
    booths: &[BoothId],
) -> QueryResult<figures::Figures> {
    figures::of_places(conn, &places(event, booths))
}

/// What a kit lacks: stock of the campus and of its city, less what is committed to others,
/// is smaller than the kit. Answers the missing quantities by sku.
pub fn shortage(
    conn: &mut Conn,
    campus: CampusId,
    city: CityCode,
    kit: &[KitLine],
    committed: &[KitLine],
) -> QueryResult<Vec<KitLine>> {
    let there: Vec<KitLine> = balances::table
        .filter(balances::place.eq_any([Place::Campus(campus), Place::City(city)]))
        .filter(balances::sku.eq_any(kit.iter().map(|(sku, _)| sku.clone()).collect::<Vec<_>>()))
        .select((balances::sku, balances::quantity))
        .load(conn)?;
    let sum = |lines: &[KitLine], sku: &str| -> i64 {
        lines.iter().filter(|(other, _)| other == sku).map(|(_, many)| many).sum()
    };
    let missing = kit.iter().map(|(sku, many)| {
        let free = (sum(&there, sku) - sum(committed, sku)).max(0);
        (sku.clone(), many - free)
    });
    Ok(missing.filter(|(_, many)| *many > 0).collect())
}
