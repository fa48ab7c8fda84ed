//! Who gets a place.

use super::model::{NotPlaced, RegistrationState};
use crate::{
    catalogue::attendance::{Admits, AdmitsCampuses, ParticipantRole},
    events::{model::EventState, store::people::Counts},
};

/// Whether the list of an event in this state may be changed.
pub const fn is_open(state: EventState) -> bool {
    matches!(state, EventState::Approved | EventState::Running)
}

/// What the next one who asks becomes. Those who wait come first.
pub fn place(capacity: Option<i64>, now: Counts) -> RegistrationState {
    let free = capacity.is_none_or(|capacity| now.registered < capacity);
    if free && now.waitlisted == 0 {
        RegistrationState::Registered
    } else {
        RegistrationState::Waitlisted
    }
}

/// How many of those who wait can move up.
pub fn free_places(capacity: Option<i64>, now: Counts) -> i64 {
    let free = capacity.map_or(now.waitlisted, |capacity| capacity - now.registered);
    free.clamp(0, now.waitlisted)
}

/// Whether the event lets in someone of this role; `same_university` tells whether their
/// campus is a site of the event's university.
pub fn admitted(
    admits: &Admits,
    role: ParticipantRole,
    same_university: bool,
) -> Result<(), NotPlaced> {
    if !admits.roles.contains(&role) {
        return Err(NotPlaced::Role);
    }
    let fits = admits.campuses == AdmitsCampuses::All || same_university;
    if fits { Ok(()) } else { Err(NotPlaced::Campus) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn counts(registered: i64, waitlisted: i64) -> Counts {
        Counts { registered, waitlisted }
    }

    #[test]
    fn lists_are_open_between_approval_and_end() {
        let open: Vec<_> = EventState::ALL.iter().filter(|state| is_open(**state)).collect();
        assert_eq!(open, [&EventState::Approved, &EventState::Running]);
    }

    #[test]
    fn whoever_comes_after_the_last_place_waits() {
        use RegistrationState::{Registered, Waitlisted};
        assert_eq!(place(None, counts(999, 0)), Registered);
        assert_eq!(place(Some(2), counts(1, 0)), Registered);
        assert_eq!(place(Some(2), counts(2, 0)), Waitlisted);
        assert_eq!(place(Some(2), counts(2, 3)), Waitlisted);
        assert_eq!(place(Some(3), counts(2, 1)), Waitlisted, "others came first");
    }

    #[test]
    fn free_places_go_to_those_who_wait() {
        assert_eq!(free_places(Some(2), counts(2, 3)), 0);
        assert_eq!(free_places(Some(2), counts(1, 3)), 1);
        assert_eq!(free_places(Some(9), counts(1, 3)), 3);
        assert_eq!(free_places(None, counts(1, 3)), 3);
        assert_eq!(free_places(Some(1), counts(5, 3)), 0);
    }

    #[test]
    fn role_and_campus_must_be_admitted() {
        let own = Admits { roles: vec![ParticipantRole::Attendee], campuses: AdmitsCampuses::Own };
        assert_eq!(admitted(&own, ParticipantRole::Attendee, true), Ok(()));
        assert_eq!(admitted(&own, ParticipantRole::Team, true), Err(NotPlaced::Role));
        assert_eq!(admitted(&own, ParticipantRole::Attendee, false), Err(NotPlaced::Campus));
        let all = Admits { campuses: AdmitsCampuses::All, ..own };
        assert_eq!(admitted(&all, ParticipantRole::Attendee, false), Ok(()));
    }
}
