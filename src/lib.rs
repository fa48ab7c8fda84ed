//! Campus Ops: the backend of a campus season. This page is the map of the tree.
//!
//! | room | what is in it |
//! |---|---|
//! | [`app`] | the roof: endpoint table, server, OpenAPI document, command line |
//! | [`accounts`] | users, roles, sessions and devices, tokens, policy, scope |
//! | [`catalogue`] | seasons, themes, facets, activities, formats, handset models |
//! | [`campuses`] | cities, campuses as sites, venues, calendar |
//! | [`events`] | planning, findings, states and transitions, history |
//! | [`checkins`] | scans, verdicts, merge of offline scans, live counters |
//! | [`booths`] | staffed spots by day and hours, and what was counted there |
//! | [`wlan`] | free WLAN with the brand on its login page |
//! | [`materials`] | goods: the ledger, balances, handing over |
//! | [`flows`] | one file per use case that writes several rooms |
//! | [`reports`] | reading over all rooms: figures, the audit log, verify |
//! | [`participants`] | who is checked in: consent, masking, erasure, passes |
//! | [`platform`] | the floor: ids, clocks, store, HTTP, problems; knows no business |
//! | [`registrations`] | who is coming: capacity, waitlist |
//! | [`schema`] | the tables as both databases have them |
//!
//! A request takes three hops: the endpoint table, the handler's `Allowed<…>` parameter
//! (who, may they, which scope), and the handler, which parses, decides and saves within
//! one `db.write`. `docs/ARCHITECTURE.md` has the picture.
#![forbid(unsafe_code)]

pub mod accounts;
pub mod app;
pub mod booths;
pub mod campuses;
pub mod catalogue;
pub mod checkins;
pub mod events;
pub mod flows;
pub mod materials;
pub mod participants;
pub mod platform;
pub mod registrations;
pub mod reports;
pub mod schema;
pub mod wlan;
