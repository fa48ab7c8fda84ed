//! Recomputes what is kept beside events: slots, search terms, people's lists, hashes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    event::Event,
    model::FormatNeeds,
    store::{
        self, slots,
        sweep::{self, Kept},
    },
};
use crate::{
    catalogue::store as catalogue,
    platform::{
        db::Conn,
        fault::Fault,
        ids::{EventId, UserId},
        time::Instant,
    },
};

const CHUNK: i64 = 200;

/// What the formats of a season need, once looked up.
type Needs = BTreeMap<(String, String), FormatNeeds>;

/// What does not agree with the events, in sentences; stops when there are `limit` of them.
pub fn differences(conn: &mut Conn, limit: usize) -> Result<Vec<String>, Fault> {
    let (mut found, mut after, mut needs) = (Vec::new(), None, Needs::new());
    while found.len() < limit {
        let page = sweep::page(conn, after, CHUNK)?;
        let ids: Vec<EventId> = page.iter().map(|kept| kept.event.id).collect();
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        let mut slots = slots::of_events(conn, &ids)?;
        let mut terms = sweep::terms(conn, &ids)?;
        let mut people = sweep::people(conn, &ids)?;
        for kept in &page {
            let (event, id) = (&kept.event, kept.event.id);
            let needs = needs_of(conn, &mut needs, event)?;
            let own = [
                (said_once(kept), "hash, day or place in lists is not that of its content"),
                (kept.counted, "no row stands for its people"),
                (
                    slots.remove(&id).unwrap_or_default() == slots::wanted(event, needs),
                    "the slots it keeps are not those of its state, time, venue and people",
                ),
                (
                    terms.remove(&id).unwrap_or_default() == terms_of(event),
                    "the terms it is found by are not those of its title, campus and time",
                ),
                (
                    people.remove(&id).unwrap_or_default() == people_of(event),
                    "it is not in the lists of its lead and team at its time",
                ),
            ];
            let wrong = own.iter().filter(|(agrees, _)| !agrees);
            found.extend(wrong.map(|(_, what)| format!("event {id}: {what}")));
        }
    }
    Ok(found)
}

fn said_once(kept: &Kept) -> bool {
    let content = &kept.event.content;
    kept.content_hash == content.hash()
        && kept.starts_day == content.starts_at.map(Instant::day)
        && kept.sort_at == kept.event.sort_at()
}

fn terms_of(event: &Event) -> BTreeSet<sweep::Term> {
    let (campus, city, at) = (event.content.campus_id, event.city, event.sort_at());
    store::found_under(event).into_iter().map(|term| (term, campus, city, at)).collect()
}

fn people_of(event: &Event) -> BTreeSet<(UserId, Instant)> {
    event.content.people().into_iter().map(|user| (user, event.sort_at())).collect()
}

fn needs_of(conn: &mut Conn, known: &mut Needs, event: &Event) -> Result<FormatNeeds, Fault> {
    let key = (event.content.season.clone(), event.content.format.clone());
    if let Some(needs) = known.get(&key) {
        return Ok(*needs);
    }
    let format = catalogue::find_format(conn, &key.0, &key.1)?;
    let needs = FormatNeeds::from(&format.ok_or_else(|| Fault::bug("a format that is gone"))?);
    known.insert(key, needs);
    Ok(needs)
}
