//! Check-in: what phones at doors and booths saw, and what follows from it.
//!
//! A *scan* is one showing of a pass (or one person picked from a list) to one phone. It has
//!
//! * an **answer**: what the phone was told. Told once, replayed for ever; later scans never
//!   change it. It is `admitted`, `duplicate` or `denied`, with a reason.
//! * a **standing**: what the scan is worth now. Derived from the set of all scans, so it may
//!   change when others arrive: `admitted ⇄ duplicate`, `quarantined → admitted, duplicate,
//!   denied`, `denied → admitted, duplicate` (a coordinator accepts), anything `→ annulled`.
//!
//! Eligible scans that nobody annulled are the *set*. In the set each scan stands in the line
//! of one *place*: a person at the gate of an event, or a person at a booth on a local day. The
//! lowest `(effective_at, scan_id)` of a line holds the place (`admitted`), the rest are
//! `duplicate`. A person is *in* at an event while any scan of it, gate or booth, is in the set.
//!
//! Invariants
//!
//! * A `scan_id` stands for one scan for ever: event or booth, pass or participant, time and
//!   device of it never change. Whoever sends it again is told the first answer.
//! * For a fixed history of all other facts, standings and counters depend on the set of scans
//!   and annulments alone, never on the order or the batches in which they arrive.
//! * Each place has at most one holder; each person counts at most once per event, and once
//!   per booth and day. Counters are rows that change with the scans, never counted afterwards.
//! * Eligibility and `effective_at` are decided once, at first receipt.
//! * Whatever is acknowledged as `terminal` is stored, as a scan or as a refused attempt.
//!
//! Tables: `scans`, `scan_ids`, `scan_resolutions`, `scan_attempts`, `annulments`,
//! `check_in_places`, `check_in_presence`, `event_attendance`, `booth_attendance`,
//! `check_in_conflicts`, `device_queues`. Scans are judged by what other rooms know too, so
//! posting, annulling and resolving are the flow `check_in`; here are the reads.

pub mod model;
pub mod refusal;
pub mod routes;
pub mod rules;
pub mod store;
pub mod verify;

pub use refusal::Refusal;
