//! Every endpoint × what can be wrong with a request before any rule of a room is asked:
//! each answer is a problem with a status and a code that the OpenAPI document names for the
//! operation, in the language asked for, and says nothing of how the server is made.

use std::panic::{AssertUnwindSafe, catch_unwind};

use campus_ops::{
    accounts::{
        Role,
        policy::{Action, may_ever},
    },
    app::endpoints,
    platform::http::{draft::Guard, endpoint::Endpoint},
};
use serde_json::Value;

use crate::{
    access_matrix::{self, Row, Try},
    support::{Actor, Answer, TestApp, actor::Call},
};

/// What must never be read outside: names of tools, types and places of the code.
const INTERNAL: [&str; 10] =
    ["diesel", "sqlite", "postgres", "src/", ".rs", "panick", "struct ", "SELECT ", "::", "serde"];

/// An endpoint, someone who may call it, and a request that would do.
pub struct Case<'a> {
    pub endpoint: &'a Endpoint,
    pub actor: Actor,
    pub good: Try,
    language: &'static str,
    document: &'a Value,
}

/// Tries something at every endpoint, in turn in either language.
pub fn at_every_endpoint(wanted: fn(&Endpoint) -> bool, attempt: fn(&Case<'_>)) {
    let app = TestApp::start();
    let document = app.stranger().get("/openapi.json").ok();
    let table = access_matrix::table();
    let mut failed = Vec::new();
    for (number, (endpoint, row)) in table.iter().enumerate() {
        if !wanted(endpoint) {
            continue;
        }
        // All endpoints are told that fail, not the first alone.
        let case = Case::new(&app, endpoint, row, &document, number);
        if catch_unwind(AssertUnwindSafe(|| attempt(&case))).is_err() {
            failed.push(endpoint.operation_id);
        }
    }
    assert_eq!(failed, Vec::<&str>::new());
}

/// What is to be said about a refusal, beside status and code.
pub struct Said {
    pub problem: Value,
    what: String,
}

impl<'a> Case<'a> {
    fn new(
        app: &TestApp,
        endpoint: &'a Endpoint,
        row: &Row,
        document: &'a Value,
        number: usize,
    ) -> Self {
        let language = if number.is_multiple_of(2) { "en" } else { "zh-CN" };
        let actor = match endpoint.guard {
            Guard::Anyone => app.stranger(),
            Guard::May(name) => {
                let action = Action::ALL.iter().find(|action| action.name() == name).unwrap();
                let roles = [Role::Province, Role::Coordinator, Role::Ambassador, Role::Liaison];
                let role = roles.into_iter().find(|role| may_ever(*role, *action)).unwrap();
                access_matrix::here(app, role)
            }
        };
        Self { endpoint, actor, good: (row.make)(app), language, document }
    }

    /// The path of the good request, with a query of its own if it has one.
    pub fn path(&self) -> String {
        self.full(&self.good.path)
    }

    pub fn full(&self, path: &str) -> String {
        format!("{}{path}", if self.endpoint.at_root { "/" } else { "" })
    }

    /// The path with one more query parameter.
    pub fn with_query(&self, pair: &str) -> String {
        let path = self.path();
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}{pair}")
    }

    pub fn call<'c>(&'c self, method: &str, path: &str) -> Call<'c> {
        self.actor.call(method, path).header("accept-language", self.language)
    }

    /// A call of the endpoint with the version it asks for.
    pub fn versioned(&self, path: &str) -> Call<'_> {
        let call = self.call(self.endpoint.method.as_str(), path);
        match self.good.version {
            Some(version) => call.if_match(version),
            None if self.endpoint.if_match => call.if_match(1),
            None => call,
        }
    }

    /// What the document says of the operation.
    pub fn operation(&self) -> &Value {
        let method = self.endpoint.method.as_str().to_ascii_lowercase();
        &self.document["paths"][self.endpoint.full_path()][method]
    }

    /// The schema a reference leads to.
    pub fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(link) => &self.document["components"]["schemas"][link.rsplit('/').next().unwrap()],
            None => schema,
        }
    }

    /// Refused with this code, which the document names for this operation.
    #[track_caller]
    pub fn refused(&self, answer: &Answer, status: u16, code: &str) -> Said {
        let said = self.well_formed(answer);
        let what = &said.what;
        assert_eq!((answer.status, &said.problem["code"]), (status, &code.into()), "{what}");
        let described = &self.operation()["responses"][status.to_string()]["description"];
        let listed = described.as_str().is_some_and(|text| text.contains(&format!("`{code}`")));
        assert!(listed, "{what}: the document does not name it there: {described}");
        said
    }

    /// A whole problem in the right language.
    #[track_caller]
    pub fn well_formed(&self, answer: &Answer) -> Said {
        let what = format!("{}: {}", self.endpoint.operation_id, answer.text);
        assert!((400..500).contains(&answer.status), "{}: {what}", answer.status);
        let problem = answer.refused(answer.status, answer.json()["code"].as_str().unwrap());
        assert_eq!(answer.header("content-language"), Some(self.language), "{what}");
        let code = problem["code"].as_str().unwrap();
        let lists = endpoints::codes();
        let known = lists.iter().flat_map(|list| list.iter()).find(|known| known.name == code);
        let known = known.unwrap_or_else(|| panic!("{what}: the code is in no list"));
        let title = if self.language == "en" { known.en } else { known.zh };
        assert_eq!(problem["title"], title, "{what}");
        for error in problem["errors"].as_array().unwrap() {
            for member in ["pointer", "code", "message"] {
                assert!(error[member].is_string(), "{what}: no {member}");
            }
        }
        let leak = INTERNAL.iter().find(|word| answer.text.contains(*word));
        assert_eq!(leak, None, "{what}");
        Said { problem, what }
    }
}

impl Said {
    /// The first error is about this member.
    #[track_caller]
    pub fn about(&self, pointer: &str) {
        let found = self.problem["errors"][0]["pointer"].as_str();
        let fits = found.is_some_and(|found| {
            found.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        assert!(fits, "{}: nothing about {pointer}", self.what);
    }
}

#[test]
fn a_method_that_is_not_there_is_told_those_that_are() {
    at_every_endpoint(
        |_| true,
        |case| {
            let path = case.endpoint.full_path();
            let all = endpoints::all();
            let there: Vec<&str> =
                all.iter().filter(|e| e.full_path() == path).map(|e| e.method.as_str()).collect();
            let others = ["GET", "PUT", "PATCH", "DELETE", "POST"];
            let wrong = others.into_iter().find(|method| !there.contains(method)).unwrap();
            let answer = case.call(wrong, &case.path()).send(None);
            let code = case.well_formed(&answer).problem["code"].clone();
            assert_eq!((answer.status, code), (405, "request.method".into()), "{wrong} {path}");
            let allow = answer.header("allow").unwrap();
            assert!(there.iter().all(|method| allow.contains(method)), "{path}: {allow}");
        },
    );
}

#[test]
fn an_id_that_cannot_be_read_is_told() {
    at_every_endpoint(
        |endpoint| endpoint.path.contains('{'),
        |case| {
            let mut path = case.endpoint.path.to_owned();
            while let Some((before, rest)) = path.split_once('{') {
                let (_, after) = rest.split_once('}').unwrap();
                path = format!("{before}no such thing{after}");
            }
            let answer = case.versioned(&case.full(&path)).send(case.good.body.clone());
            let parameters = case.operation()["parameters"].as_array().unwrap();
            let mut of_path = parameters.iter().filter(|one| one["in"] == "path");
            if of_path.any(|one| case.resolved(&one["schema"])["format"] == "uuid") {
                case.refused(&answer, 400, "request.path");
            } else {
                case.well_formed(&answer);
                assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.text);
            }
        },
    );
}

#[test]
fn a_query_that_cannot_be_read_is_told() {
    at_every_endpoint(
        |endpoint| !endpoint.at_root,
        |case| {
            let send =
                |pair: &str| case.versioned(&case.with_query(pair)).send(case.good.body.clone());
            let said = case.refused(&send("no_such_parameter=1"), 400, "request.query");
            said.about("?no_such_parameter");
            let parameters = case.operation()["parameters"].as_array();
            if !parameters.into_iter().flatten().any(|one| one["name"] == "cursor") {
                return;
            }
            for pair in ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=1&limit=2"] {
                case.refused(&send(pair), 400, "request.query").about("?limit");
            }
            for pair in ["cursor=x", "cursor=e30", "cursor="] {
                case.refused(&send(pair), 400, "request.cursor");
            }
        },
    );
}

#[test]
fn a_version_must_be_named() {
    at_every_endpoint(
        |endpoint| endpoint.if_match,
        |case| {
            let method = case.endpoint.method.as_str();
            let send = |value: Option<&str>| {
                let mut call = case.call(method, &case.path());
                if let Some(value) = value {
                    call = call.header("if-match", value);
                }
                call.send(case.good.body.clone())
            };
            case.refused(&send(None), 428, "request.if_match_missing");
            for unreadable in ["3", "*", "\"x\"", "W/\"1\"", "\"\""] {
                case.refused(&send(Some(unreadable)), 400, "request.header");
            }
            case.refused(&send(Some("\"999\"")), 412, "request.stale_version");
        },
    );
}

#[test]
fn a_retry_key_must_be_one() {
    at_every_endpoint(
        |endpoint| endpoint.idempotent,
        |case| {
            for key in ["", &"k".repeat(256), "a\tb"] {
                let call = case.versioned(&case.path()).key(key);
                case.refused(&call.send(case.good.body.clone()), 400, "request.header");
            }
        },
    );
}
