//! One row per endpoint: a request that works for somebody in scope.

use serde_json::{Value, json};

use super::{Kind, Row, Try};
use crate::support::TestApp;

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

rows! {
    check_health Public |_| get("/healthz");
    check_readiness Public |_| get("/readyz");
    show_openapi Public |_| get("/openapi.json");

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
}
