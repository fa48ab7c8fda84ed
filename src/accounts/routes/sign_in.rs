//! Sign-in, refresh, sign-out.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::attempt::Attempt;
use crate::{
    accounts::{
        Allowed, Anyone, Refusal, Role,
        callers::Callers,
        may,
        model::{Session, User},
        passwords::Passwords,
        sessions::{self, LIFETIME, Rotation},
        store::{self, staff},
        tokens::{ACCESS_SECONDS, Claims, Refresh, Tokens},
    },
    platform::{
        db::Tx,
        fault::Fault,
        http::{
            answer::{Found, NoContent},
            body::Valid,
            request::Context,
        },
        ids::{CampusId, DeviceId, SessionId, UserId},
        names::{CityCode, Phone},
        time::Instant,
    },
};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "phone": "13800138000",
    "password": "k7mq2w9xhd4t",
    "device": { "id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e06", "name": "林小雨的手机" },
}))]
pub struct LoginIn {
    pub phone: Phone,
    #[validate(length(min = 1, max = 128))]
    pub password: String,
    #[validate(nested)]
    pub device: Option<DeviceIn>,
}

/// The phone or browser that signs in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceIn {
    /// Made once by the app and kept.
    pub id: DeviceId,
    /// As its user calls it.
    #[validate(length(max = 60))]
    pub name: Option<String>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "refresh_token": "ATI_WhwAehCKPlsfDC1OBgAAAAAAAAAB.c2lnbmF0dXJl",
    "device_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e06",
}))]
pub struct RefreshIn {
    #[validate(length(max = 200))]
    pub refresh_token: String,
    /// The device that signed in; leaving it out counts as another device.
    pub device_id: Option<DeviceId>,
}

/// What a sign-in gives.
#[derive(Serialize, ToSchema)]
pub struct TokensOut {
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds the access token is good for.
    pub expires_in: i64,
    /// Works once; keep the newest.
    pub refresh_token: String,
    pub user: UserOut,
}

/// An account as its owner sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct UserOut {
    pub id: UserId,
    pub name: String,
    pub phone: Phone,
    pub role: Role,
    /// A coordinator's city.
    pub city: Option<CityCode>,
    /// An ambassador's or liaison's campuses.
    pub campus_ids: Vec<CampusId>,
    /// Until it is changed, everything but `/me` and `/auth` answers 403.
    pub must_change_password: bool,
    pub version: i64,
}

impl UserOut {
    pub fn of(user: User, campuses: Vec<(CampusId, CityCode)>) -> Self {
        Self {
            id: user.id,
            name: user.name,
            phone: user.phone,
            role: user.role,
            city: user.city,
            campus_ids: campuses.into_iter().map(|(campus, _)| campus).collect(),
            must_change_password: user.must_change_password,
            version: user.version,
        }
    }
}

pub async fn log_in(
    _: Anyone,
    cx: Context,
    tokens: Data<Tokens>,
    passwords: Data<Passwords>,
    body: Valid<LoginIn>,
) -> Result<Found<TokensOut>, Fault> {
    let LoginIn { phone, password, device } = body.0;
    let attempt = Attempt::count(&cx, tokens.phone_key(phone.digits())).await?;
    let device = device.unwrap_or_else(|| DeviceIn { id: DeviceId::new(), name: None });
    let entered = enter(&cx, &passwords, attempt, phone, password, device).await;
    let (session, user) = attempt.ended(&cx, entered).await?;
    give(&tokens, &session, session.created_at, user).map(Found)
}

/// Looks at the password and opens a session.
async fn enter(
    cx: &Context,
    passwords: &Passwords,
    attempt: Attempt,
    phone: Phone,
    password: String,
    device: DeviceIn,
) -> Result<(Session, UserOut), Fault> {
    let user = cx.read(move |conn| Ok(store::find_by_phone(conn, &phone)?)).await?;
    let hash = user.as_ref().filter(|user| user.active).map(|user| user.password_hash.clone());
    let right = passwords.verify(password, hash).await?;
    let (Some(user), true) = (user, right) else { return Err(Refusal::BadCredentials.into()) };
    let session = new_session(user.id, device.id, cx.clocks.real.now());
    let (made, hash) = (session.clone(), user.password_hash);
    let opened = cx.write(cx.meta(user.id), move |tx| {
        let user = open(tx, &made, device.name.as_deref(), &hash)?;
        attempt.forget(tx)?;
        Ok(user)
    });
    Ok((session, opened.await?))
}

fn new_session(user_id: UserId, device_id: DeviceId, now: Instant) -> Session {
    Session {
        id: SessionId::new(),
        user_id,
        device_id,
        generation: 1,
        rotated_at: now,
        created_at: now,
        expires_at: now + LIFETIME,
        revoked_at: None,
    }
}

/// The password may have been changed, or the account deactivated, since it was looked at.
fn open(
    tx: &mut Tx<'_>,
    session: &Session,
    device: Option<&str>,
    password_hash: &str,
) -> Result<UserOut, Fault> {
    let user = store::hold_if_password(tx, session.user_id, password_hash)?
        .ok_or(Refusal::BadCredentials)?;
    sessions::see_device(tx, session.device_id, device, session.created_at)?;
    sessions::insert(tx, session)?;
    let campuses = store::campuses_of(tx, session.user_id)?;
    staff::note(tx, user.id, "auth.login", "session", session.id.to_string())?;
    Ok(UserOut::of(user, campuses))
}

/// Tokens for the current generation of a session.
fn give(
    tokens: &Tokens,
    session: &Session,
    now: Instant,
    user: UserOut,
) -> Result<TokensOut, Fault> {
    let iat = now.seconds();
    let claims = Claims {
        sub: session.user_id,
        sid: session.id,
        did: session.device_id,
        iat,
        exp: iat + ACCESS_SECONDS,
    };
    let refresh = Refresh { family: session.id, generation: session.generation };
    Ok(TokensOut {
        access_token: tokens.sign(claims)?,
        token_type: "Bearer",
        expires_in: ACCESS_SECONDS,
        refresh_token: tokens.refresh_token(refresh),
        user,
    })
}

pub async fn refresh_tokens(
    _: Anyone,
    cx: Context,
    tokens: Data<Tokens>,
    callers: Data<Callers>,
    body: Valid<RefreshIn>,
) -> Result<Found<TokensOut>, Fault> {
    let Some(refresh) = tokens.read_refresh(&body.0.refresh_token) else {
        return Err(Refusal::BadRefreshToken.into());
    };
    let device = body.0.device_id;
    let now = cx.clocks.real.now();
    let rotated = cx.write(cx.meta(None), move |tx| rotate(tx, refresh, device)).await?;
    match rotated {
        Rotated::Given(given) => {
            let (session, user) = *given;
            give(&tokens, &session, now, user).map(Found)
        }
        Rotated::Refused(refusal) => Err(refusal.into()),
        Rotated::Revoked => {
            callers.forget();
            Err(Refusal::SessionEnded.into())
        }
    }
}

/// What came of a refresh. A refusal is a value here: the revocation of a family must stay.
enum Rotated {
    Given(Box<(Session, UserOut)>),
    Refused(Refusal),
    Revoked,
}

fn rotate(tx: &mut Tx<'_>, refresh: Refresh, device: Option<DeviceId>) -> Result<Rotated, Fault> {
    let now = tx.meta.real_now;
    let Some((mut session, _, user)) = sessions::find_with_owner(tx, refresh.family)? else {
        return Ok(Rotated::Refused(Refusal::BadRefreshToken));
    };
    if !user.active {
        return Ok(Rotated::Refused(Refusal::SessionEnded));
    }
    match sessions::rotation(&session, refresh.generation, device, now) {
        Rotation::Ended => return Ok(Rotated::Refused(Refusal::SessionEnded)),
        Rotation::Revoke => {
            sessions::revoke(tx, user.id, session.id, now)?;
            staff::note(tx, user.id, "auth.revoke_family", "session", session.id.to_string())?;
            return Ok(Rotated::Revoked);
        }
        Rotation::Same => {}
        Rotation::Next => {
            // Whoever loses this race gets the successor too: it comes within the grace.
            sessions::advance(tx, &session, now)?;
            session.generation += 1;
        }
    }
    sessions::see_device(tx, session.device_id, None, now)?;
    let campuses = store::campuses_of(tx, user.id)?;
    Ok(Rotated::Given(Box::new((session, UserOut::of(user, campuses)))))
}

pub async fn log_out(
    who: Allowed<may::OwnAccount>,
    cx: Context,
    callers: Data<Callers>,
) -> Result<NoContent, Fault> {
    let (user, session) = (who.user, who.session);
    cx.write(cx.meta(user), move |tx| {
        let now = tx.meta.real_now;
        sessions::revoke(tx, user, session, now)?;
        Ok(staff::note(tx, user, "auth.logout", "session", session.to_string())?)
    })
    .await?;
    callers.forget();
    Ok(NoContent)
}

pub async fn show_me(who: Allowed<may::OwnAccount>, cx: Context) -> Result<Found<UserOut>, Fault> {
    let id = who.user;
    let me = cx
        .read(move |conn| {
            let user = store::find(conn, id)?.ok_or(Refusal::SessionEnded)?;
            let campuses = store::campuses_of(conn, id)?;
            Ok(UserOut::of(user, campuses))
        })
        .await?;
    Ok(Found(me))
}
