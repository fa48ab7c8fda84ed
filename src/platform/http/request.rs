//! What is known of a request before any handler runs, and the context handlers get.

use std::{
    future::{Ready, ready},
    ops::Deref,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};

use super::render::Language;
use crate::platform::{
    clock::Clocks,
    db::{Db, Meta},
    fault::Fault,
    ids::{RequestId, UserId},
    time::{Day, Instant},
};

/// The operation a request asks for, by its id.
#[derive(Clone, Copy, Debug)]
pub struct Operation(pub &'static str);

/// The user who is signed in, once that is known.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn(pub UserId);

/// Runs what keeps a processor busy, as reading a long list, beside the threads that serve.
pub async fn beside<T, F>(work: F) -> Result<T, Fault>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Fault> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|panic| Err(Fault::Bug(format!("panic: {panic}"))))
}

/// Id and language of a request; set by the outermost middleware.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    pub id: RequestId,
    pub language: Language,
}

impl Default for Request {
    fn default() -> Self {
        Self { id: RequestId::new(), language: Language::Zh }
    }
}

/// What nearly every handler needs: the store, the clocks, the request. Derefs to the
/// store, so a handler writes `cx.read(…)`.
pub struct Context {
    pub db: web::Data<Db>,
    pub clocks: web::Data<Clocks>,
    pub request: Request,
}

impl Context {
    /// Business time.
    pub fn now(&self) -> Instant {
        self.clocks.business.now()
    }

    /// The local day of business time.
    pub fn today(&self) -> Day {
        self.now().day()
    }

    /// Who writes, when and in which request: what audit and change log need. Taken
    /// before the closure, which may run again. `None` where nobody is signed in.
    pub fn meta(&self, user: impl Into<Option<UserId>>) -> Meta {
        Meta {
            now: self.clocks.business.now(),
            real_now: self.clocks.real.now(),
            user: user.into(),
            request: Some(self.request.id),
        }
    }
}

impl Deref for Context {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl FromRequest for Context {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let about = req.extensions().get::<Request>().copied().unwrap_or_default();
        let (Some(db), Some(clocks)) = (req.app_data(), req.app_data()) else {
            return ready(Err(Fault::bug("store or clocks are not mounted")));
        };
        let (db, clocks): (&web::Data<Db>, &web::Data<Clocks>) = (db, clocks);
        ready(Ok(Self { db: db.clone(), clocks: clocks.clone(), request: about }))
    }
}
