//! What a content must be like whatever the campaign says: lengths, numbers, order of times.
//! What is merely unfinished is a finding, not an error.

use std::collections::BTreeSet;

use super::content::Content;
use crate::platform::{
    fault::{FieldError, Words},
    time::Day,
};

const MAX_TITLE: usize = 100;
const MAX_ORGANISER: usize = 100;
const MAX_PLAN: usize = 10_000;
const MAX_LINES: usize = 50;
const MAX_SKU: usize = 40;
const MAX_QUANTITY: i64 = 1_000_000;
const MAX_CAPACITY: i64 = 200_000;
/// Days that times may be away from the season.
const YEAR: i64 = 365;

/// What is wrong, each with the member it is about.
pub fn errors(content: &Content) -> Vec<FieldError> {
    let mut found = Vec::new();
    let mut check = |wrong: bool, pointer: &str, zh: String, en: String| {
        if wrong {
            found.push(error(pointer, zh, en));
        }
    };
    let too_long =
        |most: usize| (format!("不得超过 {most} 个字"), format!("At most {most} characters"));
    let (zh, en) = too_long(MAX_TITLE);
    check(length(&content.title) > MAX_TITLE, "/title", zh, en);
    let blank = content.title.trim().is_empty();
    check(blank, "/title", "不能为空白".into(), "It must not be blank".into());
    let (zh, en) = too_long(MAX_ORGANISER);
    let organiser = content.organiser.as_deref().unwrap_or_default();
    check(length(organiser) > MAX_ORGANISER, "/organiser", zh, en);
    let (zh, en) = too_long(MAX_PLAN);
    check(length(&content.plan) > MAX_PLAN, "/plan", zh, en);
    let reversed = matches!((content.starts_at, content.ends_at), (Some(a), Some(b)) if b <= a);
    check(reversed, "/ends_at", "须晚于开始时间".into(), "It must be later than the start".into());
    let many = content.capacity.is_some_and(|n| !(1..=MAX_CAPACITY).contains(&n));
    let (zh, en) = (
        format!("须在 1 到 {MAX_CAPACITY} 之间"),
        format!("It must be between 1 and {MAX_CAPACITY}"),
    );
    check(many, "/capacity", zh, en);
    let nobody = content.admits.roles.is_empty();
    check(nobody, "/admits/roles", "至少一种身份".into(), "At least one role".into());
    for (pointer, lines) in [
        ("/team_ids", content.team_ids.len()),
        ("/publicity", content.publicity.len()),
        ("/kit", content.kit.len()),
    ] {
        let (zh, en) = (format!("不得超过 {MAX_LINES} 项"), format!("At most {MAX_LINES} entries"));
        check(lines > MAX_LINES, pointer, zh, en);
    }
    found.extend(lists(content));
    found
}

/// Times further than a year from the season, which nobody means.
pub fn far_off(content: &Content, season_starts: Day, season_ends: Day) -> Vec<FieldError> {
    let (first, last) = (season_starts.plus(-YEAR), season_ends.plus(YEAR));
    [("/starts_at", content.starts_at), ("/ends_at", content.ends_at)]
        .into_iter()
        .filter(|(_, at)| at.is_some_and(|at| at.day() < first || at.day() > last))
        .map(|(pointer, _)| {
            let zh = format!("须在 {first} 到 {last} 之间");
            error(pointer, zh, format!("It must be between {first} and {last}"))
        })
        .collect()
}

fn lists(content: &Content) -> Vec<FieldError> {
    let mut found = Vec::new();
    for (index, line) in content.publicity.iter().enumerate() {
        if line.to.is_some_and(|to| to < line.from) {
            let pointer = format!("/publicity/{index}/to");
            found.push(error(&pointer, "不得早于 from", "It must not be before `from`"));
        }
    }
    let mut skus = BTreeSet::new();
    for (index, line) in content.kit.iter().enumerate() {
        if !(1..=MAX_QUANTITY).contains(&line.quantity) {
            let zh = format!("须在 1 到 {MAX_QUANTITY} 之间");
            let en = format!("It must be between 1 and {MAX_QUANTITY}");
            found.push(error(&format!("/kit/{index}/quantity"), zh, en));
        }
        if line.sku.is_empty() || length(&line.sku) > MAX_SKU || !skus.insert(&line.sku) {
            let zh = format!("须为 1 到 {MAX_SKU} 个字，且不重复");
            let en = format!("1 to {MAX_SKU} characters, each SKU once");
            found.push(error(&format!("/kit/{index}/sku"), zh, en));
        }
    }
    found
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn error(pointer: &str, zh: impl Into<String>, en: impl Into<String>) -> FieldError {
    FieldError::new(pointer, "field.rule", Words::new(zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::KitLine,
        events::rules::content::tests::{day, lecture},
        platform::time::Instant,
    };

    #[test]
    fn a_plain_plan_is_fine() {
        assert_eq!(errors(&lecture()), []);
    }

    #[test]
    fn times_stay_near_the_season() {
        let (starts, ends) = (day("2011-08-01"), day("2011-12-31"));
        let mut content = lecture();
        assert_eq!(far_off(&content, starts, ends), []);
        content.starts_at = Some(Instant::start_of(day("2010-08-01")));
        content.ends_at = Some(Instant(Instant::start_of(day("2012-12-31")).0 - 1));
        assert_eq!(far_off(&content, starts, ends), []);
        content.starts_at = content.starts_at.map(|at| Instant(at.0 - 1));
        content.ends_at = content.ends_at.map(|at| Instant(at.0 + 1));
        let pointers: Vec<_> =
            far_off(&content, starts, ends).into_iter().map(|e| e.pointer).collect();
        assert_eq!(pointers, ["/starts_at", "/ends_at"]);
    }

    #[test]
    fn each_mistake_is_named() {
        let mut content = lecture();
        content.title = " ".into();
        content.ends_at = content.starts_at;
        content.capacity = Some(0);
        content.admits.roles.clear();
        content.publicity[0].to = Some(content.publicity[0].from.plus(-1));
        content.kit.push(KitLine { sku: "poster".into(), quantity: 0 });
        let pointers: Vec<String> = errors(&content).into_iter().map(|e| e.pointer).collect();
        let expected = [
            "/title",
            "/ends_at",
            "/capacity",
            "/admits/roles",
            "/publicity/0/to",
            "/kit/1/quantity",
            "/kit/1/sku",
        ];
        assert_eq!(pointers, expected);
    }
}
