//! Where what a phone decided offline and what the server makes of it do not agree. Seen from
//! the standing, not from the answer given, so that the order of arrival does not matter.

use super::{
    facts::{Member, Stored},
    outcome::Conflict,
};
use crate::{
    checkins::model::{ConflictKind, LocalVerdict, Place, Standing},
    platform::ids::{DeviceId, EventId, ParticipantId},
};

/// A scan seen beside whoever holds its place.
pub(super) struct Seen {
    pub device_id: DeviceId,
    pub local: Option<LocalVerdict>,
    pub standing: Standing,
    pub event: Option<EventId>,
    pub participant: Option<ParticipantId>,
}

impl Seen {
    pub fn scan(scan: &Stored, standing: Standing) -> Self {
        Self {
            device_id: scan.identity.device_id,
            local: scan.local_verdict,
            standing,
            event: scan.event,
            participant: scan.attendee.map(|attendee| attendee.id),
        }
    }

    pub fn member(member: &Member, place: Place, standing: Standing) -> Self {
        Self {
            device_id: member.first.device_id,
            local: member.local_verdict,
            standing,
            event: member.event,
            participant: Some(place.participant()),
        }
    }
}

/// `holder` is the other scan that holds the place, if any does.
pub(super) fn conflict(seen: &Seen, holder: Option<&Member>) -> Option<Conflict> {
    let local = seen.local?;
    let differs = match local {
        LocalVerdict::Admitted => {
            matches!(seen.standing, Standing::Duplicate | Standing::Denied | Standing::Quarantined)
        }
        LocalVerdict::Denied => seen.standing == Standing::Admitted,
    };
    let twice = seen.standing == Standing::Duplicate
        && holder.is_some_and(|holder| {
            holder.first.device_id != seen.device_id
                && holder.local_verdict == Some(LocalVerdict::Admitted)
        });
    differs.then(|| Conflict {
        kind: if twice { ConflictKind::TwoDevices } else { ConflictKind::Verdict },
        local,
        standing: seen.standing,
        other: holder.map(|holder| holder.first.scan_id),
        event: seen.event,
        participant: seen.participant,
    })
}
