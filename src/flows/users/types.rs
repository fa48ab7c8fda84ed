//! Requests and answers about accounts.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{Places, manages};
use crate::{
    accounts::{
        Role,
        allowed::Caller,
        model::User,
        policy::{Action, may_ever},
    },
    platform::{
        fault::Fault,
        http::{
            answer::Versioned,
            body::{check, not_blank},
            patch::Field,
        },
        ids::{CampusId, UserId},
        names::{CityCode, Phone},
    },
};

/// An account to be made.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "phone": "13700110011",
    "name": "林小雨",
    "role": "ambassador",
    "campus_ids": ["01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01"],
}))]
pub struct UserIn {
    pub phone: Phone,
    /// At most 60 characters.
    #[validate(length(max = 60), custom(function = "not_blank"))]
    pub name: String,
    pub role: Role,
    /// For coordinators.
    pub city: Option<CityCode>,
    /// For ambassadors and liaisons.
    #[serde(default)]
    #[validate(length(max = 50))]
    pub campus_ids: Vec<CampusId>,
}

/// Changes to an account; what is absent stays. Nothing but `city` may be null.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "林小雨",
    "campus_ids": ["01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01"],
}))]
pub struct UserPatch {
    #[serde(default)]
    pub phone: Field<Phone>,
    #[serde(default)]
    pub name: Field<String>,
    /// Another role needs the place that goes with it: a city, campuses, or neither.
    #[serde(default)]
    pub role: Field<Role>,
    /// For coordinators; null for all others.
    #[serde(default)]
    pub city: Field<CityCode>,
    /// For ambassadors and liaisons, at most 50; replaced as a whole, empty for all others.
    #[serde(default)]
    #[schema(value_type = Option<Vec<CampusId>>)]
    pub campus_ids: Field<Vec<CampusId>>,
}

/// The rules of the members that are set.
#[derive(Validate)]
struct Given<'a> {
    #[validate(length(max = 60), custom(function = "not_blank"))]
    name: Option<&'a String>,
    #[validate(length(max = 50))]
    campus_ids: Option<&'a Vec<CampusId>>,
}

/// An account as a patch wants it.
pub struct Wanted {
    pub phone: Phone,
    pub name: String,
    pub role: Role,
    pub city: Option<CityCode>,
    pub campuses: Vec<CampusId>,
}

impl UserPatch {
    /// The account after the patch. Refuses null where there must be a value.
    pub fn over(&self, old: &User, places: &Places) -> Result<Wanted, Fault> {
        check(&Given { name: self.name.value(), campus_ids: self.campus_ids.value() })?;
        let campuses = places.iter().map(|(campus, _)| *campus).collect();
        Ok(Wanted {
            phone: self.phone.clone().or_keep("phone", old.phone.clone())?,
            name: self.name.clone().or_keep("name", old.name.clone())?.trim().to_owned(),
            role: self.role.or_keep("role", old.role)?,
            city: self.city.or(old.city),
            campuses: self.campus_ids.clone().or_keep("campus_ids", campuses)?,
        })
    }
}

/// A user as colleagues see one.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ColleagueOut {
    pub id: UserId,
    pub name: String,
    /// Only for those who manage this user.
    pub phone: Option<Phone>,
    pub role: Role,
    pub city: Option<CityCode>,
    pub campus_ids: Vec<CampusId>,
    pub active: bool,
    pub version: i64,
}

/// An account with its first password, shown once.
#[derive(Serialize, ToSchema)]
pub struct UserWithPassword {
    pub user: ColleagueOut,
    /// Null in a repeated answer.
    pub temporary_password: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct UserFilters {
    /// Only users of this role.
    pub role: Option<Role>,
}

impl Versioned for ColleagueOut {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Versioned for UserWithPassword {
    fn version(&self) -> i64 {
        self.user.version
    }
}

impl ColleagueOut {
    /// As `viewer` sees it: the phone only when it is theirs to manage.
    pub fn of(user: User, places: &Places, viewer: &Caller) -> Self {
        let managed =
            may_ever(viewer.role, Action::ManageUsers) && manages(&viewer.scope, user.role, places);
        let phone = managed.then_some(user.phone);
        Self {
            id: user.id,
            name: user.name,
            phone,
            role: user.role,
            city: user.city,
            campus_ids: places.iter().map(|(campus, _)| *campus).collect(),
            active: user.active,
            version: user.version,
        }
    }
}
