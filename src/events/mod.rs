//! Events: one activity at one campus at one time, with a team and an approval.
//!
//! An event is drafted on a campus, submitted, endorsed by the campus's liaison, approved by
//! the city's coordinator, held and closed (deck p.27). The chain of states is the table in
//! [`rules::states`]; who may take a step and when is [`rules::permit()`].
//!
//! Tables owned: `events`, `event_publicity`, `event_team`, `event_authors`, `event_history`,
//! `event_doors`, `event_terms`, `event_slots`, `event_counters`, `event_reports`.
//!
//! What always holds:
//! * Authors, endorser and approver of what is approved are three different people.
//! * What was seen is what is approved: a change to any guarded field returns a submitted or
//!   endorsed event to draft and voids the endorsement; an approved one changes by amend only.
//! * Two hard slots of one venue or one person never overlap. Slots are half-open.
//! * `campus_id`, `season` and `activity` never change after the first submit.
//! * Nothing changes state by a timer.

pub mod case;
pub mod drafting;
pub mod event;
pub mod fields;
pub mod model;
pub mod refusals;
pub mod routes;
pub mod rules;
pub mod store;
pub mod verify;
