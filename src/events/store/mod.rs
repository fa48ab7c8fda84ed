//! All SQL over events.

pub mod people;
