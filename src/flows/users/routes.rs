//! Managing accounts over HTTP.

use actix_web::web::Data;

use super::{
    NewUser, Places, change, create, import, manages, places,
    types::{ColleagueOut, UserFilters, UserIn, UserPatch, UserWithPassword},
};
use crate::{
    accounts::{
        Allowed, Refusal, Scope,
        allowed::Caller,
        callers::Callers,
        may,
        model::User,
        passwords::Passwords,
        sessions,
        store::{self, UserChanges, calendar},
    },
    platform::{
        crypto::random,
        db::{Conn, Tx},
        fault::{Fault, Refuse},
        http::{
            answer::{Created, Current, Done, Listed},
            body::{NoBody, Once, Valid},
            codes,
            endpoint::{Endpoint, get, patch, post},
            idempotency::Replayable,
            page::PageQuery,
            path::Path,
            request::Context,
            version::IfMatch,
        },
        ids::UserId,
    },
};

pub fn endpoints() -> Vec<Endpoint> {
    let manage =
        || [Refusal::WrongPlace.code(), Refusal::NotYours.code(), Refusal::PhoneTaken.code()];
    vec![
        get("/users", list_users).about(
            "People",
            "Users of one's campuses",
            "Names and ids for all; phones only of those whom you manage.",
        ),
        post("/users", create_user)
            .about(
                "People",
                "Make an account",
                "Answers a first password once; it must be changed at the first sign-in. A \
                 repeated request does not show it again: reset it instead.",
            )
            .refuses(manage()),
        get("/users/{id}", show_user).about(
            "People",
            "One user",
            "Phone only for those who manage them.",
        ),
        patch("/users/{id}", update_user)
            .about(
                "People",
                "Change name, phone, role or place",
                "JSON merge patch. A new role comes with its place: `city` for a coordinator, \
                 `campus_ids` for ambassadors and liaisons, and what no longer fits cleared. \
                 You must manage the account before and after. It bites within 60 s.",
            )
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
        ColleagueOut::of(user, &places, &who)
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
        name: input.name,
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
    let (id, scope) = (made.value, who.scope.clone());
    let (user, places) = cx.read(move |conn| find(conn, &scope, id)).await?;
    let temporary_password = (!made.replayed).then_some(password);
    let user = ColleagueOut::of(user, &places, &who);
    Ok(Created(made.map(|_| UserWithPassword { user, temporary_password })))
}

async fn show_user(
    who: Allowed<may::ReadUsers>,
    cx: Context,
    path: Path<UserId>,
) -> Result<Current<ColleagueOut>, Fault> {
    let (id, scope) = (path.0, who.scope.clone());
    let (user, places) = cx.read(move |conn| find(conn, &scope, id)).await?;
    Ok(Current(ColleagueOut::of(user, &places, &who)))
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
    let work = move |tx: &mut Tx<'_>| update(tx, &caller, id, version, &input);
    let (user, places) = cx.write(cx.meta(who.user), work).await?;
    callers.forget();
    Ok(Current(ColleagueOut::of(user, &places, &who)))
}

fn update(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: UserId,
    version: IfMatch,
    patch: &UserPatch,
) -> Result<(User, Places), Fault> {
    let (user, old) = find_managed(tx, &caller.scope, id, version)?;
    let wanted = patch.over(&user, &old)?;
    let new = places(tx, wanted.role, wanted.city, &wanted.campuses)?;
    if !manages(&caller.scope, wanted.role, &new) {
        return Err(Refusal::NotYours.into());
    }
    let changes = UserChanges {
        phone: Some(wanted.phone),
        name: Some(wanted.name),
        role: Some(wanted.role),
        city: Some(wanted.city),
        ..UserChanges::default()
    };
    change(tx, &user, &changes, (&old, &new), "user.update")?;
    find(tx, &Scope::All, id)
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
            let (user, places) = find_managed(tx, &caller.scope, id, version)?;
            if !user.active {
                return Err(Refusal::Inactive.into());
            }
            let changes = UserChanges { active: Some(false), ..UserChanges::default() };
            change(tx, &user, &changes, (&places, &places), "user.deactivate")?;
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
            let (user, places) = find_managed(tx, &caller.scope, id, version)?;
            if !user.active {
                return Err(Refusal::Inactive.into());
            }
            let changes = UserChanges {
                password_hash: Some(hash.clone()),
                must_change_password: Some(true),
                ..UserChanges::default()
            };
            change(tx, &user, &changes, (&places, &places), "user.reset_password")?;
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

/// The account after a write that kept its id alone, as the caller may see it by now: a
/// repeated request tells nothing about who has left the scope (404).
async fn shown(
    cx: &Context,
    who: &Allowed<may::ManageUsers>,
    done: Replayable<UserId>,
) -> Result<Replayable<ColleagueOut>, Fault> {
    let (id, scope) = (done.value, who.scope.clone());
    let (user, places) = cx.read(move |conn| find(conn, &scope, id)).await?;
    Ok(done.map(|_| ColleagueOut::of(user, &places, who)))
}
