//! Steps that findings can stop: submit, approve, and reopening, which takes its slots again.

use serde_json::json;

use super::{Outcome, TransitionIn, findings};
use crate::{
    accounts::allowed::Caller,
    events::{
        case::{self, Case},
        event::Event,
        model::{EventAction, FindingCode},
        rules::findings::{Finding, Gate, Stage, gate, refusal},
    },
    platform::{db::Tx, fault::Fault},
};

pub(super) fn submit(
    tx: &mut Tx<'_>,
    who: &Caller,
    case: &Case,
    new: Event,
) -> Result<Outcome, Fault> {
    let stage = Stage::at(EventAction::Submit, case.event.state);
    let now = tx.meta.now;
    let found = findings::of(tx, who, case, stage, now)?;
    pass(&found, None)?;
    Ok(Outcome { new, data: json!({}) })
}

/// Takes the slots hard: whoever else wants them waits, and then finds them taken.
pub(super) fn approve(
    tx: &mut Tx<'_>,
    who: &Caller,
    case: &Case,
    mut new: Event,
    input: &TransitionIn,
) -> Result<Outcome, Fault> {
    case::anchor(tx, &case.event.content, case.needs())?;
    let stage = Stage::at(EventAction::Approve, case.event.state);
    let now = tx.meta.now;
    let found = findings::of(tx, who, case, stage, now)?;
    let overridden = pass(&found, input.override_reason.as_deref())?;
    new.lead_time_overridden = overridden.contains(&FindingCode::LeadTime);
    let data = if overridden.is_empty() {
        json!({})
    } else {
        json!({ "overridden": overridden, "override_reason": input.override_reason })
    };
    Ok(Outcome { new, data })
}

/// Its time may have been given to others meanwhile.
pub(super) fn reopen(
    tx: &mut Tx<'_>,
    who: &Caller,
    case: &Case,
    new: Event,
) -> Result<Outcome, Fault> {
    case::anchor(tx, &case.event.content, case.needs())?;
    let now = tx.meta.now;
    let mut found = findings::of(tx, who, case, Stage::Settled, now)?;
    found.retain(|f| matches!(f.code, FindingCode::VenueClash | FindingCode::PersonClash));
    pass(&found, None)?;
    Ok(Outcome { new, data: json!({}) })
}

/// The findings that the reason overrides; refuses when another one blocks.
pub(super) fn pass(
    found: &[Finding],
    override_reason: Option<&str>,
) -> Result<Vec<FindingCode>, Fault> {
    match gate(found, override_reason) {
        Gate::Open { overridden } => Ok(overridden),
        Gate::Shut(shut) => Err(refusal(&shut).into()),
    }
}
