//! A small campaign to judge in: one event, a booth of it, a booth of its own, three people,
//! and a store made of maps that loads exactly what `Facts::wanted` asks for.

mod answers;
mod eligibility;
mod later;
mod property;
mod reference;
mod world;

use chrono::Duration;
use uuid::Uuid;

use super::{facts::*, item::*};
use crate::{
    catalogue::attendance::{Admits, ParticipantRole, WalkIn},
    checkins::{model::*, rules::dated::Dated},
    platform::{ids::*, time::Instant},
};

pub const EVENT: EventId = EventId(Uuid::from_u128(1));
/// A booth of the event.
pub const BOOTH: BoothId = BoothId(Uuid::from_u128(2));
/// A booth that belongs to no event.
pub const STAND: BoothId = BoothId(Uuid::from_u128(3));
pub const COORDINATOR: UserId = UserId(Uuid::from_u128(4));
/// Makes the scans.
pub const AMBASSADOR: UserId = UserId(Uuid::from_u128(5));
pub const COLLEAGUE: UserId = UserId(Uuid::from_u128(6));

/// 3 September 2011, 10:00 in Guangzhou, and minutes after it. The event starts at 0.
pub fn at(minutes: i64) -> Instant {
    Instant(1_315_015_200_000) + Duration::minutes(minutes)
}

pub fn person(n: u128) -> ParticipantId {
    ParticipantId(Uuid::from_u128(100 + n))
}

pub fn device(n: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(200 + n))
}

pub fn scan_id(n: u128) -> ScanId {
    ScanId(Uuid::from_u128(1_000 + n))
}

pub fn pass(n: u8) -> PassHash {
    PassHash([n; 32])
}

pub fn terms(phase: Phase) -> Terms {
    Terms {
        phase,
        starts_at: at(0),
        ends_at: at(120),
        admits: Admits::default(),
        walk_in: WalkIn::Deny,
    }
}

/// Persons 0 and 1 are registered and have passes; person 2 is not registered.
pub fn campaign() -> Facts {
    let mut facts = Facts::default();
    let open = Dated::new(vec![(at(-5_000), terms(Phase::Open))]);
    facts.events.insert(EVENT, EventFacts { moe_code: "10558".into(), terms: open });
    for (id, event) in [(BOOTH, Some(EVENT)), (STAND, None)] {
        let (opens_on, closes_on) = (at(0).day(), at(1_440).day());
        let hours = BoothFacts { event, opens_on, closes_on, opens_at: 540, closes_at: 1_080 };
        facts.booths.insert(id, Dated::new(vec![(at(-5_000), hours)]));
    }
    for n in 0..3 {
        let role = ParticipantRole::ALL[n as usize];
        let id = person(n);
        let someone = Person { id, role, moe_code: "10558".into(), erased_at: None };
        facts.people.insert(id, someone);
        let shown = PassFact::Found { participant: id, expires_at: at(90_000), revoked_at: None };
        facts.passes.insert(pass(u8::try_from(n).unwrap()), shown);
    }
    for n in 0..2 {
        let history = Dated::new(vec![(at(-3_000), Enrolment::Registered)]);
        facts.registrations.insert((EVENT, person(n)), history);
    }
    for target in [Target::Event(EVENT), Target::Booth(BOOTH), Target::Booth(STAND)] {
        facts.overrules.insert((COORDINATOR, target));
    }
    facts
}

/// A scan at the gate by device 0, received at once.
pub fn scan(id: u128, who: u8, minute: i64) -> Scan {
    Scan {
        scan_id: scan_id(id),
        target: Target::Event(EVENT),
        subject: Subject::Pass(pass(who)),
        scanned_at: at(minute),
        sent_at: at(minute),
        received_at: at(minute),
        device_id: device(0),
        by: AMBASSADOR,
        session_device: device(0),
        device_revoked: false,
        mode: Mode::Online,
        local_verdict: None,
        walk_in_confirmed: false,
    }
}

/// A scan that device `phone` let in offline and sent an hour later.
pub fn offline(id: u128, who: u8, minute: i64, phone: u128) -> Scan {
    Scan {
        sent_at: at(minute + 60),
        received_at: at(minute + 60),
        device_id: device(phone),
        session_device: device(phone),
        mode: Mode::Offline,
        local_verdict: Some(LocalVerdict::Admitted),
        ..scan(id, who, minute)
    }
}

/// By an ambassador with device 0.
pub fn annulment(id: u128, minute: i64) -> Annulment {
    Annulment {
        scan_id: scan_id(id),
        by: AMBASSADOR,
        session_device: device(0),
        device_revoked: false,
        at: Some(at(minute)),
        received_at: at(minute),
    }
}
