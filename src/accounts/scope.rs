//! What part of the province a caller sees. Every query over rows with a place takes it.

use std::sync::Arc;

use super::model::{Role, User};
use crate::platform::{ids::CampusId, names::CityCode};

/// A part of the province.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    City(CityCode),
    Campuses(Arc<[CampusId]>),
}

impl Scope {
    /// The scope of an account; a role without its place sees nothing.
    pub fn of(user: &User, campuses: Vec<CampusId>) -> Self {
        match (user.role, user.city) {
            (Role::Province | Role::Auditor, _) => Self::All,
            (Role::Coordinator, Some(city)) => Self::City(city),
            (Role::Coordinator, None) => Self::Campuses(Arc::from([])),
            (Role::Ambassador | Role::Liaison, _) => Self::Campuses(campuses.into()),
        }
    }

    pub fn covers(&self, campus: CampusId, city: CityCode) -> bool {
        match self {
            Self::All => true,
            Self::City(own) => *own == city,
            Self::Campuses(own) => own.contains(&campus),
        }
    }

    pub fn covers_city(&self, city: CityCode) -> bool {
        match self {
            Self::All => true,
            Self::City(own) => *own == city,
            Self::Campuses(_) => false,
        }
    }
}

/// Narrows a boxed query over a table with the columns `campus_id` and `city` to a scope.
#[macro_export]
macro_rules! in_scope {
    ($query:expr, $scope:expr, $table:ident) => {
        match $scope {
            $crate::accounts::Scope::All => $query,
            $crate::accounts::Scope::City(city) => $query.filter($table::city.eq(*city)),
            $crate::accounts::Scope::Campuses(own) => {
                $query.filter($table::campus_id.eq_any(own.to_vec()))
            }
        }
    };
}
