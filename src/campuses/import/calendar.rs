//! Days of the calendar by CSV.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use crate::{
    campuses::{
        model::{CalendarDay, Days},
        store,
    },
    platform::{
        csv_import::{self, Columns, ImportOut, Noted, Row, Sheet, cell_error, yes_or_no},
        db::{Audit, Conn, Db, Meta, Tx},
        fault::{Fault, Words},
        time::Day,
    },
};

pub const COLUMNS: Columns = Columns {
    required: &["date", "day_type", "is_working_day"],
    optional: &["name_zh", "name_en"],
    ignored: &["weekday", "note"],
};

/// A list as it may come.
pub const EXAMPLE: &str = "date,day_type,is_working_day,name_zh,name_en
2011-10-01,holiday,false,国庆节,National Day
2011-10-08,makeup_workday,true,,
";

/// A row of the list with its line.
pub type Line = (u64, CalendarDay);

/// What a list comes to, given what is there.
#[derive(Debug, Default, PartialEq)]
pub struct Plan {
    pub new: Vec<CalendarDay>,
    pub changed: Vec<CalendarDay>,
    pub unchanged: usize,
}

/// Reads the list.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Fault> {
    Sheet::read(bytes, &COLUMNS)?.parse(|row| line(row).ok())
}

fn line(row: &mut Row<'_>) -> Result<Line, Noted> {
    let date = row.required("date", &Words::new("日期 YYYY-MM-DD", "a date YYYY-MM-DD"));
    let kinds = "workday, weekend, holiday, makeup_workday";
    let day_type = row.required("day_type", &Words::new(kinds, format!("one of {kinds}")));
    let flag = Words::new("true 或 false", "true or false");
    let is_working_day = row.required_with("is_working_day", &flag, yes_or_no);
    let name_zh = row.short("name_zh", 50);
    let name_en = row.short("name_en", 50);
    let day = CalendarDay {
        date: date?,
        day_type: day_type?,
        is_working_day: is_working_day?,
        name_zh: name_zh?,
        name_en: name_en?,
    };
    Ok((row.line, day))
}

/// Decides what to write; refuses a date that stands twice.
pub fn plan(lines: &[Line], known: &HashMap<Day, CalendarDay>) -> Result<Plan, Fault> {
    let mut seen = HashSet::new();
    let mut errors = Vec::new();
    let mut plan = Plan::default();
    for (number, day) in lines {
        if !seen.insert(day.date) {
            let words = Words::new("文件中已有此日期", "The file has this date already");
            errors.push(cell_error(*number, "date", "import.repeated_row", words));
            continue;
        }
        match known.get(&day.date) {
            None => plan.new.push(day.clone()),
            Some(old) if old == day => plan.unchanged += 1,
            Some(_) => plan.changed.push(day.clone()),
        }
    }
    csv_import::refuse(errors)?;
    Ok(plan)
}

/// What the list comes to now.
pub fn plan_now(conn: &mut Conn, lines: &[Line]) -> Result<Plan, Fault> {
    let dates = || lines.iter().map(|(_, day)| day.date);
    let (Some(from), Some(to)) = (dates().min(), dates().max()) else {
        return Ok(Plan::default());
    };
    let known = store::calendar::between(conn, Days { from, to })?;
    plan(lines, &known.into_iter().map(|day| (day.date, day)).collect())
}

/// Writes a plan that was made in this write.
pub fn carry_out(tx: &mut Tx<'_>, plan: &Plan) -> Result<(), Fault> {
    for day in &plan.new {
        if !store::calendar::insert(tx, day)? {
            return Err(Fault::Collision("the calendar changed during an import".into()));
        }
    }
    for day in &plan.changed {
        store::calendar::update(tx, day)?;
    }
    Ok(())
}

/// Takes the list in, or with `dry_run` only says what would happen.
pub async fn run(db: &Db, meta: Meta, lines: Vec<Line>, dry_run: bool) -> Result<ImportOut, Fault> {
    let rows = lines.len();
    let plan = if dry_run {
        db.snapshot(move |conn| plan_now(conn, &lines)).await?
    } else {
        db.write_alone(meta, move |tx| {
            let plan = plan_now(tx, &lines)?;
            carry_out(tx, &plan)?;
            tx.audit(Audit {
                action: "calendar.import",
                kind: "calendar",
                detail: json!({ "created": plan.new.len(), "updated": plan.changed.len() }),
                ..Audit::default()
            })?;
            Ok(plan)
        })
        .await?
    };
    let (created, updated) = (plan.new.len(), plan.changed.len());
    Ok(ImportOut { dry_run, rows, created, updated, unchanged: plan.unchanged })
}
