//! Rows of materials.

use std::ops::Deref;

use diesel::prelude::*;

use super::place::{Located, Place, PlaceKind};
use crate::{
    platform::{
        ids::{CampusId, MovementId, UserId},
        names::CityCode,
        time::{Day, Instant},
    },
    schema::{balances, custody, ledger, materials, movements},
};

crate::words! {
    /// What a movement can wait for somebody to do.
    pub enum MovementTask {
        /// Whoever answers for the destination, unless they sent it.
        Accept = "accept",
    }
}

crate::words! {
    /// What becomes of a material.
    pub enum MaterialKind {
        /// Comes back: tents, banners.
        Reusable = "reusable",
        /// Is used up: SIM kits, guides.
        Consumable = "consumable",
        /// Rewards a person.
        Gift = "gift",
    }
}

crate::words! {
    /// Why goods move.
    pub enum MovementKind {
        /// Supplier → province.
        Produce = "produce",
        /// Province → city → campus.
        Allocate = "allocate",
        /// City ↔ city, campus ↔ campus.
        Transfer = "transfer",
        /// Campus → event, booth or user.
        Issue = "issue",
        Use = "use",
        /// To a named participant.
        Give = "give",
        Lose = "lose",
        Damage = "damage",
        /// Back to the campus.
        Return = "return",
        /// Lost → a real place.
        Find = "find",
        /// What a count corrects: adjustment ↔ place.
        Count = "count",
        /// Takes back an earlier movement.
        Reverse = "reverse",
    }
}

crate::words! {
    /// Where a movement stands.
    pub enum MovementState {
        /// In transit, waiting for the receiver.
        Sent = "sent",
        Accepted = "accepted",
        /// Refused by the receiver; the goods are back.
        Rejected = "rejected",
        /// Taken back by the side that sent it, or not accepted in time; the goods are back.
        Returned = "returned",
        /// Took effect at once: the keeper did not change.
        Done = "done",
    }
}

crate::words! {
    /// The steps by which a movement enters the ledger.
    pub enum Step {
        Done = "done",
        Sent = "sent",
        Accepted = "accepted",
        Rejected = "rejected",
        Returned = "returned",
    }
}

/// A design: something that is made, shipped, used, returned.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
pub struct Material {
    pub sku: String,
    pub name_zh: String,
    pub name_en: String,
    pub unit: String,
    pub kind: MaterialKind,
    pub serialised: bool,
    /// How many one participant may be given, of its group together.
    pub limit_per_person: Option<i64>,
    /// Materials of one group are kinds of one thing, as models of handsets are.
    pub limit_group: Option<String>,
    pub version: i64,
}

/// What somebody set out to move, with the number under which it was written down.
#[derive(Clone, Debug, Queryable, Selectable)]
pub struct Movement {
    pub seq: i64,
    #[diesel(embed)]
    pub entry: Entry,
}

/// A movement as it is written down.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = movements)]
pub struct Entry {
    pub id: MovementId,
    pub content_sha256: Vec<u8>,
    pub sku: String,
    pub quantity: i64,
    pub kind: MovementKind,
    /// The kind whose figures it moves: for a reverse that of the reversed one.
    pub counts_as: MovementKind,
    pub from_place: Place,
    pub from_campus: Option<CampusId>,
    pub from_city: Option<CityCode>,
    pub to_place: Place,
    pub to_campus: Option<CampusId>,
    pub to_city: Option<CityCode>,
    /// Local day of `occurred_at`.
    pub day: Day,
    pub occurred_at: Instant,
    pub recorded_at: Instant,
    pub recorded_by: UserId,
    pub reason: Option<String>,
    pub reverses: Option<MovementId>,
}

/// Goods that change keeper.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = custody)]
pub struct Custody {
    pub movement_id: MovementId,
    pub state: MovementState,
    pub sent_by: UserId,
    pub to_place: Place,
    pub to_campus: Option<CampusId>,
    pub to_city: Option<CityCode>,
    pub sent_at: Instant,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Instant>,
}

/// One line of the ledger.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = ledger)]
pub struct Line {
    pub movement_id: MovementId,
    pub step: Step,
    pub sku: String,
    pub counts_as: MovementKind,
    pub place: Place,
    pub place_kind: PlaceKind,
    pub campus_id: Option<CampusId>,
    pub city: Option<CityCode>,
    pub delta: i64,
    pub day: Day,
}

/// How much of a material is at a place.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
pub struct Balance {
    pub place: Place,
    pub sku: String,
    pub place_kind: PlaceKind,
    pub campus_id: Option<CampusId>,
    pub city: Option<CityCode>,
    pub quantity: i64,
}

/// A movement with what became of it.
#[derive(Clone, Debug)]
pub struct Told {
    pub movement: Movement,
    pub custody: Option<Custody>,
    pub serials: Vec<String>,
    pub reversed_by: Option<MovementId>,
}

impl Deref for Movement {
    type Target = Entry;
    fn deref(&self) -> &Entry {
        &self.entry
    }
}

impl Entry {
    pub fn from(&self) -> Located {
        Located { place: self.from_place, campus: self.from_campus, city: self.from_city }
    }

    pub fn to(&self) -> Located {
        Located { place: self.to_place, campus: self.to_campus, city: self.to_city }
    }
}

impl Told {
    pub fn state(&self) -> MovementState {
        self.custody.as_ref().map_or(MovementState::Done, |custody| custody.state)
    }
}
