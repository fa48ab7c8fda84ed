//! Events as they stand once they are approved, for tests that begin there.

use campus_ops::{
    catalogue::attendance::{Admits, AdmitsCampuses, ParticipantRole, WalkIn},
    events::model::{DoorPhase, EventState},
    platform::{
        db::{Json, Meta},
        ids::{CampusId, DeviceId, EventId, UserId},
        time::Instant,
    },
    schema::{devices, event_counters, event_doors, event_team, events, sessions},
};
use diesel::prelude::*;

use super::{Actor, TestApp};

/// Whom an event of a test admits unless it says otherwise.
pub fn own_university() -> Admits {
    Admits { roles: ParticipantRole::ALL.to_vec(), campuses: AdmitsCampuses::Own }
}

/// An approved event of this lead at a campus: the lecture of 10 September 2011.
pub fn approved(
    app: &TestApp,
    lead: &Actor,
    campus: CampusId,
    capacity: Option<i64>,
    admits: &Admits,
) -> EventId {
    let (id, city, lead, admits) =
        (EventId::new(), app.world.city_of(campus), lead.user, admits.clone());
    let at: Instant = "2011-08-20T04:00:00.000Z".parse().unwrap();
    let starts: Instant = "2011-09-10T06:00:00.000Z".parse().unwrap();
    let ends: Instant = "2011-09-10T08:00:00.000Z".parse().unwrap();
    write(app, move |conn| {
        let row = (
            (events::id.eq(id), events::campus_id.eq(campus), events::city.eq(city)),
            (events::season.eq("2011-autumn"), events::activity.eq("startup-elite")),
            (events::theme.eq("startup"), events::facet.eq("brand"), events::format.eq("lecture")),
            (events::title.eq("MM创业讲座"), events::plan.eq(""), events::kit.eq("[]")),
            (events::starts_at.eq(starts), events::ends_at.eq(ends), events::sort_at.eq(starts)),
            (events::starts_day.eq(starts.day()), events::capacity.eq(capacity)),
            (events::lead_id.eq(lead), events::admits.eq(Json(admits.clone()))),
            (events::walk_in.eq(WalkIn::Ask), events::state.eq(EventState::Approved)),
            (events::version.eq(1), events::content_hash.eq("")),
            (events::first_submitted_at.eq(at), events::submitted_at.eq(at)),
            (events::approved_by.eq(lead), events::approved_at.eq(at)),
            events::lead_time_overridden.eq(false),
        );
        diesel::insert_into(events::table).values(row).execute(conn)?;
        let counters = (
            event_counters::event_id.eq(id),
            event_counters::change_seq.eq(0),
            event_counters::registered.eq(0),
            event_counters::waitlisted.eq(0),
        );
        diesel::insert_into(event_counters::table).values(counters).execute(conn)?;
        let door = (
            (event_doors::event_id.eq(id), event_doors::version.eq(1), event_doors::at.eq(at)),
            (event_doors::phase.eq(DoorPhase::Open), event_doors::walk_in.eq(WalkIn::Ask)),
            (event_doors::starts_at.eq(starts), event_doors::ends_at.eq(ends)),
            event_doors::admits.eq(Json(admits.clone())),
        );
        diesel::insert_into(event_doors::table).values(door).execute(conn)?;
        put_on_team(conn, id, lead, starts)
    });
    id
}

fn put_on_team(
    conn: &mut campus_ops::platform::db::Conn,
    id: EventId,
    user: UserId,
    sort_at: Instant,
) -> QueryResult<()> {
    let row = (
        event_team::event_id.eq(id),
        event_team::user_id.eq(user),
        event_team::on_team.eq(false),
        event_team::sort_at.eq(sort_at),
    );
    diesel::insert_into(event_team::table).values(row).execute(conn).map(drop)
}

/// Sets the capacity as an amendment would, and lets those who wait move up.
pub fn amend_capacity(app: &TestApp, id: EventId, capacity: i64) {
    within(app, move |tx| {
        diesel::update(events::table.find(id))
            .set(events::capacity.eq(capacity))
            .execute(&mut **tx)?;
        campus_ops::registrations::promote(tx, id)
    });
}

/// Closes the event as its lead would.
pub fn close(app: &TestApp, id: EventId) {
    write(app, move |conn| {
        diesel::update(events::table.find(id))
            .set((events::state.eq(EventState::Closed), events::closed_at.eq(Instant(1))))
            .execute(conn)
            .map(drop)
    });
}

/// Revokes every device somebody is signed in on.
pub fn revoke_device(app: &TestApp, who: &Actor) {
    let user = who.user;
    write(app, move |conn| {
        let own = sessions::table.filter(sessions::user_id.eq(user)).select(sessions::device_id);
        let own: Vec<DeviceId> = own.load(conn)?;
        diesel::update(devices::table.filter(devices::id.eq_any(own)))
            .set(devices::revoked_at.eq(Instant(1)))
            .execute(conn)
            .map(drop)
    });
    app.shared.callers.forget();
}

fn write(
    app: &TestApp,
    work: impl Fn(&mut campus_ops::platform::db::Conn) -> QueryResult<()> + Send + 'static,
) {
    within(app, move |tx| Ok(work(tx)?));
}

fn within(
    app: &TestApp,
    work: impl Fn(
        &mut campus_ops::platform::db::Tx<'_>,
    ) -> Result<(), campus_ops::platform::fault::Fault>
    + Send
    + 'static,
) {
    let now = app.clocks.business.now();
    let meta = Meta { now, real_now: now, user: None, request: None };
    actix_web::rt::System::new().block_on(app.shared.db.write(meta, work)).unwrap();
}
