//! What a list of people comes to, decided without asking anybody.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::lines::Line;
use crate::{
    accounts::{Role, Scope, model::User},
    flows::users::{Places, manages, place_fits},
    platform::{
        csv_import::{self, cell_error},
        fault::{Fault, FieldError, Words},
        ids::{CampusId, UserId},
        names::{CityCode, Phone},
    },
};

/// What is there of what the list names.
#[derive(Debug, Default)]
pub struct Known {
    pub users: HashMap<Phone, (User, Places)>,
    pub campuses: HashMap<String, (CampusId, CityCode)>,
    pub cities: BTreeSet<CityCode>,
}

/// An account as a row wants it.
#[derive(Clone, Debug)]
pub struct Account {
    pub line: u64,
    pub id: UserId,
    pub phone: Phone,
    pub name: String,
    pub role: Role,
    pub city: Option<CityCode>,
    pub places: Places,
}

/// What a list comes to, given what is there.
#[derive(Debug, Default)]
pub struct Plan {
    pub new: Vec<Account>,
    /// Accounts as they were seen, and as they shall be.
    pub changed: Vec<(User, Account)>,
    pub unchanged: usize,
}

/// Decides what to write; refuses the list when any row cannot be.
pub fn plan(lines: &[Line], known: &Known, scope: &Scope) -> Result<Plan, Fault> {
    let mut errors = Vec::new();
    let mut seen = HashSet::new();
    let mut plan = Plan::default();
    for line in lines {
        if !seen.insert(&line.phone) {
            let (zh, en) = ("文件中已有此手机号", "The file has this phone already");
            errors.push(line.error("phone", "import.repeated_row", zh, en));
            continue;
        }
        let old = known.users.get(&line.phone);
        match line.over(old, known, scope) {
            Err(error) => errors.push(error),
            Ok(account) => match old {
                None => plan.new.push(account),
                Some((user, places)) if account.is(user, places) => plan.unchanged += 1,
                Some((user, _)) => plan.changed.push((user.clone(), account)),
            },
        }
    }
    csv_import::refuse(errors)?;
    Ok(plan)
}

impl Line {
    fn error(&self, column: &str, code: &'static str, zh: &str, en: &str) -> FieldError {
        cell_error(self.number, column, code, Words::new(zh, en))
    }

    /// The account as the row has it; what the row does not say stays as it was.
    fn over(
        &self,
        old: Option<&(User, Places)>,
        known: &Known,
        scope: &Scope,
    ) -> Result<Account, FieldError> {
        if let Some((user, places)) = old {
            self.may_change(user, places, scope)?;
        }
        let city = self.city.or(old.and_then(|(user, _)| user.city));
        if self.city.is_some_and(|city| !known.cities.contains(&city)) {
            let (zh, en) = ("没有这个城市", "There is no such city");
            return Err(self.error("city_code", "import.unknown_city", zh, en));
        }
        let places = self.places(old, known)?;
        let ids: Vec<CampusId> = places.iter().map(|(campus, _)| *campus).collect();
        if !place_fits(self.role, city, &ids) {
            let by_city = city.is_some() != (self.role == Role::Coordinator);
            let column = if by_city { "city_code" } else { "campus_codes" };
            let (zh, en) = (
                "大使和联络人须有校区，协调人须有城市",
                "Ambassadors and liaisons have campuses, coordinators a city",
            );
            return Err(self.error(column, "import.place", zh, en));
        }
        if !manages(scope, self.role, &places) {
            let placed = matches!(self.role, Role::Ambassador | Role::Liaison);
            let column = if placed { "campus_codes" } else { "role" };
            let (zh, en) = ("不归您管理", "It is not yours to manage");
            return Err(self.error(column, "import.out_of_scope", zh, en));
        }
        Ok(Account {
            line: self.number,
            id: old.map_or(self.id, |(user, _)| user.id),
            phone: self.phone.clone(),
            name: self.name.clone(),
            role: self.role,
            city,
            places,
        })
    }

    /// Whether a list may say anything about this account.
    fn may_change(&self, user: &User, places: &Places, scope: &Scope) -> Result<(), FieldError> {
        let (column, code, zh, en) = if !manages(scope, user.role, places) {
            let en = "This phone has an account that is not yours to manage";
            ("phone", "import.out_of_scope", "该手机号已有账号，不归您管理", en)
        } else if !user.active {
            let en = "The account of this phone is deactivated";
            ("phone", "import.inactive", "该手机号的账号已停用", en)
        } else if user.role != self.role {
            ("role", "import.role_fixed", "角色不能更改", "The role of an account cannot change")
        } else {
            return Ok(());
        };
        Err(self.error(column, code, zh, en))
    }

    fn places(&self, old: Option<&(User, Places)>, known: &Known) -> Result<Places, FieldError> {
        if self.campuses.is_empty() {
            return Ok(old.map(|(_, places)| places.clone()).unwrap_or_default());
        }
        let find = |code: &String| {
            known.campuses.get(code).copied().ok_or_else(|| {
                let (zh, en) = (format!("没有校区 {code}"), format!("There is no campus {code}"));
                self.error("campus_codes", "import.unknown_campus", &zh, &en)
            })
        };
        self.campuses.iter().map(find).collect()
    }
}

impl Account {
    /// Whether it says what is there already.
    fn is(&self, user: &User, places: &Places) -> bool {
        let set = |places: &Places| places.iter().copied().collect::<BTreeSet<_>>();
        self.name == user.name && self.city == user.city && set(&self.places) == set(places)
    }
}
