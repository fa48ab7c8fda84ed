//! The members of an event that a request may name, for drafting, editing and amending.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{model::Publicity, rules::content::Content};
use crate::{
    catalogue::{
        KitLine,
        attendance::{Admits, WalkIn},
    },
    platform::{
        fault::Fault,
        http::patch::Field,
        ids::{CampusId, EventId, UserId, VenueId},
        time::Instant,
    },
};

/// Declares a request with the members of an event and some of its own.
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($(#[$own_doc:meta])* $own:ident: $type:ty,)* }) => {
        #[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
        #[serde(deny_unknown_fields)]
        $(#[$doc])*
        pub struct $name {
            $($(#[$own_doc])* pub $own: $type,)*
            /// Code of the season. Fixed by the first submit, like activity and campus.
            #[serde(default)]
            pub season: Field<String>,
            /// Code of one of the season's activities.
            #[serde(default)]
            pub activity: Field<String>,
            /// One of the activity's formats. May be left out where it has a single one.
            #[serde(default)]
            pub format: Field<String>,
            #[serde(default)]
            pub campus_id: Field<CampusId>,
            /// An active venue of the campus.
            #[serde(default)]
            pub venue_id: Field<VenueId>,
            /// At most 100 characters; what `q` searches.
            #[serde(default)]
            pub title: Field<String>,
            /// Who holds it with us, at most 100 characters.
            #[serde(default)]
            pub organiser: Field<String>,
            /// At most 10,000 characters.
            #[serde(default)]
            pub plan: Field<String>,
            /// Replaced as a whole; at most 50 entries.
            #[serde(default)]
            pub publicity: Field<Vec<Publicity>>,
            /// Replaced as a whole; begins as the activity's default kit.
            #[serde(default)]
            pub kit: Field<Vec<KitLine>>,
            /// Within a year of the season, like the end.
            #[serde(default)]
            pub starts_at: Field<Instant>,
            /// The end is free for the next event.
            #[serde(default)]
            pub ends_at: Field<Instant>,
            /// How many may register; null for as many as come.
            #[serde(default)]
            pub capacity: Field<i64>,
            /// Answers for the event. An active user you can see who may draft events.
            #[serde(default)]
            pub lead_id: Field<UserId>,
            /// Replaced as a whole; active users you can see.
            #[serde(default)]
            #[schema(value_type = Option<Vec<UserId>>)]
            pub team_ids: Field<Vec<UserId>>,
            /// Begins as all four roles of the campus's own university.
            #[serde(default)]
            pub admits: Field<Admits>,
            /// What the door does with people who are not registered; begins as `ask`.
            #[serde(default)]
            pub walk_in: Field<WalkIn>,
        }

        impl $name {
            /// The content as the request wants it. Refuses null where there must be a value.
            pub fn over(&self, old: Content) -> Result<Content, Fault> {
                let team = self.team_ids.clone().or_keep("team_ids", old.team_ids.into_iter().collect())?;
                Ok(Content {
                    season: self.season.clone().or_keep("season", old.season)?,
                    activity: self.activity.clone().or_keep("activity", old.activity)?,
                    format: self.format.clone().or_keep("format", old.format)?,
                    campus_id: self.campus_id.or_keep("campus_id", old.campus_id)?,
                    venue_id: self.venue_id.or(old.venue_id),
                    title: trimmed(self.title.clone().or_keep("title", old.title)?),
                    organiser: self.organiser.clone().or(old.organiser).map(trimmed),
                    plan: self.plan.clone().or_keep("plan", old.plan)?,
                    publicity: self.publicity.clone().or_keep("publicity", old.publicity)?,
                    kit: self.kit.clone().or_keep("kit", old.kit)?,
                    starts_at: self.starts_at.or(old.starts_at),
                    ends_at: self.ends_at.or(old.ends_at),
                    capacity: self.capacity.or(old.capacity),
                    lead_id: self.lead_id.or(old.lead_id),
                    team_ids: team.into_iter().collect(),
                    admits: self.admits.clone().or_keep("admits", old.admits)?,
                })
            }
        }
    };
}

fields! {
    /// Changes to an event: a member that is absent stays, null clears it.
    #[schema(example = json!({
        "title": "MM创业讲座：从宿舍到应用商店",
        "starts_at": "2011-09-03T06:00:00.000Z",
        "ends_at": "2011-09-03T08:00:00.000Z",
    }))]
    EventPatch {}
}

fields! {
    /// An event to draft. Needs `season`, `activity`, `campus_id` and `title`, unless it is a
    /// copy; what else is missing shows as findings.
    #[schema(example = json!({
        "season": "2011-autumn",
        "activity": "startup-elite",
        "format": "lecture",
        "campus_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01",
        "venue_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e02",
        "title": "MM创业讲座",
        "organiser": "校团委",
        "plan": "两位创业者讲述起步。",
        "publicity": [{"medium": "bbs", "from": "2011-08-27", "to": "2011-09-02"}],
        "starts_at": "2011-09-03T02:00:00.000Z",
        "ends_at": "2011-09-03T04:00:00.000Z",
        "capacity": 200,
        "lead_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e03",
        "team_ids": [],
    }))]
    EventIn {
        /// Begin with the content and `walk_in` of this event, without its times, and without
        /// people whom you cannot name and a venue that is not to be had.
        copy_of: Option<EventId>,
    }
}

fn trimmed(text: String) -> String {
    let inner = text.trim();
    if inner.len() == text.len() { text } else { inner.to_owned() }
}
