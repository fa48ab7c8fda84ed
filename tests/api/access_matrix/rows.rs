//! One row per endpoint: a request that works for somebody in scope.

use campus_ops::platform::ids::{BoothId, MovementId, VenueId};
use serde_json::{Value, json};

use super::{Kind, Row, Try};
use crate::support::{TestApp, planned, world::GUANGZHOU};

fn get(path: impl Into<String>) -> Try {
    Try { path: path.into(), body: None, version: None }
}

fn send(path: impl Into<String>, body: Value) -> Try {
    Try { path: path.into(), body: Some(body), version: None }
}

impl Try {
    fn version(self, version: i64) -> Self {
        Self { version: Some(version), ..self }
    }
}

macro_rules! rows {
    ($($operation:ident $kind:ident $make:expr;)+) => {
        pub fn all() -> &'static [Row] {
            &[$(Row { operation: stringify!($operation), kind: Kind::$kind, make: $make }),+]
        }
    };
}

/// A colleague at Sun Yat-sen University to be managed.
fn colleague(app: &TestApp) -> String {
    format!("/users/{}", app.ambassador(app.world.sysu).user)
}

/// A venue of Sun Yat-sen University to be changed.
fn hall(app: &TestApp) -> String {
    let name = format!("礼堂 {}", VenueId::new());
    let body = json!({ "name": name, "capacity": 300 });
    let path = format!("/campuses/{}/venues", app.world.sysu);
    let made = app.coordinator(GUANGZHOU).post(&path, body).created();
    format!("/venues/{}", made["id"].as_str().unwrap())
}

/// A handset model to be changed.
fn handset(app: &TestApp) -> String {
    let model = VenueId::new().to_string();
    let body = json!({ "season": SEASON, "brand": "B", "model": model, "active": false });
    let made = app.province().post("/handset-models", body).created();
    format!("/handset-models/{}", made["id"].as_str().unwrap())
}

/// A banner lost at Sun Yat-sen University.
fn loss(app: &TestApp) -> Value {
    json!({
        "movement_id": MovementId::new(), "kind": "lose", "sku": "banner", "quantity": 1,
        "from": format!("campus:{}", app.world.sysu), "to": "lost",
        "occurred_at": "2011-08-20T04:00:00Z",
    })
}

/// A banner on its way to Sun Yat-sen University.
fn delivery(app: &TestApp) -> String {
    let (city, id) = (format!("city:{GUANGZHOU}"), MovementId::new());
    let body = |id: MovementId, kind: &str, from: &str, to: &str| {
        json!({
            "movement_id": id, "kind": kind, "sku": "banner", "quantity": 1,
            "from": from, "to": to, "occurred_at": "2011-08-20T04:00:00Z",
        })
    };
    let province = app.province();
    let counted = body(MovementId::new(), "count", "adjustment", &city);
    province.post("/movements", counted).created();
    let campus = format!("campus:{}", app.world.sysu);
    province.post("/movements", body(id, "allocate", &city, &campus)).created();
    format!("/movements/{id}")
}

const SEASON: &str = "2011-autumn";

/// What puts a student of Sun Yat-sen University on record, each time another.
fn student(app: &TestApp) -> Value {
    static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    json!({
        "role": "attendee", "name": "王小明", "phone": format!("136{number:08}"),
        "campus_id": app.world.sysu,
        "consent": { "version": "2011-08", "at": "2011-08-20T03:00:00.000Z" },
    })
}

fn student_id(app: &TestApp) -> String {
    let made = app.ambassador(app.world.sysu).post("/participants", student(app)).created();
    made["id"].as_str().unwrap().to_owned()
}

/// A participant of Sun Yat-sen University to be changed.
fn participant(app: &TestApp) -> String {
    format!("/participants/{}", student_id(app))
}

/// The list of an approved event at Sun Yat-sen University.
fn list(app: &TestApp) -> String {
    let lead = app.ambassador(app.world.sysu);
    let event = planned::approved(app, &lead, app.world.sysu, None, &planned::own_university());
    format!("/events/{event}/registrations")
}

/// Somebody's place on such a list.
fn registration(app: &TestApp) -> String {
    let (list, id) = (list(app), student_id(app));
    app.ambassador(app.world.sysu).post(&list, json!({ "participant_id": id })).created();
    format!("{list}/{id}")
}

/// The body of a booth at Sun Yat-sen University, each time at a spot of its own.
fn booth_body(app: &TestApp) -> Value {
    json!({
        "season": "2011-autumn", "campus_id": app.world.sysu, "kind": "desk",
        "spot": BoothId::new(),
        "opens_on": "2011-09-01", "closes_on": "2011-09-02", "opens_at": "09:00", "closes_at": "10:00",
    })
}

/// A booth there.
fn booth(app: &TestApp) -> String {
    let made = app.ambassador(app.world.sysu).post("/booths", booth_body(app)).created();
    format!("/booths/{}", made["id"].as_str().unwrap())
}

/// The body of a WLAN promotion at Sun Yat-sen University.
fn promotion_body(app: &TestApp) -> Value {
    json!({
        "season": "2011-autumn", "campus_id": app.world.sysu, "ssid": "CMCC-EDU",
        "starts_on": "2011-09-01", "ends_on": "2011-09-30",
        "minutes_per_day": 60, "bytes_per_day": 1_000_000,
        "creative": {
            "headline_zh": "免费", "headline_en": "Free", "body_zh": "欢迎", "body_en": "Welcome",
            "link": "https://mm.10086.cn/",
        },
    })
}

/// A draft there.
fn promotion(app: &TestApp) -> String {
    let lin = app.ambassador(app.world.sysu);
    let made = lin.post("/wlan/promotions", promotion_body(app)).created();
    format!("/wlan/promotions/{}", made["id"].as_str().unwrap())
}

fn plan(app: &TestApp) -> Value {
    json!({
        "season": "2011-autumn", "activity": "startup-elite", "format": "lecture",
        "campus_id": app.world.sysu, "title": "创业讲座",
    })
}

/// A draft at Sun Yat-sen University.
fn event(app: &TestApp) -> String {
    let made = app.ambassador(app.world.sysu).post("/events", plan(app)).created();
    format!("/events/{}", made["id"].as_str().unwrap())
}

/// A scan of somebody by a phone.
fn scan(app: &TestApp) -> Value {
    json!({
        "scan_id": BoothId::new(), "device_id": BoothId::new(), "participant_id": student_id(app),
        "scanned_at": "2011-09-10T06:00:00Z", "sent_at": "2011-09-10T06:00:00Z",
    })
}

/// An approved event of Sun Yat-sen University.
fn approved(app: &TestApp) -> String {
    list(app).replace("/registrations", "")
}

/// A scan of such an event that was not let in.
fn scanned(app: &TestApp) -> String {
    let body = scan(app);
    app.ambassador(app.world.sysu).post(&(approved(app) + "/check-ins"), body.clone()).ok();
    format!("/check-ins/{}", body["scan_id"].as_str().unwrap())
}

/// A scan of such an event from a phone that was revoked.
fn quarantined(app: &TestApp) {
    let finder = app.ambassador(app.world.sysu);
    planned::revoke_device(app, &finder);
    finder.post(&(approved(app) + "/check-ins"), scan(app)).ok();
}

/// A booth of Sun Yat-sen University that nobody counted yesterday.
fn booth_of_yesterday(app: &TestApp) {
    let mut body = booth_body(app);
    (body["opens_on"], body["closes_on"]) = (json!("2011-08-19"), json!("2011-08-19"));
    app.ambassador(app.world.sysu).post("/booths", body).created();
}

/// A WLAN promotion there that waits for approval.
fn submitted_promotion(app: &TestApp) {
    let lin = app.ambassador(app.world.sysu);
    let made = lin.post("/wlan/promotions", promotion_body(app)).created();
    let path = format!("/wlan/promotions/{}/transitions", made["id"].as_str().unwrap());
    lin.call("POST", &path).if_match(1).send(Some(json!({ "action": "submit" }))).ok();
}

rows! {
    check_health Public |_| get("/healthz");
    check_readiness Public |_| get("/readyz");
    show_openapi Public |_| get("/openapi.json");
    move_clock Unscoped |_| send("/clock", json!({ "now": "2011-08-20T00:00:00Z" }));

    log_in Public |_| send("/auth/login", json!({ "phone": "13000000009", "password": "x" }));
    refresh_tokens Public |_| send("/auth/refresh", json!({ "refresh_token": "x" }));
    log_out Unscoped |_| send("/auth/logout", json!({}));
    change_password Unscoped |_| send("/auth/password", json!({}));
    list_sessions Unscoped |_| get("/auth/sessions");
    end_session Unscoped |app| {
        // Everybody's own sessions exist for themselves alone; an id of nobody is 404 for
        // all, so the row asks with one that cannot be read.
        let _ = app;
        get("/auth/sessions/none")
    };
    show_me Unscoped |_| get("/me");
    show_tasks List |app| {
        submitted_promotion(app);
        get("/me/tasks")
    };
    create_calendar_token Unscoped |_| send("/me/calendar-token", json!({}));
    delete_calendar_token Unscoped |_| get("/me/calendar-token");
    show_calendar Public |app| {
        let made = app.coordinator(GUANGZHOU).post("/me/calendar-token", json!({})).created();
        get(made["link"].as_str().unwrap().trim_start_matches("/api/v1"))
    };
    list_unreconciled List |_| get("/reports/unreconciled");

    list_audit List |_| get("/audit");
    show_summary List |_| get("/reports/summary?by=campus");
    export_summary List |_| get("/reports/summary.csv?by=campus");
    list_facts List |_| get("/reports/facts?figure=planned");

    list_users List |_| get("/users");
    create_user Unscoped |_| send("/users", json!({}));
    show_user Row |app| get(colleague(app));
    update_user Row |app| send(colleague(app), json!({ "name": "Lin" })).version(1);
    deactivate_user Row |app| send(colleague(app) + "/deactivate", json!({})).version(1);
    reset_password Row |app| send(colleague(app) + "/reset-password", json!({})).version(1);

    list_seasons Unscoped |_| get("/seasons");
    show_season Unscoped |_| get("/seasons/2011-autumn");
    list_themes Unscoped |_| get("/themes");
    list_activities Unscoped |_| get("/activities?season=2011-autumn");
    show_activity Unscoped |_| get("/activities/new-phone?season=2011-autumn");
    list_handset_models Unscoped |_| get("/handset-models?season=2011-autumn");
    create_handset_model Unscoped |_| send("/handset-models", json!({}));
    update_handset_model Unscoped |app| send(handset(app), json!({ "note": "x" })).version(1);

    // Everybody may look up every campus; changing one is for its own city.
    list_cities Unscoped |_| get("/cities");
    list_campuses Unscoped |_| get("/campuses?q=中山");
    show_campus Unscoped |app| get(format!("/campuses/{}", app.world.sysu));
    create_campus Unscoped |_| send("/campuses", json!({}));
    update_campus Row |app| {
        send(format!("/campuses/{}", app.world.sysu), json!({ "startup_focus": true })).version(1)
    };
    list_venues Row |app| get(format!("/campuses/{}/venues", app.world.sysu));
    create_venue Row |app| {
        let body = json!({ "name": VenueId::new(), "capacity": 300 });
        send(format!("/campuses/{}/venues", app.world.sysu), body)
    };
    update_venue Row |app| send(hall(app), json!({ "capacity": 200 })).version(1);
    import_campuses Unscoped |_| send("/imports/campuses?dry_run=true", json!({}));
    import_people Unscoped |_| send("/imports/people?dry_run=true", json!({}));
    import_participants Unscoped |_| send("/imports/participants?dry_run=true", json!({}));
    import_calendar Unscoped |_| send("/imports/calendar?dry_run=true", json!({}));

    list_participants List |_| get("/participants");
    register_participant Row |app| send("/participants", student(app));
    show_participant Row |app| get(participant(app));
    change_participant Row |app| send(participant(app), json!({ "name": "王" })).version(1);
    erase_participant Row |app| get(participant(app)).version(1);
    show_pass Row |app| get(participant(app) + "/pass");
    revoke_pass Row |app| send(participant(app) + "/pass/revoke", json!({}));
    show_pass_keys Public |_| get("/.well-known/jwks.json");

    list_registrations Row |app| get(list(app));
    register_for_event Row |app| send(list(app), json!({ "participant_id": student_id(app) }));
    cancel_registration Row |app| get(registration(app));
    register_many Row |app| {
        let items = [json!({ "participant_id": student_id(app) })];
        send(list(app) + "/batch", json!({ "items": items }))
    };

    list_booths List |_| get("/booths");
    create_booth Row |app| send("/booths", booth_body(app));
    list_missing_tallies List |app| {
        booth_of_yesterday(app);
        get("/booths/missing-tallies")
    };
    show_booth Row |app| get(booth(app));
    update_booth Row |app| send(booth(app), json!({ "kind": "tent" })).version(1);
    delete_booth Row |app| get(booth(app)).version(1);
    show_tally Row |app| get(booth(app) + "/tallies/2011-09-01");
    put_tally Row |app| send(
        booth(app) + "/tallies/2011-09-01",
        json!({ "visitors": 1, "installs": 0, "purchases": 0, "cards": 0 }),
    );

    list_promotions List |_| get("/wlan/promotions");
    create_promotion Row |app| send("/wlan/promotions", promotion_body(app));
    show_promotion Row |app| get(promotion(app));
    update_promotion Row |app| send(promotion(app), json!({ "ssid": "MM" })).version(1);
    delete_promotion Row |app| get(promotion(app)).version(1);
    move_promotion Row |app| {
        send(promotion(app) + "/transitions", json!({ "action": "cancel" })).version(1)
    };
    list_promotion_history Row |app| get(promotion(app) + "/history");
    list_access_points Row |app| get(promotion(app) + "/access-points");
    create_access_point Row |app| send(
        promotion(app) + "/access-points",
        json!({ "name": "Hall 3", "mac": "00:1b:63:84:45:e6" }),
    );

    list_materials Unscoped |_| get("/materials");
    create_material Unscoped |_| send("/materials", json!({}));
    list_stock List |_| get("/stock");
    list_movements List |_| get("/movements");
    create_movement Row |app| send("/movements", loss(app));
    create_movements Unscoped |_| send("/movements/batch", json!({ "items": [] }));
    accept_movement Row |app| send(delivery(app) + "/accept", json!({}));
    reject_movement Row |app| send(delivery(app) + "/reject", json!({}));
    list_events List |app| {
        event(app);
        get("/events")
    };
    create_event Row |app| send("/events", plan(app));
    show_event Row |app| get(event(app));
    update_event Row |app| send(event(app), json!({ "title": "x" })).version(1);
    delete_event Row |app| get(event(app)).version(1);
    list_event_history Row |app| get(event(app) + "/history");
    show_venue_slots Row |app| get(hall(app) + "/slots?date=2011-09-03");
    list_event_findings Row |app| get(event(app) + "/findings");
    move_event Row |app| {
        send(event(app) + "/transitions", json!({ "action": "submit" })).version(1)
    };
    move_events Unscoped |_| send("/events/transitions", json!({}));

    check_in_at_event Row |app| send(approved(app) + "/check-ins", scan(app));
    check_in_at_booth Row |app| send(booth(app) + "/check-ins", scan(app));
    upload_check_ins Unscoped |_| send("/check-ins/batch", json!({
        "device_id": BoothId::new(), "device_seq_high": 0, "sent_at": "2011-09-10T06:00:00Z",
        "items": [],
    }));
    annul_check_in Row |app| send(scanned(app) + "/annul", json!({ "reason": "x" }));
    resolve_check_in Row |app| {
        send(scanned(app) + "/resolve", json!({ "decision": "reject", "reason": "x" }))
    };
    list_check_ins Row |app| get(approved(app) + "/check-ins");
    show_attendance Row |app| get(approved(app) + "/attendance");
    list_quarantined List |app| {
        quarantined(app);
        get("/check-ins/quarantined")
    };
    list_conflicts Row |app| get(approved(app) + "/conflicts");
}
