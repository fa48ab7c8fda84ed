//! Booths: staffed spots on a campus, by day and hours (deck p.22: service desks, pick-up
//! stations, tents, campus halls).
//!
//! A *booth* stands on a *spot* of a campus from `opens_on` to `closes_on`, every day from
//! `opens_at` to `closes_at` in local time. It may belong to an event of its campus and its
//! season, in any state but an ended one: booths are planned while their event still is a
//! draft, and stay with it when it is cancelled. A booth has no states: it is registered,
//! changed and, while nothing hangs on it, deleted (`flows::booths`, since goods and
//! check-ins hang on it). Whoever works at it counts visitors, installs, purchases and cards per day in a
//! *tally* of their own; the figures of a day are the sum over its people.
//!
//! Tables: `booth_spots`, `booths`, `booth_tallies`.
//!
//! Invariants: one spot of a campus holds one booth at a time, which means that no two
//! booths of a spot share a day and a minute of the day (a tent by day and another by night
//! may share a spot, and one may open at the minute another closes); `booth_spots.seq` is
//! bumped before a spot's booths are read. Opening hours never cross midnight. A booth lies
//! inside its season and never changes campus or season. A tally lies on a day of its booth;
//! `booths.record_seq` is bumped before tallies are written or goods are moved there, and
//! before they are looked for to shorten, move or delete the booth. Tallies carry season, campus and city of their booth.

pub mod missing;
pub mod model;
pub mod pitch;
pub mod refusal;
pub mod routes;
pub mod rules;
pub mod store;
pub mod verify;

pub use model::{Booth, BoothKind, Tally};
pub use refusal::Refusal;
