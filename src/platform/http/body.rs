//! Reading request bodies: JSON of a known shape whose content keeps its rules.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::{
    codes::Refusal,
    draft::{Draft, Input},
    idempotency::Retry,
    json,
};
use crate::platform::fault::{Fault, FieldError, Problem, Refuse, Words};

/// Largest body of an endpoint, in bytes; set where a route needs another than the default.
#[derive(Clone, Copy)]
pub struct BodyLimit(pub usize);

impl BodyLimit {
    pub const DEFAULT: Self = Self(256 * 1024);
    pub const BATCH: Self = Self(1024 * 1024);
    pub const FILE: Self = Self(5 * 1024 * 1024);

    /// That of the request's endpoint.
    pub fn of(req: &HttpRequest) -> Self {
        req.extensions().get().copied().unwrap_or(Self::DEFAULT)
    }
}

/// A JSON body that was read and validated.
pub struct Valid<T>(pub T);

/// The same for a `POST` that may be repeated: with the caller's idempotency key.
pub struct Once<T> {
    pub value: T,
    pub retry: Option<Retry>,
}

/// The body of a request that needs none.
#[derive(serde::Deserialize, Validate, ToSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct NoBody {}

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Fault>>>>;

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Valid<T> {
    type Error = Fault;
    type Future = Reading<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = read(req, payload);
        Box::pin(async move { parse(&bytes.await?).map(Self) })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Once<T> {
    type Error = Fault;
    type Future = Reading<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let retry = Retry::of(req);
        let bytes = read(req, payload);
        Box::pin(async move {
            let retry = retry?;
            let bytes = bytes.await?;
            let value = parse(&bytes)?;
            let hash = Sha256::digest(&bytes);
            Ok(Self { value, retry: retry.map(|r| r.with_body(hash.into())) })
        })
    }
}

impl<T: ToSchema> Input for Valid<T> {
    fn describe(draft: &mut Draft) {
        draft.body::<T>("application/json");
    }
}

impl<T: ToSchema + 'static> Input for Once<T> {
    fn describe(draft: &mut Draft) {
        draft.idempotent = true;
        draft.header(
            "Idempotency-Key",
            false,
            "Up to 255 characters of your choice. The same key and body within 7 days gets \
             the first answer again, marked `Idempotency-Replayed: true`.",
        );
        if std::any::TypeId::of::<T>() != std::any::TypeId::of::<NoBody>() {
            draft.body::<T>("application/json");
        }
    }
}

/// The whole body within the endpoint's limit.
pub fn read(req: &HttpRequest, payload: &mut Payload) -> Reading<web::Bytes> {
    let limit = BodyLimit::of(req);
    let media_type = media_type(req);
    let payload = web::Payload::from_request(req, payload).into_inner();
    Box::pin(async move {
        let payload = payload.map_err(Fault::bug)?;
        let bytes = match payload.to_bytes_limited(limit.0).await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(_)) => return Err(Refusal::Malformed.into()),
            Err(_) => {
                let kib = limit.0 / 1024;
                return Err(Refusal::TooLarge
                    .problem()
                    .detail(format!("请求体不得超过 {kib} KiB"), format!("At most {kib} KiB"))
                    .into());
            }
        };
        if !bytes.is_empty()
            && !matches!(&*media_type, "application/json" | "application/merge-patch+json")
        {
            return Err(Refusal::WrongMediaType.into());
        }
        Ok(bytes)
    })
}

fn media_type(req: &HttpRequest) -> String {
    let value = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let essence = value.unwrap_or("").split(';').next().unwrap_or("");
    essence.trim().to_ascii_lowercase()
}

fn parse<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T, Fault> {
    let value = json::parse(bytes)?;
    check(&value)?;
    Ok(value)
}

/// 422 with one entry for each broken rule of `validator`.
pub fn check<T: Validate>(value: &T) -> Result<(), Fault> {
    let Err(errors) = value.validate() else { return Ok(()) };
    let mut problem = Refusal::Invalid.problem();
    collect("", &errors, &mut problem);
    Err(problem.into())
}

fn collect(path: &str, errors: &ValidationErrors, problem: &mut Problem) {
    for (field, kind) in errors.errors() {
        let field = field.strip_prefix("r#").unwrap_or(field);
        let here = format!("{path}/{field}");
        match kind {
            ValidationErrorsKind::Field(list) => {
                for error in list {
                    problem.errors.push(FieldError::new(&here, "field.rule", said(error)));
                }
            }
            ValidationErrorsKind::Struct(inner) => collect(&here, inner, problem),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(&format!("{here}/{index}"), inner, problem);
                }
            }
        }
    }
}

/// The sentence for a broken rule of `validator`.
fn said(error: &validator::ValidationError) -> Words {
    let bound = |name: &str| error.params.get(name).map(ToString::to_string);
    match (error.code.as_ref(), bound("min"), bound("max")) {
        ("length", Some(min), Some(max)) => Words::new(
            format!("长度须在 {min} 到 {max} 之间"),
            format!("Its length must be between {min} and {max}"),
        ),
        ("length", None, Some(max)) => {
            Words::new(format!("长度不得超过 {max}"), format!("Its length must be at most {max}"))
        }
        ("length", Some(min), None) => {
            Words::new(format!("长度至少为 {min}"), format!("Its length must be at least {min}"))
        }
        ("range", Some(min), Some(max)) => Words::new(
            format!("须在 {min} 到 {max} 之间"),
            format!("It must be between {min} and {max}"),
        ),
        ("range", Some(min), None) => {
            Words::new(format!("不得小于 {min}"), format!("It must be at least {min}"))
        }
        ("range", None, Some(max)) => {
            Words::new(format!("不得大于 {max}"), format!("It must be at most {max}"))
        }
        ("blank", ..) => Words::new("不能为空白", "It must not be blank"),
        (code, ..) => {
            Words::new(format!("不符合规则：{code}"), format!("It breaks the rule: {code}"))
        }
    }
}

/// A text that must say something, for `#[validate(custom(function = "not_blank"))]`.
pub fn not_blank(text: &str) -> Result<(), validator::ValidationError> {
    if text.trim().is_empty() { Err(validator::ValidationError::new("blank")) } else { Ok(()) }
}
