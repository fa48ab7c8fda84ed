//! Closing an event with its end report, once its goods are accounted for. Whoever moves
//! goods to or from it, changes its list or takes a booth to or from it waits meanwhile.

use serde_json::{Value, json};

use super::{Outcome, TransitionIn, signed};
use crate::{
    accounts::allowed::Caller,
    booths,
    events::{
        case::Case,
        event::Event,
        refusals::Refusal,
        rules::states::COORDINATOR,
        store::{self, people},
    },
    materials::{self, model::Balance},
    platform::{
        db::Tx,
        fault::{Fault, FieldError, Problem, Refuse as _, Words},
        http::codes,
        ids::BoothId,
    },
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
    let id = case.event.id;
    // All that comes to the event waits here, and then finds it closed.
    let counts = people::hold_people(tx, id)?.ok_or(codes::Refusal::NotFound)?;
    let waive = input.waive_reason.as_deref().filter(|reason| !reason.trim().is_empty());
    let booths = booths::store::of_event(tx, id)?;
    let waived = settle(tx, who, case, &booths, waive)?;
    let figures = json!(signed::figures(tx, id, &booths, counts)?);
    store::history::report(tx, id, who.user, report, waive, figures.clone())?;
    let mut data = json!({ "report": report, "figures": figures });
    if let (Some(reason), Some(waived)) = (waive, waived) {
        data["waive_reason"] = json!(reason);
        data["waived"] = waived;
    }
    Ok(Outcome { new, data })
}

/// Refuses while the event or a booth of it holds goods, unless the coordinator waives them:
/// then the rest is written as lost. Answers what was.
fn settle(
    tx: &mut Tx<'_>,
    who: &Caller,
    case: &Case,
    booths: &[BoothId],
    waive: Option<&str>,
) -> Result<Option<Value>, Fault> {
    let event = &case.event;
    let rest = materials::store::balance_of_event(tx, event.id, booths)?;
    if rest.is_empty() {
        return Ok(None);
    }
    let Some(reason) = waive else { return Err(unbalanced(&rest)) };
    if !event.ties(who, false).meets(COORDINATOR) {
        let problem = Refusal::NotYours.problem();
        let (zh, en) = ("只有协调人可以核销未结清的物料", "Only the coordinator waives goods");
        return Err(problem.detail(zh, en).into());
    }
    materials::store::lose_rest(tx, event.id, booths, reason)?;
    Ok(Some(rest.iter().map(held).collect()))
}

fn unbalanced(rest: &[Balance]) -> Fault {
    let problem = Refusal::Unbalanced.problem();
    let errors = rest.iter().map(|balance| {
        let (sku, quantity) = (&balance.sku, balance.quantity);
        let words = Words::new(
            format!("{sku} 尚有 {quantity} 件未结清"),
            format!("{quantity} of {sku} are not accounted for"),
        );
        let mut error = FieldError::new("", Refusal::Unbalanced.code().name, words);
        error.data = Some(held(balance));
        error
    });
    Problem { errors: errors.collect(), ..problem }.into()
}

fn held(balance: &Balance) -> Value {
    json!({
        "place": balance.place.to_string(), "sku": balance.sku, "quantity": balance.quantity,
    })
}
