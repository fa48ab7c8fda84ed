//! Finds out who calls, before any handler that asks: token, session and account. What was found is
//! kept for a short time, so that most requests ask no database; what changes an account in
//! this process forgets it at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant as Tick},
};

use actix_web::{
    Error, HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web,
};
use quick_cache::sync::Cache;

use super::{
    allowed::{Caller, Identity},
    refusal::Refusal,
    scope::Scope,
    sessions, store,
    tokens::{Claims, Tokens},
};
use crate::platform::{
    clock::Clocks,
    db::{Conn, Db},
    fault::Fault,
    http::request::SignedIn,
    ids::SessionId,
    time::Instant,
};

/// How long an account is believed to be as it was. The promise is 60 seconds.
pub const KEPT: Duration = Duration::from_secs(30);
const CACHED: usize = 20_000;

/// The callers seen lately. Cheap to clone.
#[derive(Clone)]
pub struct Callers {
    known: Arc<Cache<SessionId, Kept>>,
    /// Raised by every change to an account; what was kept before is read again.
    epoch: Arc<AtomicU64>,
}

#[derive(Clone)]
struct Kept {
    caller: Arc<Caller>,
    since: Tick,
    epoch: u64,
}

impl Default for Callers {
    fn default() -> Self {
        Self { known: Arc::new(Cache::new(CACHED)), epoch: Arc::default() }
    }
}

impl Callers {
    /// An account, session or device has changed.
    pub fn forget(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    async fn find(
        &self,
        db: &Db,
        claims: Claims,
        now: Instant,
    ) -> Result<Result<Arc<Caller>, Refusal>, Fault> {
        let epoch = self.epoch.load(Ordering::SeqCst);
        if let Some(kept) = self.known.get(&claims.sid)
            && kept.epoch == epoch
            && kept.since.elapsed() < KEPT
        {
            return Ok(Ok(kept.caller));
        }
        match db.read(move |conn| load(conn, claims, now)).await? {
            Err(refusal) => Ok(Err(refusal)),
            Ok(caller) => {
                let caller = Arc::new(caller);
                let kept = Kept { caller: Arc::clone(&caller), since: Tick::now(), epoch };
                self.known.insert(claims.sid, kept);
                Ok(Ok(caller))
            }
        }
    }
}

fn load(conn: &mut Conn, claims: Claims, now: Instant) -> Result<Result<Caller, Refusal>, Fault> {
    let Some((session, device, user)) = sessions::find_with_owner(conn, claims.sid)? else {
        return Ok(Err(Refusal::SessionEnded));
    };
    let genuine = user.id == claims.sub && device.id == claims.did;
    if let Err(refusal) = sessions::must_live(&session, now) {
        return Ok(Err(refusal));
    }
    if !genuine || !user.active {
        return Ok(Err(Refusal::SessionEnded));
    }
    let campuses =
        store::campuses_of(conn, user.id)?.into_iter().map(|(campus, _)| campus).collect();
    Ok(Ok(Caller {
        user: user.id,
        role: user.role,
        scope: Scope::of(&user, campuses),
        session: session.id,
        device: device.id,
        device_revoked: device.revoked_at.is_some(),
        must_change_password: user.must_change_password,
    }))
}

/// Middleware of operations that ask for a permission: leaves the [`Identity`] of the caller
/// with the request.
pub async fn identify(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match of(&req).await {
        Ok(identity) => {
            if let Identity::Known(caller) = &identity {
                req.extensions_mut().insert(SignedIn(caller.user));
            }
            req.extensions_mut().insert(identity);
            next.call(req).await.map(ServiceResponse::map_into_boxed_body)
        }
        Err(fault) => Ok(req.error_response(fault)),
    }
}

async fn of(req: &ServiceRequest) -> Result<Identity, Fault> {
    let Some(value) = req.headers().get(header::AUTHORIZATION) else { return Ok(Identity::Nobody) };
    let text = value.to_str().unwrap_or("");
    let Some((scheme, token)) = text.split_once(' ') else {
        return Ok(Identity::Refused(Refusal::BadToken));
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        // Access controllers sign in with HTTP Basic at their own endpoints.
        return Ok(Identity::Nobody);
    }
    let (Some(tokens), Some(callers), Some(db), Some(clocks)) = (
        req.app_data::<web::Data<Tokens>>(),
        req.app_data::<web::Data<Callers>>(),
        req.app_data::<web::Data<Db>>(),
        req.app_data::<web::Data<Clocks>>(),
    ) else {
        return Err(Fault::bug("accounts are not mounted"));
    };
    let now = clocks.real.now();
    let claims = match tokens.verify(token.trim(), now) {
        Ok(claims) => claims,
        Err(refusal) => return Ok(Identity::Refused(refusal)),
    };
    Ok(match callers.find(db, claims, now).await? {
        Ok(caller) => Identity::Known(caller),
        Err(refusal) => Identity::Refused(refusal),
    })
}
