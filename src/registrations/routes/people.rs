//! Participants as a list, and as somebody at a door looks for them.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::IntoParams;

use super::single::door;
use crate::{
    accounts::{Allowed, allowed::Caller, may},
    catalogue::attendance::ParticipantRole,
    participants::{
        model::Participant,
        routes::ParticipantOut,
        store::{self as participants, Wanted},
    },
    platform::{
        db::Conn,
        fault::{Fault, Words},
        http::{answer::Listed, codes::invalid, page::PageQuery, request::Context},
        ids::{CampusId, EventId, ParticipantId},
        names::PhoneTail,
    },
    registrations::{model::RegistrationState, store},
};

/// How many people with one tail are looked at in one step.
const STEP: i64 = 200;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Filters {
    pub campus: Option<CampusId>,
    #[param(inline)]
    pub role: Option<ParticipantRole>,
    /// The last four digits of the phone; with `event_id`.
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}$", example = "8000")]
    pub phone_tail: Option<PhoneTail>,
    /// At whose door they stand; with `phone_tail`.
    pub event_id: Option<EventId>,
}

pub async fn list_participants(
    who: Allowed<may::ReadParticipants>,
    cx: Context,
    page: PageQuery<Filters, i64>,
) -> Result<Listed<ParticipantOut>, Fault> {
    let caller = who.caller();
    let Filters { campus, role, phone_tail, event_id } = &page.filters;
    let wanted = Wanted { campus: *campus, role: *role };
    let at_door = match (phone_tail.clone(), *event_id) {
        (Some(tail), Some(event)) => Some((tail, event)),
        (None, None) => None,
        (Some(_), None) => return Err(together("/event_id")),
        (None, Some(_)) => return Err(together("/phone_tail")),
    };
    let (after, limit) = (page.after, page.fetch());
    let look = move |conn: &mut Conn| match &at_door {
        None => {
            let rows = participants::list(conn, &caller.scope, wanted, after, limit)?;
            Ok(rows.into_iter().map(|row| shown(&caller, false, row)).collect())
        }
        Some((tail, event)) => {
            let (_, works) = door(conn, &caller, *event)?;
            let found = at_the_door(conn, &caller, (tail, *event), wanted, (after, limit))?;
            let show = |(listed, row)| shown(&caller, works && listed, row);
            Ok(found.into_iter().map(show).collect())
        }
    };
    let rows: Vec<(i64, ParticipantOut)> = cx.snapshot(look).await?;
    Ok(Listed(page.page(rows, |(seq, _)| *seq).map(|(_, out)| out)))
}

fn together(pointer: &str) -> Fault {
    let words = Words::new("phone_tail 与 event_id 须同时给出", "They go together");
    invalid(pointer, words)
}

fn shown(who: &Caller, known: bool, row: Participant) -> (i64, ParticipantOut) {
    let seq = row.seq;
    let whole = known && row.person.is_some();
    (seq, if whole { ParticipantOut::whole(row) } else { ParticipantOut::seen_by(who, row) })
}

/// People with this tail who are on the event's list, then `true`, or of the caller's scope.
fn at_the_door(
    conn: &mut Conn,
    who: &Caller,
    (tail, event): (&PhoneTail, EventId),
    wanted: Wanted,
    (after, limit): (Option<i64>, i64),
) -> Result<Vec<(bool, Participant)>, Fault> {
    let (mut found, mut after) = (Vec::new(), after.unwrap_or(0));
    loop {
        let rows = participants::with_tail(conn, tail, wanted, after, STEP)?;
        let ids: Vec<ParticipantId> = rows.iter().map(|row| row.id).collect();
        let listed: BTreeSet<ParticipantId> = store::of_people(conn, event, &ids)?
            .into_iter()
            .filter(|row| row.state != RegistrationState::Cancelled)
            .map(|row| row.participant_id)
            .collect();
        let last = rows.last().map(|row| row.seq);
        let enough = i64::try_from(rows.len()).is_ok_and(|many| many < STEP);
        for row in rows {
            let on_list = listed.contains(&row.id);
            if on_list || who.scope.covers(row.campus_id, row.city) {
                found.push((on_list, row));
            }
        }
        let full = usize::try_from(limit).is_ok_and(|limit| found.len() >= limit);
        match last {
            Some(last) if !enough && !full => after = last,
            _ => break,
        }
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}
