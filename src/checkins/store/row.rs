//! A scan as a row, in and out.

use diesel::prelude::*;

use super::{Home, Slip};
use crate::{
    catalogue::attendance::ParticipantRole,
    checkins::{
        model::{
            Decision, FirstCheckIn, Identity, LocalVerdict, Mode, PassHash, Reason, Standing,
            Subject, Target, Verdict,
        },
        rules::{
            Scan,
            facts::{Answer, Attendee, Member, Stored},
            outcome::NewScan,
            time::Timing,
        },
    },
    platform::{
        fault::Fault,
        ids::{BoothId, CampusId, DeviceId, EventId, ParticipantId, ScanId, UserId},
        names::CityCode,
        time::{Day, Instant},
    },
    schema::scans,
};

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = scans, treat_none_as_default_value = false)]
pub(super) struct Row {
    scan_id: ScanId,
    event_id: Option<EventId>,
    booth_id: Option<BoothId>,
    campus_id: CampusId,
    city: CityCode,
    pass_sha256: Option<Vec<u8>>,
    named_id: Option<ParticipantId>,
    participant_id: Option<ParticipantId>,
    role: Option<ParticipantRole>,
    scanned_at: Instant,
    sent_at: Instant,
    received_at: Instant,
    effective_at: Instant,
    day: Day,
    device_id: DeviceId,
    session_device: DeviceId,
    user_id: UserId,
    device_seq: Option<i64>,
    mode: Mode,
    local_verdict: Option<LocalVerdict>,
    walk_in_confirmed: bool,
    late: bool,
    verdict: Verdict,
    reason: Option<Reason>,
    first_scan_id: Option<ScanId>,
    first_effective_at: Option<Instant>,
    first_device_id: Option<DeviceId>,
    first_booth_id: Option<BoothId>,
    standing: Standing,
    resolution: Option<Decision>,
}

impl Row {
    pub fn new(scan: &Scan, slip: &Slip, new: &NewScan, home: Home) -> Self {
        let Stored { identity, answer, attendee, .. } = &new.scan;
        let (pass_sha256, named_id) = match identity.subject {
            Subject::Pass(PassHash(hash)) => (Some(hash.to_vec()), None),
            Subject::Participant(id) => (None, Some(id)),
        };
        let booth_id = match identity.target {
            Target::Event(_) => None,
            Target::Booth(id) => Some(id),
        };
        Self {
            scan_id: scan.scan_id,
            event_id: new.scan.event,
            booth_id,
            campus_id: home.campus,
            city: home.city,
            pass_sha256,
            named_id,
            participant_id: attendee.map(|who| who.id),
            role: attendee.map(|who| who.role),
            scanned_at: identity.scanned_at,
            sent_at: scan.sent_at,
            received_at: new.scan.received_at,
            effective_at: new.scan.effective_at,
            day: new.scan.effective_at.day(),
            device_id: identity.device_id,
            session_device: new.scan.session_device,
            user_id: new.scan.by,
            device_seq: slip.device_seq,
            mode: scan.mode,
            local_verdict: new.scan.local_verdict,
            walk_in_confirmed: scan.walk_in_confirmed,
            late: new.late,
            verdict: answer.verdict,
            reason: answer.reason,
            first_scan_id: answer.first.map(|first| first.scan_id),
            first_effective_at: answer.first.map(|first| first.effective_at),
            first_device_id: answer.first.map(|first| first.device_id),
            first_booth_id: answer.first.and_then(|first| first.booth_id),
            standing: new.scan.standing,
            resolution: new.scan.resolution,
        }
    }

    /// The scan with its id; a row that breaks its own rules is a defect.
    pub fn open(self) -> Result<(ScanId, Home, Stored), Fault> {
        let broken = || Fault::bug(format!("scan {} is broken", self.scan_id));
        let target = match (self.booth_id, self.event_id) {
            (Some(booth), _) => Target::Booth(booth),
            (None, Some(event)) => Target::Event(event),
            (None, None) => return Err(broken()),
        };
        let subject = match (&self.pass_sha256, self.named_id) {
            (Some(hash), _) => {
                Subject::Pass(PassHash(hash.as_slice().try_into().map_err(|_| broken())?))
            }
            (None, Some(id)) => Subject::Participant(id),
            (None, None) => return Err(broken()),
        };
        let attendee = self.participant_id.zip(self.role).map(|(id, role)| Attendee { id, role });
        let timing = Timing::new(self.scanned_at, self.sent_at, self.received_at);
        let stored = Stored {
            identity: Identity {
                target,
                subject,
                scanned_at: self.scanned_at,
                device_id: self.device_id,
            },
            by: self.user_id,
            session_device: self.session_device,
            received_at: self.received_at,
            skew: timing.skew,
            effective_at: self.effective_at,
            answer: Answer { verdict: self.verdict, reason: self.reason, first: self.first() },
            attendee,
            event: self.event_id,
            standing: self.standing,
            resolution: self.resolution,
            local_verdict: self.local_verdict,
        };
        Ok((self.scan_id, Home { campus: self.campus_id, city: self.city }, stored))
    }

    fn first(&self) -> Option<FirstCheckIn> {
        Some(FirstCheckIn {
            scan_id: self.first_scan_id?,
            effective_at: self.first_effective_at?,
            device_id: self.first_device_id?,
            booth_id: self.first_booth_id,
        })
    }
}

/// A scan of a line, as little of it as judging needs.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = scans)]
pub(super) struct InLine {
    scan_id: ScanId,
    event_id: Option<EventId>,
    pub booth_id: Option<BoothId>,
    pub day: Day,
    pub participant_id: Option<ParticipantId>,
    pub role: Option<ParticipantRole>,
    effective_at: Instant,
    device_id: DeviceId,
    local_verdict: Option<LocalVerdict>,
}

impl InLine {
    pub fn member(&self) -> Member {
        Member {
            first: FirstCheckIn {
                scan_id: self.scan_id,
                effective_at: self.effective_at,
                device_id: self.device_id,
                booth_id: self.booth_id,
            },
            event: self.event_id,
            local_verdict: self.local_verdict,
        }
    }

    pub fn place(&self) -> Option<crate::checkins::model::Place> {
        use crate::checkins::model::Place;
        let participant = self.participant_id?;
        match (self.booth_id, self.event_id) {
            (Some(booth), _) => Some(Place::Booth { booth, day: self.day, participant }),
            (None, Some(event)) => Some(Place::Gate { event, participant }),
            (None, None) => None,
        }
    }
}
