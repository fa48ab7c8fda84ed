//! Which goods may go where, and who hands them over. Pure decisions.

use chrono::Duration;

use super::{
    model::MovementKind,
    place::{Located, Place},
};
use crate::{
    accounts::{Role, Scope, allowed::Caller, policy::Action},
    platform::{
        ids::{CampusId, UserId},
        names::CityCode,
    },
};

/// How far ahead of our clock a phone's clock may be.
pub const AHEAD: Duration = Duration::minutes(10);

/// Who has goods in their keeping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    Province,
    City(CityCode),
    Campus(CampusId),
    User(UserId),
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    pub user: UserId,
    pub role: Role,
    pub scope: &'a Scope,
    /// Events on which they have rights wherever they moved, and booths of these.
    pub works_at: &'a [Place],
}

/// Why somebody may not take goods from a place, or add to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// It does not exist for them.
    Hidden,
    /// They see it, but it is another's.
    NotTheirs,
}

impl Keeper {
    /// Where the keeper keeps what is not out at an event or a booth.
    pub const fn place(self) -> Place {
        match self {
            Self::Province => Place::Province,
            Self::City(code) => Place::City(code),
            Self::Campus(id) => Place::Campus(id),
            Self::User(id) => Place::User(id),
        }
    }
}

/// The keeper of what stands at a place; none for transit and places outside the house.
pub fn keeper(at: &Located) -> Option<Keeper> {
    match at.place {
        Place::Province => Some(Keeper::Province),
        Place::City(code) => Some(Keeper::City(code)),
        Place::Campus(id) => Some(Keeper::Campus(id)),
        Place::Event(_) | Place::Booth(_) => at.campus.map(Keeper::Campus),
        Place::User(id) => Some(Keeper::User(id)),
        _ => None,
    }
}

/// Whether two people are needed: one who sends, one who accepts.
pub fn changes_hands(from: &Located, to: &Located) -> bool {
    match (keeper(from), keeper(to)) {
        (Some(from), Some(to)) => from != to,
        _ => false,
    }
}

/// The permission a kind of movement takes; a reverse takes that of the reversed kind.
pub fn action(kind: MovementKind) -> Action {
    match kind {
        MovementKind::Produce => Action::ProduceStock,
        MovementKind::Allocate | MovementKind::Transfer | MovementKind::Count => {
            Action::AllocateStock
        }
        _ => Action::MoveStock,
    }
}

/// Whether a kind of movement leads from this place to that one.
pub fn fits(kind: MovementKind, from: &Located, to: &Located) -> bool {
    use Place::{Adjustment, Booth, Campus, City, Damaged, Event, Lost, Participant, Used, User};
    let same_campus = from.campus.is_some() && from.campus == to.campus;
    let same_city = from.city.is_some() && from.city == to.city;
    match (kind, from.place, to.place) {
        (MovementKind::Produce, Place::Supplier, Place::Province) => true,
        (MovementKind::Allocate, Place::Province, City(_)) => true,
        (MovementKind::Allocate, City(_), Campus(_)) => same_city,
        (MovementKind::Transfer, City(a), City(b)) => a != b,
        (MovementKind::Transfer, Campus(a), Campus(b)) => a != b,
        (MovementKind::Issue, Campus(_), Event(_) | Booth(_)) => same_campus,
        (MovementKind::Return, Event(_) | Booth(_), Campus(_)) => same_campus,
        (MovementKind::Issue, Campus(_), User(_)) | (MovementKind::Return, User(_), Campus(_)) => {
            same_city
        }
        (MovementKind::Use, from, Used)
        | (MovementKind::Lose, from, Lost)
        | (MovementKind::Damage, from, Damaged)
        | (MovementKind::Give, from, Participant(_))
        | (MovementKind::Count, from, Adjustment) => stands(from),
        (MovementKind::Find, Lost, to) | (MovementKind::Count, Adjustment, to) => stands(to),
        _ => false,
    }
}

/// Whether goods stand there, in somebody's keeping.
fn stands(place: Place) -> bool {
    place.is_real() && place != Place::Transit
}

impl<'a> Who<'a> {
    pub fn of(caller: &'a Caller) -> Self {
        Self { user: caller.user, role: caller.role, scope: &caller.scope, works_at: &[] }
    }

    /// Whether the place lies in the caller's scope; one always sees what one holds.
    pub fn sees(&self, at: &Located) -> bool {
        match (self.scope, at.place) {
            (Scope::All, _) => true,
            (_, Place::User(id)) if id == self.user => true,
            (_, Place::Event(_) | Place::Booth(_)) if self.works_at.contains(&at.place) => true,
            (scope, Place::City(code)) => scope.covers_city(code),
            (scope, Place::Campus(_) | Place::Event(_) | Place::Booth(_) | Place::User(_)) => {
                match (at.campus, at.city) {
                    (Some(campus), Some(city)) => scope.covers(campus, city),
                    (None, Some(city)) => scope.covers_city(city),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether the caller may take from, or add to, what stands at a place. What a user
    /// holds is theirs; a coordinator may settle it for them.
    pub fn may_touch(&self, at: &Located) -> Result<(), Barred> {
        if !self.sees(at) {
            return Err(Barred::Hidden);
        }
        match at.place {
            Place::User(id) if id != self.user && self.role == Role::Ambassador => {
                Err(Barred::NotTheirs)
            }
            _ => Ok(()),
        }
    }

    /// Whether the caller answers for a place, and so accepts what is sent there: of a
    /// campus its ambassadors and the coordinators of its city (decided).
    pub fn answers_for(&self, at: &Located) -> bool {
        match at.place {
            Place::Province => self.role == Role::Province,
            Place::City(_) => self.role == Role::Coordinator && self.sees(at),
            Place::Campus(_) | Place::Event(_) | Place::Booth(_) => {
                matches!(self.role, Role::Ambassador | Role::Coordinator) && self.sees(at)
            }
            Place::User(id) => id == self.user,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::{EventId, ParticipantId};

    fn city(code: &str) -> CityCode {
        code.parse().unwrap()
    }

    fn at(place: Place, campus: Option<CampusId>, code: &str) -> Located {
        Located { place, campus, city: Some(city(code)) }
    }

    fn campus(id: CampusId) -> Located {
        at(Place::Campus(id), Some(id), "440100")
    }

    #[test]
    fn goods_go_down_step_by_step() {
        let (own, other) = (CampusId::new(), CampusId::new());
        let province = Place::Province.nowhere();
        let guangzhou = at(Place::City(city("440100")), None, "440100");
        let shantou = at(Place::City(city("440500")), None, "440500");
        let event = at(Place::Event(EventId::new()), Some(own), "440100");
        assert!(fits(MovementKind::Produce, &Place::Supplier.nowhere(), &province));
        assert!(fits(MovementKind::Allocate, &province, &guangzhou));
        assert!(!fits(MovementKind::Allocate, &province, &campus(own)));
        assert!(fits(MovementKind::Allocate, &guangzhou, &campus(own)));
        assert!(!fits(MovementKind::Allocate, &shantou, &campus(own)));
        assert!(fits(MovementKind::Issue, &campus(own), &event));
        assert!(!fits(MovementKind::Issue, &campus(other), &event));
        assert!(!fits(MovementKind::Transfer, &campus(own), &campus(own)));
        assert!(fits(MovementKind::Return, &event, &campus(own)));
    }

    #[test]
    fn nothing_is_taken_out_of_transit_by_hand() {
        let transit = Place::Transit.nowhere();
        for kind in MovementKind::ALL {
            for virtual_place in [Place::Used, Place::Lost, Place::Damaged, Place::Adjustment] {
                assert!(!fits(*kind, &transit, &virtual_place.nowhere()));
                assert!(!fits(*kind, &virtual_place.nowhere(), &transit));
            }
        }
    }

    #[test]
    fn an_event_is_kept_by_its_campus_and_a_user_by_himself() {
        let own = CampusId::new();
        let event = at(Place::Event(EventId::new()), Some(own), "440100");
        let user = at(Place::User(UserId::new()), Some(own), "440100");
        let given = Place::Participant(ParticipantId::new()).nowhere();
        assert!(!changes_hands(&campus(own), &event));
        assert!(changes_hands(&campus(own), &user));
        assert!(changes_hands(&user, &campus(own)));
        assert!(changes_hands(&campus(own), &campus(CampusId::new())));
        assert!(!changes_hands(&user, &given));
        assert!(!changes_hands(&Place::Supplier.nowhere(), &Place::Province.nowhere()));
    }

    #[test]
    fn who_answers_for_a_place() {
        let own = CampusId::new();
        let guangzhou = at(Place::City(city("440100")), None, "440100");
        let (all, of_city) = (Scope::All, Scope::City(city("440100")));
        let of_campus = Scope::Campuses(vec![own].into());
        let who = |role, scope| Who { user: UserId(uuid::Uuid::nil()), role, scope, works_at: &[] };
        let (province, coordinator, ambassador) = (
            who(Role::Province, &all),
            who(Role::Coordinator, &of_city),
            who(Role::Ambassador, &of_campus),
        );
        assert!(province.answers_for(&Place::Province.nowhere()));
        assert!(!province.answers_for(&guangzhou));
        assert!(coordinator.answers_for(&guangzhou) && coordinator.answers_for(&campus(own)));
        assert!(!coordinator.answers_for(&Place::Province.nowhere()));
        assert!(ambassador.answers_for(&campus(own)));
        assert!(!ambassador.answers_for(&campus(CampusId::new())));
        let mine = at(Place::User(ambassador.user), Some(own), "440100");
        let hers = at(Place::User(UserId::new()), Some(own), "440100");
        assert!(ambassador.answers_for(&mine) && !coordinator.answers_for(&hers));
        assert_eq!(ambassador.may_touch(&hers), Err(Barred::NotTheirs));
        assert_eq!(coordinator.may_touch(&hers), Ok(()));
        assert_eq!(ambassador.may_touch(&guangzhou), Err(Barred::Hidden));
    }
}
