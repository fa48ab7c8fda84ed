//! What the hourly worker forgets, and what it keeps.

use campus_ops::{
    app::worker,
    platform::{
        db::{Change, Conn, Meta},
        ids::EventId,
    },
    schema::{changes, idempotency_keys, sessions, sign_in_failures},
};
use chrono::Duration;
use diesel::prelude::*;
use serde_json::json;

use crate::support::{TestApp, actor::PASSWORD};

/// Rows of the four tables that are tidied; of the change log the deletions.
fn kept(app: &TestApp) -> [i64; 4] {
    let count = |conn: &mut Conn| {
        Ok([
            idempotency_keys::table.count().get_result(conn)?,
            sessions::table.count().get_result(conn)?,
            sign_in_failures::table.count().get_result(conn)?,
            changes::table.filter(changes::deleted).count().get_result(conn)?,
        ])
    };
    actix_web::rt::System::new().block_on(app.shared.db.read(count)).unwrap()
}

fn tidy(app: &TestApp) -> usize {
    let work = worker::tidy(&app.shared.db, &app.clocks);
    actix_web::rt::System::new().block_on(work).unwrap()
}

/// Rows that are deleted, so many that one write does not forget them all.
fn delete_rows(app: &TestApp, many: usize) {
    let now = app.clocks.real.now();
    for part in 0..i64::try_from(many).unwrap() / 100 {
        let at = now + Duration::milliseconds(part);
        let meta = Meta { now: at, real_now: at, user: None, request: None };
        let write = app.shared.db.write(meta, |tx| {
            for _ in 0..100 {
                let id = EventId::new().into();
                tx.changed(Change { kind: "event", id, campus: None, city: None, deleted: true });
            }
            Ok(())
        });
        actix_web::rt::System::new().block_on(write).unwrap();
    }
}

#[test]
fn what_was_kept_long_enough_goes() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let wrong = json!({ "phone": "13000000009", "password": "wrong" });
    app.stranger().post("/auth/login", wrong).refused(401, "auth.bad_credentials");
    let hall = json!({ "name": "礼堂", "capacity": 10 });
    let venues = format!("/campuses/{}/venues", app.world.sysu);
    let made = lin.call("POST", &venues).key("hall").send(Some(hall)).created();
    delete_rows(&app, 1_200);
    assert_eq!(kept(&app), [1, 1, 1, 1_200]);

    app.real_time_passes(Duration::minutes(59));
    assert_eq!(tidy(&app), 0);
    app.real_time_passes(Duration::hours(2));
    tidy(&app);
    assert_eq!(kept(&app), [1, 1, 0, 1_200]);
    app.real_time_passes(Duration::days(7));
    tidy(&app);
    assert_eq!(kept(&app), [0, 1, 0, 1_200]);
    app.real_time_passes(Duration::days(30));
    tidy(&app);
    assert_eq!(kept(&app), [0, 0, 0, 1_200]);
    app.real_time_passes(Duration::days(60));
    assert_eq!(tidy(&app), 1_200);
    assert_eq!(kept(&app), [0, 0, 0, 0]);

    // What was made stays.
    let body = json!({ "phone": lin.phone, "password": PASSWORD });
    app.stranger().post("/auth/login", body).ok();
    let lin = lin.signs_in_again();
    assert_eq!(lin.get(&venues).ok()["items"][0]["id"], made["id"]);
}
