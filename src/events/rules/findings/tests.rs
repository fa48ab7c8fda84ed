use super::*;
use crate::{
    events::{
        model::Hold,
        refusals::Refusal,
        rules::content::tests::{day, lecture},
    },
    platform::{
        fault::Refuse as _,
        ids::{ShiftId, UserId},
        time::Instant,
    },
};

/// A lecture on 3 September about which there is nothing to say, seen on 25 August.
fn fine() -> Facts {
    let content = lecture();
    Facts {
        event: EventId::new(),
        stage: Stage::Planning,
        today: day("2011-08-25"),
        window: Window { start: day("2011-08-01"), end: day("2011-12-31") },
        needs: FormatNeeds { venue: true, team: true },
        media: BTreeSet::from(["bbs".to_owned(), "mms".to_owned()]),
        lead_time_days: 7,
        preparation_deadline: day("2011-08-31"),
        first_submitted: None,
        has_liaison: true,
        venue_capacity: Some(200),
        kept: Vec::new(),
        bounds: Slot {
            from: Instant::start_of(day("2011-08-25")),
            to: Instant::local(day("2011-12-31"), 1_440),
        },
        available: Some(BTreeMap::from([("poster".to_owned(), 20)])),
        default_kit: content.kit.clone(),
        calendar: Vec::new(),
        content,
    }
}

fn only(facts: &Facts) -> Finding {
    let mut found = findings(facts);
    assert_eq!(found.len(), 1, "{found:?}");
    let finding = found.remove(0);
    assert!(!finding.message.zh.is_empty() && !finding.message.en.is_empty());
    finding
}

/// Hours of 3 September.
fn hours(from: i64, to: i64) -> Slot {
    let day = day("2011-09-03");
    Slot { from: Instant::local(day, from * 60), to: Instant::local(day, to * 60) }
}

fn move_to(facts: &mut Facts, slot: Slot) {
    facts.content.starts_at = Some(slot.from);
    facts.content.ends_at = Some(slot.to);
}

fn rival(hold: Hold) -> Keeper {
    Keeper::Event { id: EventId::new(), title: Some("迎新晚会".into()), hold }
}

fn venue_kept(facts: &Facts, slot: Slot, by: Keeper) -> Kept {
    Kept::Venue { venue: facts.content.venue_id.unwrap(), slot, by }
}

#[test]
fn nothing_to_say_about_a_good_plan() {
    assert_eq!(findings(&fine()), []);
}

#[test]
fn the_window_ends_at_midnight_of_its_last_day() {
    let mut facts = fine();
    facts.window = Window { start: day("2011-09-03"), end: day("2011-09-03") };
    move_to(&mut facts, hours(0, 24));
    assert_eq!(findings(&facts), []);
    facts.content.ends_at = facts.content.ends_at.map(|at| Instant(at.0 + 1));
    let found = only(&facts);
    assert_eq!((found.code, found.severity), (FindingCode::OutsideWindow, Severity::Block));
    assert!(!found.overridable);
    assert_eq!(found.data["to"], "2011-09-04");
    move_to(&mut facts, hours(-1, 2));
    assert_eq!(only(&facts).data["from"], "2011-09-02");
}

#[test]
fn an_incomplete_plan_names_what_is_missing() {
    let mut facts = fine();
    facts.content.lead_id = None;
    facts.content.plan = "  ".into();
    facts.content.venue_id = None;
    facts.content.ends_at = None;
    let found = only(&facts);
    assert_eq!(found.code, FindingCode::Incomplete);
    assert_eq!(found.data["missing"].to_string(), r#"["lead_id","plan","ends_at","venue_id"]"#);
    facts.needs.venue = false;
    assert_eq!(only(&facts).data["missing"].as_array().unwrap().len(), 3);
}

#[test]
fn publicity_takes_a_medium_of_the_season() {
    let mut facts = fine();
    facts.content.publicity[0].medium = "newspaper".into();
    assert_eq!(only(&facts).code, FindingCode::NoPublicity);
    facts.content.publicity.clear();
    assert!(only(&facts).blocks());
}

#[test]
fn a_week_of_preheat_weighs_at_the_approval() {
    let mut facts = fine();
    facts.today = day("2011-08-27");
    assert_eq!(findings(&facts), []);
    facts.today = day("2011-08-28");
    let found = only(&facts);
    assert_eq!((found.code, found.severity), (FindingCode::LeadTime, Severity::Warn));
    assert_eq!(found.data["days"], 6);
    facts.stage = Stage::Approval { endorsed: true };
    let found = only(&facts);
    assert!(found.blocks() && found.overridable);
    facts.stage = Stage::Settled;
    assert_eq!(findings(&facts), []);
}

#[test]
fn a_hard_rival_blocks_and_a_soft_one_warns() {
    let mut facts = fine();
    facts.kept = vec![venue_kept(&facts, hours(11, 13), rival(Hold::Soft))];
    let found = only(&facts);
    assert_eq!((found.code, found.severity), (FindingCode::VenueClash, Severity::Warn));
    assert_eq!(found.data["rivals"][0]["overlap_minutes"], 60);
    assert_eq!(found.data["rivals"][0]["title"], "迎新晚会");
    assert_eq!(found.data["free"][0]["starts_at"], "2011-09-03T01:00:00.000Z");
    assert_eq!(found.data["free"][1]["starts_at"], "2011-09-02T23:00:00.000Z");
    let hard = venue_kept(&facts, hours(9, 11), rival(Hold::Hard));
    facts.kept.push(hard);
    let found = only(&facts);
    assert!(found.blocks() && !found.overridable);
    assert_eq!(found.data["rivals"].as_array().unwrap().len(), 2);
}

#[test]
fn neighbours_oneself_and_formats_without_a_hall_do_not_clash() {
    let mut facts = fine();
    let me = Keeper::Event { id: facts.event, title: None, hold: Hold::Hard };
    facts.kept = vec![
        venue_kept(&facts, hours(12, 14), rival(Hold::Hard)),
        venue_kept(&facts, hours(8, 10), rival(Hold::Hard)),
        venue_kept(&facts, hours(10, 12), me),
    ];
    assert_eq!(findings(&facts), []);
    facts.kept = vec![venue_kept(&facts, hours(10, 12), rival(Hold::Hard))];
    facts.needs.venue = false;
    assert_eq!(findings(&facts), []);
}

#[test]
fn people_clash_and_shifts_only_warn() {
    let mut facts = fine();
    let (lead, slot) = (facts.content.lead_id.unwrap(), hours(11, 13));
    let shift = Keeper::Shift { id: ShiftId::new(), event: None };
    facts.kept = vec![
        Kept::Person { person: lead, slot, by: shift },
        Kept::Person { person: UserId::new(), slot, by: rival(Hold::Hard) },
    ];
    let found = only(&facts);
    assert_eq!((found.code, found.severity), (FindingCode::PersonClash, Severity::Warn));
    assert_eq!(found.data["people"][0]["user_id"], lead.to_string());
    assert_eq!(found.data["people"][0]["rivals"][0]["kind"], "shift");
    facts.kept.push(Kept::Person { person: lead, slot, by: rival(Hold::Hard) });
    assert!(only(&facts).blocks());
    facts.needs.team = false;
    assert_eq!(findings(&facts), []);
}

#[test]
fn a_duty_at_its_own_booth_is_no_clash() {
    let mut facts = fine();
    let by = Keeper::Shift { id: ShiftId::new(), event: Some(facts.event) };
    let person = facts.content.lead_id.unwrap();
    facts.kept = vec![Kept::Person { person, slot: hours(10, 12), by }];
    assert_eq!(findings(&facts), []);
}

#[test]
fn the_room_holds_so_many() {
    let mut facts = fine();
    facts.venue_capacity = Some(199);
    let found = only(&facts);
    assert_eq!((found.code, found.severity), (FindingCode::CapacityExceedsVenue, Severity::Block));
    facts.content.capacity = None;
    assert_eq!(findings(&facts), []);
}

#[test]
fn missing_goods_are_counted() {
    let mut facts = fine();
    facts.available = Some(BTreeMap::from([("poster".to_owned(), 12)]));
    let found = only(&facts);
    assert_eq!((found.code, found.severity), (FindingCode::MaterialShort, Severity::Warn));
    assert_eq!(found.data["items"][0]["missing"], 8);
    facts.available = Some(BTreeMap::from([("poster".to_owned(), -5)]));
    assert_eq!(only(&facts).data["items"][0]["missing"], 20);
}

#[test]
fn another_kit_is_noted() {
    let mut facts = fine();
    facts.default_kit = vec![KitLine { sku: "startup-usb".into(), quantity: 30 }];
    let found = only(&facts);
    assert_eq!((found.code, found.severity), (FindingCode::KitDiffers, Severity::Note));
    assert_eq!(found.data["items"].as_array().unwrap().len(), 2);
    assert_eq!(found.data["items"][0]["planned"], 20);
}

#[test]
fn early_events_are_prepared_by_the_deadline() {
    let mut facts = fine();
    facts.first_submitted = Some(day("2011-09-01"));
    assert_eq!(only(&facts).code, FindingCode::LatePreparation);
    facts.first_submitted = Some(day("2011-08-31"));
    assert_eq!(findings(&facts), []);
    facts.first_submitted = Some(day("2011-09-01"));
    facts.content.starts_at = Some(Instant::start_of(day("2011-09-15")));
    facts.content.ends_at = Some(Instant::local(day("2011-09-15"), 60));
    assert_eq!(findings(&facts), []);
}

#[test]
fn the_calendar_is_noted() {
    let mut facts = fine();
    let name = Words::new("考试周", "Exam week");
    facts.calendar =
        vec![CalendarMark { from: day("2011-09-03"), to: day("2011-09-09"), name: name.clone() }];
    let found = only(&facts);
    assert_eq!((found.code, found.severity), (FindingCode::CalendarNote, Severity::Note));
    assert_eq!(found.data["marks"][0]["name_en"], "Exam week");
    facts.calendar = vec![CalendarMark { from: day("2011-09-04"), to: day("2011-09-09"), name }];
    move_to(&mut facts, hours(20, 24));
    assert_eq!(findings(&facts), []);
}

#[test]
fn without_a_liaison_the_approval_needs_a_reason() {
    let mut facts = fine();
    facts.has_liaison = false;
    assert_eq!(only(&facts).severity, Severity::Warn);
    facts.stage = Stage::at(EventAction::Approve, EventState::Endorsed);
    assert_eq!(only(&facts).severity, Severity::Warn);
    facts.stage = Stage::at(EventAction::Approve, EventState::Submitted);
    let found = only(&facts);
    assert!(found.blocks() && found.overridable);
    let shut = gate(std::slice::from_ref(&found), Some("  "));
    assert_eq!(shut, Gate::Shut(vec![found.clone()]));
    let open = gate(&[found], Some("新校区，联络人尚未到任"));
    assert_eq!(open, Gate::Open { overridden: vec![FindingCode::NoLiaison] });
}

#[test]
fn an_amendment_answers_for_what_it_changes() {
    let mut facts = fine();
    facts.stage = Stage::Settled;
    facts.venue_capacity = Some(10);
    facts.content.publicity.clear();
    let found = findings(&facts);
    assert_eq!(found.len(), 2);
    assert!(at_amend(found.clone(), &["team_ids"]).is_empty());
    let left = at_amend(found, &["capacity", "title"]);
    assert_eq!(left[0].code, FindingCode::CapacityExceedsVenue);
}

#[test]
fn a_hard_slot_is_a_conflict_and_all_else_is_named() {
    let mut facts = fine();
    facts.content.publicity.clear();
    let Gate::Shut(shut) = gate(&findings(&facts), None) else { panic!("publicity is missing") };
    let problem = refusal(&shut);
    assert_eq!(problem.code, Refusal::Findings.code());
    assert_eq!(problem.errors[0].code, "no_publicity");
    facts.kept = vec![venue_kept(&facts, hours(11, 13), rival(Hold::Hard))];
    let Gate::Shut(shut) = gate(&findings(&facts), None) else { panic!("the hall is taken") };
    let problem = refusal(&shut);
    assert_eq!(problem.code, Refusal::VenueTaken.code());
    assert_eq!(problem.errors.len(), 2);
}
