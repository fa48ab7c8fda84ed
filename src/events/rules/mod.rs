//! The decisions about events: pure functions over plain values. Time, rows and people are
//! brought by the caller.

pub mod amend;
pub mod content;
pub mod duties;
pub mod figures;
pub mod findings;
pub mod guarded;
pub mod permit;
pub mod plausible;
pub mod slots;
pub mod states;
pub mod timing;

pub use permit::{Circumstances, permit};
