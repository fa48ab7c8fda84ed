//! The plain model: everything recomputed from the whole set, with no regard for order.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;

use super::super::{
    Facts, Scan,
    eligibility::{bearer, refusal},
    item::Annulment,
    time::Timing,
};
use crate::{
    catalogue::attendance::ParticipantRole,
    checkins::model::*,
    platform::{ids::*, time::Day},
};

/// What a set of scans and annulments comes to.
#[derive(Debug, PartialEq)]
pub struct Sum {
    pub standings: BTreeMap<ScanId, Standing>,
    pub holders: BTreeMap<Place, ScanId>,
    pub event_in: BTreeMap<(EventId, ParticipantRole), i64>,
    pub booth_in: BTreeMap<(BoothId, Day), i64>,
    /// Scans whose standing is not what their phone decided.
    pub disputed: BTreeSet<ScanId>,
}

pub fn sum(
    facts: &Facts,
    scans: &[Scan],
    annulments: &[Annulment],
    decisions: &BTreeMap<ScanId, Decision>,
) -> Sum {
    let mut standings = BTreeMap::new();
    let mut lines: BTreeMap<Place, BTreeSet<_>> = BTreeMap::new();
    let (mut people, mut visits) = (BTreeSet::new(), BTreeSet::new());
    for scan in scans {
        let timing = Timing::new(scan.scanned_at, scan.sent_at, scan.received_at);
        let who = bearer(facts, scan.subject);
        let reason = refusal(facts, scan, timing, who);
        let annulled = annulments.iter().any(|a| annuls(facts, a, scan, timing));
        let decision =
            decisions.get(&scan.scan_id).filter(|_| reason.is_some_and(Reason::resolvable));
        let standing = match (annulled, reason, decision) {
            (true, ..) => Standing::Annulled,
            (_, None, _) | (_, _, Some(Decision::Accept)) => Standing::Duplicate,
            (_, Some(Reason::DeviceRevoked), None) => Standing::Quarantined,
            _ => Standing::Denied,
        };
        standings.insert(scan.scan_id, standing);
        if standing != Standing::Duplicate {
            continue;
        }
        let person = who.unwrap().person;
        let (participant, day) = (person.id, timing.effective_at.day());
        let (place, event) = match scan.target {
            Target::Event(event) => (Place::Gate { event, participant }, Some(event)),
            Target::Booth(booth) => {
                visits.insert((booth, day, participant));
                let said = facts.booths[&booth].at_or_first(timing.effective_at).unwrap();
                (Place::Booth { booth, day, participant }, said.event)
            }
        };
        people.extend(event.map(|event| (event, person.role, participant)));
        lines.entry(place).or_default().insert((timing.effective_at, scan.scan_id));
    }
    let holders: BTreeMap<_, _> =
        lines.iter().map(|(place, line)| (*place, line.first().unwrap().1)).collect();
    standings.extend(holders.values().map(|id| (*id, Standing::Admitted)));
    let (mut event_in, mut booth_in) = (BTreeMap::new(), BTreeMap::new());
    people.iter().for_each(|(event, role, _)| *event_in.entry((*event, *role)).or_default() += 1);
    visits.iter().for_each(|(booth, day, _)| *booth_in.entry((*booth, *day)).or_default() += 1);
    let disputed =
        scans.iter().filter(|scan| match (scan.local_verdict, standings[&scan.scan_id]) {
            (_, Standing::Annulled) | (None, _) => false,
            (Some(LocalVerdict::Admitted), standing) => standing != Standing::Admitted,
            (Some(LocalVerdict::Denied), standing) => standing == Standing::Admitted,
        });
    let disputed = disputed.map(|scan| scan.scan_id).collect();
    Sum { standings, holders, event_in, booth_in, disputed }
}

fn annuls(facts: &Facts, annulment: &Annulment, scan: &Scan, timing: Timing) -> bool {
    let quarter = Duration::minutes(15);
    let elapsed = match annulment.at {
        Some(at) => at - scan.scanned_at,
        None => annulment.received_at - (scan.scanned_at + timing.skew),
    };
    let own = annulment.session_device == scan.session_device && annulment.by == scan.by;
    annulment.scan_id == scan.scan_id
        && !annulment.device_revoked
        && (own && -quarter <= elapsed && elapsed <= quarter
            || facts.overrules.contains(&(annulment.by, scan.target)))
}
