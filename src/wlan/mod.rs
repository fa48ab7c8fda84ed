//! WLAN promotions: free campus WLAN for some weeks, whose login page carries the brand
//! (deck p.25, activity `free-wlan`).
//!
//! A *promotion* names an SSID of a campus, its days, what a person may use a day, and the
//! *creative* of the login page. Its states are a chain, kept as data in
//! [`rules::states`]: `draft → submitted → approved`, with `changes_requested`, `rejected`,
//! `withdrawn` and `cancelled`; `ended` is an approved promotion whose last day has passed
//! and is computed, never stored. *Authors* of a version are whoever created, edited or
//! submitted it so far; none of them approves it. Radio cells are listed as *access points*.
//!
//! Tables: `wlan_networks`, `wlan_promotions`, `wlan_authors`, `wlan_history`,
//! `wlan_access_points`.
//!
//! Invariants: a promotion lies inside the window of `free-wlan` of its season; two approved
//! promotions of one campus and SSID share no day (`wlan_networks.seq` is bumped before they
//! are read); what is approved is what was seen: an edit of a submitted promotion returns it
//! to draft, an approved one is frozen and keeps the hash of its content; every version has
//! its line in the history, which is only appended to. A MAC address stands once in a
//! promotion; `access_point_seq` is bumped before access points are written.

pub mod model;
pub mod refusal;
pub mod routes;
pub mod rules;
pub mod store;

pub use model::{Promotion, PromotionState};
pub use refusal::Refusal;
pub use rules::link::PortalHosts;
