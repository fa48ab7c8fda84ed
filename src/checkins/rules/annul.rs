//! Who may take a scan out of the set.

use chrono::Duration;

use super::{
    facts::{Facts, Stored},
    item::Annulment,
};

/// How long a device may take back what it scanned.
const GRACE: Duration = Duration::minutes(15);

/// The device that made the scan, within 15 minutes by its own clock; else lead or coordinator.
/// Asked when both the scan and the annulment are there.
pub fn may_annul(facts: &Facts, annulment: &Annulment, scan: &Stored) -> bool {
    same_device(annulment, scan) || facts.overrules.contains(&(annulment.by, scan.identity.target))
}

fn same_device(annulment: &Annulment, scan: &Stored) -> bool {
    // Without a time of its own it was decided at receipt: brought to the phone's clock.
    let at = annulment.at.unwrap_or(annulment.received_at - scan.skew);
    !annulment.device_revoked
        && annulment.session_device == scan.session_device
        && (at - scan.identity.scanned_at).abs() <= GRACE
}
