//! All SQL of the room.

pub mod calendar;
pub mod campuses;
pub mod cities;
pub mod venues;
mod write;

pub use write::{insert, insert_all, update_if};
