//! One step of a movement: two ledger lines, two balances, the places of the pieces.

use diesel::prelude::*;
use serde_json::json;

use super::losses;
use crate::{
    each,
    materials::{
        model::{Balance, Line, Movement, Step},
        place::{Located, Place},
        refusal::Refusal,
    },
    platform::{
        db::{Conn, Tx, Upsert},
        fault::{Fault, FieldError, Refuse, Words},
        time::Day,
    },
    schema::{balances, ledger, serials},
};

/// How many a receiving person may have been given in all, of which materials together.
#[derive(Clone, Debug)]
pub struct Limit {
    pub most: i64,
    pub skus: Vec<String>,
}

/// Takes from one place and adds to another. Whoever gives with a limit holds the person.
pub fn run(
    tx: &mut Tx<'_>,
    movement: &Movement,
    pieces: &[String],
    (step, day): (Step, Day),
    (from, to): (Located, Located),
    limit: Option<&Limit>,
) -> Result<(), Fault> {
    if !pieces.is_empty() {
        move_pieces(tx, &movement.sku, pieces, from.place, to.place)?;
    }
    // In the order of places, so that two movements between them cannot lock each other.
    if from.place <= to.place {
        take(tx, movement, &from, &to)?;
        add(tx, movement, &to, &from, limit)?;
    } else {
        add(tx, movement, &to, &from, limit)?;
        take(tx, movement, &from, &to)?;
    }
    for (at, delta) in [(&from, -movement.quantity), (&to, movement.quantity)] {
        let line = Line {
            movement_id: movement.id,
            step,
            sku: movement.sku.clone(),
            counts_as: movement.counts_as,
            place: at.place,
            place_kind: at.place.kind(),
            campus_id: at.campus,
            city: at.city,
            delta,
            day,
        };
        diesel::insert_into(ledger::table).values(line).execute(&mut **tx)?;
    }
    Ok(())
}

fn take(conn: &mut Conn, movement: &Movement, at: &Located, to: &Located) -> Result<(), Fault> {
    if at.place == Place::Lost {
        return losses::take(conn, movement, to);
    }
    if !at.place.kind().has_balance() {
        return Ok(());
    }
    let (sku, many) = (&movement.sku, movement.quantity);
    let enough = balances::table.find((at.place, sku)).filter(balances::quantity.ge(many));
    let taken = diesel::update(enough)
        .set(balances::quantity.eq(balances::quantity - many))
        .execute(&mut *conn)?;
    if taken == 1 {
        return Ok(());
    }
    let available = quantity(conn, at.place, sku)?;
    let words =
        Words::new(format!("来源处只有 {available} 件"), format!("The source holds {available}"));
    let mut error = FieldError::new("/quantity", Refusal::Insufficient.code().name, words);
    error.data = Some(json!({ "available": available, "wanted": many }));
    Err(Refusal::Insufficient.problem().error(error).into())
}

fn add(
    conn: &mut Conn,
    movement: &Movement,
    at: &Located,
    from: &Located,
    limit: Option<&Limit>,
) -> Result<(), Fault> {
    if at.place == Place::Lost {
        return losses::add(conn, movement, from);
    }
    if !at.place.kind().has_balance() {
        return Ok(());
    }
    if let (Place::Participant(_), Some(limit)) = (at.place, limit) {
        let given: Vec<i64> = balances::table
            .filter(balances::place.eq(at.place))
            .filter(balances::sku.eq_any(limit.skus.clone()))
            .select(balances::quantity)
            .load(conn)?;
        if given.iter().sum::<i64>() + movement.quantity > limit.most {
            return Err(Refusal::PersonLimit.into());
        }
    }
    // Twice: somebody else may start the balance in between.
    if raise(conn, movement, at)? || start(conn, movement, at)? || raise(conn, movement, at)? {
        return Ok(());
    }
    Err(Fault::bug("a balance that is and is not there"))
}

fn raise(conn: &mut Conn, movement: &Movement, at: &Located) -> QueryResult<bool> {
    let raised = diesel::update(balances::table.find((at.place, &movement.sku)))
        .set((
            balances::quantity.eq(balances::quantity + movement.quantity),
            balances::campus_id.eq(at.campus),
            balances::city.eq(at.city),
        ))
        .execute(conn)?;
    Ok(raised == 1)
}

fn start(conn: &mut Conn, movement: &Movement, at: &Located) -> QueryResult<bool> {
    let row = Balance {
        place: at.place,
        sku: movement.sku.clone(),
        place_kind: at.place.kind(),
        campus_id: at.campus,
        city: at.city,
        quantity: movement.quantity,
    };
    Ok(diesel::insert_into(balances::table).values(row).or_ignore().execute(conn)? == 1)
}

/// How many of a material are at a place.
pub fn quantity(conn: &mut Conn, place: Place, sku: &str) -> QueryResult<i64> {
    let found = balances::table.find((place, sku)).select(balances::quantity);
    Ok(found.first(conn).optional()?.unwrap_or(0))
}

fn move_pieces(
    conn: &mut Conn,
    sku: &str,
    pieces: &[String],
    from: Place,
    to: Place,
) -> Result<(), Fault> {
    if matches!(from, Place::Supplier | Place::Adjustment) {
        let rows: Vec<_> = pieces
            .iter()
            .map(|piece| (serials::sku.eq(sku), serials::serial.eq(piece), serials::place.eq(from)))
            .collect();
        each!(&mut *conn, c => diesel::insert_into(serials::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    let there = serials::table
        .filter(serials::sku.eq(sku))
        .filter(serials::serial.eq_any(pieces.to_vec()))
        .filter(serials::place.eq(from));
    let moved = diesel::update(there).set(serials::place.eq(to)).execute(&mut *conn)?;
    if moved == pieces.len() {
        return Ok(());
    }
    elsewhere(conn, sku, pieces, to)
}

/// Names the pieces that were not at the source; not where they are instead.
fn elsewhere(conn: &mut Conn, sku: &str, pieces: &[String], to: Place) -> Result<(), Fault> {
    let moved: Vec<String> = serials::table
        .filter(serials::sku.eq(sku))
        .filter(serials::serial.eq_any(pieces.to_vec()))
        .filter(serials::place.eq(to))
        .select(serials::serial)
        .load(conn)?;
    let absent: Vec<&String> = pieces.iter().filter(|piece| !moved.contains(piece)).collect();
    let shown: Vec<&str> = absent.iter().take(5).map(|piece| piece.as_str()).collect();
    let (count, shown) = (absent.len(), shown.join(", "));
    Err(Refusal::SerialElsewhere
        .problem()
        .detail(
            format!("{count} 个序列号不在来源处：{shown}"),
            format!("Not at the source: {count}, among them {shown}"),
        )
        .into())
}
