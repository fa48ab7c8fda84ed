//! Participants: student developers, promotion experts, other attendees and the team itself,
//! as far as they are checked in (deck p.27: the offline core of a campus).
//!
//! A person is on record only with consent, once per phone. A second registration of a known
//! phone finds the first record; the id a client had made for it becomes another name of that
//! record for ever, so that scans and registrations made offline under it still arrive.
//!
//! *Erasure* takes all that tells who someone was and leaves id, role, campus and the time of
//! it, so that totals stay. Then the phone is unknown again.
//!
//! Who a person is, is shown to those who work with them: ambassadors of the campus and the
//! coordinator of its city. Others see `王**` and `138****8000`.
//!
//! Many at once come as CSV: see [`import`].
//!
//! A *pass* ([`passes`]) is a signed token that a phone at a gate can verify by itself.
//!
//! Tables: `participants`, `participant_ids`, `passes`.
//!
//! Invariants
//!
//! * A phone number stands in one record that is not erased; an id names one record for ever.
//! * A record is whole (name, phone, consent) or erased, nothing between.
//! * An erased person has no pass that can be shown, and none is issued.
//! * A person has at most one pass that is neither revoked nor expired.

pub mod import;
pub mod model;
pub mod passes;
pub mod refusal;
pub mod registering;
pub mod routes;
pub mod rules;
pub mod store;

pub use refusal::Refusal;
