//! What is guarded: the content that people sign. Its canonical form has one spelling, so
//! equal content has an equal hash whoever wrote it and in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    catalogue::{KitLine, attendance::Admits},
    events::model::{Publicity, Slot},
    platform::{
        ids::{CampusId, UserId, VenueId},
        time::Instant,
    },
};

/// Every guarded field of an event, by its name in the API: all but `walk_in` and the
/// evidence of publicity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub season: String,
    pub activity: String,
    pub format: String,
    pub campus_id: CampusId,
    pub venue_id: Option<VenueId>,
    pub title: String,
    pub organiser: Option<String>,
    pub plan: String,
    pub publicity: Vec<Publicity>,
    pub kit: Vec<KitLine>,
    pub starts_at: Option<Instant>,
    pub ends_at: Option<Instant>,
    pub capacity: Option<i64>,
    pub lead_id: Option<UserId>,
    pub team_ids: BTreeSet<UserId>,
    pub admits: Admits,
}

impl Content {
    /// Its time, when both ends are known and in order.
    pub fn slot(&self) -> Option<Slot> {
        Slot::new(self.starts_at?, self.ends_at?)
    }

    /// Lead and team, each once.
    pub fn people(&self) -> BTreeSet<UserId> {
        self.team_ids.iter().copied().chain(self.lead_id).collect()
    }

    /// The content with its lists in order and without repeats.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut content = self.clone();
        content.publicity.sort();
        content.publicity.dedup();
        content.kit.sort_by(|a, b| (&a.sku, a.quantity).cmp(&(&b.sku, b.quantity)));
        content.admits.roles.sort();
        content.admits.roles.dedup();
        content
    }

    /// SHA-256 over the canonical JSON, in lower-case hex.
    pub fn hash(&self) -> String {
        let text = json!(self.members()).to_string();
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The names of the fields in which `new` differs, in alphabetical order.
    pub fn changed(&self, new: &Self) -> Vec<&'static str> {
        let (old, new) = (self.members(), new.members());
        old.iter().filter(|(name, value)| new.get(*name) != Some(value)).map(|(n, _)| *n).collect()
    }

    /// Every guarded field by its name.
    fn members(&self) -> BTreeMap<&'static str, Value> {
        let content = self.canonical();
        BTreeMap::from([
            ("activity", json!(content.activity)),
            ("admits", json!(content.admits)),
            ("campus_id", json!(content.campus_id)),
            ("capacity", json!(content.capacity)),
            ("ends_at", json!(content.ends_at)),
            ("format", json!(content.format)),
            ("kit", json!(content.kit)),
            ("lead_id", json!(content.lead_id)),
            ("organiser", json!(content.organiser)),
            ("plan", json!(content.plan)),
            ("publicity", json!(content.publicity)),
            ("season", json!(content.season)),
            ("starts_at", json!(content.starts_at)),
            ("team_ids", json!(content.team_ids)),
            ("title", json!(content.title)),
            ("venue_id", json!(content.venue_id)),
        ])
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        catalogue::attendance::{AdmitsCampuses, ParticipantRole},
        platform::time::Day,
    };

    pub(crate) fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// A lecture on 3 September 2011, 10:00–12:00 in Guangzhou.
    pub(crate) fn lecture() -> Content {
        let start = day("2011-09-03");
        Content {
            season: "2011-autumn".into(),
            activity: "startup-elite".into(),
            format: "lecture".into(),
            campus_id: CampusId::new(),
            venue_id: Some(VenueId::new()),
            title: "创业行动讲座".into(),
            organiser: None,
            plan: "Two founders tell how they began.".into(),
            publicity: vec![Publicity { medium: "bbs".into(), from: start.plus(-5), to: None }],
            kit: vec![KitLine { sku: "poster".into(), quantity: 20 }],
            starts_at: Some(Instant::local(start, 600)),
            ends_at: Some(Instant::local(start, 720)),
            capacity: Some(200),
            lead_id: Some(UserId::new()),
            team_ids: BTreeSet::from([UserId::new()]),
            admits: Admits::default(),
        }
    }

    #[test]
    fn order_and_repeats_do_not_matter() {
        let mut a = lecture();
        a.kit.push(KitLine { sku: "banner".into(), quantity: 2 });
        a.publicity.push(Publicity {
            medium: "139-mail".into(),
            from: day("2011-09-01"),
            to: None,
        });
        let mut b = a.clone();
        b.kit.reverse();
        b.publicity.reverse();
        b.publicity.push(b.publicity[0].clone());
        b.admits.roles.reverse();
        assert_eq!(a.hash(), b.hash());
        assert_eq!(a.hash().len(), 64);
        assert!(a.changed(&b).is_empty());
    }

    #[test]
    fn any_field_changes_the_hash() {
        let old = lecture();
        type Edit = fn(&mut Content);
        let edits: [(&str, Edit); 16] = [
            ("activity", |c| c.activity = "orange-crew".into()),
            ("admits", |c| c.admits.campuses = AdmitsCampuses::All),
            ("campus_id", |c| c.campus_id = CampusId::new()),
            ("capacity", |c| c.capacity = None),
            ("ends_at", |c| c.ends_at = None),
            ("format", |c| c.format = "salon".into()),
            ("kit", |c| c.kit[0].quantity = 21),
            ("lead_id", |c| c.lead_id = None),
            ("organiser", |c| c.organiser = Some("团委".into())),
            ("plan", |c| c.plan.push('!')),
            ("publicity", |c| c.publicity[0].to = Some(day("2011-09-02"))),
            ("season", |c| c.season = "2012-autumn".into()),
            ("starts_at", |c| c.starts_at = None),
            ("team_ids", |c| c.team_ids.clear()),
            ("title", |c| c.title.push('!')),
            ("venue_id", |c| c.venue_id = None),
        ];
        for (name, edit) in edits {
            let mut new = old.clone();
            edit(&mut new);
            assert_eq!(old.changed(&new), [name]);
            assert_ne!(old.hash(), new.hash(), "{name}");
        }
    }

    #[test]
    fn fewer_roles_are_another_content() {
        let old = lecture();
        let mut new = old.clone();
        new.admits.roles = vec![ParticipantRole::Team];
        assert_eq!(old.changed(&new), ["admits"]);
    }

    #[test]
    fn the_lead_is_one_of_the_people_once() {
        let mut content = lecture();
        content.team_ids.extend(content.lead_id);
        assert_eq!(content.people().len(), 2);
    }
}
