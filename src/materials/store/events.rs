//! What an event and its booths hold.

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
        ids::{BoothId, EventId, MovementId},
    },
    schema::{balances, serials},
};

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

/// How the goods of an event and its booths went.
pub fn figures(
    conn: &mut Conn,
    event: EventId,
    booths: &[BoothId],
) -> QueryResult<figures::Figures> {
    figures::of_places(conn, &places(event, booths))
}
