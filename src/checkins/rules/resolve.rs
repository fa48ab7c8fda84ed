//! What a coordinator may still decide about a scan that was not let in.

use super::{facts::Stored, outcome::ResolveOutcome};
use crate::checkins::model::{Decision, Reason, Standing};

/// `Ok`: the decision takes effect. `Err`: the answer when it does not, or did before.
pub fn may_resolve(scan: &Stored, decision: Decision) -> Result<(), ResolveOutcome> {
    match scan.resolution {
        Some(before) if before == decision => {
            return Err(ResolveOutcome::Resolved(scan.standing));
        }
        Some(_) => return Err(ResolveOutcome::DecidedOtherwise),
        None => {}
    }
    let refused = matches!(scan.standing, Standing::Denied | Standing::Quarantined);
    if !refused || !scan.answer.reason.is_some_and(Reason::resolvable) {
        return Err(ResolveOutcome::NotOpen);
    }
    match decision {
        Decision::Accept if scan.attendee.is_none() => Err(ResolveOutcome::Nobody),
        Decision::Accept | Decision::Reject => Ok(()),
    }
}
