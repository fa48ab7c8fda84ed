//! What operators and tools ask the server: is it alive, is it ready, what does it speak.

use actix_web::{HttpResponse, Responder, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::openapi::Document;
use crate::{
    accounts::Anyone,
    platform::{
        fault::Fault,
        http::{
            answer::Found,
            draft::{Draft, Output},
            endpoint::{Endpoint, get},
            request::Context,
        },
    },
};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/healthz", check_health)
            .about("Operations", "Whether the process runs", "Asks nothing of the database.")
            .at_root(),
        get("/readyz", check_readiness)
            .about(
                "Operations",
                "Whether the server can serve",
                "200 when the database answers and its schema is current, else 503.",
            )
            .at_root(),
        get("/openapi.json", show_openapi).about(
            "Operations",
            "This document",
            "OpenAPI 3.1, generated from the code that serves it.",
        ),
    ]
}

/// How the server is.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}

async fn check_health(_: Anyone) -> Result<Found<Health>, Fault> {
    Ok(Found(Health { status: "ok" }))
}

async fn check_readiness(_: Anyone, cx: Context) -> Result<Found<Health>, Fault> {
    if cx.is_current().await? {
        return Ok(Found(Health { status: "ok" }));
    }
    Err(Fault::Busy("the schema is not current"))
}

/// The document, made once at start.
pub struct OpenApiJson(String);

async fn show_openapi(_: Anyone, document: Data<Document>) -> Result<OpenApiJson, Fault> {
    Ok(OpenApiJson(document.json.clone()))
}

impl Responder for OpenApiJson {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &actix_web::HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("application/json")
            .insert_header(("Cache-Control", "public, max-age=300"))
            .body(self.0)
    }
}

impl Output for OpenApiJson {
    fn describe(draft: &mut Draft) {
        draft.text(200, "The document", "application/json", None, false);
    }
}
