//! People of the campaign, signed in, with the verbs of HTTP. Knows a server by its address
//! alone: `tests/season_day` uses it too.

use std::{net::SocketAddr, time::Duration};

use campus_ops::platform::ids::UserId;
use serde_json::{Value, json};
use ureq::http;

use super::answer::Answer;

/// Every test account's password.
pub const PASSWORD: &str = "correct horse battery";

/// Someone with a phone in the hand.
#[derive(Clone)]
pub struct Actor {
    address: SocketAddr,
    agent: ureq::Agent,
    pub token: Option<String>,
    pub user: UserId,
    pub phone: String,
}

/// A request in the making.
pub struct Call<'a> {
    actor: &'a Actor,
    request: http::request::Builder,
    what: String,
}

impl Actor {
    pub fn stranger(address: SocketAddr) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            // Sooner than the server closes a connection that nobody uses.
            .max_idle_age(Duration::from_secs(2))
            .build()
            .into();
        let user = UserId(uuid::Uuid::nil());
        Self { address, agent, token: None, user, phone: String::new() }
    }

    /// Someone whose account has [`PASSWORD`]; `device` is `{ id, name }`, or null for a
    /// device made by the server.
    pub fn sign_in(address: SocketAddr, phone: &str, device: Value) -> Self {
        let mut actor = Self { phone: phone.to_owned(), ..Self::stranger(address) };
        let body = json!({ "phone": phone, "password": PASSWORD, "device": device });
        let tokens = actor.post("/auth/login", body).ok();
        actor.token = Some(tokens["access_token"].as_str().unwrap().to_owned());
        actor.user = tokens["user"]["id"].as_str().unwrap().parse().unwrap();
        actor
    }

    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send(None)
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path).send(Some(body))
    }

    pub fn put(&self, path: &str, body: Value) -> Answer {
        self.call("PUT", path).send(Some(body))
    }

    /// A patch of what has this version.
    pub fn patch(&self, path: &str, version: i64, body: Value) -> Answer {
        self.call("PATCH", path).if_match(version).send(Some(body))
    }

    pub fn delete(&self, path: &str, version: i64) -> Answer {
        self.call("DELETE", path).if_match(version).send(None)
    }

    /// Any request; paths without a leading `//` stand under the API's base.
    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        let path = &escaped(path);
        let url = match path.strip_prefix('/') {
            Some(root) if root.starts_with('/') => format!("http://{}{root}", self.address),
            _ => format!("http://{}/api/v1{path}", self.address),
        };
        let mut request = http::Request::builder().method(method).uri(url);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        Call { actor: self, request, what: format!("{method} {path}") }
    }
}

impl Call<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub fn if_match(self, version: i64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn send(self, body: Option<Value>) -> Answer {
        match body {
            Some(body) => self
                .header("content-type", "application/json")
                .send_raw(body.to_string().as_bytes()),
            None => self.send_raw(b""),
        }
    }

    /// Sends the bytes as they are.
    pub fn send_raw(self, body: &[u8]) -> Answer {
        let request = self.request.body(body.to_vec()).unwrap();
        let config = self.actor.agent.configure_request(request).allow_non_standard_methods(true);
        let mut response = self.actor.agent.run(config.build()).unwrap_or_else(|error| {
            panic!("{}: {error}", self.what);
        });
        let text = response.body_mut().read_to_string().unwrap();
        let status = response.status().as_u16();
        Answer { what: self.what, status, headers: response.headers().clone(), text }
    }
}

/// As a browser sends it: Han characters and spaces percent-encoded.
fn escaped(path: &str) -> String {
    let byte = |b: u8| match b {
        b'!'..=b'~' => char::from(b).to_string(),
        other => format!("%{other:02X}"),
    };
    path.bytes().map(byte).collect()
}
