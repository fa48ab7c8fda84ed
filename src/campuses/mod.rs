//! Where things happen: cities, campuses, venues, and the calendar.
//!
//! A *campus* is a site. A university has one or several: the registered seat has its MOE
//! code as `code`, further sites have the MOE code with `-2`, `-3`. `moe_code` is what the
//! sites share, so `moe_code` answers "the same university". `startup_focus` is set by the
//! coordinator (deck p.27); registration days and exam weeks are stretches of days of a
//! campus; holidays are days of the calendar, the same for all.
//!
//! Cities, campuses and calendar are reference data that everybody signed in may read.
//! *Venues* are halls and grounds of a campus and are seen within scope.
//!
//! Lists come by CSV: see [`import`]. The lists that the program carries: see [`seed`].
//!
//! Tables: `cities`, `campuses`, `campus_terms`, `campus_dates`, `venues`, `calendar_days`.
//!
//! Invariants: a campus never changes its code, MOE code or city; its terms are those of its
//! names and code; `venues.slot_seq` stands for all slots of a venue and is bumped before
//! they are read; a venue's city is its campus's.

pub mod import;
pub mod model;
pub mod placing;
pub mod refusal;
pub mod routes;
pub mod rules;
pub mod seed;
mod sites;
pub mod store;

pub use model::{Campus, CampusFacts, City, DayType, Days, Level, Ownership, Venue};
pub use refusal::Refusal;
