//! Events as they stand once they are approved, for tests that begin there: drafted, endorsed
//! and approved by the people whose business that is.

use campus_ops::{
    catalogue::attendance::{Admits, AdmitsCampuses, ParticipantRole},
    platform::{
        db::{Meta, Tx},
        ids::{CampusId, DeviceId, EventId},
        time::Instant,
    },
    schema::{devices, sessions},
};
use diesel::prelude::*;
use serde_json::json;

use super::{Actor, TestApp};
use crate::events::Event;

/// Whom an event of a test admits unless it says otherwise.
pub fn own_university() -> Admits {
    Admits { roles: ParticipantRole::ALL.to_vec(), campuses: AdmitsCampuses::Own }
}

/// An approved event of this lead at a campus: the training of 10 September 2011, 06:00–08:00
/// UTC. It needs no hall, and its lead for that time.
pub fn approved(
    app: &TestApp,
    lead: &Actor,
    campus: CampusId,
    capacity: Option<i64>,
    admits: &Admits,
) -> EventId {
    let liaison = app.liaison(campus);
    let coordinator = app.coordinator(&app.world.city_of(campus).to_string());
    let body = json!({
        "season": "2011-autumn", "activity": "startup-elite", "format": "online-training",
        "campus_id": campus, "title": "MM创业培训", "plan": "两位创业者讲述起步。", "kit": [],
        "capacity": capacity, "lead_id": lead.user, "admits": admits,
        "publicity": [{ "medium": "bbs", "from": "2011-09-01" }],
        "starts_at": "2011-09-10T06:00:00.000Z", "ends_at": "2011-09-10T08:00:00.000Z",
    });
    let mut event = Event::of(&lead.post("/events", body).created());
    event.step(lead, "submit");
    event.step(&liaison, "endorse");
    event.step(&coordinator, "approve");
    event.id.parse().unwrap()
}

/// Changes the capacity, as the coordinator may.
pub fn amend_capacity(coordinator: &Actor, id: EventId, capacity: i64) {
    let changes = json!({ "capacity": capacity });
    let body = json!({ "action": "amend", "comment": "换了房间", "changes": changes });
    read(coordinator, id).step_with(coordinator, body);
}

/// Starts the event at its hour and closes it.
pub fn close(app: &TestApp, lead: &Actor, id: EventId) {
    app.at("2011-09-10T06:00:00.000Z");
    let mut event = read(lead, id);
    event.step(lead, "start");
    event.step_with(lead, json!({ "action": "close", "report": { "summary": "好" } }));
}

fn read(who: &Actor, id: EventId) -> Event {
    Event::of(&who.get(&format!("/events/{id}")).ok())
}

/// Revokes every device somebody is signed in on.
pub fn revoke_device(app: &TestApp, who: &Actor) {
    let (user, now) = (who.user, app.clocks.business.now());
    let meta = Meta { now, real_now: now, user: None, request: None };
    let work = move |tx: &mut Tx<'_>| {
        let own = sessions::table.filter(sessions::user_id.eq(user)).select(sessions::device_id);
        let own: Vec<DeviceId> = own.load(&mut **tx)?;
        diesel::update(devices::table.filter(devices::id.eq_any(own)))
            .set(devices::revoked_at.eq(Instant(1)))
            .execute(&mut **tx)?;
        Ok(())
    };
    actix_web::rt::System::new().block_on(app.shared.db.write(meta, work)).unwrap();
    app.shared.callers.forget();
}

/// Writes past the API what no request would.
pub fn write(
    app: &TestApp,
    work: impl Fn(&mut Tx<'_>) -> diesel::QueryResult<()> + Send + 'static,
) {
    let now = app.clocks.business.now();
    let meta = Meta { now, real_now: now, user: None, request: None };
    let done = app.shared.db.write(meta, move |tx| Ok(work(tx)?));
    actix_web::rt::System::new().block_on(done).unwrap();
}
