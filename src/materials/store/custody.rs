//! Handing over: what was sent waits in transit until the receiver answers.

use diesel::prelude::*;

use super::{movements as list, post::tell, steps};
use crate::{
    accounts::{Role, Scope},
    materials::{
        model::{Custody, Movement, MovementState, Step, Told},
        place::Place,
        refusal::Refusal,
        rules::Who,
    },
    platform::{
        db::{Conn, MultiBackend, Tx},
        fault::Fault,
        http::codes::Refusal as Absent,
        ids::MovementId,
    },
    schema::{custody, reversals},
};

/// Notes that goods wait for their receiver.
pub(super) fn open(conn: &mut Conn, movement: &Movement) -> QueryResult<()> {
    let row = Custody {
        movement_id: movement.id,
        state: MovementState::Sent,
        sent_by: movement.recorded_by,
        to_place: movement.to_place,
        to_campus: movement.to_campus,
        to_city: movement.to_city,
        sent_at: movement.recorded_at,
        decided_by: None,
        decided_at: None,
    };
    diesel::insert_into(custody::table).values(row).execute(conn).map(drop)
}

/// Accepts what was sent, or sends it back. The receiving side rejects it; the sender, and
/// whoever answers for where it came from, takes it back, so that nothing stays in transit to
/// somebody who cannot answer any more. Refuses a movement the caller does not see (404), one
/// that is not theirs to answer, or that they sent themselves and would accept (403), and one
/// that does not wait (409).
pub fn settle(tx: &mut Tx<'_>, who: Who<'_>, id: MovementId, accept: bool) -> Result<Told, Fault> {
    let told = list::find(tx, id)?.ok_or(Absent::NotFound)?;
    let movement = &told.movement;
    let (from, to) = (movement.from(), movement.to());
    let is_sender = movement.recorded_by == who.user;
    if !is_sender && !who.sees(&from) && !who.sees(&to) {
        return Err(Absent::NotFound.into());
    }
    let receives = who.answers_for(&to) && !is_sender;
    let (state, step, end, action) = if accept && receives {
        (MovementState::Accepted, Step::Accepted, to, "movement.accept")
    } else if !accept && receives {
        (MovementState::Rejected, Step::Rejected, from, "movement.reject")
    } else if !accept && (is_sender || who.answers_for(&from)) {
        (MovementState::Returned, Step::Returned, from, "movement.take_back")
    } else {
        return Err(crate::accounts::Refusal::Forbidden.into());
    };
    if !decide(tx, id, state)? {
        return Err(Refusal::WrongState.into());
    }
    let (transit, today) = (Place::Transit.nowhere(), tx.meta.now.day());
    steps::run(tx, movement, &told.serials, (step, today), (transit, end), None)?;
    if !accept {
        // What a reverse that went back was to take back may be reversed again.
        diesel::delete(reversals::table.filter(reversals::movement_id.eq(id)))
            .execute(&mut **tx)?;
    }
    tell(tx, action, movement)?;
    list::find(tx, id)?.ok_or_else(|| Fault::bug("a movement vanished"))
}

fn decide(tx: &mut Tx<'_>, id: MovementId, state: MovementState) -> QueryResult<bool> {
    let (now, user) = (tx.meta.now, tx.meta.user);
    let waiting = custody::table.find(id).filter(custody::state.eq(MovementState::Sent));
    let decided = diesel::update(waiting)
        .set((custody::state.eq(state), custody::decided_at.eq(now), custody::decided_by.eq(user)))
        .execute(&mut **tx)?;
    Ok(decided == 1)
}

/// How many movements wait for the caller's answer.
pub fn count_waiting(conn: &mut Conn, who: Who<'_>) -> QueryResult<i64> {
    waiting(who).count().get_result(conn)
}

/// What waits for the caller's answer: sent by others, to places the caller answers for.
pub(super) fn waiting(who: Who<'_>) -> custody::BoxedQuery<'static, MultiBackend> {
    let query = custody::table
        .filter(custody::state.eq(MovementState::Sent))
        .filter(custody::sent_by.ne(who.user))
        .into_boxed();
    let own = Place::User(who.user);
    match (who.role, who.scope) {
        (Role::Province, _) => query.filter(custody::to_place.eq_any([Place::Province, own])),
        (Role::Coordinator, Scope::City(city)) => {
            // Of what goes to users in the city only what goes to the caller.
            query
                .filter(custody::to_city.eq(*city))
                .filter(custody::to_place.eq(own).or(custody::to_place.not_like("user:%")))
        }
        (Role::Ambassador, Scope::Campuses(campuses)) => {
            let places: Vec<Place> =
                campuses.iter().map(|id| Place::Campus(*id)).chain([own]).collect();
            query.filter(custody::to_place.eq_any(places))
        }
        _ => query.filter(custody::to_place.eq(own)),
    }
}
