//! Managing accounts over HTTP.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{NewUser, Places, change, create, import, manages, places};
use crate::{
    accounts::{
        Allowed, Refusal, Role, Scope,
        callers::Callers,
        may,
        model::User,
        passwords::Passwords,
        policy::{Action, may_ever},
        sessions,
        store::{self, UserChanges, calendar},
    },
    platform::{
        crypto::random,
        db::Conn,
        fault::{Fault, Refuse},
        http::{
            answer::{Created, Current, Done, Listed, Versioned},
            body::{NoBody, Once, Valid, not_blank},
            codes,
            endpoint::{Endpoint, get, patch, post},
            idempotency::Replayable,
            page::PageQuery,
            patch::Field,
            path::Path,
            request::Context,
            version::IfMatch,
        },
        ids::{CampusId, UserId},
        names::{CityCode, Phone},
    },
};

pub fn endpoints() -> Vec<Endpoint> {
    let manage =
        || [Refusal::WrongPlace.code(), Refusal::NotYours.code(), Refusal::PhoneTaken.code()];
    vec![
        get("/users", list_users).about(
            "People",
            "Users of one's campuses",
            "Names and ids for all; phones only for those who manage users.",
        ),
        post("/users", create_user)
            .about(
                "People",
                "Make an account",
                "Answers a first password once; it must be changed at the first sign-in. A \
                 repeated request does not show it again: reset it instead.",
            )
            .refuses(manage()),
        get("/users/{id}", show_user).about("People", "One user", "Phone only for managers."),
        patch("/users/{id}", update_user)
            .about("People", "Change name, phone or place", "The role stays what it is.")
            .refuses(manage()),
        post("/users/{id}/deactivate", deactivate_user)
            .about(
                "People",
                "Deactivate an account",
                "Its sessions end, within 60 s everywhere, and its calendar feed.",
            )
            .refuses([Refusal::NotYours.code(), Refusal::Inactive.code()]),
        post("/users/{id}/reset-password", reset_password)
            .about(
                "People",
                "Give a new first password",
                "Ends all sessions of the account and its calendar feed.",
            )
            .refuses([Refusal::NotYours.code(), Refusal::Inactive.code()]),
        import::endpoint(),
    ]
}

/// An account to be made.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "phone": "13700110011",
    "name": "林小雨",
    "role": "ambassador",
    "campus_ids": ["01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01"],
}))]
pub struct UserIn {
    pub phone: Phone,
    #[validate(length(max = 60), custom(function = "not_blank"))]
    pub name: String,
    pub role: Role,
    /// For coordinators.
    pub city: Option<CityCode>,
    /// For ambassadors and liaisons.
    #[serde(default)]
    #[validate(length(max = 50))]
    pub campus_ids: Vec<CampusId>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "林小雨",
    "campus_ids": ["01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01"],
}))]
pub struct UserPatch {
    pub phone: Option<Phone>,
    #[validate(length(max = 60), custom(function = "not_blank"))]
    pub name: Option<String>,
    #[serde(default)]
    pub city: Field<CityCode>,
    pub campus_ids: Option<Vec<CampusId>>,
}

/// A user as colleagues see one.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ColleagueOut {
    pub id: UserId,
    pub name: String,
    /// Only for those who manage users.
    pub phone: Option<Phone>,
    pub role: Role,
    pub city: Option<CityCode>,
    pub campus_ids: Vec<CampusId>,
    pub active: bool,
    pub version: i64,
}

/// An account with its first password, shown once.
#[derive(Serialize, ToSchema)]
pub struct UserWithPassword {
    pub user: ColleagueOut,
    /// Null in a repeated answer.
    pub temporary_password: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct UserFilters {
    /// Only users of this role.
    pub role: Option<Role>,
}

impl Versioned for ColleagueOut {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Versioned for UserWithPassword {
    fn version(&self) -> i64 {
        self.user.version
    }
}

impl ColleagueOut {
    fn of(user: User, places: &[(CampusId, CityCode)], viewer: Role) -> Self {
        let phone = may_ever(viewer, Action::ManageUsers).then_some(user.phone);
        Self {
            id: user.id,
            name: user.name,
            phone,
            role: user.role,
            city: user.city,
            campus_ids: places.iter().map(|(campus, _)| *campus).collect(),
            active: user.active,
            version: user.version,
        }
    }
}

/// The user with the own places, if in scope.
fn find(conn: &mut Conn, scope: &Scope, id: UserId) -> Result<(User, Places), Fault> {
    let user = store::find(conn, id)?.ok_or(codes::Refusal::NotFound)?;
    if !store::is_in_scope(conn, scope, &user)? {
        return Err(codes::Refusal::NotFound.into());
    }
    let places = store::campuses_of(conn, id)?;
    Ok((user, places))
}

/// The same for those who manage it; refuses a stale version.
fn find_managed(
    conn: &mut Conn,
    scope: &Scope,
    id: UserId,
    version: IfMatch,
) -> Result<(User, Places), Fault> {
    let (user, places) = find(conn, scope, id)?;
    if !manages(scope, user.role, &places) {
        return Err(Refusal::NotYours.into());
    }
    version.expect(user.version)?;
    Ok((user, places))
}

async fn list_users(
    who: Allowed<may::ReadUsers>,
    cx: Context,
    page: PageQuery<UserFilters, UserId>,
) -> Result<Listed<ColleagueOut>, Fault> {
    let (scope, role) = (who.scope.clone(), page.filters.role);
    let (after, fetch) = (page.after, page.fetch());
    let (users, places) = cx
        .read(move |conn| {
            let users = store::list(conn, &scope, role, after, fetch)?;
            let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
            Ok((users, store::campuses_of_all(conn, &ids)?))
        })
        .await?;
    let own = |id| -> Places {
        places.iter().filter(|p| p.user_id == id).map(|p| (p.campus_id, p.city)).collect()
    };
    let page = page.page(users, |user| user.id);
    Ok(Listed(page.map(|user| {
        let places = own(user.id);
        ColleagueOut::of(user, &places, who.role)
    })))
}

async fn create_user(
    who: Allowed<may::ManageUsers>,
    cx: Context,
    passwords: Data<Passwords>,
    body: Once<UserIn>,
) -> Result<Created<UserWithPassword>, Fault> {
    let password = random::readable(12);
    let input = body.value;
    let new = NewUser {
        id: UserId::new(),
        phone: input.phone,
        name: input.name.trim().to_owned(),
        role: input.role,
        city: input.city,
        campuses: input.campus_ids,
        password_hash: passwords.hash(password.clone()).await?,
        must_change_password: true,
    };
    let caller = who.caller();
    let made = cx
        .write_once(cx.meta(who.user), body.retry, move |tx| {
            Ok(create(tx, &new, Some(&caller.scope))?.id)
        })
        .await?;
    let (id, role, scope) = (made.value, who.role, who.scope.clone());
    let (user, places) = cx.read(move |conn| find(conn, &scope, id)).await?;
    let temporary_password = (!made.replayed).then_some(password);
    let user = ColleagueOut::of(user, &places, role);
    Ok(Created(made.map(|_| UserWithPassword { user, temporary_password })))
}

async fn show_user(
    who: Allowed<may::ReadUsers>,
    cx: Context,
    path: Path<UserId>,
) -> Result<Current<ColleagueOut>, Fault> {
    let (id, scope) = (path.0, who.scope.clone());
    let (user, places) = cx.read(move |conn| find(conn, &scope, id)).await?;
    Ok(Current(ColleagueOut::of(user, &places, who.role)))
}

async fn update_user(
    who: Allowed<may::ManageUsers>,
    cx: Context,
    callers: Data<Callers>,
    path: Path<UserId>,
    version: IfMatch,
    body: Valid<UserPatch>,
) -> Result<Current<ColleagueOut>, Fault> {
    let (id, caller, input) = (path.0, who.caller(), body.0);
    let (user, places) = cx
        .write(cx.meta(who.user), move |tx| {
            let (user, old) = find_managed(tx, &caller.scope, id, version)?;
            let old: Vec<CampusId> = old.into_iter().map(|(campus, _)| campus).collect();
            let city = input.city.or(user.city);
            let campuses = input.campus_ids.as_ref().unwrap_or(&old);
            let new = places(tx, user.role, city, campuses)?;
            if !manages(&caller.scope, user.role, &new) {
                return Err(Refusal::NotYours.into());
            }
            if let Some(phone) = &input.phone {
                let other = store::find_by_phone(tx, phone)?.filter(|other| other.id != id);
                other.map_or(Ok(()), |_| Err(Refusal::PhoneTaken))?;
            }
            let changes = UserChanges {
                phone: input.phone.clone(),
                name: input.name.as_ref().map(|name| name.trim().to_owned()),
                city: Some(city),
                ..UserChanges::default()
            };
            change(tx, &user, &changes, "user.update")?;
            store::set_campuses(tx, id, &new)?;
            find(tx, &Scope::All, id)
        })
        .await?;
    callers.forget();
    Ok(Current(ColleagueOut::of(user, &places, who.role)))
}

async fn deactivate_user(
    who: Allowed<may::ManageUsers>,
    cx: Context,
    callers: Data<Callers>,
    path: Path<UserId>,
    version: IfMatch,
    body: Once<NoBody>,
) -> Result<Done<ColleagueOut>, Fault> {
    let (id, caller) = (path.0, who.caller());
    let done = cx
        .write_once(cx.meta(who.user), body.retry, move |tx| {
            let (user, _) = find_managed(tx, &caller.scope, id, version)?;
            if !user.active {
                return Err(Refusal::Inactive.into());
            }
            let changes = UserChanges { active: Some(false), ..UserChanges::default() };
            change(tx, &user, &changes, "user.deactivate")?;
            calendar::revoke(tx, id)?;
            let now = tx.meta.real_now;
            sessions::revoke_others(tx, id, None, now)?;
            Ok(id)
        })
        .await?;
    callers.forget();
    shown(&cx, &who, done).await.map(Done)
}

async fn reset_password(
    who: Allowed<may::ManageUsers>,
    cx: Context,
    passwords: Data<Passwords>,
    callers: Data<Callers>,
    path: Path<UserId>,
    version: IfMatch,
    body: Once<NoBody>,
) -> Result<Done<UserWithPassword>, Fault> {
    let (id, caller) = (path.0, who.caller());
    let password = random::readable(12);
    let hash = passwords.hash(password.clone()).await?;
    let done = cx
        .write_once(cx.meta(who.user), body.retry, move |tx| {
            let (user, _) = find_managed(tx, &caller.scope, id, version)?;
            if !user.active {
                return Err(Refusal::Inactive.into());
            }
            let changes = UserChanges {
                password_hash: Some(hash.clone()),
                must_change_password: Some(true),
                ..UserChanges::default()
            };
            change(tx, &user, &changes, "user.reset_password")?;
            calendar::revoke(tx, id)?;
            let now = tx.meta.real_now;
            sessions::revoke_others(tx, id, None, now)?;
            Ok(id)
        })
        .await?;
    callers.forget();
    let temporary_password = (!done.replayed).then_some(password);
    let shown = shown(&cx, &who, done).await?;
    Ok(Done(shown.map(|user| UserWithPassword { user, temporary_password })))
}

/// The account after a write that kept its id alone.
async fn shown(
    cx: &Context,
    who: &Allowed<may::ManageUsers>,
    done: Replayable<UserId>,
) -> Result<Replayable<ColleagueOut>, Fault> {
    let (id, role) = (done.value, who.role);
    let (user, places) = cx.read(move |conn| find(conn, &Scope::All, id)).await?;
    Ok(done.map(|_| ColleagueOut::of(user, &places, role)))
}
