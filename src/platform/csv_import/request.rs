//! A list over HTTP: what comes in, how it is asked for, what is answered.

use std::pin::Pin;

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Refusal;
use crate::platform::{
    fault::{Fault, Refuse},
    http::{
        body::BodyLimit,
        codes,
        draft::{Draft, Input},
        endpoint::Endpoint,
    },
};

/// The bytes of an uploaded list (`text/csv`).
pub struct CsvFile(pub web::Bytes);

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ImportMode {
    /// Check the file and say what would happen; write nothing
    #[serde(default)]
    pub dry_run: bool,
}

/// What an import did, or with `dry_run` would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportOut {
    pub dry_run: bool,
    /// Rows of the file, without its header.
    pub rows: usize,
    pub created: usize,
    pub updated: usize,
    /// Rows that say what is there already.
    pub unchanged: usize,
}

/// What every row of the endpoint table that takes a list has: its limit, its refusals and
/// an example of the list.
pub fn takes_list(row: Endpoint, example: &str) -> Endpoint {
    let own = [
        Refusal::Encoding,
        Refusal::Unreadable,
        Refusal::Columns,
        Refusal::TooManyRows,
        Refusal::Rows,
    ];
    let of_request = [codes::Refusal::WrongMediaType, codes::Refusal::TooLarge];
    row.body_limit(BodyLimit::FILE)
        .refuses(own.map(|refusal| refusal.code()))
        .refuses(of_request.map(|refusal| refusal.code()))
        .example(example.into())
}

impl FromRequest for CsvFile {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = BodyLimit::of(req);
        let media = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let media = media.unwrap_or("").split(';').next().unwrap_or("").trim().to_lowercase();
        let payload = web::Payload::from_request(req, payload).into_inner();
        Box::pin(async move {
            if media != "text/csv" {
                return Err(codes::Refusal::WrongMediaType.into());
            }
            let payload = payload.map_err(Fault::bug)?;
            match payload.to_bytes_limited(limit.0).await {
                Ok(Ok(bytes)) => Ok(Self(bytes)),
                Ok(Err(_)) => Err(Refusal::Unreadable.into()),
                Err(_) => Err(codes::Refusal::TooLarge.into()),
            }
        })
    }
}

impl Input for CsvFile {
    fn describe(draft: &mut Draft) {
        draft.body::<String>("text/csv");
    }
}
