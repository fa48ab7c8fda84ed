//! What a team may schedule: the seasons, their eleven activities and what goes with them.
//!
//! A *season* is one run of the catalogue: dates, the deadline of preparation, lead time,
//! *formats* (what an event looks like: does it need a venue, occupy its team, check people
//! in) and *media* (where it is announced). An *activity* is an entry of a season with a
//! *theme* (what it is about), a *facet* (what it is for), a window of days, its formats and
//! a default kit of materials. The province owns it all; seasons come from the file in
//! `reference/`, for its own year or moved to another.
//!
//! *Handset models* are chosen by the province for `new-phone`: at most five are active in a
//! season, and three are wanted (deck p.24).
//!
//! Tables: `seasons`, `themes`, `facets`, `formats`, `media`, `activities`,
//! `handset_models`.
//!
//! Invariants: themes and facets are the four and four of the campaign; a season once there
//! is not changed by seeding again; `seasons.handset_seq` stands for the set of its models.

pub mod attendance;
pub mod model;
pub mod refusal;
pub mod routes;
pub mod rules;
pub mod seed;
pub mod store;

pub use model::{Activity, Facet, Format, HandsetModel, KitLine, Season, Theme};
pub use refusal::Refusal;
pub use rules::Window;
