//! The times for which events keep venues and people. That no two hard slots of one holder
//! overlap is a rule over a set: anchor the holder (`venues::anchor_slots`,
//! `accounts::store::bump_slots`) before reading what it keeps.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::{
    accounts::Scope,
    events::{
        event::Event,
        model::{FormatNeeds, Hold, Slot, SlotKind},
        rules::findings::{Keeper, Kept},
    },
    platform::{
        db::{Conn, Tx},
        ids::{CampusId, EventId, RowId, UserId, VenueId},
        names::CityCode,
        time::Instant,
    },
    schema::{event_slots as slots, events},
};

/// One slot of a venue, with the event that keeps it.
#[derive(Clone, Debug)]
pub struct Busy {
    pub event: EventId,
    pub title: String,
    pub hold: Hold,
    pub slot: Slot,
}

/// A slot that an event keeps of a venue or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, Insertable)]
#[diesel(table_name = slots)]
pub struct SlotRow {
    pub kind: SlotKind,
    pub holder_id: RowId,
    pub event_id: EventId,
    pub hold: Hold,
    pub starts_at: Instant,
    pub ends_at: Instant,
}

/// The slots of an event as its state, its content and its format's needs have them.
pub fn wanted(event: &Event, needs: FormatNeeds) -> BTreeSet<SlotRow> {
    let (Some(hold), Some(slot)) = (event.state.hold(), event.content.slot()) else {
        return BTreeSet::new();
    };
    let venue = event.content.venue_id.filter(|_| needs.venue);
    let venue = venue.map(|id| (SlotKind::Venue, RowId::from(id)));
    let people = event.content.people().into_iter().filter(|_| needs.team);
    let people = people.map(|id| (SlotKind::Person, RowId::from(id)));
    let row = |(kind, holder_id)| SlotRow {
        kind,
        holder_id,
        event_id: event.id,
        hold,
        starts_at: slot.from,
        ends_at: slot.to,
    };
    venue.into_iter().chain(people).map(row).collect()
}

/// Writes the slots of an event anew.
pub fn keep(tx: &mut Tx<'_>, event: &Event, needs: FormatNeeds) -> QueryResult<()> {
    diesel::delete(slots::table.filter(slots::event_id.eq(event.id))).execute(&mut **tx)?;
    for row in wanted(event, needs) {
        diesel::insert_into(slots::table).values(row).execute(&mut **tx)?;
    }
    Ok(())
}

/// The slots of these events as they are kept.
pub fn of_events(
    conn: &mut Conn,
    ids: &[EventId],
) -> QueryResult<BTreeMap<EventId, BTreeSet<SlotRow>>> {
    let rows: Vec<SlotRow> = slots::table
        .filter(slots::event_id.eq_any(ids.to_vec()))
        .select(slots::all_columns)
        .load(conn)?;
    let mut found: BTreeMap<EventId, BTreeSet<SlotRow>> = BTreeMap::new();
    for row in rows {
        found.entry(row.event_id).or_default().insert(row);
    }
    Ok(found)
}

type Columns = (SlotKind, RowId, EventId, Hold, Instant, Instant, String, CampusId, CityCode);

/// What keeps one of these holders during `during`, by start; titles only within the scope.
pub fn kept(
    conn: &mut Conn,
    scope: &Scope,
    venue: Option<VenueId>,
    people: &[UserId],
    during: Slot,
) -> QueryResult<Vec<Kept>> {
    let mut rows = Vec::new();
    if let Some(venue) = venue {
        rows.extend(of_holders(conn, SlotKind::Venue, vec![venue.into()], during)?);
    }
    if !people.is_empty() {
        let people = people.iter().map(|id| RowId::from(*id)).collect();
        rows.extend(of_holders(conn, SlotKind::Person, people, during)?);
    }
    let kept = rows.into_iter().map(|(kind, holder, id, hold, from, to, title, campus, city)| {
        let title = scope.covers(campus, city).then_some(title);
        let (slot, by) = (Slot { from, to }, Keeper::Event { id, title, hold });
        match kind {
            SlotKind::Venue => Kept::Venue { venue: VenueId(holder.0), slot, by },
            SlotKind::Person => Kept::Person { person: UserId(holder.0), slot, by },
        }
    });
    Ok(kept.collect())
}

/// What keeps a venue during `during`, by start.
pub fn of_venue(conn: &mut Conn, venue: VenueId, during: Slot) -> QueryResult<Vec<Busy>> {
    let rows = of_holders(conn, SlotKind::Venue, vec![venue.into()], during)?;
    let busy = rows.into_iter().map(|(_, _, event, hold, from, to, title, ..)| Busy {
        event,
        title,
        hold,
        slot: Slot { from, to },
    });
    Ok(busy.collect())
}

fn of_holders(
    conn: &mut Conn,
    kind: SlotKind,
    holders: Vec<RowId>,
    during: Slot,
) -> QueryResult<Vec<Columns>> {
    slots::table
        .inner_join(events::table)
        .filter(slots::kind.eq(kind))
        .filter(slots::holder_id.eq_any(holders))
        .filter(slots::starts_at.lt(during.to))
        .filter(slots::ends_at.gt(during.from))
        .order((slots::starts_at, slots::event_id))
        .select((
            slots::kind,
            slots::holder_id,
            slots::event_id,
            slots::hold,
            slots::starts_at,
            slots::ends_at,
            events::title,
            events::campus_id,
            events::city,
        ))
        .load(conn)
}
