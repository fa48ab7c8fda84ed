//! What to try on the demonstration, as lines for a shell: from the first sign-in to the
//! first scan. `tests/demo.rs` runs them as they are printed.

use std::net::SocketAddr;

use serde_json::json;

use super::cast::{Account, Cast};
use crate::{
    accounts::Role,
    platform::ids::{DeviceId, ScanId},
};

/// Some lines that belong together.
pub struct Step {
    pub what: &'static str,
    pub lines: Vec<String>,
}

const JSON: &str = "-H 'Content-Type: application/json'";

/// In their order: later lines use what earlier ones kept.
pub fn steps(address: SocketAddr, cast: &Cast) -> Vec<Step> {
    let step = |what, lines: Vec<String>| Step { what, lines };
    let keep = |role: Role| sign_in(cast, role);
    let get = |path: &str| call(Role::Ambassador, path, "");
    let Some(student) = cast.participants.first() else { return Vec::new() };
    let pass = format!("/participants/{student}/pass");
    let enrol = json!({ "participant_id": student });
    vec![
        step(
            "Sign in as the ambassador and keep the token",
            vec![format!("API=http://{address}/api/v1"), keep(Role::Ambassador), get("/me")],
        ),
        step(
            "Look around: what can be planned, where, and with whom",
            vec![
                get("/activities?season=2011-autumn&limit=3"),
                get(&format!("/campuses/{}", cast.campus)),
                get("/participants?limit=3"),
            ],
        ),
        step("Draft a lecture for 3 September; see what is found; submit", {
            let draft = call(Role::Ambassador, "/events", &body(&lecture(cast)));
            vec![
                format!(r#"EVENT=$({draft} | sed -n 's/^{{"id":"\([^"]*\)".*/\1/p')"#),
                get("/events/$EVENT/findings"),
                take(Role::Ambassador, 1, "submit"),
            ]
        }),
        step(
            "The liaison endorses it, the coordinator approves it",
            vec![
                keep(Role::Liaison),
                take(Role::Liaison, 2, "endorse"),
                keep(Role::Coordinator),
                take(Role::Coordinator, 3, "approve"),
            ],
        ),
        step(
            "A student is coming: the place, the pass as a QR code in pass.svg, and its token",
            vec![
                call(Role::Ambassador, "/events/$EVENT/registrations", &body(&enrol)),
                call(Role::Ambassador, &pass, " -H 'Accept: image/svg+xml' -o pass.svg"),
                format!(r#"PASS=$({} | sed -n 's/.*"pass":"\([^"]*\)".*/\1/p')"#, get(&pass)),
            ],
        ),
        step("The day comes: the province moves the training clock", {
            let day = json!({ "now": "2011-09-03T01:45:00.000Z" });
            vec![keep(Role::Province), call(Role::Province, "/clock", &body(&day))]
        }),
        step(
            "At the door: admitted once; a second scan, by another phone, is a duplicate",
            vec![scan(1), scan(2), get("/events/$EVENT/attendance")],
        ),
        step(
            "What it comes to",
            vec![call(Role::Province, "/reports/summary?season=2011-autumn&by=campus", "")],
        ),
    ]
}

/// The shell variable that keeps the token of a role.
fn token(role: Role) -> String {
    role.word().to_uppercase()
}

fn sign_in(cast: &Cast, role: Role) -> String {
    let account = cast.accounts.iter().find(|account| account.role == role);
    let (phone, password) = match account {
        Some(Account { phone, password, .. }) => (phone.as_str(), password.as_str()),
        None => ("", ""),
    };
    let body = body(&json!({ "phone": phone, "password": password }));
    let find = r#"sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'"#;
    format!(r#"{}=$(curl -sw '\n' "$API/auth/login"{body} | {find})"#, token(role))
}

fn call(role: Role, path: &str, rest: &str) -> String {
    format!(r#"curl -sw '\n' "$API{path}" -H "Authorization: Bearer ${}"{rest}"#, token(role))
}

fn body(json: &serde_json::Value) -> String {
    format!(" {JSON} -d '{json}'")
}

/// A step of the event in the version it has by then.
fn take(role: Role, version: u8, action: &str) -> String {
    let rest = format!(r#" -H 'If-Match: "{version}"'{}"#, body(&json!({ "action": action })));
    call(role, "/events/$EVENT/transitions", &rest)
}

/// The pass stands in a variable, so it leaves the quotes.
fn scan(number: u8) -> String {
    let at = "2011-09-03T01:45:00.000Z";
    let scan = json!({
        "scan_id": ScanId::new(), "pass": "PASS", "scanned_at": at, "sent_at": at,
        "device_id": DeviceId::new(), "device_seq": number, "mode": "online",
    });
    let body = body(&scan).replace("\"PASS\"", "\"'$PASS'\"");
    call(Role::Ambassador, "/events/$EVENT/check-ins", &body)
}

fn lecture(cast: &Cast) -> serde_json::Value {
    let lead = cast.accounts.first().map(|account| account.id);
    json!({
        "season": "2011-autumn", "activity": "startup-elite", "format": "lecture",
        "campus_id": cast.campus, "venue_id": cast.hall, "title": "MM创业讲座",
        "plan": "两位创业者讲述起步。", "capacity": 200, "lead_id": lead,
        "publicity": [{ "medium": "bbs", "from": "2011-08-27" }],
        "starts_at": "2011-09-03T02:00:00.000Z", "ends_at": "2011-09-03T04:00:00.000Z",
    })
}
