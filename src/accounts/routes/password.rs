//! Changing one's own password.

use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    accounts::{
        Allowed, Refusal, callers::Callers, may, passwords::Passwords, sessions, store,
        store::UserChanges,
    },
    platform::{
        db::Audit,
        fault::Fault,
        http::{answer::NoContent, body::Valid, codes, request::Context},
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
    passwords: Data<Passwords>,
    callers: Data<Callers>,
    body: Valid<PasswordIn>,
) -> Result<NoContent, Fault> {
    let PasswordIn { current_password, new_password } = body.0;
    let (id, session) = (who.user, who.session);
    let user = cx.read(move |conn| Ok(store::find(conn, id)?)).await?;
    let user = user.ok_or(Refusal::SessionEnded)?;
    if !passwords.verify(current_password.clone(), Some(user.password_hash)).await? {
        return Err(Refusal::WrongPassword.into());
    }
    if new_password == current_password {
        return Err(Refusal::SamePassword.into());
    }
    let hash = passwords.hash(new_password).await?;
    cx.write(cx.meta(id), move |tx| {
        let changes = UserChanges {
            password_hash: Some(hash.clone()),
            must_change_password: Some(false),
            ..UserChanges::default()
        };
        if !store::update_if(tx, id, user.version, &changes)? {
            return Err(codes::Refusal::StaleVersion.into());
        }
        let now = tx.meta.real_now;
        sessions::revoke_others(tx, id, Some(session), now)?;
        let entry =
            Audit { action: "auth.password", kind: "user", id: id.to_string(), ..Audit::default() };
        Ok(tx.audit(entry)?)
    })
    .await?;
    callers.forget();
    Ok(NoContent)
}
