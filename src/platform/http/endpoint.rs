//! One row of the endpoint table: what the server mounts, and what the access matrix, the
//! OpenAPI document, the rate limits and the audit coverage loop over.

use actix_web::{FromRequest, Handler, Responder, Route, http::Method, web};
use utoipa::openapi::{
    RefOr,
    path::{Operation, ParameterIn},
};

use super::{
    body::BodyLimit,
    draft::{Draft, Guard, Input, Output, Schemas},
};
use crate::platform::fault::Code;

/// How often an operation may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rate {
    /// Looking things up.
    Read,
    /// Changing things.
    Write,
    /// Scans at a gate.
    Scan,
    /// Sign-in and refresh: costly and a target.
    SignIn,
}

/// An operation of the API.
pub struct Endpoint {
    pub method: Method,
    /// Path template; under [`BASE`] unless it stands at the root.
    pub path: &'static str,
    pub at_root: bool,
    /// The handler's name, `verb_noun`.
    pub operation_id: &'static str,
    pub guard: Guard,
    pub rate: Rate,
    pub body_limit: BodyLimit,
    pub idempotent: bool,
    pub if_match: bool,
    pub tag: &'static str,
    pub summary: &'static str,
    pub description: &'static str,
    pub refusals: Vec<&'static Code>,
    pub operation: Operation,
    pub schemas: Schemas,
    route: Box<dyn Fn() -> Route + Send + Sync>,
}

/// Where the API stands.
pub const BASE: &str = "/api/v1";

impl Endpoint {
    fn new<F, Args>(method: Method, path: &'static str, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + Input + 'static,
        F::Output: Responder + Output + 'static,
    {
        let mut draft = Draft::new(path);
        Args::describe(&mut draft);
        F::Output::describe(&mut draft);
        let (guard, idempotent, if_match) = (draft.guard, draft.idempotent, draft.if_match);
        let (operation, schemas) = draft.build();
        let name = std::any::type_name::<F>();
        let operation_id = name.rsplit("::").next().unwrap_or(name);
        let guard = guard.unwrap_or_else(|| panic!("{operation_id} does not say who may call it"));
        let verb = method.clone();
        Self {
            rate: if method == Method::GET { Rate::Read } else { Rate::Write },
            method,
            path,
            at_root: false,
            operation_id,
            guard,
            body_limit: BodyLimit::DEFAULT,
            idempotent,
            if_match,
            tag: "",
            summary: "",
            description: "",
            refusals: Vec::new(),
            operation,
            schemas,
            route: Box::new(move || web::method(verb.clone()).to(handler.clone())),
        }
    }

    /// The heading it stands under in the document, one line, and what a caller must know.
    pub fn about(mut self, tag: &'static str, summary: &'static str, text: &'static str) -> Self {
        (self.tag, self.summary, self.description) = (tag, summary, text);
        self
    }

    /// Codes it may answer beside those every operation of its kind may.
    pub fn refuses(mut self, codes: impl IntoIterator<Item = &'static Code>) -> Self {
        self.refusals.extend(codes);
        self
    }

    /// A body as it may come, for the document.
    pub fn example(mut self, body: serde_json::Value) -> Self {
        if let Some(RefOr::T(request)) = &mut self.operation.request_body {
            for content in request.content.values_mut() {
                if let RefOr::T(content) = content {
                    content.example = Some(body.clone());
                }
            }
        }
        self
    }

    pub fn rate(mut self, rate: Rate) -> Self {
        self.rate = rate;
        self
    }

    pub fn body_limit(mut self, limit: BodyLimit) -> Self {
        self.body_limit = limit;
        self
    }

    /// Stands at the root, outside the versioned API.
    pub fn at_root(mut self) -> Self {
        self.at_root = true;
        self
    }

    /// The path with its base.
    pub fn full_path(&self) -> String {
        if self.at_root { self.path.to_owned() } else { format!("{BASE}{}", self.path) }
    }

    /// Whether it takes query parameters at all. What stands at the root is asked by other
    /// programs than ours, which may add some.
    pub fn takes_query(&self) -> bool {
        let mut parameters = self.operation.parameters.iter().flatten();
        self.at_root
            || parameters.any(|parameter| match parameter {
                RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
                RefOr::Ref(_) => false,
            })
    }

    pub fn route(&self) -> Route {
        (self.route)()
    }
}

macro_rules! verbs {
    ($($name:ident $method:ident),+) => {$(
        #[doc = concat!("A row for `", stringify!($method), "`.")]
        pub fn $name<F, Args>(path: &'static str, handler: F) -> Endpoint
        where
            F: Handler<Args> + Send + Sync,
            Args: FromRequest + Input + 'static,
            F::Output: Responder + Output + 'static,
        {
            Endpoint::new(Method::$method, path, handler)
        }
    )+};
}
verbs!(get GET, post POST, patch PATCH, put PUT, delete DELETE);
