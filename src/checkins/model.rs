//! Words of check-in, and the value types its rules and its API share.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::{
    fault::Words,
    ids::{BoothId, DeviceId, EventId, ParticipantId, ScanId},
    time::{Day, Instant},
};

crate::words! {
    /// Whether the phone had the server's answer when it let the person pass.
    pub enum Mode { Online = "online", Offline = "offline" }
}

crate::words! {
    /// What a phone is told about a scan.
    pub enum Verdict {
        Admitted = "admitted",
        /// Already in: another scan holds the place.
        Duplicate = "duplicate",
        Denied = "denied",
    }
}

crate::words! {
    /// What a phone decided by itself, offline.
    pub enum LocalVerdict { Admitted = "admitted", Denied = "denied" }
}

crate::words! {
    /// What a scan is worth now.
    pub enum Standing {
        /// Holds its place.
        Admitted = "admitted",
        /// In the set, but another scan holds the place.
        Duplicate = "duplicate",
        Denied = "denied",
        /// Taken out of the set.
        Annulled = "annulled",
        /// Came from a revoked device; a coordinator decides.
        Quarantined = "quarantined",
    }
}

impl Standing {
    /// Whether the scan counts: it is eligible or accepted, and nobody annulled it.
    pub const fn in_set(self) -> bool {
        matches!(self, Self::Admitted | Self::Duplicate)
    }
}

crate::words! {
    /// What a coordinator says about a scan that was not let in.
    pub enum Decision { Accept = "accept", Reject = "reject" }
}

crate::words! {
    /// What became of a wish to annul.
    pub enum AnnulmentState { Waiting = "waiting", Done = "done", Refused = "refused" }
}

crate::words! {
    /// Why two verdicts need a look.
    pub enum ConflictKind {
        /// The phone let the person in and the server does not count the scan, or the reverse.
        Verdict = "verdict",
        /// Two devices, both offline, let the same person in.
        TwoDevices = "two_devices",
    }
}

crate::words! {
    /// Why a scan is not `admitted`.
    pub enum Reason {
        UnknownPass = "unknown_pass",
        BadSignature = "bad_signature",
        Expired = "expired",
        Revoked = "revoked",
        EventNotOpen = "event_not_open",
        NotRegistered = "not_registered",
        Waitlisted = "waitlisted",
        WalkInNeedsConfirmation = "walk_in_needs_confirmation",
        RoleNotAllowed = "role_not_allowed",
        WrongCampus = "wrong_campus",
        TimeSuspect = "time_suspect",
        IdReused = "id_reused",
        DeviceRevoked = "device_revoked",
        Malformed = "malformed",
        UnknownEvent = "unknown_event",
        Retry = "retry",
        AlreadyCheckedIn = "already_checked_in",
    }
}

impl Reason {
    /// Whether the phone may drop the scan: false only where nothing was stored.
    pub const fn terminal(self) -> bool {
        !matches!(self, Self::Retry | Self::UnknownEvent)
    }

    /// Whether a coordinator may still accept a scan that was refused for this reason.
    pub const fn resolvable(self) -> bool {
        matches!(
            self,
            Self::DeviceRevoked
                | Self::TimeSuspect
                | Self::NotRegistered
                | Self::WalkInNeedsConfirmation
                | Self::Waitlisted
                | Self::EventNotOpen
        )
    }

    /// What the person at the door reads.
    pub fn message(self) -> Words {
        let (zh, en) = match self {
            Self::UnknownPass => ("未知的通行码", "This pass was not issued by us"),
            Self::BadSignature => ("通行码签名无效", "The signature of this pass is not valid"),
            Self::Expired => ("通行码已过期", "This pass has expired"),
            Self::Revoked => ("通行码已作废", "This pass was revoked"),
            Self::EventNotOpen => ("此时不在签到时间内", "Check-in was not open at that time"),
            Self::NotRegistered => ("未报名", "Not registered for this event"),
            Self::Waitlisted => ("仍在候补名单中", "Still on the waiting list"),
            Self::WalkInNeedsConfirmation => {
                ("未报名，请确认后放行", "Not registered: confirm to let this person in")
            }
            Self::RoleNotAllowed => ("该身份不能参加此活动", "This role is not admitted here"),
            Self::WrongCampus => {
                ("该校区人员不能参加此活动", "People of this campus are not admitted here")
            }
            Self::TimeSuspect => {
                ("手机时间异常，待核实", "The phone's time is not plausible; to be checked")
            }
            Self::IdReused => {
                ("该扫码编号已用于另一次扫码", "This scan id already stands for another scan")
            }
            Self::DeviceRevoked => {
                ("该设备已停用，扫码待核实", "This device was revoked; the scan is to be checked")
            }
            Self::Malformed => ("无法读取该条记录", "This record cannot be read"),
            Self::UnknownEvent => ("没有此活动或摊位", "There is no such event or booth"),
            Self::Retry => ("暂时无法处理，请重试", "Not processed; please send it again"),
            Self::AlreadyCheckedIn => ("已签到", "Already checked in"),
        };
        Words::new(zh, en)
    }
}

/// The message that goes with an answer.
pub fn message(reason: Option<Reason>) -> Words {
    reason.map_or_else(|| Words::new("签到成功", "Checked in"), Reason::message)
}

/// Where a scan was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The gate of an event.
    Event(EventId),
    Booth(BoothId),
}

/// `sha256` of a whole pass token: how the server recognises a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PassHash(pub [u8; 32]);

/// Whom a scan names, as the phone said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Pass(PassHash),
    /// An id as sent: it may be an alias of the participant's own.
    Participant(ParticipantId),
}

/// What a `scan_id` stands for; the same id with another identity is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    pub target: Target,
    pub subject: Subject,
    pub scanned_at: Instant,
    /// As the phone claims; the session's device is not part of it.
    pub device_id: DeviceId,
}

/// What can be held once: a person at a gate, or a person at a booth on a local day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Gate { event: EventId, participant: ParticipantId },
    Booth { booth: BoothId, day: Day, participant: ParticipantId },
}

impl Place {
    pub const fn participant(self) -> ParticipantId {
        match self {
            Self::Gate { participant, .. } | Self::Booth { participant, .. } => participant,
        }
    }
}

/// The scan that holds a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FirstCheckIn {
    pub scan_id: ScanId,
    pub effective_at: Instant,
    pub device_id: DeviceId,
    pub booth_id: Option<BoothId>,
}
