//! The rows of a list of participants.

use crate::{
    catalogue::attendance::ParticipantRole,
    participants::model::{Consent, Person},
    platform::{
        csv_import::{Columns, Noted, Row, Sheet},
        fault::{Fault, Words},
        ids::ParticipantId,
        time::{Day, Instant},
    },
};

pub const COLUMNS: Columns = Columns {
    required: &["role", "name", "phone", "campus_code", "consent_version", "consent_at"],
    optional: &["student_no", "skills", "app_idea"],
    ignored: &["note"],
};

/// A list as it may come.
pub const EXAMPLE: &str =
    "role,name,phone,campus_code,student_no,skills,app_idea,consent_version,consent_at
student_developer,王芳,13800138000,4144010558,10212345,Java;Android,校园二手书,2011-09,2011-09-01 10:30
推广达人,李明,13800138001,4144010558,,,,2011-09,2011-09-01T02:45:00Z
";

const MOST_SKILLS: usize = 20;
const LONGEST_SKILL: usize = 40;

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Line {
    pub number: u64,
    /// The id of the record if it is new.
    pub id: ParticipantId,
    pub role: ParticipantRole,
    /// Code of the campus.
    pub campus: String,
    pub person: Person,
}

/// Reads the list.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Fault> {
    Sheet::read(bytes, &COLUMNS)?.parse(|row| line(row).ok())
}

/// Reads every cell before giving up, so that all errors of a row are told.
fn line(row: &mut Row<'_>) -> Result<Line, Noted> {
    let roles = "student_developer, promotion_expert, attendee, team";
    let role = row.required_with("role", &Words::new(roles, format!("one of {roles}")), role);
    let name = row.needed("name", 60);
    let mobile = Words::new("十一位手机号", "a mobile number of eleven digits");
    let phone = row.required("phone", &mobile);
    let campus = row.needed("campus_code", 20);
    let student_no = row.short("student_no", 40);
    let skills = skills(row);
    let app_idea = row.short("app_idea", 2000);
    let version = row.needed("consent_version", 40);
    let moment = "2011-09-01T02:30:00Z, 2011-09-01 10:30";
    let at = row.required_with("consent_at", &Words::new(moment, moment), moment_of);
    Ok(Line {
        number: row.line,
        id: ParticipantId::new(),
        role: role?,
        campus: campus?,
        person: Person {
            name: name?,
            phone: phone?,
            student_no: student_no?,
            skills: skills?,
            app_idea: app_idea?,
            consent: Consent { version: version?, at: at? },
        },
    })
}

fn role(text: &str) -> Option<ParticipantRole> {
    match text {
        "学生开发者" => Some(ParticipantRole::StudentDeveloper),
        "推广达人" => Some(ParticipantRole::PromotionExpert),
        "其他" => Some(ParticipantRole::Attendee),
        "团队" => Some(ParticipantRole::Team),
        word => word.parse().ok(),
    }
}

fn skills(row: &mut Row<'_>) -> Result<Vec<String>, Noted> {
    let skills = row.list("skills");
    let fine = |skill: &String| skill.chars().count() <= LONGEST_SKILL;
    if skills.len() <= MOST_SKILLS && skills.iter().all(fine) {
        return Ok(skills);
    }
    let (zh, en) =
        ("至多 20 项，每项至多 40 字", "At most 20 skills of at most 40 characters each");
    row.wrong("skills", "import.value", Words::new(zh, en));
    Err(Noted)
}

/// An instant as the API writes it, or local time as spreadsheets do.
fn moment_of(text: &str) -> Option<Instant> {
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let (day, time) = text.split_once(' ').unwrap_or((text, "0:00"));
    let day: Day = day.parse().ok()?;
    let (hours, minutes) = time.trim().split_once(':')?;
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    let within = hours < 24 && minutes < 60;
    within.then(|| Instant::local(day, i64::from(hours) * 60 + i64::from(minutes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_as_the_api_or_as_spreadsheets_write_them() {
        let same = ["2011-09-01T02:30:00Z", "2011-09-01T10:30:00+08:00", "2011-09-01 10:30"];
        let same: Vec<_> = same.map(moment_of).into();
        assert!(same[0].is_some() && same.iter().all(|at| *at == same[0]));
        let midnight = moment_of("2011-09-01").map(|at| at.to_string());
        assert_eq!(midnight.as_deref(), Some("2011-08-31T16:00:00.000Z"));
        for wrong in ["2011-09-01 24:00", "2011-09-01 10:60", "2011/9/1", "10:30", "1 September"] {
            assert_eq!(moment_of(wrong), None, "{wrong}");
        }
    }
}
