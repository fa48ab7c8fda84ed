//! Closing an event with its end report.

use serde_json::json;

use super::{Outcome, TransitionIn};
use crate::{
    accounts::allowed::Caller,
    events::{
        case::Case,
        event::Event,
        store::{self, people},
    },
    platform::{db::Tx, fault::Fault, http::codes},
};

pub(super) fn close(
    tx: &mut Tx<'_>,
    who: &Caller,
    case: &Case,
    new: Event,
    input: &TransitionIn,
) -> Result<Outcome, Fault> {
    let Some(report) = &input.report else {
        return Err(Fault::bug("a close without a report passed the check"));
    };
    let counts = people::hold_people(tx, case.event.id)?.ok_or(codes::Refusal::NotFound)?;
    let figures = json!({ "registered": counts.registered, "waitlisted": counts.waitlisted });
    let waive = input.waive_reason.as_deref();
    store::history::report(tx, case.event.id, who.user, report, waive, figures.clone())?;
    let mut data = json!({ "report": report, "figures": figures });
    if let Some(reason) = waive {
        data["waive_reason"] = json!(reason);
    }
    Ok(Outcome { new, data })
}
