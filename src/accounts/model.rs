//! Rows of accounts.

use diesel::prelude::*;

use crate::{
    platform::{
        ids::{CampusId, DeviceId, SessionId, UserId},
        names::{CityCode, Phone},
        time::Instant,
    },
    schema::{devices, sessions, user_campuses, users},
};

crate::words! {
    /// What someone is in the campaign.
    pub enum Role {
        /// Plans and runs events at some campuses, from a phone.
        Ambassador = "ambassador",
        /// Youth League contact of some campuses; endorses team and plan (deck p.27).
        Liaison = "liaison",
        /// Approves events and stock of one city.
        Coordinator = "coordinator",
        /// Owns the season; sees everything.
        Province = "province",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
    }
}

/// A person who signs in.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(treat_none_as_default_value = false)]
pub struct User {
    pub id: UserId,
    pub phone: Phone,
    pub name: String,
    pub role: Role,
    /// The coordinator's city; none for other roles.
    pub city: Option<CityCode>,
    /// PHC string (Argon2id).
    pub password_hash: String,
    pub must_change_password: bool,
    pub active: bool,
    /// Anchor of rules over the person's time; see `docs/decisions`.
    pub slot_seq: i64,
    pub version: i64,
    pub created_at: Instant,
}

/// A campus a user belongs to.
#[derive(Clone, Copy, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = user_campuses, treat_none_as_default_value = false)]
pub struct UserCampus {
    pub user_id: UserId,
    pub campus_id: CampusId,
    pub city: CityCode,
}

/// A phone or browser.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
pub struct Device {
    pub id: DeviceId,
    pub name: String,
    pub created_at: Instant,
    pub last_seen_at: Instant,
    pub revoked_at: Option<Instant>,
}

/// One sign-in: a family of refresh tokens.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub device_id: DeviceId,
    /// The generation of refresh token that is current.
    pub generation: i64,
    pub rotated_at: Instant,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
}
