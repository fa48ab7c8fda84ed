//! What is found about an event.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::stock;
use crate::{
    accounts::{Allowed, allowed::Caller, may},
    events::{
        case::Case,
        model::{FindingCode, Severity},
        rules::findings::{Finding, Stage, findings},
        store,
    },
    platform::{
        db::Conn,
        fault::Fault,
        http::{answer::Found, codes::Refusal, path::Path, render::Language, request::Context},
        ids::EventId,
        time::Instant,
    },
};

/// Everything there is to say about an event.
#[derive(Serialize, ToSchema)]
pub struct FindingsOut {
    pub items: Vec<FindingOut>,
}

/// One thing found.
#[derive(Serialize, ToSchema)]
pub struct FindingOut {
    pub code: FindingCode,
    /// `block` stops submit, approve and amend.
    pub severity: Severity,
    /// Whether an `override_reason` lets it pass at the approval.
    pub overridable: bool,
    pub message: String,
    /// The rule's inputs: dates, missing quantities, rivals with the minutes of overlap and
    /// the nearest free slots.
    #[schema(value_type = Object)]
    pub data: Value,
}

impl FindingOut {
    fn of(finding: Finding, language: Language) -> Self {
        Self {
            code: finding.code,
            severity: finding.severity,
            overridable: finding.overridable,
            message: language.say(&finding.message).to_owned(),
            data: finding.data,
        }
    }
}

/// The findings at a stage; stock is asked until the event is approved. Titles of rivals show
/// only within the caller's scope.
pub(super) fn of(
    conn: &mut Conn,
    who: &Caller,
    case: &Case,
    stage: Stage,
    now: Instant,
) -> Result<Vec<Finding>, Fault> {
    let mut facts = case.facts(conn, &who.scope, stage, now)?;
    if stage != Stage::Settled {
        facts.available = Some(stock::available(conn, &case.event, now)?);
    }
    Ok(findings(&facts))
}

pub async fn list_event_findings(
    who: Allowed<may::ReadEvents>,
    cx: Context,
    path: Path<EventId>,
) -> Result<Found<FindingsOut>, Fault> {
    let (id, caller, now) = (path.0, who.caller(), cx.now());
    let found = cx
        .snapshot(move |conn| {
            let event = store::find(conn, &caller, id)?.ok_or(Refusal::NotFound)?;
            let case = Case::open(conn, event)?;
            let stage = Stage::of(case.event.state);
            of(conn, &caller, &case, stage, now)
        })
        .await?;
    let language = cx.request.language;
    let items = found.into_iter().map(|finding| FindingOut::of(finding, language)).collect();
    Ok(Found(FindingsOut { items }))
}
