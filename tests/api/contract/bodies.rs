//! Every endpoint × what can be wrong with a body.

use campus_ops::platform::http::endpoint::Endpoint;
use serde_json::{Value, json};
use utoipa::openapi::RefOr;

use super::everywhere::{Case, at_every_endpoint};

const JSON: &str = "application/json";

/// Whose scans an older server takes from a newer phone: unknown members are let be.
const LENIENT: [&str; 3] = ["check_in_at_event", "check_in_at_booth", "upload_check_ins"];

fn takes_json(endpoint: &Endpoint) -> bool {
    match &endpoint.operation.request_body {
        Some(RefOr::T(body)) => body.content.contains_key(JSON),
        _ => false,
    }
}

fn send(case: &Case<'_>, kind: &str, body: &[u8]) -> crate::support::Answer {
    case.versioned(&case.path()).header("content-type", kind).send_raw(body)
}

#[test]
fn what_is_no_json_is_malformed() {
    at_every_endpoint(takes_json, |case| {
        for body in ["{", "{\"a\":1,}", "nonsense", "\u{feff}{}"] {
            case.refused(&send(case, JSON, body.as_bytes()), 400, "request.malformed");
        }
        case.refused(&send(case, JSON, b"{\"a\":\"\xff\"}"), 400, "request.malformed");
        for body in ["7", "null", "[]", "\"text\"", "true"] {
            case.refused(&send(case, JSON, body.as_bytes()), 400, "request.body").about("");
        }
        let good = case.good.body.clone().unwrap_or(json!({}));
        let twice = format!("{good} {{}}");
        case.refused(&send(case, JSON, twice.as_bytes()), 400, "request.malformed");
    });
}

#[test]
fn a_member_that_is_not_known_or_of_another_type_is_named() {
    at_every_endpoint(takes_json, |case| {
        let good = case.good.body.clone().unwrap_or(json!({}));
        if !LENIENT.contains(&case.endpoint.operation_id) {
            let mut body = json!({ "no_such_member": 1 });
            let answer = send(case, JSON, body.to_string().as_bytes());
            case.refused(&answer, 400, "request.body").about("/no_such_member");
            merge(&mut body, &good);
            let answer = send(case, JSON, body.to_string().as_bytes());
            case.refused(&answer, 400, "request.body");
        }
        let schema = &case.operation()["requestBody"]["content"][JSON]["schema"];
        let members = case.resolved(schema)["properties"].as_object();
        for name in members.into_iter().flatten().map(|(name, _)| name) {
            let mut body = good.clone();
            body[name] = json!([[7]]);
            // Items of a scan batch are read one by one.
            if case.endpoint.operation_id == "upload_check_ins" && name == "items" {
                continue;
            }
            let answer = send(case, JSON, body.to_string().as_bytes());
            // What else is missing may be told first.
            let problem = case.refused(&answer, 400, "request.body").problem;
            let pointer = problem["errors"][0]["pointer"].as_str().unwrap();
            assert!(pointer.starts_with(&format!("/{name}")), "{name}: {problem}");
        }
    });
}

fn merge(into: &mut Value, from: &Value) {
    for (name, value) in from.as_object().unwrap() {
        into[name] = value.clone();
    }
}

#[test]
fn a_body_of_another_kind_or_size_is_refused() {
    at_every_endpoint(
        |endpoint| endpoint.operation.request_body.is_some(),
        |case| {
            let good = case.good.body.clone().unwrap_or(json!({})).to_string();
            for kind in ["text/plain", "application/xml", "", "multipart/form-data; boundary=x"] {
                case.refused(&send(case, kind, good.as_bytes()), 415, "request.media_type");
            }
            let limit = case.endpoint.body_limit.0;
            let kind = if takes_json(case.endpoint) { JSON } else { "text/csv" };
            let large = format!("{}{good}", " ".repeat(limit));
            case.refused(&send(case, kind, large.as_bytes()), 413, "request.too_large");
        },
    );
}

#[test]
fn no_body_at_all_is_the_empty_object() {
    at_every_endpoint(
        |endpoint| endpoint.operation.request_body.is_some(),
        |case| {
            let answer = case.versioned(&case.path()).send(None);
            if answer.status >= 400 {
                let code = answer.json()["code"].as_str().unwrap().to_owned();
                case.refused(&answer, answer.status, &code);
            }
        },
    );
}
