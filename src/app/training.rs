//! The training clock: on a database for training, business time may be moved forward, and
//! every answer says what time it is there.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    accounts::{Allowed, may},
    platform::{
        clock::Clocks,
        db::Audit,
        fault::{Fault, Refuse},
        http::{
            answer::Found,
            body::Valid,
            codes,
            endpoint::{Endpoint, post},
            request::Context,
        },
        time::Instant,
    },
};

crate::refusals! {
    /// Why the clock is not moved.
    pub enum Refusal {
        Backwards = 422 "clock.backwards", "训练时钟只能向前拨", "The training clock only moves forward";
    }
}

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/clock", move_clock)
            .about(
                "Operations",
                "Move the training clock forward",
                "Exists on a training database only; elsewhere 404.",
            )
            .refuses([Refusal::Backwards.code(), codes::Refusal::NotFound.code()]),
    ]
}

/// Where business time shall stand.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "now": "2011-09-03T01:45:00.000Z" }))]
pub struct ClockIn {
    pub now: Instant,
}

/// Where business time stands.
#[derive(Serialize, ToSchema)]
pub struct ClockOut {
    pub now: Instant,
}

async fn move_clock(
    who: Allowed<may::SetClock>,
    cx: Context,
    body: Valid<ClockIn>,
) -> Result<Found<ClockOut>, Fault> {
    if !cx.clocks.training {
        return Err(codes::Refusal::NotFound.into());
    }
    let now = body.0.now;
    if now < cx.now() {
        return Err(Refusal::Backwards.into());
    }
    cx.write(cx.meta(who.user), move |tx| {
        let id = now.to_string();
        Ok(tx.audit(Audit { action: "clock.move", kind: "clock", id, ..Audit::default() })?)
    })
    .await?;
    // Somebody else may have moved it further meanwhile.
    if !cx.clocks.business.forward(now) {
        return Err(Refusal::Backwards.into());
    }
    Ok(Found(ClockOut { now: cx.now() }))
}

/// Middleware: `Training-Clock` with business time, where it is not the real one.
pub async fn tell(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let clocks = req.app_data::<Data<Clocks>>().filter(|clocks| clocks.training).cloned();
    let mut res = next.call(req).await?;
    if let Some(clocks) = clocks {
        let now = HeaderValue::from_str(&clocks.business.now().to_string());
        if let Ok(now) = now {
            res.headers_mut().insert(HeaderName::from_static("training-clock"), now);
        }
    }
    Ok(res)
}
