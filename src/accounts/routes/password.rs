//! Changing one's own password.

use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::attempt::Attempt;
use crate::{
    accounts::{
        Allowed, Refusal,
        callers::Callers,
        may,
        model::User,
        passwords::Passwords,
        sessions,
        store::{self, UserChanges, staff},
        tokens::Tokens,
    },
    platform::{
        fault::Fault,
        http::{answer::NoContent, body::Valid, codes, request::Context},
        ids::SessionId,
    },
};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "current_password": "k7mq2w9xhd4t",
    "new_password": "my own long password",
}))]
pub struct PasswordIn {
    #[validate(length(min = 1, max = 128))]
    pub current_password: String,
    /// 10 to 128 characters.
    #[validate(length(min = 10, max = 128))]
    pub new_password: String,
}

pub async fn change_password(
    who: Allowed<may::ChangePassword>,
    cx: Context,
    tokens: Data<Tokens>,
    passwords: Data<Passwords>,
    callers: Data<Callers>,
    body: Valid<PasswordIn>,
) -> Result<NoContent, Fault> {
    let id = who.user;
    let user = cx.read(move |conn| Ok(store::find(conn, id)?)).await?;
    let user = user.ok_or(Refusal::SessionEnded)?;
    // A stolen access token may guess no more often than somebody who signs in.
    let attempt = Attempt::count(&cx, tokens.phone_key(user.phone.digits())).await?;
    let changed = change(&cx, &passwords, attempt, who.session, user, body.0).await;
    attempt.ended(&cx, changed).await?;
    callers.forget();
    Ok(NoContent)
}

async fn change(
    cx: &Context,
    passwords: &Passwords,
    attempt: Attempt,
    session: SessionId,
    user: User,
    PasswordIn { current_password, new_password }: PasswordIn,
) -> Result<(), Fault> {
    if !passwords.verify(current_password.clone(), Some(user.password_hash)).await? {
        return Err(Refusal::WrongPassword.into());
    }
    if new_password == current_password {
        return Err(Refusal::SamePassword.into());
    }
    let (id, hash) = (user.id, passwords.hash(new_password).await?);
    cx.write(cx.meta(id), move |tx| {
        let changes = UserChanges {
            password_hash: Some(hash.clone()),
            must_change_password: Some(false),
            ..UserChanges::default()
        };
        if !store::update_if(tx, id, user.version, &changes)? {
            return Err(codes::Refusal::StaleVersion.into());
        }
        attempt.forget(tx)?;
        let now = tx.meta.real_now;
        sessions::revoke_others(tx, id, Some(session), now)?;
        Ok(staff::note(tx, id, "auth.password", "user", id.to_string())?)
    })
    .await
}
