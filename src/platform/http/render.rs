//! From a fault to problem+json. Rendering happens in a middleware, where the request's
//! id and language are known; everything that fails on the way, also inside the
//! framework, comes out through here.

use actix_web::{
    Error, HttpMessage, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::{StatusCode, header},
    middleware::Next,
};
use serde_json::{Value, json};

use super::{codes::Refusal, request::Request};
use crate::platform::fault::{Fault, FieldError, Problem, Refuse, Words};

/// The languages messages come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Zh,
    En,
}

impl Language {
    /// The first language of `Accept-Language` that we speak; Chinese when there is none.
    pub fn of(accept: Option<&str>) -> Self {
        let mut best = (Self::Zh, 0.0_f32);
        for range in accept.unwrap_or("").split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or("").trim().to_ascii_lowercase();
            let weight = parts.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok());
            let weight: f32 = weight.unwrap_or(1.0);
            let language = match tag.split('-').next() {
                Some("zh") => Self::Zh,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    /// `Content-Language` and the language of the text chosen from `words`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    pub fn say(self, words: &Words) -> &str {
        self.pick(&words.zh, &words.en)
    }
}

impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        let status = match self {
            Self::Refused(problem) => problem.code.status,
            Self::Busy(_) | Self::Collision(_) => 503,
            Self::Bug(_) => 500,
        };
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// Turns every failed answer below it into problem+json and logs what is ours to mend.
pub async fn problems(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let about = req.extensions().get::<Request>().cloned().unwrap_or_default();
    let res = match next.call(req).await {
        Ok(res) => res,
        Err(error) => return Err(error),
    };
    let status = res.status();
    let failed = status.is_client_error() || status.is_server_error();
    if !failed || res.response().extensions().get::<Rendered>().is_some() {
        return Ok(res.map_into_boxed_body());
    }
    let body = match res.response().error() {
        Some(error) => from_error(error, status, &about),
        None => answer(&fallback(status).problem(), &about),
    };
    let (req, _) = res.into_parts();
    Ok(ServiceResponse::new(req, body))
}

/// Marks an answer that already is what the client shall see.
pub struct Rendered;

fn from_error(error: &Error, status: StatusCode, about: &Request) -> HttpResponse {
    if let Some(payload) = error.as_error::<PayloadError>() {
        let refusal = match payload {
            PayloadError::Overflow => Refusal::TooLarge,
            _ => Refusal::Malformed,
        };
        return answer(&refusal.problem(), about);
    }
    match error.as_error::<Fault>() {
        Some(Fault::Refused(problem)) => answer(problem, about),
        Some(Fault::Busy(why)) => {
            tracing::warn!(request_id = %about.id, why, "store busy");
            answer(&Refusal::Busy.problem().retry_after(1), about)
        }
        Some(Fault::Collision(cause)) => {
            tracing::warn!(request_id = %about.id, cause, "gave up after collisions");
            answer(&Refusal::Busy.problem().retry_after(1), about)
        }
        Some(Fault::Bug(cause)) => {
            tracing::error!(request_id = %about.id, cause, "defect");
            answer(&Refusal::Internal.problem(), about)
        }
        None => {
            if status.is_server_error() {
                tracing::error!(request_id = %about.id, cause = %error, "defect");
            }
            answer(&fallback(status).problem(), about)
        }
    }
}

/// What the framework refuses by itself has no fault of ours; its status tells enough.
fn fallback(status: StatusCode) -> Refusal {
    match status.as_u16() {
        404 => Refusal::NoSuchPath,
        405 => Refusal::WrongMethod,
        413 => Refusal::TooLarge,
        415 => Refusal::WrongMediaType,
        429 => Refusal::TooMany,
        503 => Refusal::Busy,
        500.. => Refusal::Internal,
        _ => Refusal::Malformed,
    }
}

/// The problem as an answer in the request's language.
pub fn answer(problem: &Problem, about: &Request) -> HttpResponse {
    let code = problem.code;
    let status = StatusCode::from_u16(code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut res = HttpResponse::build(status);
    res.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    res.insert_header((header::CONTENT_LANGUAGE, about.language.tag()));
    res.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(seconds) = problem.retry_after {
        res.insert_header((header::RETRY_AFTER, seconds));
    }
    if let Some(allow) = &problem.allow {
        res.insert_header((header::ALLOW, allow.as_str()));
    }
    if status == StatusCode::UNAUTHORIZED {
        res.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    res.extensions_mut().insert(Rendered);
    res.body(document(problem, about).to_string())
}

/// The members of the problem document; also used for one result among many.
pub fn document(problem: &Problem, about: &Request) -> Value {
    let code = problem.code;
    let title = about.language.pick(code.zh, code.en);
    let detail = problem.detail.as_ref().map_or(title, |words| about.language.say(words));
    let errors: Vec<Value> =
        problem.errors.iter().map(|error| field(error, about.language)).collect();
    json!({
        "type": format!("urn:campus-ops:problem:{}", code.name),
        "title": title,
        "status": code.status,
        "detail": detail,
        "code": code.name,
        "request_id": about.id,
        "errors": errors,
    })
}

fn field(error: &FieldError, language: Language) -> Value {
    let mut member = json!({
        "pointer": error.pointer,
        "code": error.code,
        "message": language.say(&error.message),
    });
    if let Some(data) = &error.data {
        member["data"] = data.clone();
    }
    member
}
