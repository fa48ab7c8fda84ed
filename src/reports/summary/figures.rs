//! The figures, and adding them up. Pure.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;

use crate::{catalogue::attendance::ParticipantRole, platform::ids::ParticipantId};

/// Declares the figures that are plain sums.
macro_rules! figures {
    ($($(#[doc = $doc:literal])+ $name:ident $word:literal;)+) => {
        /// Sums; their meaning is that of the campaign's report (deck p.18, 26).
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
        pub struct Figures { $($(#[doc = $doc])+ pub $name: i64),+ }

        impl Figures {
            pub fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)+
            }

            /// One figure by its name.
            pub fn get(&self, figure: Figure) -> i64 {
                match figure { $(Figure::$name => self.$name),+ }
            }

            /// In the order of the columns of a list.
            pub fn columns(&self) -> Vec<(&'static str, i64)> {
                vec![$(($word, self.$name)),+]
            }
        }

        crate::words! {
            /// The name of a figure.
            #[expect(non_camel_case_types, reason = "the names are those of the API")]
            pub enum Figure { $($(#[doc = $doc])+ $name = $word),+ }
        }
    };
}

figures! {
    /// Events submitted at least once, not rejected or withdrawn.
    planned "planned";
    /// Events now approved, running or closed.
    approved "approved";
    /// Events running or closed.
    held "held";
    /// Events cancelled after approval.
    cancelled "cancelled";
    /// Events approved with a week of preheat.
    on_time "on_time";
    /// People in, counted once per event.
    people_in "people_in";
    /// People registered for events, the waitlist not counted.
    registrations "registrations";
    /// People registered for a closed event who never came.
    no_shows "no_shows";
    /// Booths and dates with a tally or an admitted scan.
    booth_days "booth_days";
    /// Visitors counted at booths.
    visitors "visitors";
    /// Installs counted at booths.
    installs "installs";
    /// Purchases counted at booths.
    purchases "purchases";
    /// Cards counted at booths.
    cards "cards";
    /// Pieces issued to events, booths and users.
    issued "issued";
    /// Pieces used up.
    used "used";
    /// Pieces given to people.
    given "given";
    /// Pieces returned.
    returned "returned";
    /// Pieces lost, less those found again.
    lost "lost";
    /// Pieces damaged.
    damaged "damaged";
}

/// The figures of one key, with people by role.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    pub figures: Figures,
    pub people_in: BTreeMap<ParticipantRole, i64>,
    people: BTreeMap<ParticipantRole, HashSet<ParticipantId>>,
}

impl Sum {
    pub fn add(&mut self, figures: &Figures) {
        self.figures.add(figures);
    }

    /// Someone in at an event.
    pub fn person(&mut self, role: ParticipantRole, id: ParticipantId) {
        *self.people_in.entry(role).or_default() += 1;
        self.people.entry(role).or_default().insert(id);
    }

    /// Different people, by the role they were in with.
    pub fn distinct_by_role(&self) -> BTreeMap<ParticipantRole, i64> {
        let count = |set: &HashSet<_>| i64::try_from(set.len()).unwrap_or(i64::MAX);
        self.people.iter().map(|(role, set)| (*role, count(set))).collect()
    }

    /// Different people, each once whatever the role.
    pub fn distinct(&self) -> i64 {
        let all: HashSet<_> = self.people.values().flatten().collect();
        i64::try_from(all.len()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn someone_at_two_events_is_two_in_and_one_person() {
        let (lin, he) = (ParticipantId::new(), ParticipantId::new());
        let mut sum = Sum::default();
        sum.person(ParticipantRole::Attendee, lin);
        sum.person(ParticipantRole::Attendee, lin);
        sum.person(ParticipantRole::PromotionExpert, lin);
        sum.person(ParticipantRole::Attendee, he);
        assert_eq!(sum.people_in[&ParticipantRole::Attendee], 3);
        assert_eq!(sum.distinct_by_role()[&ParticipantRole::Attendee], 2);
        assert_eq!(sum.distinct(), 2);
    }

    #[test]
    fn every_figure_is_added_and_found_by_its_name() {
        let one = Figures { planned: 1, lost: 2, ..Figures::default() };
        let mut sum = one;
        sum.add(&one);
        assert_eq!((sum.get(Figure::planned), sum.get(Figure::lost)), (2, 4));
        assert_eq!(sum.columns().len(), Figure::ALL.len());
    }
}
