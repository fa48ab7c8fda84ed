//! `/docs`: a page to read the API document with. All it needs is in the program; it asks
//! no other host.

use actix_web::{
    HttpResponse,
    middleware::DefaultHeaders,
    web::{self, ServiceConfig},
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::platform::http::endpoint::BASE;

/// The reader styles itself inline and draws its icons from `data:`.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; frame-ancestors 'none'";

pub fn mount(app: &mut ServiceConfig) {
    let reader = SwaggerUi::new("/{_:.*}").config(Config::from(format!("{BASE}/openapi.json")));
    app.route("/docs", web::get().to(with_slash)).service(
        web::scope("/docs")
            .wrap(DefaultHeaders::new().add(("Content-Security-Policy", POLICY)))
            .service(reader),
    );
}

async fn with_slash() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header(("Location", "/docs/")).finish()
}
