//! What findings do to a step: let it pass, let it pass with a reason, or stop it.

use super::Finding;
use crate::{
    events::{model::FindingCode, refusals::Refusal},
    platform::fault::{FieldError, Problem, Refuse as _},
};

/// How findings judge a submit, an approval or an amendment.
#[derive(Clone, Debug, PartialEq)]
pub enum Gate {
    /// It may pass; these findings were overridden by the reason given.
    Open { overridden: Vec<FindingCode> },
    /// These stop it.
    Shut(Vec<Finding>),
}

/// Judges the findings. Only an approval brings an `override_reason`; a blank one is none.
pub fn gate(findings: &[Finding], override_reason: Option<&str>) -> Gate {
    let reason = override_reason.is_some_and(|reason| !reason.trim().is_empty());
    let blocking = || findings.iter().filter(|finding| finding.blocks());
    let shut: Vec<Finding> = blocking().filter(|f| !(f.overridable && reason)).cloned().collect();
    if shut.is_empty() {
        Gate::Open { overridden: blocking().map(|finding| finding.code).collect() }
    } else {
        Gate::Shut(shut)
    }
}

/// The findings that an amendment of `changed` fields answers for: a plan that was approved
/// is not judged again for what stays as it is.
pub fn at_amend(findings: Vec<Finding>, changed: &[&'static str]) -> Vec<Finding> {
    let touched = |code| inputs(code).iter().any(|name| changed.contains(name));
    findings.into_iter().filter(|finding| touched(finding.code)).collect()
}

/// The guarded fields a finding depends on.
fn inputs(code: FindingCode) -> &'static [&'static str] {
    match code {
        FindingCode::OutsideWindow | FindingCode::CalendarNote => &["starts_at", "ends_at"],
        FindingCode::LeadTime | FindingCode::LatePreparation => &["starts_at"],
        FindingCode::Incomplete => {
            &["lead_id", "plan", "starts_at", "ends_at", "venue_id", "format"]
        }
        FindingCode::NoPublicity => &["publicity"],
        FindingCode::VenueClash => &["venue_id", "starts_at", "ends_at", "format"],
        FindingCode::PersonClash => &["lead_id", "team_ids", "starts_at", "ends_at", "format"],
        FindingCode::CapacityExceedsVenue => &["capacity", "venue_id"],
        FindingCode::MaterialShort | FindingCode::KitDiffers => &["kit"],
        FindingCode::NoLiaison => &[],
    }
}

/// The problem for what stops a step: 409 where a hard slot is in the way, else 422; every
/// finding is named.
pub fn refusal(shut: &[Finding]) -> Problem {
    let has = |code| shut.iter().any(|finding| finding.code == code);
    let refusal = if has(FindingCode::VenueClash) {
        Refusal::VenueTaken
    } else if has(FindingCode::PersonClash) {
        Refusal::PersonTaken
    } else {
        Refusal::Findings
    };
    shut.iter().fold(refusal.problem(), |problem, finding| {
        let pointer = inputs(finding.code).first().map(|name| format!("/{name}"));
        let mut error = FieldError::new(
            pointer.unwrap_or_default(),
            finding.code.word(),
            finding.message.clone(),
        );
        error.data = Some(finding.data.clone());
        problem.error(error)
    })
}
