//! Mounts the endpoint table and serves it.

use std::{collections::BTreeMap, io, net::SocketAddr, sync::Arc};

use actix_web::{
    App, HttpMessage, HttpServer, Route,
    body::BoxBody,
    dev::{Server, ServiceRequest},
    middleware::{Compress, DefaultHeaders, Next, from_fn},
    web::{self, Data, ServiceConfig},
};

use super::{
    docs, endpoints,
    limits::{self, Limits},
    openapi::{self, Document},
    training,
};
use crate::{
    accounts::{
        callers::{self, Callers},
        passwords::{Cost, Passwords},
        tokens::Tokens,
    },
    flows::check_in::gather::Together,
    participants::passes::PassKeys,
    platform::{
        clock::Clocks,
        config::{ConfigError, Settings},
        crypto::keys::{self, KeyError, SigningKeys},
        db::{Db, OpenError},
        fault::{Fault, Problem, Refuse},
        http::{
            codes::Refusal, draft::Guard, endpoint::Endpoint, page, render, request::Operation,
        },
        telemetry,
    },
    wlan::PortalHosts,
};

/// All that the handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Shared {
    pub db: Db,
    pub clocks: Clocks,
    pub tokens: Tokens,
    pub passwords: Passwords,
    pub callers: Callers,
    pub passes: PassKeys,
    pub portal_hosts: PortalHosts,
    pub limits: Option<Limits>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("{0}")]
    Passwords(#[from] Fault),
    #[error("cannot listen: {0}")]
    Listen(#[from] io::Error),
}

/// How a server differs from the standard one.
#[derive(Clone)]
pub struct Options {
    pub clocks: Clocks,
    pub password_cost: Cost,
    pub workers: usize,
}

impl Default for Options {
    fn default() -> Self {
        let workers = std::thread::available_parallelism().map_or(2, usize::from);
        Self { clocks: Clocks::default(), password_cost: Cost::STANDARD, workers }
    }
}

/// A server that listens and has not begun to answer.
pub struct Listening {
    pub address: SocketAddr,
    pub shared: Shared,
    pub server: Server,
}

impl Shared {
    /// Opens store and keys. The store must have been migrated.
    pub fn open(settings: &Settings, options: &Options) -> Result<Self, StartError> {
        let folder = settings.keys_dir();
        let access = SigningKeys::load(&folder, "access")?;
        let passes = PassKeys::new(SigningKeys::load(&folder, "pass")?);
        let refresh = keys::secret(&folder, "refresh")?;
        Ok(Self {
            db: Db::open(&settings.target()?)?,
            clocks: options.clocks.clone(),
            tokens: Tokens::new(access, refresh),
            passwords: Passwords::new(options.password_cost)?,
            callers: Callers::default(),
            passes,
            portal_hosts: PortalHosts::new(settings.portal_hosts()),
            limits: settings.limits_apply().then(Limits::new),
        })
    }
}

/// Binds the address and mounts everything. Within a runtime.
pub fn listen(settings: &Settings, options: &Options) -> Result<Listening, StartError> {
    let shared = Shared::open(settings, options)?;
    let table: Arc<Vec<Endpoint>> = Arc::new(endpoints::all());
    let json = openapi::document(&table).to_pretty_json();
    let document = Data::new(Document { json: json.map_err(Fault::bug)? });
    let together = Together::start(shared.db.clone(), shared.clocks.clone(), shared.passes.clone());
    let mounted = shared.clone();
    let server = HttpServer::new(move || {
        let (shared, table) = (mounted.clone(), Arc::clone(&table));
        App::new()
            .app_data(document.clone())
            .configure(|app| share(app, &shared))
            .app_data(Data::new(together.clone()))
            .configure(|app| mount(app, &table, shared.limits.as_ref()))
            .configure(docs::mount)
            .default_service(web::to(nothing_here))
            .wrap(from_fn(render::problems))
            .wrap(Compress::default())
            .wrap(security_headers())
            .wrap(from_fn(training::tell))
            .wrap(from_fn(telemetry::trace))
    })
    .workers(options.workers)
    .shutdown_timeout(20)
    .bind(settings.listen())?;
    let address = server.addrs().first().copied().unwrap_or(settings.listen());
    Ok(Listening { address, shared, server: server.run() })
}

fn share(app: &mut ServiceConfig, shared: &Shared) {
    app.app_data(Data::new(shared.db.clone()))
        .app_data(Data::new(shared.clocks.clone()))
        .app_data(Data::new(shared.tokens.clone()))
        .app_data(Data::new(shared.passwords.clone()))
        .app_data(Data::new(shared.callers.clone()))
        .app_data(Data::new(shared.passes.clone()))
        .app_data(Data::new(shared.portal_hosts.clone()));
}

/// One resource per path, so that a wrong method is told from a wrong address.
fn mount(app: &mut ServiceConfig, table: &[Endpoint], limits: Option<&Limits>) {
    let mut paths: BTreeMap<String, Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in table {
        paths.entry(endpoint.full_path()).or_default().push(endpoint);
    }
    // A fixed path comes before one with a placeholder in the same place.
    let mut paths: Vec<_> = paths.into_iter().collect();
    paths.sort_by_key(|(path, _)| path.replace('{', "\u{10FFFF}"));
    for (path, endpoints) in paths {
        let allow: Vec<&str> = endpoints.iter().map(|e| e.method.as_str()).collect();
        let allow = allow.join(", ");
        let mut resource =
            web::resource(path).default_service(web::to(move || wrong_method(allow.clone())));
        for endpoint in endpoints {
            resource = resource.route(route(endpoint, limits.cloned()));
        }
        app.service(resource);
    }
}

/// The handler with what its row says: outermost what is known of the operation, then who
/// calls, where that is asked, then how often they may.
fn route(endpoint: &Endpoint, limits: Option<Limits>) -> Route {
    let (rate, body_limit) = (endpoint.rate, endpoint.body_limit);
    let operation = Operation(endpoint.operation_id);
    let limit = from_fn(move |req: ServiceRequest, next: Next<BoxBody>| {
        limits::limit(limits.clone(), rate, req, next)
    });
    let told = from_fn(move |req: ServiceRequest, next: Next<BoxBody>| {
        req.extensions_mut().insert(operation);
        req.extensions_mut().insert(body_limit);
        next.call(req)
    });
    let route = match endpoint.takes_query() {
        true => endpoint.route(),
        false => endpoint.route().wrap(from_fn(page::none_taken)),
    };
    let route = route.wrap(limit);
    match endpoint.guard {
        Guard::Anyone => route.wrap(told),
        Guard::May(_) => route.wrap(from_fn(callers::identify)).wrap(told),
    }
}

async fn nothing_here() -> Result<String, Fault> {
    Err(Refusal::NoSuchPath.into())
}

async fn wrong_method(allow: String) -> Result<String, Fault> {
    let problem = Refusal::WrongMethod.problem();
    Err(Problem { allow: Some(allow), ..problem }.into())
}

/// What OWASP asks of an API that is no website.
fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("X-Frame-Options", "DENY"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"))
        .add(("Strict-Transport-Security", "max-age=63072000"))
}

#[cfg(test)]
mod tests {
    use actix_web::{http::StatusCode, test};

    use super::*;
    use crate::{
        accounts::Anyone,
        platform::http::{
            answer::NoContent,
            body::{BodyLimit, NoBody, Valid},
            endpoint::{get, post},
        },
    };

    async fn look(_: Anyone) -> Result<NoContent, Fault> {
        Ok(NoContent)
    }

    async fn take(_: Anyone, _: Valid<NoBody>) -> Result<NoContent, Fault> {
        Ok(NoContent)
    }

    #[actix_web::test]
    async fn each_method_of_a_path_has_its_own_body_limit() {
        let table = [
            get("/small", look),
            post("/small", take),
            get("/big", look),
            post("/big", take).body_limit(BodyLimit::BATCH),
        ];
        let app = App::new().configure(|app| mount(app, &table, None));
        let app = test::init_service(app.wrap(from_fn(render::problems))).await;
        for (path, status) in [("small", 413), ("big", 204)] {
            let body = format!("{{}}{}", " ".repeat(300 * 1024));
            let req = test::TestRequest::post()
                .uri(&format!("/api/v1/{path}"))
                .insert_header(("content-type", "application/json"))
                .set_payload(body);
            let res = test::call_service(&app, req.to_request()).await;
            assert_eq!(res.status(), StatusCode::from_u16(status).unwrap(), "{path}");
        }
    }
}
