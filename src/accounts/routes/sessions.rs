//! One's own sessions.

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::{
        Allowed,
        callers::Callers,
        may,
        model::{Device, Session},
        sessions,
        store::staff,
    },
    platform::{
        fault::Fault,
        http::{
            answer::{Found, NoContent},
            codes::Refusal,
            path::Path,
            request::Context,
        },
        ids::{DeviceId, SessionId},
        time::Instant,
    },
};

/// A live sign-in.
#[derive(Serialize, ToSchema)]
pub struct SessionOut {
    pub id: SessionId,
    pub device_id: DeviceId,
    pub device_name: String,
    pub created_at: Instant,
    pub last_refreshed_at: Instant,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// All live sessions; at most 200.
#[derive(Serialize, ToSchema)]
pub struct SessionList {
    pub items: Vec<SessionOut>,
}

impl SessionOut {
    fn of((session, device): (Session, Device), current: SessionId) -> Self {
        Self {
            current: session.id == current,
            id: session.id,
            device_id: device.id,
            device_name: device.name,
            created_at: session.created_at,
            last_refreshed_at: session.rotated_at,
        }
    }
}

pub async fn list_sessions(
    who: Allowed<may::OwnAccount>,
    cx: Context,
) -> Result<Found<SessionList>, Fault> {
    let (user, now) = (who.user, cx.clocks.real.now());
    let rows = cx.read(move |conn| Ok(sessions::list(conn, user, now)?)).await?;
    let items = rows.into_iter().map(|row| SessionOut::of(row, who.session)).collect();
    Ok(Found(SessionList { items }))
}

pub async fn end_session(
    who: Allowed<may::OwnAccount>,
    cx: Context,
    callers: Data<Callers>,
    path: Path<SessionId>,
) -> Result<NoContent, Fault> {
    let (user, id) = (who.user, path.0);
    cx.write(cx.meta(user), move |tx| {
        let now = tx.meta.real_now;
        if !sessions::revoke(tx, user, id, now)? {
            return Err(Refusal::NotFound.into());
        }
        Ok(staff::note(tx, user, "auth.end_session", "session", id.to_string())?)
    })
    .await?;
    callers.forget();
    Ok(NoContent)
}
