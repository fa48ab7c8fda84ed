//! What every request meets, whatever it asks for.

mod away;
mod bodies;
mod everywhere;

use campus_ops::app::endpoints;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

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

/// The path with something that can be read in every place.
fn filled(path: &str) -> String {
    let part = |part: &str| match part {
        "{date}" => "2011-09-03".to_owned(),
        part if part.starts_with('{') => "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e10".to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Read and found fit by its own rules; whether the rows it names are there is another matter.
fn was_understood(answer: &Answer) -> bool {
    let unread = ["request.invalid", "import.", "malformed"];
    answer.status != 400 && answer.status < 500 && !unread.iter().any(|c| answer.text.contains(c))
}

#[test]
fn every_request_body_has_an_example_that_the_server_understands() {
    let app = TestApp::start();
    let zhou = app.province();
    let document: Value = app.stranger().get("/openapi.json").ok();
    for endpoint in endpoints::all() {
        let (path, method) = (endpoint.full_path(), endpoint.method.as_str());
        let operation = &document["paths"][&path][method.to_lowercase()];
        let Some(forms) = operation["requestBody"]["content"].as_object() else { continue };
        for (media_type, form) in forms {
            let name = form["schema"]["$ref"].as_str().unwrap_or_default();
            let name = name.rsplit('/').next().unwrap();
            let own = &document["components"]["schemas"][name]["example"];
            let example = if form["example"].is_null() { own } else { &form["example"] };
            assert!(!example.is_null(), "{method} {path}: the body {name} has no example");
            let body = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            let call = zhou.call(method, &format!("/{}", filled(&path))).if_match(1);
            let answer = call.header("content-type", media_type).send_raw(body.as_bytes());
            let said = format!("{method} {path}: {} {}", answer.status, answer.text);
            assert!(was_understood(&answer), "{said}\n{body}");
        }
    }
}

#[test]
fn the_server_says_that_it_is_ready() {
    let app = TestApp::start();
    assert_eq!(app.stranger().get("//healthz").ok()["status"], "ok");
    assert_eq!(app.stranger().get("//readyz").ok()["status"], "ok");
}
