//! Whether a scan belongs to the set, decided once, by facts dated at `effective_at`. The first
//! rule that fails is the reason.

use chrono::Duration;

use super::{
    facts::{BoothFacts, Enrolment, EventFacts, Facts, PassFact, Person, Phase, Terms},
    item::Scan,
    time::Timing,
};
use crate::{
    catalogue::attendance::WalkIn,
    checkins::model::{Reason, Subject, Target},
    platform::{ids::EventId, time::Instant},
};

/// How long before and after its hours a door takes people in.
const MARGIN: Duration = Duration::hours(2);

/// Whoever a scan names, with the end of what they showed.
#[derive(Clone, Copy)]
pub(super) struct Bearer<'a> {
    pub person: &'a Person,
    expires_at: Option<Instant>,
    revoked_at: Option<Instant>,
}

/// Whoever a scan names, or why nobody is known. A pass that is shown was issued before,
/// whatever the phone's clock says; erasing a person revokes whatever they could show.
pub(super) fn bearer(facts: &Facts, subject: Subject) -> Result<Bearer<'_>, Reason> {
    let (named, expires_at, revoked_at) = match subject {
        Subject::Participant(id) => (id, None, None),
        Subject::Pass(hash) => match facts.passes.get(&hash) {
            Some(PassFact::Found { participant, expires_at, revoked_at }) => {
                (*participant, Some(*expires_at), *revoked_at)
            }
            Some(PassFact::Unknown { signature_ok: false }) => return Err(Reason::BadSignature),
            Some(PassFact::Unknown { signature_ok: true }) | None => {
                return Err(Reason::UnknownPass);
            }
        },
    };
    let person = facts.people.get(&named).ok_or(Reason::UnknownPass)?;
    let revoked_at = revoked_at.into_iter().chain(person.erased_at).min();
    Ok(Bearer { person, expires_at, revoked_at })
}

/// `None`: the scan is eligible. The target is known to exist.
pub(super) fn refusal(
    facts: &Facts,
    scan: &Scan,
    timing: Timing,
    bearer: Result<Bearer<'_>, Reason>,
) -> Option<Reason> {
    if scan.device_revoked {
        return Some(Reason::DeviceRevoked);
    }
    if timing.suspect {
        return Some(Reason::TimeSuspect);
    }
    let verdict = match scan.target {
        Target::Event(id) => gate(facts, id, scan, timing.effective_at, bearer),
        Target::Booth(id) => match facts.booth(id, timing.effective_at) {
            Some(booth) => at_booth(facts, booth, timing.effective_at, bearer),
            None => Err(Reason::UnknownEvent),
        },
    };
    verdict.err()
}

fn gate(
    facts: &Facts,
    id: EventId,
    scan: &Scan,
    at: Instant,
    bearer: Result<Bearer<'_>, Reason>,
) -> Result<(), Reason> {
    let event = facts.events.get(&id).ok_or(Reason::UnknownEvent)?;
    let terms =
        event.terms.at(at).filter(|terms| is_open(terms, at)).ok_or(Reason::EventNotOpen)?;
    let bearer = bearer?;
    showing(&bearer, at)?;
    admitted(event, terms, bearer.person)?;
    expected(facts, (id, bearer.person), terms.walk_in, scan.walk_in_confirmed, at)
}

/// No registration and no walk-in rule; of its event, if it has one, only `admits`.
fn at_booth(
    facts: &Facts,
    booth: &BoothFacts,
    at: Instant,
    bearer: Result<Bearer<'_>, Reason>,
) -> Result<(), Reason> {
    if !is_staffed(booth, at) {
        return Err(Reason::EventNotOpen);
    }
    let bearer = bearer?;
    showing(&bearer, at)?;
    let event = booth.event.and_then(|id| facts.events.get(&id));
    match event.and_then(|event| Some((event, event.terms.at_or_first(at)?))) {
        Some((event, terms)) => admitted(event, terms, bearer.person),
        None => Ok(()),
    }
}

/// Whether the gate of an event is open: two hours before its start to two after its end.
pub(super) fn is_open(terms: &Terms, at: Instant) -> bool {
    terms.phase != Phase::Shut && terms.starts_at - MARGIN <= at && at < terms.ends_at + MARGIN
}

/// The widened hours of a day may begin the day before and end the day after.
fn is_staffed(booth: &BoothFacts, at: Instant) -> bool {
    (-1..=1).map(|days| at.day().plus(days)).any(|day| {
        let opens = Instant::local(day, booth.opens_at) - MARGIN;
        let closes = Instant::local(day, booth.closes_at) + MARGIN;
        (booth.opens_on..=booth.closes_on).contains(&day) && (opens..closes).contains(&at)
    })
}

fn showing(bearer: &Bearer<'_>, at: Instant) -> Result<(), Reason> {
    let over = |end: Option<Instant>| end.is_some_and(|end| end <= at);
    if over(bearer.expires_at) {
        return Err(Reason::Expired);
    }
    if over(bearer.revoked_at) { Err(Reason::Revoked) } else { Ok(()) }
}

fn admitted(event: &EventFacts, terms: &Terms, person: &Person) -> Result<(), Reason> {
    if !terms.admits.role(person.role) {
        return Err(Reason::RoleNotAllowed);
    }
    if !terms.admits.university(&person.moe_code, &event.moe_code) {
        return Err(Reason::WrongCampus);
    }
    Ok(())
}

/// Registered then, or by now; else the walk-in policy decides.
fn expected(
    facts: &Facts,
    (event, person): (EventId, &Person),
    walk_in: WalkIn,
    confirmed: bool,
    at: Instant,
) -> Result<(), Reason> {
    let history = facts.registrations.get(&(event, person.id));
    let (then, now) = (history.and_then(|h| h.at(at)), history.and_then(|h| h.latest()));
    if [then, now].contains(&Some(&Enrolment::Registered)) {
        return Ok(());
    }
    match walk_in {
        WalkIn::Allow => Ok(()),
        WalkIn::Ask if confirmed => Ok(()),
        WalkIn::Ask => Err(Reason::WalkInNeedsConfirmation),
        WalkIn::Deny if now == Some(&Enrolment::Waitlisted) => Err(Reason::Waitlisted),
        WalkIn::Deny => Err(Reason::NotRegistered),
    }
}
