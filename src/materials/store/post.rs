//! Writing a movement down and carrying out its first step.

use diesel::prelude::*;
use serde_json::json;

use super::{custody, designs, movements as list, steps};
use crate::{
    accounts::policy::Action,
    each,
    materials::{
        model::{Entry, Material, Movement, MovementKind, MovementState, Step, Told},
        order::{Amount, Order, Reverse, wrong},
        place::{Located, Place},
        refusal::Refusal,
        rules::{self, Barred, Who},
    },
    platform::{
        db::{Audit, Change, Conn, Tx, Upsert},
        fault::{Fault, FieldError, Refuse, Words},
        http::codes::Refusal as Absent,
        ids::MovementId,
    },
    schema::{movement_serials, movements, reversals},
};

/// A movement whose places are known.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub kind: MovementKind,
    /// For a reverse the kind of what it takes back.
    pub counts_as: MovementKind,
    pub sku: String,
    pub amount: Amount,
    pub from: Located,
    pub to: Located,
    pub reverses: Option<MovementId>,
}

impl Wanted {
    /// The permission it takes.
    pub fn action(&self) -> Action {
        rules::action(self.counts_as)
    }

    /// Refuses what the rules forbid (422), what the caller does not see (404) and what is
    /// another's (403). Of a movement the caller must have the source, or the destination
    /// where the source lies outside the house.
    pub fn check(&self, who: Who<'_>) -> Result<(), Fault> {
        let own = if self.from.place.is_real() { &self.from } else { &self.to };
        match who.may_touch(own) {
            Ok(()) => {}
            Err(Barred::Hidden) => return Err(Absent::NotFound.into()),
            Err(Barred::NotTheirs) => return Err(crate::accounts::Refusal::Forbidden.into()),
        }
        if self.kind == MovementKind::Reverse {
            return Ok(());
        }
        let public = matches!(self.to.place, Place::City(_) | Place::Campus(_) | Place::Province);
        if self.to.place.is_real() && !public && !who.sees(&self.to) {
            return Err(Absent::NotFound.into());
        }
        if rules::fits(self.kind, &self.from, &self.to) {
            return Ok(());
        }
        let words = Words::new(
            format!("{} 不能从 {} 到 {}", self.kind, self.from.place, self.to.place),
            format!("{} does not lead from {} to {}", self.kind, self.from.place, self.to.place),
        );
        Err(Absent::Invalid
            .problem()
            .error(FieldError::new("/to", "movement.places", words))
            .into())
    }
}

/// The first answer, if this id was used before; refuses it for another content.
pub fn known(conn: &mut Conn, order: &Order) -> Result<Option<Told>, Fault> {
    let Some(told) = list::find(conn, order.id)? else { return Ok(None) };
    if told.movement.content_sha256 == order.content_sha256 {
        Ok(Some(told))
    } else {
        Err(Refusal::IdReused.into())
    }
}

/// What takes this earlier movement back. Refuses one the caller does not see, one that has
/// not settled, and a reverse; and when what else was said does not agree with it.
pub fn wanted_reverse(who: Who<'_>, told: &Told, reverse: &Reverse) -> Result<Wanted, Fault> {
    let old = &told.movement;
    if !who.sees(&old.from()) && !who.sees(&old.to()) {
        return Err(Absent::NotFound.into());
    }
    if old.kind == MovementKind::Reverse {
        return Err(Refusal::NotReversible.into());
    }
    if !matches!(told.state(), MovementState::Done | MovementState::Accepted) {
        return Err(Refusal::NotSettled.into());
    }
    let amount = if told.serials.is_empty() {
        Amount::Quantity(old.quantity)
    } else {
        Amount::Serials(told.serials.clone())
    };
    let wanted = Wanted {
        kind: MovementKind::Reverse,
        counts_as: old.kind,
        sku: old.sku.clone(),
        amount,
        from: old.to(),
        to: old.from(),
        reverses: Some(old.id),
    };
    agrees(&wanted, reverse)?;
    Ok(wanted)
}

fn agrees(wanted: &Wanted, said: &Reverse) -> Result<(), Fault> {
    let same = [
        ("/sku", said.sku.as_ref().is_none_or(|sku| *sku == wanted.sku)),
        ("/quantity", said.amount.as_ref().is_none_or(|amount| *amount == wanted.amount)),
        ("/from", said.from.is_none_or(|from| from == wanted.from.place)),
        ("/to", said.to.is_none_or(|to| to == wanted.to.place)),
    ];
    match same.iter().find(|(_, same)| !same) {
        None => Ok(()),
        Some((pointer, _)) => Err(wrong(
            pointer,
            "movement.reverse",
            "与被冲销的移动不一致",
            "It is not what the reversed movement says",
        )),
    }
}

/// Writes a movement down and moves the goods, into transit where the keeper changes.
/// Refuses what is not there, and an id used for another content.
pub fn post(tx: &mut Tx<'_>, order: &Order, wanted: &Wanted) -> Result<Told, Fault> {
    let design = design(tx, wanted)?;
    let Some(movement) = write(tx, order, wanted)? else {
        return known(tx, order)?.ok_or_else(|| Fault::bug("a movement that is and is not there"));
    };
    if let Some(reversed) = movement.reverses {
        claim(tx, reversed, movement.id)?;
    }
    let pieces = wanted.amount.serials();
    write_pieces(tx, movement.id, pieces)?;
    let (from, to, day) = (wanted.from, wanted.to, movement.day);
    if rules::changes_hands(&from, &to) {
        let transit = Place::Transit.nowhere();
        steps::run(tx, &movement, pieces, (Step::Sent, day), (from, transit), None)?;
        custody::open(tx, &movement)?;
    } else {
        let limit = designs::limit(tx, &design)?;
        steps::run(tx, &movement, pieces, (Step::Done, day), (from, to), limit.as_ref())?;
    }
    tell(tx, "movement.post", &movement)?;
    let id = movement.id;
    list::find(tx, id)?.ok_or_else(|| Fault::bug("a movement vanished"))
}

/// The design moved; refuses an unknown one, and pieces without serials or the reverse.
fn design(conn: &mut Conn, wanted: &Wanted) -> Result<Material, Fault> {
    let Some(design) = designs::find(conn, &wanted.sku)? else {
        return Err(wrong("/sku", "movement.sku", "没有这种物料", "There is no such material"));
    };
    match (design.serialised, &wanted.amount) {
        (true, Amount::Quantity(_)) => Err(wrong(
            "/serials",
            "field.required",
            "该物料须逐件登记序列号",
            "This material moves by serials",
        )),
        (false, Amount::Serials(_)) => Err(wrong(
            "/serials",
            "movement.amount",
            "该物料没有序列号",
            "This material has no serials",
        )),
        _ => Ok(design),
    }
}

/// `None` when the id is taken.
fn write(tx: &mut Tx<'_>, order: &Order, wanted: &Wanted) -> Result<Option<Movement>, Fault> {
    let Some(user) = tx.meta.user else { return Err(Fault::bug("a movement by nobody")) };
    let row = Entry {
        id: order.id,
        content_sha256: order.content_sha256.to_vec(),
        sku: wanted.sku.clone(),
        quantity: wanted.amount.quantity(),
        kind: wanted.kind,
        counts_as: wanted.counts_as,
        from_place: wanted.from.place,
        from_campus: wanted.from.campus,
        from_city: wanted.from.city,
        to_place: wanted.to.place,
        to_campus: wanted.to.campus,
        to_city: wanted.to.city,
        day: order.occurred_at.day(),
        occurred_at: order.occurred_at,
        recorded_at: tx.meta.now,
        recorded_by: user,
        reason: order.reason.clone(),
        reverses: wanted.reverses,
    };
    let written =
        diesel::insert_into(movements::table).values(row).or_ignore().execute(&mut **tx)?;
    if written == 0 {
        return Ok(None);
    }
    let row = movements::table.filter(movements::id.eq(order.id)).select(Movement::as_select());
    Ok(Some(row.first(&mut **tx)?))
}

fn write_pieces(conn: &mut Conn, id: MovementId, pieces: &[String]) -> QueryResult<()> {
    if pieces.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = pieces
        .iter()
        .map(|piece| (movement_serials::movement_id.eq(id), movement_serials::serial.eq(piece)))
        .collect();
    each!(conn, c => diesel::insert_into(movement_serials::table).values(&rows).execute(c))?;
    Ok(())
}

/// A movement is reversed once.
fn claim(conn: &mut Conn, reversed: MovementId, by: MovementId) -> Result<(), Fault> {
    let row = (reversals::reversed_id.eq(reversed), reversals::movement_id.eq(by));
    let claimed = diesel::insert_into(reversals::table).values(row).or_ignore().execute(conn)?;
    if claimed == 1 { Ok(()) } else { Err(Refusal::AlreadyReversed.into()) }
}

/// Audit and change log, for both sides.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    action: &'static str,
    movement: &Movement,
) -> Result<(), Fault> {
    let (from, to) = (movement.from(), movement.to());
    let own = if from.city.is_some() { from } else { to };
    tx.audit(Audit {
        action,
        kind: "movement",
        id: movement.id.to_string(),
        city: own.city,
        campus: own.campus,
        detail: json!({
            "kind": movement.kind,
            "sku": movement.sku,
            "quantity": movement.quantity,
            "from": movement.from_place,
            "to": movement.to_place,
        }),
    })?;
    let mut sides = vec![(from.campus, from.city), (to.campus, to.city)];
    sides.dedup();
    for (campus, city) in sides {
        let id = movement.id.into();
        tx.changed(Change { kind: "movement", id, campus, city, deleted: false });
    }
    Ok(())
}
