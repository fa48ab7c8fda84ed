//! Who may sign in, and what they may do.
//!
//! A *user* has one role and a place: ambassadors and liaisons some campuses, coordinators
//! one city, province and auditors everything. The place becomes a [`Scope`], read from the
//! account on every request (kept up to [`callers::KEPT`]), never from the token.
//!
//! A *session* is one sign-in on one *device*: a family of refresh tokens, of which one
//! generation is current. An access token (ES256, 15 minutes) names user, session and
//! device. A refresh token is family, generation and a keyed hash, so no secret is stored;
//! using an old one, or one from another device, revokes the family.
//!
//! Tables: `users`, `user_campuses`, `devices`, `sessions`, `sign_in_failures`, `calendar_tokens`.
//!
//! Invariants: a phone belongs to one user; a revoked session, a deactivated user or a
//! changed role bites within a minute; ten failed sign-ins of a phone lock it for an hour,
//! known or not; passwords are hashed with Argon2id in a lane of their own.

pub mod allowed;
pub mod callers;
pub mod model;
pub mod passwords;
pub mod policy;
pub mod refusal;
pub mod routes;
pub mod scope;
pub mod store;
pub mod tokens;

pub use allowed::{Allowed, Anyone};
pub use model::Role;
pub use policy::may;
pub use refusal::Refusal;
pub use scope::Scope;
pub use store::{lockout, sessions};
