//! Versions of editable resources: `ETag: "<version>"` out, `If-Match` in.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};

use super::{
    codes::Refusal,
    draft::{Draft, Input},
};
use crate::platform::fault::{Fault, Refuse};

/// The version the caller has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl IfMatch {
    /// 412 unless the resource still is what the caller has seen.
    pub fn expect(self, version: i64) -> Result<(), Fault> {
        if self.0 == version { Ok(()) } else { Err(stale(version)) }
    }
}

/// 412, naming the version there is now.
pub fn stale(version: i64) -> Fault {
    Refusal::StaleVersion
        .problem()
        .detail(format!("当前版本为 {version}"), format!("The version is {version} now"))
        .into()
}

fn read(req: &HttpRequest) -> Result<IfMatch, Fault> {
    let Some(value) = req.headers().get(header::IF_MATCH) else {
        return Err(Refusal::VersionMissing.into());
    };
    let text = value.to_str().ok().map(str::trim);
    let version = text.and_then(|t| t.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
    version.map(IfMatch).ok_or_else(|| {
        Refusal::BadHeader
            .problem()
            .detail("If-Match 须为 ETag，如 \"3\"", "If-Match takes an ETag such as \"3\"")
            .into()
    })
}

impl FromRequest for IfMatch {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(req))
    }
}

impl Input for IfMatch {
    fn describe(draft: &mut Draft) {
        draft.if_match = true;
        draft.header("If-Match", true, "The `ETag` you read; 412 when it has changed since");
    }
}

/// A `PUT` that creates when absent asks for the version only when there is one to replace.
#[derive(Clone, Copy, Debug)]
pub struct IfMatchOptional(pub Option<IfMatch>);

impl FromRequest for IfMatchOptional {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let given = req.headers().contains_key(header::IF_MATCH);
        ready(if given { read(req).map(|v| Self(Some(v))) } else { Ok(Self(None)) })
    }
}

impl Input for IfMatchOptional {
    fn describe(draft: &mut Draft) {
        draft.header("If-Match", false, "Needed when it exists: the `ETag` you read");
    }
}
