//! What was lost out of whose keeping and not found again. As much may be found there, and no
//! more: nothing appears. What events and booths lost their campus may find, since a closed
//! event takes no goods.

use std::collections::BTreeMap;

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use serde_json::json;

use crate::{
    materials::{
        model::{Movement, MovementKind},
        place::{Located, Place, PlaceKind},
        refusal::Refusal,
        rules::keeper,
    },
    platform::{
        db::{Conn, Upsert},
        fault::{Fault, FieldError, Refuse, Words},
        ids::CampusId,
    },
    schema::{ledger, losses},
};

/// Notes that goods were lost out of the keeping of `at`.
pub(super) fn add(conn: &mut Conn, movement: &Movement, at: &Located) -> Result<(), Fault> {
    let (keeper, sku, many) = (of(at)?, &movement.sku, movement.quantity);
    let blank = (losses::keeper.eq(keeper), losses::sku.eq(sku), losses::quantity.eq(0));
    diesel::insert_into(losses::table).values(blank).or_ignore().execute(&mut *conn)?;
    diesel::update(losses::table.find((keeper, sku)))
        .set(losses::quantity.eq(losses::quantity + many))
        .execute(conn)?;
    Ok(())
}

/// Notes that lost goods came back into the keeping of `at`; refuses more than were lost there.
pub(super) fn take(conn: &mut Conn, movement: &Movement, at: &Located) -> Result<(), Fault> {
    let (keeper, sku, many) = (of(at)?, &movement.sku, movement.quantity);
    let enough = losses::table.find((keeper, sku)).filter(losses::quantity.ge(many));
    let taken = diesel::update(enough)
        .set(losses::quantity.eq(losses::quantity - many))
        .execute(&mut *conn)?;
    if taken == 1 {
        return Ok(());
    }
    let lost = losses::table.find((keeper, sku)).select(losses::quantity);
    let lost: i64 = lost.first(conn).optional()?.unwrap_or(0);
    let (zh, en) = (format!("此处仅有 {lost} 件遗失未找回"), format!("{lost} are missing there"));
    let code = Refusal::Insufficient.code().name;
    let mut error = FieldError::new("/quantity", code, Words::new(zh, en));
    error.data = Some(json!({ "available": lost, "wanted": many }));
    Err(Refusal::Insufficient.problem().error(error).into())
}

fn of(at: &Located) -> Result<Place, Fault> {
    let keeper = keeper(at).ok_or_else(|| Fault::bug("goods lost out of nobody's keeping"))?;
    Ok(keeper.place())
}

type Sums = BTreeMap<(Place, String), i64>;

/// What does not agree with the ledger, in words; at most `limit`.
pub(super) fn differences(conn: &mut Conn, limit: usize) -> QueryResult<Vec<String>> {
    type Columns = (Place, PlaceKind, Option<CampusId>, String, i64);
    let rows: Vec<Columns> = ledger::table
        .filter(ledger::counts_as.eq_any([MovementKind::Lose, MovementKind::Find]))
        .filter(ledger::place_kind.ne(PlaceKind::Lost))
        .group_by((ledger::place, ledger::place_kind, ledger::campus_id, ledger::sku))
        .select((
            ledger::place,
            ledger::place_kind,
            ledger::campus_id,
            ledger::sku,
            sql::<BigInt>("CAST(COALESCE(SUM(-ledger.delta), 0) AS BIGINT)"),
        ))
        .load(conn)?;
    let mut sums = Sums::new();
    for (place, _, campus, sku, many) in rows {
        let at = Located { place, campus, city: None };
        let keeper = keeper(&at).map_or(place, |keeper| keeper.place());
        *sums.entry((keeper, sku)).or_default() += many;
    }
    let shown: Vec<(Place, String, i64)> = losses::table.load(conn)?;
    let shown: Sums = shown.into_iter().map(|(keeper, sku, many)| ((keeper, sku), many)).collect();
    let keys: std::collections::BTreeSet<_> = sums.keys().chain(shown.keys()).collect();
    let off = keys.into_iter().filter_map(|key| {
        let (sum, shown) = (sums.get(key).unwrap_or(&0), shown.get(key).unwrap_or(&0));
        let (keeper, sku) = key;
        (sum != shown).then(|| format!("lost {sku} of {keeper}: {shown}, by the ledger {sum}"))
    });
    Ok(off.take(limit).collect())
}
