//! Decisions about participants: who sees them whole, and what a repeated id means.

use crate::{
    accounts::{Role, Scope},
    platform::{ids::CampusId, names::CityCode},
};

/// Whether someone of this role and scope sees who a person of this campus is: its
/// ambassadors and the coordinator of its city do.
pub fn sees_whole(role: Role, scope: &Scope, campus: CampusId, city: CityCode) -> bool {
    matches!(role, Role::Ambassador | Role::Coordinator) && scope.covers(campus, city)
}

/// Where a client's own id leads before it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<T> {
    /// The client left the naming to us.
    Nothing,
    /// An id nobody used yet.
    New,
    /// The own id of this record.
    Own(T),
    /// Another name of this record.
    Alias(T),
}

/// What becomes of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// Make a record.
    Make,
    /// The record the same request made before.
    Again(T),
    /// The phone's record, under one more name.
    Join(T),
    /// The phone's record.
    Found(T),
    /// The id stands for something else.
    IdReused,
}

/// Decides by the record the phone has and the record the client's id names. `same` tells
/// whether the record that the id names was made by this very request, or has been erased
/// since: then nobody can tell, and a late repetition must not bring the person back.
pub fn registration<T: Copy + PartialEq>(
    by_phone: Option<T>,
    named: Named<T>,
    same: impl Fn(T) -> bool,
) -> Answer<T> {
    match (named, by_phone) {
        (Named::Own(own), _) if same(own) => Answer::Again(own),
        (Named::Own(_), _) => Answer::IdReused,
        (Named::Alias(of), Some(known)) if of == known => Answer::Found(known),
        (Named::Alias(of), None) if same(of) => Answer::Found(of),
        (Named::Alias(_), _) => Answer::IdReused,
        (Named::New, Some(known)) => Answer::Join(known),
        (Named::Nothing, Some(known)) => Answer::Found(known),
        (Named::New | Named::Nothing, None) => Answer::Make,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_campus_and_its_coordinator_see_who_it_is() {
        let (own, other) = (CampusId::new(), CampusId::new());
        let city: CityCode = "440100".parse().unwrap();
        let of_own = Scope::Campuses([own].into());
        assert!(sees_whole(Role::Ambassador, &of_own, own, city));
        assert!(!sees_whole(Role::Ambassador, &of_own, other, city));
        assert!(!sees_whole(Role::Liaison, &of_own, own, city));
        assert!(sees_whole(Role::Coordinator, &Scope::City(city), other, city));
        assert!(!sees_whole(Role::Coordinator, &Scope::City("440300".parse().unwrap()), own, city));
        assert!(!sees_whole(Role::Province, &Scope::All, own, city));
        assert!(!sees_whole(Role::Auditor, &Scope::All, own, city));
    }

    #[test]
    fn one_phone_is_one_record_and_one_id_is_one_request() {
        let yes = |_| true;
        let no = |_| false;
        assert_eq!(registration(None, Named::Nothing, no), Answer::Make::<u8>);
        assert_eq!(registration(None, Named::New, no), Answer::Make::<u8>);
        assert_eq!(registration(Some(1), Named::Nothing, no), Answer::Found(1));
        assert_eq!(registration(Some(1), Named::New, no), Answer::Join(1));
        assert_eq!(registration(Some(1), Named::Own(1), yes), Answer::Again(1));
        assert_eq!(registration(Some(1), Named::Own(1), no), Answer::IdReused);
        assert_eq!(registration(Some(2), Named::Own(1), no), Answer::IdReused);
        assert_eq!(registration(Some(1), Named::Alias(1), no), Answer::Found(1));
        assert_eq!(registration(Some(2), Named::Alias(1), yes), Answer::IdReused);
        assert_eq!(registration(None, Named::Alias(1), no), Answer::IdReused);
    }

    #[test]
    fn a_late_repetition_does_not_bring_an_erased_person_back() {
        let erased = |_| true;
        assert_eq!(registration(None, Named::Own(1), erased), Answer::Again(1));
        assert_eq!(registration(None, Named::Alias(1), erased), Answer::Found(1));
    }
}
