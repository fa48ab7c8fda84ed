//! Registrations: who is coming to an event, in the order in which they asked.
//!
//! `registered → cancelled`, `waitlisted → registered | cancelled`, and from `cancelled` back
//! to the end of the list. While an event is approved or running people may register, first
//! come, first served; when its capacity is reached they wait. A place that becomes free, or
//! a higher capacity, goes to whoever has waited longest, in the same write.
//!
//! Every change of a state is kept with its time: a scan is judged by where its person stood
//! at that moment.
//!
//! Tables: `registrations`, `registration_facts`. The counts stand with the event and are
//! its anchor: whoever changes a list holds them first (`events::store::people`), and before
//! that the participants concerned.
//!
//! Invariants
//!
//! * The registered are never more than the capacity; nobody waits while a place is free.
//! * Counts equal rows; the newest fact of a registration is its state.
//! * An erased person is on no open list.

pub mod desk;
pub mod model;
pub mod refusal;
pub mod routes;
pub mod rules;
pub mod store;
pub mod verify;

pub use desk::{leave_all, promote};
pub use refusal::Refusal;
