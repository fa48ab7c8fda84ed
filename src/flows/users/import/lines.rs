//! The rows of a list of people.

use crate::{
    accounts::Role,
    platform::{
        csv_import::{Columns, Noted, Row, Sheet},
        fault::{Fault, Words},
        ids::UserId,
        names::{CityCode, Phone},
    },
};

pub const COLUMNS: Columns = Columns {
    required: &["phone", "name", "role"],
    optional: &["city_code", "campus_codes"],
    ignored: &["note"],
};

/// A list as it may come.
pub const EXAMPLE: &str = "phone,name,role,campus_codes
13700110011,林小雨,ambassador,4144010558
13700110012,何老师,团委联络人,4144010558;4144010559
";

/// A row of the list. Blank cells keep what is there.
#[derive(Clone, Debug)]
pub struct Line {
    pub number: u64,
    /// The id of the account if it is new.
    pub id: UserId,
    pub phone: Phone,
    pub name: String,
    pub role: Role,
    pub city: Option<CityCode>,
    /// Codes of campuses.
    pub campuses: Vec<String>,
}

/// Reads the list.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Fault> {
    Sheet::read(bytes, &COLUMNS)?.parse(|row| line(row).ok())
}

/// Reads every cell before giving up, so that all errors of a row are told.
fn line(row: &mut Row<'_>) -> Result<Line, Noted> {
    let mobile = Words::new("十一位手机号", "a mobile number of eleven digits");
    let phone = row.required("phone", &mobile);
    let name = row.needed("name", 60);
    let roles = "ambassador, liaison, coordinator, province, auditor";
    let role = row.required_with("role", &Words::new(roles, format!("one of {roles}")), role);
    let city = row.optional("city_code", &Words::new("六位城市代码", "the six digits of a city"));
    let mut campuses = row.list("campus_codes");
    campuses.sort_unstable();
    campuses.dedup();
    Ok(Line {
        number: row.line,
        id: UserId::new(),
        phone: phone?,
        name: name?,
        role: role?,
        city: city?,
        campuses,
    })
}

fn role(text: &str) -> Option<Role> {
    match text {
        "校园大使" => Some(Role::Ambassador),
        "团委联络人" => Some(Role::Liaison),
        "地市协调人" => Some(Role::Coordinator),
        "省公司" => Some(Role::Province),
        "审计" => Some(Role::Auditor),
        word => word.parse().ok(),
    }
}
