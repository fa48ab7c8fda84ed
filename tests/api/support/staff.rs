//! Accounts of a test's own server.

use std::sync::atomic::{AtomicU64, Ordering};

use campus_ops::{
    accounts::{Role, model::User, store},
    platform::{
        db::{Db, Meta},
        ids::{CampusId, UserId},
        names::CityCode,
        time::Instant,
    },
};
use serde_json::Value;

use super::{Actor, TestApp, actor::PASSWORD};

static PHONES: AtomicU64 = AtomicU64::new(13_900_000_000);

impl Actor {
    /// A new account, signed in.
    pub fn of(app: &TestApp, role: Role, campuses: &[CampusId], city: Option<CityCode>) -> Self {
        let places = campuses.iter().map(|campus| (*campus, app.world.city_of(*campus))).collect();
        let phone = PHONES.fetch_add(1, Ordering::Relaxed).to_string();
        let hash = app.shared.passwords.hash_blocking(PASSWORD).unwrap();
        let user = User {
            id: UserId::new(),
            phone: phone.parse().unwrap(),
            name: format!("{role} {}", &phone[7..]),
            role,
            city,
            password_hash: hash,
            must_change_password: false,
            active: true,
            slot_seq: 0,
            version: 1,
            created_at: app.clocks.real.now(),
        };
        insert(&app.shared.db, user, places);
        Self::sign_in(app.address, &phone, Value::Null)
    }
}

/// Accounts are made beside the API: who manages whom is a test of its own.
fn insert(db: &Db, user: User, places: Vec<(CampusId, CityCode)>) {
    let meta = Meta { now: Instant(0), real_now: Instant(0), user: None, request: None };
    let work = db.write(meta, move |tx| store::insert(tx, &user, &places));
    actix_web::rt::System::new().block_on(work).unwrap();
}
