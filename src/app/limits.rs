//! How often one may call. Buckets belong to the session, or where nobody is signed in to
//! the address, and then they are large: a campus shares one address.

use std::{num::NonZeroU32, sync::Arc};

use actix_web::{
    Error, HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use uuid::Uuid;

use crate::{
    accounts::allowed::Identity,
    platform::{
        fault::Refuse,
        http::{codes::Refusal, endpoint::Rate, render, request::Request},
    },
};

type Buckets =
    RateLimiter<Key, DefaultKeyedStateStore<Key>, DefaultClock, StateInformationMiddleware>;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Session(Uuid),
    Address(std::net::IpAddr),
}

/// Calls a minute for one session, and for all strangers of one address.
const fn per_minute(rate: Rate) -> (u32, u32) {
    match rate {
        Rate::Read => (600, 6_000),
        Rate::Write => (300, 3_000),
        Rate::Scan => (3_000, 3_000),
        Rate::SignIn => (60, 3_000),
    }
}

const RATES: [Rate; 4] = [Rate::Read, Rate::Write, Rate::Scan, Rate::SignIn];

/// The buckets of this process. Cheap to clone.
#[derive(Clone)]
pub struct Limits(Arc<Vec<(Buckets, Buckets)>>);

impl Limits {
    pub fn new() -> Self {
        let bucket = |calls: u32| -> Buckets {
            let calls = NonZeroU32::new(calls).unwrap_or(NonZeroU32::MIN);
            RateLimiter::keyed(Quota::per_minute(calls)).with_middleware()
        };
        let pair = |rate: &Rate| {
            let (own, shared) = per_minute(*rate);
            (bucket(own), bucket(shared))
        };
        Self(Arc::new(RATES.iter().map(pair).collect()))
    }

    /// How many calls a minute.
    fn quota(rate: Rate, key: Key) -> u32 {
        let (own, shared) = per_minute(rate);
        if matches!(key, Key::Session(_)) { own } else { shared }
    }

    /// How many are left, or the seconds to wait.
    fn take(&self, rate: Rate, key: Key) -> Result<u32, u32> {
        let (own, shared) = &self.0[rate as usize];
        let buckets = if matches!(key, Key::Session(_)) { own } else { shared };
        match buckets.check_key(&key) {
            Ok(state) => Ok(state.remaining_burst_capacity()),
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                Err(u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX))
            }
        }
    }

    /// Forgets buckets that are full again; called now and then.
    pub fn tidy(&self) {
        for (own, shared) in self.0.iter() {
            own.retain_recent();
            shared.retain_recent();
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

/// Middleware of one endpoint with its rate.
pub async fn limit(
    limits: Option<Limits>,
    rate: Rate,
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(limits) = limits else {
        return next.call(req).await.map(ServiceResponse::map_into_boxed_body);
    };
    let session = match req.extensions().get::<Identity>() {
        Some(Identity::Known(caller)) => Some(Key::Session(caller.session.0)),
        _ => None,
    };
    let address = req.peer_addr().map(|peer| Key::Address(peer.ip()));
    let Some(key) = session.or(address) else {
        return next.call(req).await.map(ServiceResponse::map_into_boxed_body);
    };
    let all = Limits::quota(rate, key);
    let (mut res, left, seconds) = match limits.take(rate, key) {
        Ok(left) => (next.call(req).await?.map_into_boxed_body(), left, 60),
        Err(seconds) => {
            let about = req.extensions().get::<Request>().copied().unwrap_or_default();
            let problem = Refusal::TooMany.problem().retry_after(seconds);
            // Rendered here: what only makes an error of it would lose the headers below.
            (req.into_response(render::answer(&problem, &about)), 0, seconds)
        }
    };
    note(&mut res, "ratelimit", format!("\"{rate:?}\";r={left};t={seconds}").to_lowercase());
    note(&mut res, "ratelimit-policy", format!("\"{rate:?}\";q={all};w=60").to_lowercase());
    Ok(res)
}

fn note(res: &mut ServiceResponse, name: &'static str, value: String) {
    if let Ok(value) = HeaderValue::from_str(&value) {
        res.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App, HttpResponse,
        middleware::from_fn,
        test::{TestRequest, call_service, init_service},
        web,
    };

    use super::*;

    #[actix_web::test]
    async fn every_answer_says_how_often_one_may_call() {
        let limits = Limits::new();
        let limited = from_fn(move |req: ServiceRequest, next: Next<BoxBody>| {
            limit(Some(limits.clone()), Rate::SignIn, req, next)
        });
        let handler = web::get().to(|| async { HttpResponse::Ok().finish() }).wrap(limited);
        let app = init_service(App::new().route("/", handler)).await;
        let peer = "192.0.2.1:7".parse().unwrap();
        let mut left = Vec::new();
        for _ in 0..10_000 {
            let res = call_service(&app, TestRequest::get().peer_addr(peer).to_request()).await;
            let header = |name: &str| {
                let value = res.headers().get(name).unwrap_or_else(|| panic!("no {name}"));
                value.to_str().unwrap().to_owned()
            };
            assert_eq!(header("ratelimit-policy"), "\"signin\";q=3000;w=60");
            left.push(header("ratelimit"));
            if res.status() == 429 {
                let wait = header("retry-after");
                assert_eq!(header("ratelimit"), format!("\"signin\";r=0;t={wait}"));
                assert_eq!(left[0], "\"signin\";r=2999;t=60");
                return;
            }
        }
        panic!("never refused");
    }
}
