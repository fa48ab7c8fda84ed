//! Every endpoint × nobody, each role in scope, each role out of scope. A new endpoint
//! without a row here fails the first test; the policy says what the others expect.

mod rows;

use campus_ops::{
    accounts::{
        Role,
        policy::{Action, may_ever},
    },
    app::endpoints,
    platform::http::{draft::Guard, endpoint::Endpoint},
};
use serde_json::Value;

use crate::support::{
    Actor, Answer, TestApp,
    world::{GUANGZHOU, SHANTOU},
};

/// How scope shows at an endpoint.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// For everybody, signed in or not.
    Public,
    /// About the caller alone, or the same for all who may.
    Unscoped,
    /// About one row at Sun Yat-sen University: 404 from elsewhere.
    Row,
    /// A list: a caller from elsewhere gets no row of Sun Yat-sen University.
    List,
}

/// A request to try, made anew for each caller, since it may change what it is about.
pub struct Try {
    pub path: String,
    pub body: Option<Value>,
    pub version: Option<i64>,
}

/// The row of an endpoint.
pub struct Row {
    pub operation: &'static str,
    pub kind: Kind,
    pub make: fn(&TestApp) -> Try,
}

pub fn send(actor: &Actor, endpoint: &Endpoint, row: &Row, app: &TestApp) -> Answer {
    let attempt = (row.make)(app);
    let root = if endpoint.at_root { "/" } else { "" };
    let mut call = actor.call(endpoint.method.as_str(), &format!("{root}{}", attempt.path));
    if let Some(version) = attempt.version {
        call = call.if_match(version);
    }
    call.send(attempt.body)
}

pub fn here(app: &TestApp, role: Role) -> Actor {
    match role {
        Role::Ambassador => app.ambassador(app.world.sysu),
        Role::Liaison => app.liaison(app.world.sysu),
        Role::Coordinator => app.coordinator(GUANGZHOU),
        Role::Province => app.province(),
        Role::Auditor => app.auditor(),
    }
}

fn elsewhere(app: &TestApp, role: Role) -> Option<Actor> {
    match role {
        Role::Ambassador => Some(app.ambassador(app.world.shantou)),
        Role::Liaison => Some(app.liaison(app.world.shantou)),
        Role::Coordinator => Some(app.coordinator(SHANTOU)),
        Role::Province | Role::Auditor => None,
    }
}

/// The table with its rows.
pub fn table() -> Vec<(Endpoint, &'static Row)> {
    let rows = rows::all();
    endpoints::all()
        .into_iter()
        .map(|endpoint| {
            let row = rows.iter().find(|row| row.operation == endpoint.operation_id);
            let row = row.unwrap_or_else(|| panic!("{} has no row", endpoint.operation_id));
            (endpoint, row)
        })
        .collect()
}

fn action(endpoint: &Endpoint) -> Option<Action> {
    match endpoint.guard {
        Guard::Anyone => None,
        Guard::May(name) => Action::ALL.iter().copied().find(|action| action.name() == name),
    }
}

#[test]
fn every_endpoint_has_a_row_and_every_row_an_endpoint() {
    let known: Vec<&str> = table().iter().map(|(endpoint, _)| endpoint.operation_id).collect();
    for row in rows::all() {
        assert!(known.contains(&row.operation), "{} is no endpoint", row.operation);
    }
    for (endpoint, row) in table() {
        let public = endpoint.guard == Guard::Anyone;
        assert_eq!(public, row.kind == Kind::Public, "{}", row.operation);
    }
}

#[test]
fn nobody_gets_in_without_signing_in() {
    let app = TestApp::start();
    for (endpoint, row) in table() {
        if row.kind == Kind::Public {
            continue;
        }
        let answer = send(&app.stranger(), &endpoint, row, &app);
        assert_eq!(answer.status, 401, "{}: {}", row.operation, answer.text);
    }
}

#[test]
fn a_role_in_scope_does_what_the_policy_allows_and_no_more() {
    let app = TestApp::start();
    for (endpoint, row) in table() {
        let Some(action) = action(&endpoint) else { continue };
        for role in Role::ALL {
            let answer = send(&here(&app, *role), &endpoint, row, &app);
            let what = format!("{} by {role}: {} {}", row.operation, answer.status, answer.text);
            if may_ever(*role, action) {
                assert!(!matches!(answer.status, 401 | 404 | 500..), "{what}");
            } else {
                assert_eq!(answer.status, 403, "{what}");
            }
        }
    }
}

#[test]
fn a_role_out_of_scope_finds_nothing() {
    let app = TestApp::start();
    for (endpoint, row) in table() {
        let Some(action) = action(&endpoint) else { continue };
        for role in Role::ALL {
            let Some(actor) = elsewhere(&app, *role) else { continue };
            if !may_ever(*role, action) {
                continue;
            }
            let answer = send(&actor, &endpoint, row, &app);
            let what = format!("{} by {role}: {} {}", row.operation, answer.status, answer.text);
            match row.kind {
                Kind::Row => assert_eq!(answer.status, 404, "{what}"),
                Kind::List => {
                    let campus = app.world.sysu.to_string();
                    assert!(!answer.text.contains(&campus), "{what}");
                }
                Kind::Public | Kind::Unscoped => assert!(answer.status < 500, "{what}"),
            }
        }
    }
}
