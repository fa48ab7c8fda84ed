//! What phones and coordinators send, parsed, each with the envelope it came in. A slice may
//! mix items of several requests.

use crate::{
    checkins::model::{Decision, Identity, LocalVerdict, Mode, Subject, Target},
    platform::{
        ids::{DeviceId, ScanId, UserId},
        time::Instant,
    },
};

/// One thing to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    Scan(Scan),
    Annul(Annulment),
    Resolve(Resolve),
}

impl Item {
    /// The scan it is about.
    pub const fn scan_id(&self) -> ScanId {
        match self {
            Self::Scan(scan) => scan.scan_id,
            Self::Annul(annulment) => annulment.scan_id,
            Self::Resolve(resolve) => resolve.scan_id,
        }
    }
}

/// A scan as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    pub scan_id: ScanId,
    pub target: Target,
    pub subject: Subject,
    /// By the phone's clock.
    pub scanned_at: Instant,
    /// By the phone's clock; of a batch it stands once.
    pub sent_at: Instant,
    /// By ours.
    pub received_at: Instant,
    /// As the phone claims: tells queues apart, gives no rights.
    pub device_id: DeviceId,
    /// Who sent it.
    pub by: UserId,
    /// The device the session is bound to.
    pub session_device: DeviceId,
    /// Whether the session's device is revoked at receipt.
    pub device_revoked: bool,
    pub mode: Mode,
    pub local_verdict: Option<LocalVerdict>,
    pub walk_in_confirmed: bool,
}

impl Scan {
    pub const fn identity(&self) -> Identity {
        Identity {
            target: self.target,
            subject: self.subject,
            scanned_at: self.scanned_at,
            device_id: self.device_id,
        }
    }
}

/// A wish to take a scan out of the set. It may be older here than the scan itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annulment {
    pub scan_id: ScanId,
    pub by: UserId,
    /// The device the session is bound to.
    pub session_device: DeviceId,
    /// Whether that device was revoked when this was received; then it gives no right.
    pub device_revoked: bool,
    /// When it was decided, by that device's clock; `None`: at receipt.
    pub at: Option<Instant>,
    pub received_at: Instant,
}

/// What makes two annulments the same one sent twice: scan, user, device, the time it was
/// decided, and whether that is the phone's time.
pub type AnnulmentKey = (ScanId, UserId, DeviceId, Instant, bool);

impl Annulment {
    pub fn key(&self) -> AnnulmentKey {
        let decided_at = self.at.unwrap_or(self.received_at);
        (self.scan_id, self.by, self.session_device, decided_at, self.at.is_some())
    }
}

/// A coordinator's decision about a scan that was not let in. Who may is the policy's matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolve {
    pub scan_id: ScanId,
    pub decision: Decision,
}
