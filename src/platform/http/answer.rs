//! What handlers answer: a body with its status, version and caching.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{StatusCode, header},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    draft::{Draft, Output},
    idempotency::Replayable,
    page::Page,
};

/// Resources that have a version answer it as `ETag`.
pub trait Versioned {
    fn version(&self) -> i64;
}

/// 200 with personal or changing content.
pub struct Found<T>(pub T);

/// 200 with an editable resource: its version stands in `ETag`.
pub struct Current<T>(pub T);

/// 201 for what a `POST` made, with `ETag`; says when it is a replay.
pub struct Created<T>(pub Replayable<T>);

/// 200 for what a transition or another repeatable `POST` did, with `ETag`.
pub struct Done<T>(pub Replayable<T>);

/// 200 for what a repeatable `POST` did to many; says when it is a replay.
pub struct DoneMany<T>(pub Replayable<T>);

/// 201 or 200 for a client's own id: made now, or already there.
pub struct Put<T> {
    pub value: T,
    pub created: bool,
}

/// 201 or 200 for a `POST` of what may be there already: made now, or found. Has an `ETag`
/// where there is a version; says when it is a replay.
pub struct Posted<T> {
    pub value: T,
    pub created: bool,
    pub replayed: bool,
    pub version: Option<i64>,
}

/// 200 with one page of a list.
pub struct Listed<T>(pub Page<T>);

/// 204.
pub struct NoContent;

/// 200 with reference data that clients and proxies may keep.
pub struct Reference<T>(pub T);

impl<T> Replayable<T> {
    /// For a `POST` that is no replay by nature.
    pub fn fresh(value: T) -> Self {
        Self { value, replayed: false }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Replayable<U> {
        Replayable { value: change(self.value), replayed: self.replayed }
    }
}

fn unkept(status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut res = HttpResponse::build(status);
    res.insert_header((header::CACHE_CONTROL, "no-store"));
    res
}

fn versioned<T: Serialize + Versioned>(
    status: StatusCode,
    body: &T,
    replayed: bool,
) -> HttpResponse {
    let mut res = unkept(status);
    res.insert_header((header::ETAG, format!("\"{}\"", body.version())));
    if replayed {
        res.insert_header(("Idempotency-Replayed", "true"));
    }
    res.json(body)
}

impl<T: Serialize> Responder for Found<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        unkept(StatusCode::OK).json(self.0)
    }
}

impl<T: Serialize + Versioned> Responder for Current<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        versioned(StatusCode::OK, &self.0, false)
    }
}

impl<T: Serialize + Versioned> Responder for Created<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        versioned(StatusCode::CREATED, &self.0.value, self.0.replayed)
    }
}

impl<T: Serialize + Versioned> Responder for Done<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        versioned(StatusCode::OK, &self.0.value, self.0.replayed)
    }
}

impl<T: Serialize> Responder for DoneMany<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut res = unkept(StatusCode::OK);
        if self.0.replayed {
            res.insert_header(("Idempotency-Replayed", "true"));
        }
        res.json(self.0.value)
    }
}

impl<T: Serialize + Versioned> Responder for Put<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let status = if self.created { StatusCode::CREATED } else { StatusCode::OK };
        versioned(status, &self.value, false)
    }
}

impl<T: Serialize> Responder for Posted<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut res = unkept(if self.created { StatusCode::CREATED } else { StatusCode::OK });
        if let Some(version) = self.version {
            res.insert_header((header::ETAG, format!("\"{version}\"")));
        }
        if self.replayed {
            res.insert_header(("Idempotency-Replayed", "true"));
        }
        res.json(self.value)
    }
}

impl<T: Serialize> Responder for Listed<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        unkept(StatusCode::OK).json(self.0)
    }
}

impl Responder for NoContent {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl<T: Serialize> Responder for Reference<T> {
    type Body = BoxBody;
    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let Ok(body) = serde_json::to_vec(&self.0) else {
            return HttpResponse::InternalServerError().finish();
        };
        let tag = format!("\"{:x}\"", short_hash(&body));
        let known = req.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
        let same = known.is_some_and(|list| list.split(',').any(|t| t.trim() == tag));
        let mut res = if same { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        res.insert_header((header::ETAG, tag));
        res.insert_header((header::CACHE_CONTROL, "private, max-age=60"));
        res.insert_header((header::VARY, "Authorization"));
        if same {
            return res.finish();
        }
        res.content_type("application/json").body(body)
    }
}

fn short_hash(body: &[u8]) -> u64 {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(body);
    hash.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

macro_rules! describes {
    ($($name:ident, $status:literal, $etag:literal, $text:literal;)+) => {$(
        impl<T: ToSchema> Output for $name<T> {
            fn describe(draft: &mut Draft) {
                draft.answer::<T>($status, $text, $etag);
            }
        }
    )+};
}

describes! {
    Found, 200, false, "What you asked for";
    Current, 200, true, "The resource with its version";
    Created, 201, true, "What was made";
    Done, 200, true, "The resource as it is now";
    DoneMany, 200, false, "What became of each";
    Reference, 200, false, "Reference data; may be kept and revalidated by its ETag";
}

impl<T: ToSchema> Output for Put<T> {
    fn describe(draft: &mut Draft) {
        draft.answer::<T>(201, "Made now", true);
        draft.answer::<T>(200, "Already there, or replaced", true);
    }
}

impl<T: ToSchema> Output for Posted<T> {
    fn describe(draft: &mut Draft) {
        draft.answer::<T>(201, "Made now", true);
        draft.answer::<T>(200, "Already there", true);
    }
}

impl<T: ToSchema> Output for Listed<T> {
    fn describe(draft: &mut Draft) {
        draft.answer::<Page<T>>(200, "One page of the list", false);
    }
}

impl Output for NoContent {
    fn describe(draft: &mut Draft) {
        draft.empty(204, "Done; there is nothing to say");
    }
}
