//! Answering what was sent.

use super::movements::MovementOut;
use crate::{
    accounts::{Allowed, may},
    materials::{rules::Who, store},
    platform::{
        fault::Fault,
        http::{
            answer::Done,
            body::{NoBody, Once},
            path::Path,
            request::Context,
        },
        ids::MovementId,
    },
};

pub async fn accept_movement(
    who: Allowed<may::MoveStock>,
    cx: Context,
    path: Path<MovementId>,
    body: Once<NoBody>,
) -> Result<Done<MovementOut>, Fault> {
    settle(who, cx, path.0, body, true).await
}

pub async fn reject_movement(
    who: Allowed<may::MoveStock>,
    cx: Context,
    path: Path<MovementId>,
    body: Once<NoBody>,
) -> Result<Done<MovementOut>, Fault> {
    settle(who, cx, path.0, body, false).await
}

async fn settle(
    who: Allowed<may::MoveStock>,
    cx: Context,
    id: MovementId,
    body: Once<NoBody>,
    accept: bool,
) -> Result<Done<MovementOut>, Fault> {
    let caller = who.caller();
    let settled = cx.write_once(cx.meta(who.user), body.retry, move |tx| {
        let told = store::settle(tx, Who::of(&caller), id, accept)?;
        Ok(MovementOut::from(told))
    });
    Ok(Done(settled.await?))
}
