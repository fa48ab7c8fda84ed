//! Whether goods that change hands can be accepted at all.

use crate::{
    accounts::{
        self,
        allowed::Caller,
        policy::{Action, may_ever},
    },
    materials::{order::wrong, place::Place, rules::changes_hands, store::Wanted},
    platform::{db::Conn, fault::Fault},
};

/// Refuses (422) to send goods to oneself, since handing over takes two people, and to a user
/// who can never accept them: one who has left, or whose role moves no goods.
pub(super) fn can_accept(conn: &mut Conn, caller: &Caller, wanted: &Wanted) -> Result<(), Fault> {
    let Place::User(id) = wanted.to.place else { return Ok(()) };
    if !changes_hands(&wanted.from, &wanted.to) {
        return Ok(());
    }
    if id == caller.user {
        let (zh, en) = ("移交须有两人：不能发给自己", "Handing over takes two: not to oneself");
        return Err(wrong("/to", "movement.receiver", zh, en));
    }
    let receiver = accounts::store::find(conn, id)?;
    let can = receiver.is_some_and(|user| user.active && may_ever(user.role, Action::MoveStock));
    if can {
        return Ok(());
    }
    let (zh, en) = ("该用户已停用或不经手物料，无法接收", "This user cannot accept goods");
    Err(wrong("/to", "movement.receiver", zh, en))
}
