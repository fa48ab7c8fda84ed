//! Who may take a scan out of the set.

use chrono::Duration;

use super::{
    facts::{Facts, Stored},
    item::Annulment,
};

/// How long a device may take back what it scanned.
const GRACE: Duration = Duration::minutes(15);

/// Who made the scan, on the same device and within 15 minutes by its own clock; else lead or
/// coordinator. Asked when both the scan and the annulment are there. What a revoked device
/// asks for has no right, whoever holds it.
pub fn may_annul(facts: &Facts, annulment: &Annulment, scan: &Stored) -> bool {
    let overrules = || facts.overrules.contains(&(annulment.by, scan.identity.target));
    !annulment.device_revoked && (is_own(annulment, scan) || overrules())
}

/// A sign-in names its device as it likes, so the device alone proves nothing.
fn is_own(annulment: &Annulment, scan: &Stored) -> bool {
    // Without a time of its own it was decided at receipt: brought to the phone's clock.
    let at = annulment.at.unwrap_or(annulment.received_at - scan.skew);
    annulment.by == scan.by
        && annulment.session_device == scan.session_device
        && (at - scan.identity.scanned_at).abs() <= GRACE
}
