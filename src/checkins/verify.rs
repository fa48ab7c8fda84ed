//! Recomputes lines, attendances and counters from the scans.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    model::{Place, Standing},
    rules::facts::Presence,
    store::{
        load::GATE,
        sums::{self, Counted},
    },
};
use crate::platform::{
    db::Conn,
    fault::Fault,
    ids::{BoothId, EventId, ParticipantId, RowId, ScanId},
    time::{Day, Instant},
};

/// How many events or booths are looked up at once.
const AT_ONCE: i64 = 200;

type Line = ((String, ParticipantId), ScanId);

/// What does not agree with the scans, in sentences; stops when there are `limit` of them.
pub fn differences(conn: &mut Conn, limit: usize) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    let mut after: Option<EventId> = None;
    while found.len() < limit {
        let events = sums::events(conn, after, AT_ONCE)?;
        let Some(last) = events.last() else { break };
        after = Some(*last);
        for event in events {
            event_differences(conn, event, &mut found)?;
        }
    }
    let mut after: Option<BoothId> = None;
    while found.len() < limit {
        let booths = sums::booths(conn, after, AT_ONCE)?;
        let Some(last) = booths.last() else { break };
        after = Some(*last);
        for booth in booths {
            booth_differences(conn, booth, &mut found)?;
        }
    }
    Ok(found)
}

fn event_differences(
    conn: &mut Conn,
    event: EventId,
    found: &mut Vec<String>,
) -> Result<(), Fault> {
    let set = sums::of_event(conn, event)?;
    let gate: Vec<Counted> =
        set.iter().filter(|scan| matches!(scan.place, Place::Gate { .. })).copied().collect();
    lines(conn, &format!("event {event}"), event.into(), &gate, found)?;
    let mut in_by: BTreeMap<ParticipantId, Presence> = BTreeMap::new();
    for scan in &set {
        let role = scan.role.ok_or_else(|| Fault::bug("someone without a role is in"))?;
        let nobody = Presence { scans: 0, first: None, role };
        let presence = in_by.entry(scan.place.participant()).or_insert(nobody);
        presence.scans += 1;
        if presence.first.is_none_or(|first| scan.rank < first) {
            (presence.first, presence.role) = (Some(scan.rank), role);
        }
    }
    let present = sums::present(conn, event)?;
    if present != in_by {
        found.push(format!("event {event}: who is in is not what its scans say"));
    }
    let mut people = BTreeMap::new();
    for presence in present.values() {
        *people.entry(presence.role).or_insert(0) += 1;
    }
    if sums::by_role(conn, event)? != people {
        found.push(format!("event {event}: its count by role is not the number of those in"));
    }
    Ok(())
}

fn booth_differences(
    conn: &mut Conn,
    booth: BoothId,
    found: &mut Vec<String>,
) -> Result<(), Fault> {
    let set = sums::of_booth(conn, booth)?;
    lines(conn, &format!("booth {booth}"), booth.into(), &set, found)?;
    let mut visits: BTreeSet<(Day, ParticipantId)> = BTreeSet::new();
    for scan in &set {
        if let Place::Booth { day, participant, .. } = scan.place {
            visits.insert((day, participant));
        }
    }
    let mut people = BTreeMap::new();
    for (day, _) in visits {
        *people.entry(day).or_insert(0) += 1;
    }
    if sums::by_day(conn, booth)? != people {
        found.push(format!("booth {booth}: its count by day is not the number of its visitors"));
    }
    Ok(())
}

/// The first of each line holds its place, and nobody else does.
fn lines(
    conn: &mut Conn,
    name: &str,
    target: RowId,
    set: &[Counted],
    found: &mut Vec<String>,
) -> Result<(), Fault> {
    let mut first: BTreeMap<(String, ParticipantId), (Instant, ScanId)> = BTreeMap::new();
    for scan in set {
        let day = match scan.place {
            Place::Gate { .. } => GATE.to_owned(),
            Place::Booth { day, .. } => day.to_string(),
        };
        let head = first.entry((day, scan.place.participant())).or_insert(scan.rank);
        *head = scan.rank.min(*head);
    }
    let want: BTreeMap<_, ScanId> =
        first.into_iter().map(|(place, (_, id))| -> Line { (place, id) }).collect();
    if sums::holders(conn, target)? != want {
        found.push(format!("{name}: the holders of its places are not the first of their lines"));
    }
    let heads: BTreeSet<ScanId> = want.into_values().collect();
    for scan in set {
        let holds = scan.standing == Standing::Admitted;
        if holds != heads.contains(&scan.rank.1) {
            found.push(format!("scan {} is {} and should not be", scan.rank.1, scan.standing));
        }
    }
    Ok(())
}
