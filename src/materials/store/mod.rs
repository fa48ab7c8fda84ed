//! All SQL of the room. `post` and `settle` write the ledger and what follows from it;
//! `movements` and `stock` are what clients list; `events`, `figures` and `check` serve
//! other rooms.

pub mod check;
pub mod custody;
pub mod designs;
pub mod events;
pub mod figures;
mod losses;
pub mod movements;
pub mod post;
mod steps;
pub mod stock;

pub use custody::settle;
pub use events::{balance_of_event, lose_rest};
pub use post::{Wanted, known, post, wanted_reverse};
