//! The secret in the address of one's calendar feed.

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::{
        Allowed, may,
        store::{calendar, staff},
    },
    platform::{
        crypto::{random, sha256},
        fault::Fault,
        http::{
            answer::NoContent,
            draft::{Draft, Output},
            endpoint::BASE,
            request::Context,
        },
    },
};

/// A new calendar token. It is shown this once.
#[derive(Serialize, ToSchema)]
pub struct CalendarTokenOut {
    /// A secret: whoever has it reads titles, times and venues of your events.
    pub token: String,
    /// Path and query of the feed; put the server's address before it and subscribe to it in
    /// a calendar.
    #[schema(example = "/api/v1/calendar.ics?token=…")]
    pub link: String,
}

/// 201 with a secret that no later answer shows.
pub struct ShownOnce(CalendarTokenOut);

impl Responder for ShownOnce {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(self.0)
    }
}

impl Output for ShownOnce {
    fn describe(draft: &mut Draft) {
        draft.answer::<CalendarTokenOut>(201, "The token, this once", false);
    }
}

pub async fn create_calendar_token(
    who: Allowed<may::OwnCalendar>,
    cx: Context,
) -> Result<ShownOnce, Fault> {
    let user = who.user;
    let token = URL_SAFE_NO_PAD.encode(random::bytes::<32>());
    let hash = sha256(token.as_bytes());
    cx.write(cx.meta(user), move |tx| {
        let now = tx.meta.real_now;
        calendar::put(tx, user, &hash, now)?;
        Ok(staff::note(tx, user, "calendar.token", "user", user.to_string())?)
    })
    .await?;
    let link = format!("{BASE}/calendar.ics?token={token}");
    Ok(ShownOnce(CalendarTokenOut { token, link }))
}

pub async fn delete_calendar_token(
    who: Allowed<may::OwnCalendar>,
    cx: Context,
) -> Result<NoContent, Fault> {
    let user = who.user;
    cx.write(cx.meta(user), move |tx| {
        if calendar::revoke(tx, user)? {
            staff::note(tx, user, "calendar.revoke", "user", user.to_string())?;
        }
        Ok(())
    })
    .await?;
    Ok(NoContent)
}
