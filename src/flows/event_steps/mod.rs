//! Taking an event through its states, and what is found about it before. A flow, since a
//! step asks stock and registrations and an approval takes venue and people.
//!
//! In one write: read the event, judge person, state and duties, make the writers of its
//! slots wait, read the rivals, judge the findings, write. What was judged is what is
//! written: the version the caller has seen guards it.

mod amend;
mod bulk;
mod close;
mod decide;
mod findings;
mod routes;
mod signed;
mod stock;

pub use routes::endpoints;

use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    accounts::allowed::Caller,
    events::{
        case::Case,
        event::{Event, Told},
        fields::EventPatch,
        model::{EndReport, EventAction},
        store,
    },
    platform::{
        db::Tx,
        fault::{Fault, FieldError, Refuse as _, Words},
        http::{codes::Refusal, version::IfMatch},
        ids::EventId,
    },
};

/// A step to take.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "action": "approve",
    "comment": "场地已与保卫处确认",
    "override_reason": "报到日提前，校方要求当天举行",
}))]
pub struct TransitionIn {
    pub action: EventAction,
    /// Needed by `request_changes`, `reject`, `amend`, `cancel` and `reopen`.
    #[validate(length(max = 1000))]
    #[serde(default)]
    pub comment: Option<String>,
    /// With `approve`: lets overridable findings pass.
    #[validate(length(max = 1000))]
    #[serde(default)]
    pub override_reason: Option<String>,
    /// With `close`, by the coordinator: writes goods that are left as lost.
    #[validate(length(max = 1000))]
    #[serde(default)]
    pub waive_reason: Option<String>,
    /// With `amend`: what changes.
    #[serde(default)]
    pub changes: Option<EventPatch>,
    /// With `close`.
    #[validate(nested)]
    #[serde(default)]
    pub report: Option<EndReport>,
}

/// What a step makes of an event, and what the history keeps of it.
struct Outcome {
    new: Event,
    data: Value,
}

/// Takes the step on the version the caller has seen, or refuses it whole.
pub fn take(
    tx: &mut Tx<'_>,
    who: &Caller,
    id: EventId,
    seen: IfMatch,
    input: &TransitionIn,
) -> Result<Event, Fault> {
    let event = store::find(tx, who, id)?.ok_or(Refusal::NotFound)?;
    seen.expect(event.version)?;
    let case = Case::open(tx, event)?;
    let now = tx.meta.now;
    let to = case.permit(who, input.action, now)?;
    input.check()?;
    let new = case.event.stepped(input.action, to, who.user, now);
    let outcome = match input.action {
        EventAction::Submit => decide::submit(tx, who, &case, new)?,
        EventAction::Approve => decide::approve(tx, who, &case, new, input)?,
        EventAction::Reopen => decide::reopen(tx, who, &case, new)?,
        EventAction::Amend => amend::amend(tx, who, &case, input)?,
        EventAction::Close => close::close(tx, who, &case, new, input)?,
        EventAction::Endorse
        | EventAction::RequestChanges
        | EventAction::Reject
        | EventAction::Withdraw
        | EventAction::Start
        | EventAction::Cancel => Outcome { new, data: json!({}) },
    };
    let comment = input.comment.clone().filter(|comment| !comment.trim().is_empty());
    let told = Told { action: input.action.into(), comment, data: outcome.data };
    case.write(tx, who.user, &outcome.new, &told)?;
    if input.action == EventAction::Submit {
        store::sign(tx, &outcome.new, who.user)?;
    }
    if input.action == EventAction::Amend {
        amend::after(tx, &case.event, &outcome.new)?;
    }
    Ok(outcome.new)
}

impl TransitionIn {
    /// What the action must bring along, and what it cannot use.
    fn check(&self) -> Result<(), Fault> {
        let blank = |text: &Option<String>| text.as_deref().is_none_or(|t| t.trim().is_empty());
        let needed = || Words::new("此操作必须填写", "This action needs it");
        let useless = || Words::new("此操作用不到", "This action has no use for it");
        let blank_report =
            self.report.as_ref().is_none_or(|report| report.summary.trim().is_empty());
        let (amends, closes) =
            (self.action == EventAction::Amend, self.action == EventAction::Close);
        let approves = self.action == EventAction::Approve;
        let wrong = [
            (self.action.needs_comment() && blank(&self.comment), "/comment", needed()),
            (amends && self.changes.is_none(), "/changes", needed()),
            (!amends && self.changes.is_some(), "/changes", useless()),
            (closes && blank_report, "/report/summary", needed()),
            (!closes && self.report.is_some(), "/report", useless()),
            (!approves && self.override_reason.is_some(), "/override_reason", useless()),
            (!closes && self.waive_reason.is_some(), "/waive_reason", useless()),
        ];
        let mut problem = Refusal::Invalid.problem();
        for (_, pointer, words) in wrong.into_iter().filter(|(wrong, ..)| *wrong) {
            problem = problem.error(FieldError::new(pointer, "field.rule", words));
        }
        if problem.errors.is_empty() { Ok(()) } else { Err(problem.into()) }
    }
}
