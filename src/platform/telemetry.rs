//! Logs. What must never stand in them is listed in `docs/LOGGING.md`.

use std::time::Instant as Tick;

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
};
use tracing_subscriber::EnvFilter;

use super::{
    config::{LogFormat, Settings},
    http::{
        render::Language,
        request::{Operation, Request, SignedIn},
    },
    ids::RequestId,
};

/// Starts logging to standard error; called once, by `main`.
pub fn start(settings: &Settings) {
    let filter = settings.log.as_deref().unwrap_or("info");
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        Some(LogFormat::Json) => lines.json().flatten_event(true).init(),
        _ => lines.with_target(false).init(),
    }
}

/// Outermost middleware: gives the request its id and language, and logs how it ended. The
/// route's template is logged, never the path: paths hold identifiers, queries hold texts.
pub async fn trace(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let accept = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let about = Request { id: RequestId::new(), language: Language::of(accept) };
    req.extensions_mut().insert(about);
    let began = Tick::now();
    let mut res = next.call(req).await?;
    let value = header::HeaderValue::from_str(&about.id.to_string());
    if let Ok(value) = value {
        res.headers_mut().insert(header::HeaderName::from_static("x-request-id"), value);
    }
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let route = res.request().match_pattern().unwrap_or_else(|| "(none)".to_owned());
    let extensions = res.request().extensions();
    tracing::info!(
        operation = extensions.get::<Operation>().map(|operation| operation.0),
        method = %res.request().method(),
        route,
        status = res.status().as_u16(),
        micros,
        request_id = %about.id,
        user_id = extensions.get::<SignedIn>().map(|user| tracing::field::display(user.0)),
        "request"
    );
    drop(extensions);
    Ok(res)
}
