//! One step of a movement: two ledger lines, two balances, the places of the pieces.

use diesel::prelude::*;
use serde_json::json;

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

/// Takes from one place and adds to another. `limit` is how many the receiving person may
/// have been given in all.
pub fn run(
    tx: &mut Tx<'_>,
    movement: &Movement,
    pieces: &[String],
    (step, day): (Step, Day),
    (from, to): (Located, Located),
    limit: Option<i64>,
) -> Result<(), Fault> {
    if !pieces.is_empty() {
        move_pieces(tx, &movement.sku, pieces, from.place, to.place)?;
    }
    // In the order of places, so that two movements between them cannot lock each other.
    if from.place <= to.place {
        take(tx, movement, &from)?;
        add(tx, movement, &to, limit)?;
    } else {
        add(tx, movement, &to, limit)?;
        take(tx, movement, &from)?;
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

fn take(conn: &mut Conn, movement: &Movement, at: &Located) -> Result<(), Fault> {
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
    limit: Option<i64>,
) -> Result<(), Fault> {
    if !at.place.kind().has_balance() {
        return Ok(());
    }
    let person = matches!(at.place, Place::Participant(_));
    let most = limit.filter(|_| person).unwrap_or(i64::MAX);
    if movement.quantity > most {
        return Err(Refusal::PersonLimit.into());
    }
    if raise(conn, movement, at, most)? || start(conn, movement, at)? {
        return Ok(());
    }
    // Somebody else has started the balance in between, or the person has enough.
    if raise(conn, movement, at, most)? { Ok(()) } else { Err(Refusal::PersonLimit.into()) }
}

fn raise(conn: &mut Conn, movement: &Movement, at: &Located, most: i64) -> QueryResult<bool> {
    let room = balances::table
        .find((at.place, &movement.sku))
        .filter(balances::quantity.le(most - movement.quantity));
    let raised = diesel::update(room)
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
