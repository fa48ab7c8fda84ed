//! One registration, and the list.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{
    accounts::{Allowed, allowed::Caller, may},
    events::store::people::{Door, see_door},
    participants::{self, model::Participant, routes::ParticipantOut},
    platform::{
        db::Conn,
        fault::{Fault, FieldError, Problem, Refuse, Words},
        http::{
            answer::{Listed, NoContent, Posted},
            body::Once,
            codes,
            page::PageQuery,
            path::{Path, Paths},
            request::Context,
        },
        ids::{EventId, ParticipantId, RegistrationId},
        time::Instant,
    },
    registrations::{
        Refusal,
        desk::{self, Wish},
        model::{NotPlaced, Registration, RegistrationState},
        store,
    },
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Filters {
    #[param(inline)]
    pub state: Option<RegistrationState>,
}

#[derive(Clone, Copy, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "participant_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e05" }))]
pub struct RegistrationIn {
    /// Any id of the participant; they may be of a campus outside your scope.
    pub participant_id: ParticipantId,
}

/// Someone on an event's list.
#[derive(Clone, Serialize, ToSchema)]
pub struct RegistrationOut {
    /// The participant's own id.
    pub participant_id: ParticipantId,
    pub state: RegistrationState,
    /// Order of asking within the event.
    pub position: i64,
    pub registered_at: Instant,
    /// When a place became free for someone who waited.
    pub promoted_at: Option<Instant>,
    pub cancelled_at: Option<Instant>,
    pub participant: ParticipantOut,
}

/// What an answer keeps for its repetition: no personal data.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Kept {
    participant: ParticipantId,
    created: bool,
}

pub async fn list_registrations(
    who: Allowed<may::ReadRegistrations>,
    cx: Context,
    path: Path<EventId>,
    page: PageQuery<Filters, i64>,
) -> Result<Listed<RegistrationOut>, Fault> {
    let (caller, event, state) = (who.caller(), path.0, page.filters.state);
    let (after, limit) = (page.after, page.fetch());
    let look = move |conn: &mut Conn| {
        let (_, works) = door(conn, &caller, event)?;
        let rows = store::of_event(conn, event, state, after, limit)?;
        outs(conn, &caller, works, rows)
    };
    let rows = cx.snapshot(look).await?;
    Ok(Listed(page.page(rows, |row| row.position)))
}

pub async fn register_for_event(
    who: Allowed<may::EditRegistrations>,
    cx: Context,
    path: Path<EventId>,
    body: Once<RegistrationIn>,
) -> Result<Posted<RegistrationOut>, Fault> {
    let (caller, event) = (who.caller(), path.0);
    let wish = Wish { id: RegistrationId::new(), participant: body.value.participant_id };
    let done = cx.write_once(cx.meta(who.user), body.retry, move |tx| {
        door(tx, &caller, event)?;
        match desk::register(tx, event, &[wish])?[..] {
            [Ok((participant, created))] => Ok(Kept { participant, created }),
            [Err(why)] => Err(why.problem().into()),
            _ => Err(Fault::bug("one wish, several answers")),
        }
    });
    let done = done.await?;
    let (caller, Kept { participant, created }) = (who.caller(), done.value);
    let value = cx.snapshot(move |conn| show(conn, &caller, event, participant)).await?;
    Ok(Posted { value, created, replayed: done.replayed, version: None })
}

pub async fn cancel_registration(
    who: Allowed<may::EditRegistrations>,
    cx: Context,
    path: Paths<EventId, ParticipantId>,
) -> Result<NoContent, Fault> {
    let (caller, Paths(event, asked)) = (who.caller(), path);
    cx.write(cx.meta(who.user), move |tx| {
        door(tx, &caller, event)?;
        let known = participants::store::known(tx, &[asked])?;
        let known = known.get(&asked).ok_or(codes::Refusal::NotFound)?;
        match desk::cancel(tx, event, known.id)? {
            true => Ok(()),
            false => Err(codes::Refusal::NotFound.into()),
        }
    })
    .await?;
    Ok(NoContent)
}

/// The event as the caller may see it, and whether they work on it.
pub fn door(conn: &mut Conn, who: &Caller, event: EventId) -> Result<(Door, bool), Fault> {
    Ok(see_door(conn, who, event)?.ok_or(codes::Refusal::NotFound)?)
}

/// One registration as the caller may see it.
fn show(
    conn: &mut Conn,
    who: &Caller,
    event: EventId,
    participant: ParticipantId,
) -> Result<RegistrationOut, Fault> {
    let (_, works) = door(conn, who, event)?;
    let row = store::find(conn, event, participant)?.ok_or(codes::Refusal::NotFound)?;
    outs(conn, who, works, vec![row])?.pop().ok_or_else(|| Fault::bug("a registration of nobody"))
}

/// Registrations with their people, whole for those who work on the event.
pub fn outs(
    conn: &mut Conn,
    who: &Caller,
    works: bool,
    rows: Vec<Registration>,
) -> Result<Vec<RegistrationOut>, Fault> {
    let ids: Vec<ParticipantId> = rows.iter().map(|row| row.participant_id).collect();
    let mut people: std::collections::BTreeMap<ParticipantId, Participant> =
        participants::store::by_ids(conn, &ids)?.into_iter().map(|one| (one.id, one)).collect();
    let out = |row: Registration| {
        let person = people.remove(&row.participant_id)?;
        let participant = match works {
            true => ParticipantOut::whole(person),
            false => ParticipantOut::seen_by(who, person),
        };
        Some(RegistrationOut {
            participant_id: row.participant_id,
            state: row.state,
            position: row.position,
            registered_at: row.registered_at,
            promoted_at: row.promoted_at,
            cancelled_at: row.cancelled_at,
            participant,
        })
    };
    // Each row names a participant by a foreign key, and each only once.
    Ok(rows.into_iter().filter_map(out).collect())
}

impl NotPlaced {
    /// Why, as the API says it.
    pub fn problem(self) -> Problem {
        let (code, zh, en) = match self {
            Self::Erased => return participants::Refusal::Erased.problem(),
            Self::Unknown => {
                let problem = codes::Refusal::NotFound.problem();
                return problem.detail("没有这名参与者", "There is no such participant");
            }
            Self::Role => ("role_not_allowed", "活动不接收该角色", "This role is not admitted"),
            Self::Campus => ("wrong_campus", "活动不接收该校区", "This campus is not admitted"),
        };
        let error = FieldError::new("/participant_id", code, Words::new(zh, en));
        Refusal::NotAdmitted.problem().error(error)
    }
}
