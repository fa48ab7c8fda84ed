//! The store goes away and comes back: 503 with `Retry-After` meanwhile, and no restart.

use serde_json::json;

use crate::support::{TestApp, database::Database};

#[test]
fn without_its_database_the_service_is_busy_and_comes_back() {
    let Some(database) = Database::postgres() else { return };
    let app = TestApp::on(database);
    let lin = app.ambassador(app.world.sysu);
    let booth = json!({
        "season": "2011-autumn", "campus_id": app.world.sysu, "kind": "desk", "spot": "A1",
        "opens_on": "2011-09-01", "closes_on": "2011-09-02", "opens_at": "09:00", "closes_at": "10:00",
    });
    let post = || lin.call("POST", "/booths").key("desk").send(Some(booth.clone()));
    lin.get("/booths").ok();

    app.database.goes_away();
    let signed_in = lin.get("/me");
    assert!(matches!(signed_in.status, 200 | 503), "{}", signed_in.text);
    for _ in 0..2 {
        lin.get("/booths").refused(503, "service.busy");
        post().refused(503, "service.busy");
        let stranger = json!({ "phone": lin.phone, "password": "x" });
        app.stranger().post("/auth/login", stranger).refused(503, "service.busy");
    }
    app.stranger().get("//healthz").ok();
    assert_eq!(app.stranger().get("//readyz").status, 503);

    app.database.comes_back();
    // Connections are made in the background: who asks again, as told, is served.
    let back = (0..20).any(|_| lin.get("/booths").status == 200);
    assert!(back, "it does not recover");
    post().created();
    assert_eq!(lin.get("/booths").ok()["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.stranger().get("//readyz").ok()["status"], "ok");
}
