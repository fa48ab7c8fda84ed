//! What every request meets, whatever it asks for.

mod away;
mod bodies;
mod everywhere;

use serde_json::{Value, json};

use crate::support::TestApp;

#[test]
fn every_refusal_is_a_problem_with_a_listed_code() {
    let app = TestApp::start();
    let lin = app.ambassador(app.world.sysu);
    let login = |body: &str, kind: &str| {
        lin.call("POST", "/auth/login").header("content-type", kind).send_raw(body.as_bytes())
    };
    const JSON: &str = "application/json";
    login("{", JSON).refused(400, "request.malformed");
    login("{} x", JSON).refused(400, "request.malformed");
    let unknown = login(r#"{"phone":"13800138000","password":"x","admin":true}"#, JSON);
    assert_eq!(unknown.refused(400, "request.body")["errors"][0]["pointer"], "/admin");
    let wrong_type = login(r#"{"phone":"13800138000","password":7}"#, JSON);
    assert_eq!(wrong_type.refused(400, "request.body")["errors"][0]["pointer"], "/password");
    login(r#"{"phone":"13800138000","password":"x"}"#, "text/plain")
        .refused(415, "request.media_type");
    login(&format!(r#"{{"phone":"{}"}}"#, "1".repeat(300_000)), JSON)
        .refused(413, "request.too_large");
    lin.get("/nothing/here").refused(404, "request.no_such_path");
    let wrong_method = lin.call("PATCH", "/auth/login").send(None);
    wrong_method.refused(405, "request.method");
    assert_eq!(wrong_method.header("allow"), Some("POST"));
    lin.call("DELETE", "/auth/sessions/not-an-id").send(None).refused(400, "request.path");
}

#[test]
fn messages_come_in_the_language_asked_for() {
    let app = TestApp::start();
    let ask = |language: &str| {
        let call = app.stranger();
        let answer = call.call("GET", "/me").header("accept-language", language).send(None);
        answer.refused(401, "auth.required")["title"].as_str().unwrap().to_owned()
    };
    assert_eq!(ask("en-GB,en;q=0.9"), "Sign in first");
    assert_eq!(ask("fr, zh;q=0.5, en;q=0.4"), "请先登录");
    let silent = app.stranger().get("/me").refused(401, "auth.required");
    assert_eq!(silent["title"], "请先登录");
}

#[test]
fn answers_carry_their_request_id_and_safe_headers() {
    let app = TestApp::start();
    let answer = app.stranger().get("/me");
    let problem = answer.refused(401, "auth.required");
    assert_eq!(answer.header("x-request-id"), problem["request_id"].as_str());
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.header("training-clock").unwrap().starts_with("2011-08-20T04:00:"));
}

#[test]
fn the_served_document_is_the_committed_one() {
    let app = TestApp::start();
    let served: Value = app.stranger().get("/openapi.json").ok();
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/api-spec/openapi.json");
    let committed: Value =
        serde_json::from_str(&std::fs::read_to_string(committed).unwrap()).unwrap();
    assert_eq!(served, committed, "run scripts/bless");
    let text = served.to_string();
    for (at, _) in text.match_indices("#/components/schemas/") {
        let name = text[at + 21..].split('"').next().unwrap();
        assert_ne!(served["components"]["schemas"][name], json!(null), "{name} is not described");
    }
}

#[test]
fn the_server_says_that_it_is_ready() {
    let app = TestApp::start();
    assert_eq!(app.stranger().get("//healthz").ok()["status"], "ok");
    assert_eq!(app.stranger().get("//readyz").ok()["status"], "ok");
}
