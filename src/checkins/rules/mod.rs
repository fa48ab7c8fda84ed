//! How a scan is judged: pure, so that the same code serves a single scan, a batch, a trial run
//! (`simulate`) and the property tests.
//!
//! The store loads [`Facts`] in two steps. First what the items name: events, booths, passes,
//! people, known scans and waiting annulments. Then what [`Facts::wanted`] asks for: lines of
//! places, attendances, registrations and authority. [`judge`] answers each item as if it came
//! alone after the ones before it, and says what to write, sorted by key.

pub mod annul;
mod conflicts;
pub mod dated;
mod eligibility;
pub mod facts;
pub mod item;
mod judge;
mod ledger;
pub mod outcome;
pub mod resolve;
pub mod sequence;
mod settle;
#[cfg(test)]
mod tests;
pub mod time;
mod wanted;

pub use facts::Facts;
pub use item::{Annulment, Item, Resolve, Scan};
pub use judge::{answered, judge};
pub use outcome::Judgement;
pub use wanted::Wanted;
