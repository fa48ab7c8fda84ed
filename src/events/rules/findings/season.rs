//! Findings about dates: window, preheat, preparation, calendar.

use serde_json::json;

use super::{Facts, Finding, Stage};
use crate::{
    catalogue::Window,
    events::model::{FindingCode, Severity, Slot},
    platform::{
        fault::Words,
        time::{Day, Instant},
    },
};

/// Days after the preparation deadline in which an event still counts as early: with a
/// deadline of 31 August, those before 15 September.
const EARLY_DAYS: i64 = 15;

/// The whole event lies inside its activity's window; it may end at 24:00 of the last day.
pub(super) fn outside_window(facts: &Facts) -> Option<Finding> {
    let slot = facts.content.slot()?;
    let Window { start: first, end: last } = facts.window;
    (!facts.window.has(slot.from, slot.to)).then(|| {
        let (from, to) = days(slot);
        Finding::new(
            FindingCode::OutsideWindow,
            Severity::Block,
            Words::new(
                format!("该项活动须在 {first} 至 {last} 之间举行"),
                format!("This activity takes place from {first} to {last}"),
            ),
            json!({"window_from": first, "window_to": last, "from": from, "to": to}),
        )
    })
}

/// One week of preheat before the start (deck p.27).
pub(super) fn lead_time(facts: &Facts) -> Option<Finding> {
    let starts_on = facts.content.starts_at?.day();
    let (days, needed) = (facts.today.days_until(starts_on), facts.lead_time_days);
    if days >= needed {
        return None;
    }
    let found = |severity| {
        Finding::new(
            FindingCode::LeadTime,
            severity,
            Words::new(
                format!("距开始不足 {needed} 天（现为 {days} 天），预热时间不够"),
                format!("It starts in {days} days; {needed} are needed for the preheat"),
            ),
            json!({"starts_on": starts_on, "today": facts.today, "days": days, "needed": needed}),
        )
    };
    match facts.stage {
        Stage::Planning => Some(found(Severity::Warn)),
        Stage::Approval { .. } => Some(found(Severity::Block).overridable()),
        Stage::Settled => None,
    }
}

/// An early event that was not ready by the preparation deadline (deck p.27).
pub(super) fn late_preparation(facts: &Facts) -> Option<Finding> {
    let starts_on = facts.content.starts_at?.day();
    let (deadline, submitted) =
        (facts.preparation_deadline, facts.first_submitted.unwrap_or(facts.today));
    let early_until = deadline.plus(EARLY_DAYS);
    (starts_on < early_until && submitted > deadline).then(|| {
        Finding::new(
            FindingCode::LatePreparation,
            Severity::Note,
            Words::new(
                format!("{early_until} 前的活动应于 {deadline} 前完成筹备"),
                format!("Events before {early_until} should be prepared by {deadline}"),
            ),
            json!({"starts_on": starts_on, "deadline": deadline, "first_submitted": submitted}),
        )
    })
}

/// Holidays, registration days and exam weeks on the days of the event.
pub(super) fn calendar_note(facts: &Facts) -> Option<Finding> {
    let (from, to) = days(facts.content.slot()?);
    let marks: Vec<_> =
        facts.calendar.iter().filter(|mark| mark.from <= to && from <= mark.to).collect();
    if marks.is_empty() {
        return None;
    }
    let zh: Vec<&str> = marks.iter().map(|mark| mark.name.zh.as_str()).collect();
    let en: Vec<&str> = marks.iter().map(|mark| mark.name.en.as_str()).collect();
    let message =
        Words::new(format!("同期：{}", zh.join("、")), format!("Same days: {}", en.join(", ")));
    let data: Vec<_> = marks
        .iter()
        .map(|mark| {
            json!({"from": mark.from, "to": mark.to, "name_zh": mark.name.zh, "name_en": mark.name.en})
        })
        .collect();
    Some(Finding::new(
        FindingCode::CalendarNote,
        Severity::Note,
        message,
        json!({"from": from, "to": to, "marks": data}),
    ))
}

/// First and last local day with time of the slot; an end at 24:00 belongs to its day.
fn days(slot: Slot) -> (Day, Day) {
    (slot.from.day(), Instant(slot.to.0 - 1).day())
}
