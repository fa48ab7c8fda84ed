//! Passes: shown, revoked, and the keys that verify them.

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::header, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    accounts::{Allowed, Anyone, allowed::Caller, may},
    catalogue,
    participants::{
        Refusal,
        model::Participant,
        passes::{self, JwkSet, Pass, PassKeys},
        store::{
            self,
            passes::{Showable, current, insert, revoke},
            write::hold,
        },
    },
    platform::{
        db::{Audit, Conn, Tx},
        fault::Fault,
        http::{
            answer::{Posted, Reference},
            body::{NoBody, Once},
            codes,
            draft::{Draft, Output},
            path::Path,
            request::Context,
        },
        ids::{ParticipantId, PassId},
        time::Instant,
    },
};

/// A pass to show.
#[derive(Serialize, ToSchema)]
pub struct PassOut {
    /// The token: what the QR code says.
    pub pass: String,
    pub expires_at: Instant,
}

/// What became of a revocation.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct RevokedOut {
    pub participant_id: ParticipantId,
    /// The passes that were good until now; none when there was nothing to revoke.
    pub revoked: Vec<PassId>,
}

/// The pass as JSON or as a picture.
pub enum PassShown {
    Json(PassOut),
    Svg(String),
}

pub async fn show_pass(
    who: Allowed<may::EditParticipants>,
    cx: Context,
    keys: Data<PassKeys>,
    path: Path<ParticipantId>,
    req: HttpRequest,
) -> Result<PassShown, Fault> {
    let (caller, id, now) = (who.caller(), path.0, cx.now());
    let look = move |conn: &mut Conn| {
        let id = holder(conn, &caller, id)?.id;
        let season = catalogue::store::season_on(conn, now.day())?;
        Ok((id, current(conn, id, now)?, season))
    };
    let (id, found, season) = cx.read(look).await?;
    let pass = match found {
        Some(pass) => pass,
        None => {
            let expires_at = PassKeys::end(season.ok_or(Refusal::NoSeason)?.ends);
            issue(&cx, &who, &keys, id, expires_at).await?
        }
    };
    if wants_svg(&req) {
        return Ok(PassShown::Svg(passes::svg(&pass.token)?));
    }
    Ok(PassShown::Json(PassOut { pass: pass.token, expires_at: pass.expires_at }))
}

/// Someone in the caller's scope who may hold a pass.
fn holder(conn: &mut Conn, caller: &Caller, id: ParticipantId) -> Result<Participant, Fault> {
    let found = store::find(conn, &caller.scope, id)?.ok_or(codes::Refusal::NotFound)?;
    if found.erased_at.is_some() {
        return Err(Refusal::Erased.into());
    }
    Ok(found)
}

/// Signs a pass and keeps it, unless somebody else issued one meanwhile.
async fn issue(
    cx: &Context,
    who: &Caller,
    keys: &PassKeys,
    participant_id: ParticipantId,
    expires_at: Instant,
) -> Result<Showable, Fault> {
    let (id, issued_at) = (PassId::new(), cx.now());
    let token = keys.sign(id, expires_at)?;
    let token_sha256 = passes::hash(&token);
    let pass = Pass { id, participant_id, token_sha256, issued_at, expires_at, revoked_at: None };
    let caller = who.clone();
    cx.write(cx.meta(who.user), move |tx| {
        hold(tx, &[participant_id])?;
        // Erased meanwhile?
        let found = holder(tx, &caller, participant_id)?;
        if let Some(other) = current(tx, participant_id, issued_at)? {
            return Ok(other);
        }
        insert(tx, &pass, &token)?;
        note(tx, "pass.issue", &found, &[id])?;
        Ok(Showable { token: token.clone(), expires_at })
    })
    .await
}

pub async fn revoke_pass(
    who: Allowed<may::EditParticipants>,
    cx: Context,
    path: Path<ParticipantId>,
    body: Once<NoBody>,
) -> Result<Posted<RevokedOut>, Fault> {
    let (caller, id) = (who.caller(), path.0);
    let done = cx.write_once(cx.meta(who.user), body.retry, move |tx| {
        let found = store::find(tx, &caller.scope, id)?.ok_or(codes::Refusal::NotFound)?;
        let now = tx.meta.now;
        hold(tx, &[found.id])?;
        let revoked = revoke(tx, found.id, now)?;
        note(tx, "pass.revoke", &found, &revoked)?;
        Ok(RevokedOut { participant_id: found.id, revoked })
    });
    let done = done.await?;
    Ok(Posted { value: done.value, created: false, replayed: done.replayed, version: None })
}

fn note(
    tx: &mut Tx<'_>,
    action: &'static str,
    of: &Participant,
    passes: &[PassId],
) -> Result<(), Fault> {
    let detail = serde_json::json!({ "passes": passes });
    let (kind, id) = ("participant", of.id.to_string());
    let (city, campus) = (Some(of.city), Some(of.campus_id));
    Ok(tx.audit(Audit { action, kind, id, city, campus, detail })?)
}

pub async fn show_pass_keys(_: Anyone, keys: Data<PassKeys>) -> Result<Reference<JwkSet>, Fault> {
    Ok(Reference(keys.published()))
}

/// Whether the picture is asked for; `*/*` gets JSON.
fn wants_svg(req: &HttpRequest) -> bool {
    let accept = req.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.unwrap_or("").split(',').any(|range| {
        let kind = range.split(';').next().unwrap_or("");
        kind.trim().eq_ignore_ascii_case("image/svg+xml")
    })
}

impl Responder for PassShown {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut res = HttpResponse::Ok();
        res.insert_header((header::CACHE_CONTROL, "no-store"));
        res.insert_header((header::VARY, "Accept"));
        match self {
            Self::Json(out) => res.json(out),
            Self::Svg(picture) => res.content_type("image/svg+xml").body(picture),
        }
    }
}

impl Output for PassShown {
    fn describe(draft: &mut Draft) {
        draft.answer_or_text::<PassOut>("The pass, or its QR code", "image/svg+xml");
    }
}
