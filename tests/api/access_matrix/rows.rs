//! One row per endpoint: a request that works for somebody in scope.

use campus_ops::platform::ids::{HandsetModelId, VenueId};
use serde_json::{Value, json};

use super::{Kind, Row, Try};
use crate::support::{TestApp, world::GUANGZHOU};

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
    let model = HandsetModelId::new().to_string();
    let body = json!({ "season": SEASON, "brand": "B", "model": model, "active": false });
    let made = app.province().post("/handset-models", body).created();
    format!("/handset-models/{}", made["id"].as_str().unwrap())
}

const SEASON: &str = "2011-autumn";

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
    import_calendar Unscoped |_| send("/imports/calendar?dry_run=true", json!({}));
}
