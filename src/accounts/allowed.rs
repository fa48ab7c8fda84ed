//! The permission as a handler's first parameter. The caller was identified by the
//! middleware in `callers`; here the policy is asked, before any body is read.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    sync::Arc,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};

use super::{
    model::Role,
    policy::{self, Action, Permission, Relation},
    refusal::Refusal,
    scope::Scope,
};
use crate::platform::{
    fault::Fault,
    http::draft::{Draft, Guard, Input},
    ids::{DeviceId, SessionId, UserId},
};

/// Who calls, as the account stands now.
#[derive(Clone, Debug)]
pub struct Caller {
    pub user: UserId,
    pub role: Role,
    pub scope: Scope,
    pub session: SessionId,
    pub device: DeviceId,
    pub device_revoked: bool,
    pub must_change_password: bool,
}

/// What the middleware found out about the caller.
#[derive(Clone)]
pub enum Identity {
    Nobody,
    Refused(Refusal),
    Known(Arc<Caller>),
}

/// A signed-in caller whose role may do `P`. Derefs to the [`Caller`].
pub struct Allowed<P> {
    caller: Arc<Caller>,
    permission: PhantomData<P>,
}

/// No sign-in asked.
pub struct Anyone;

impl<P: Permission> Allowed<P> {
    fn of(req: &HttpRequest) -> Result<Self, Fault> {
        let identity = req.extensions().get::<Identity>().cloned();
        let caller = match identity {
            Some(Identity::Known(caller)) => caller,
            Some(Identity::Refused(refusal)) => return Err(refusal.into()),
            Some(Identity::Nobody) | None => return Err(Refusal::NotSignedIn.into()),
        };
        let account = matches!(P::ACTION, Action::OwnAccount | Action::ChangePassword);
        if caller.must_change_password && !account {
            return Err(Refusal::PasswordChangeRequired.into());
        }
        if caller.device_revoked && P::ACTION != Action::CheckIn {
            return Err(Refusal::DeviceRevoked.into());
        }
        if !policy::may_ever(caller.role, P::ACTION) {
            return Err(Refusal::Forbidden.into());
        }
        Ok(Self { caller, permission: PhantomData })
    }
}

impl Caller {
    /// 403 unless the policy allows it in this relation.
    pub fn must(&self, action: Action, relation: Relation) -> Result<(), Refusal> {
        if policy::allows(self.role, action, relation) { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

impl<P> Allowed<P> {
    /// The caller to keep, for closures.
    pub fn caller(&self) -> Arc<Caller> {
        Arc::clone(&self.caller)
    }
}

impl<P> std::ops::Deref for Allowed<P> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<P: Permission> FromRequest for Allowed<P> {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req))
    }
}

impl FromRequest for Anyone {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self))
    }
}

impl<P: Permission> Input for Allowed<P> {
    fn describe(draft: &mut Draft) {
        draft.guard = Some(Guard::May(P::ACTION.name()));
    }
}

impl Input for Anyone {
    fn describe(draft: &mut Draft) {
        draft.guard = Some(Guard::Anyone);
    }
}
