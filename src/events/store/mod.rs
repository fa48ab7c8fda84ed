//! All SQL over events.

pub mod doors;
pub mod gates;
pub mod history;
pub mod people;
mod read;
mod row;
pub mod slots;
pub mod sweep;
pub mod waiting;
mod write;

pub use read::{Wanted, by_id, find, list, planned_kits};
pub use write::{delete_if, found_under, insert, sign, signatures, update_if};
