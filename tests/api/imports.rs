//! Lists that come as CSV, and seeding.

use campus_ops::{
    app::seed,
    campuses::{model::Days, store},
    platform::db::Db,
    schema::{audit, campuses as campus_table, changes},
};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::support::{
    Actor, Answer, TestApp,
    world::{GUANGZHOU, SHANTOU},
};

const HEADER: &str = "is_211,moe_code,name_zh,name_en,city_code,level,ownership,is_985";

pub fn import(who: &Actor, path: &str, bytes: &[u8]) -> Answer {
    who.call("POST", path).header("content-type", "text/csv").send_raw(bytes)
}

pub fn errors(answer: &Answer) -> Vec<(u64, String, String)> {
    let problem = answer.refused(422, "import.rows");
    let list = problem["errors"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.iter()
        .map(|e| {
            (e["data"]["line"].as_u64().unwrap(), text(&e["data"]["column"]), text(&e["code"]))
        })
        .collect()
}

#[test]
fn a_list_in_gb18030_adds_and_changes_campuses() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let list = format!(
        "{HEADER}\r\nfalse,4144099001,测试学院,Test College,440100,专科,民办,false\r\n\
         true,4144010558,中山大学,Sun Yat-sen University,440100,本科,公办,true\r\n\
         true,4144010559,暨南大学（石牌）,Jinan University,440100,本科,公办,false\r\n"
    );
    let (gb, ..) = encoding_rs::GB18030.encode(&list);
    let tried = import(&chen, "/imports/campuses?dry_run=true", &gb).ok();
    let expected =
        json!({ "dry_run": true, "rows": 3, "created": 1, "updated": 1, "unchanged": 1 });
    assert_eq!(tried, expected);
    assert_eq!(chen.get("/campuses?q=测试学院").ok()["items"], json!([]));

    let done = import(&chen, "/imports/campuses", &gb).ok();
    assert_eq!((&done["created"], &done["updated"]), (&json!(1), &json!(1)));
    let made = chen.get("/campuses?q=测试学院").ok();
    assert_eq!(made["items"][0]["ownership"], "private");
    let jinan = chen.get(&format!("/campuses/{}", app.world.jinan));
    assert_eq!((jinan.ok()["name_zh"].clone(), jinan.version()), (json!("暨南大学（石牌）"), 2));
    assert_eq!(chen.get("/campuses?q=石牌").ok()["items"][0]["code"], "4144010559");
    let again = import(&chen, "/imports/campuses", list.as_bytes()).ok();
    assert_eq!(again["unchanged"], 3);
}

#[test]
fn one_bad_row_stops_the_whole_list_and_all_are_named() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let list = format!(
        "{HEADER}\nfalse,4144099001,好学院,,440100,专科,民办,\n\
         maybe,41440,,,Guangzhou,小学,公办,\nfalse,4144099002,短\n"
    );
    let at = |line, column: &str, code: &str| (line, column.to_owned(), format!("import.{code}"));
    let expected = [
        at(3, "moe_code", "value"),
        at(3, "city_code", "value"),
        at(3, "level", "value"),
        at(3, "is_211", "value"),
        at(3, "name_zh", "required"),
        at(4, "", "cells"),
    ];
    assert_eq!(errors(&import(&chen, "/imports/campuses", list.as_bytes())), expected);
    assert_eq!(chen.get("/campuses?q=好学院").ok()["items"], json!([]));

    let rows = format!(
        "{HEADER}\nfalse,4144099001,甲,,{SHANTOU},专科,民办,\nfalse,4144099002,乙,,999999,专科,民办,\n\
         false,4144099003,丙,,440100,专科,民办,\nfalse,4144099003,丙,,440100,专科,民办,\n\
         false,4144010560,汕头大学,,440100,本科,公办,\n"
    );
    let expected = [
        at(2, "city_code", "out_of_scope"),
        at(3, "city_code", "unknown_city"),
        at(5, "moe_code", "repeated_row"),
        at(6, "city_code", "city_fixed"),
    ];
    assert_eq!(errors(&import(&chen, "/imports/campuses", rows.as_bytes())), expected);
}

#[test]
fn a_file_that_is_no_list_is_refused() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let send = |bytes: &[u8]| import(&chen, "/imports/campuses", bytes);
    let header = send(format!("{HEADER},colour\n").as_bytes()).refused(422, "import.columns");
    assert_eq!(header["errors"][0]["data"], json!({ "line": 1, "column": "colour" }));
    send(b"moe_code\xff\xff\n").refused(400, "import.encoding");
    send(b"").refused(422, "import.columns");
    send(&vec![b'a'; 6 << 20]).refused(413, "request.too_large");
    chen.post("/imports/campuses", json!({})).refused(415, "request.media_type");
    let lin = app.ambassador(app.world.sysu);
    import(&lin, "/imports/campuses", HEADER.as_bytes()).refused(403, "auth.forbidden");
}

#[test]
fn the_calendar_of_another_year_comes_by_list() {
    let app = TestApp::start();
    let province = app.province();
    let list = "date,day_type,is_working_day,name_zh,name_en\n\
                2026-10-01,holiday,false,国庆节,National Day\n2011-10-01,workday,true,,\n";
    let done = import(&province, "/imports/calendar", list.as_bytes()).ok();
    assert_eq!((&done["created"], &done["updated"]), (&json!(1), &json!(1)));
    let twice = "date,day_type,is_working_day\n2026-10-01,holiday,false\n2026-10-01,feast,no\n";
    let expected = [(3, "day_type".to_owned(), "import.value".to_owned())];
    assert_eq!(errors(&import(&province, "/imports/calendar", twice.as_bytes())), expected);
    let day = "2011-10-01".parse().unwrap();
    let known = read(&app.shared.db, move |conn| {
        store::calendar::between(conn, Days { from: day, to: day })
    });
    assert!(known[0].is_working_day && known[0].name_zh.is_none());
}

fn read<T: Send + 'static>(
    db: &Db,
    work: impl Fn(&mut campus_ops::platform::db::Conn) -> QueryResult<T> + Send + 'static,
) -> T {
    let read = db.read(move |conn| Ok(work(conn)?));
    actix_web::rt::System::new().block_on(read).unwrap()
}

/// Campuses, calendar days, changes and audit entries there are.
fn counts(db: &Db) -> (i64, usize, i64, i64) {
    let (from, to) = ("2011-01-01".parse().unwrap(), "2026-12-31".parse().unwrap());
    read(db, move |conn| {
        Ok((
            campus_table::table.count().get_result(conn)?,
            store::calendar::between(conn, Days { from, to })?.len(),
            changes::table.count().get_result(conn)?,
            audit::table.count().get_result(conn)?,
        ))
    })
}

fn load(db: &Db, season: seed::Season) -> bool {
    actix_web::rt::System::new().block_on(seed::load(db, season)).unwrap()
}

#[test]
fn seeding_twice_changes_nothing() {
    let app = TestApp::start();
    let db = &app.shared.db;
    let chen = app.coordinator(GUANGZHOU);
    let path = format!("/campuses/{}", app.world.sysu);
    chen.patch(&path, 1, json!({ "name_en": "SYSU" })).ok();
    let before = counts(db);
    assert_eq!((before.0, before.1), (159, 139));
    assert!(!load(db, seed::Season::Original));
    assert_eq!(counts(db), before);
    let kept = chen.get(&path);
    assert_eq!((kept.ok()["name_en"].clone(), kept.version()), (json!("SYSU"), 2));
}

#[test]
fn the_season_of_another_year_brings_no_calendar() {
    let app = TestApp::start();
    let db = &app.shared.db;
    let before = counts(db);
    assert!(load(db, seed::Season::Year(2026)));
    assert!(!load(db, seed::Season::Year(2026)));
    let after = counts(db);
    assert_eq!((before.0, before.1, before.2), (after.0, after.1, after.2));
    let lin = app.ambassador(app.world.sysu);
    let season = lin.get("/seasons/2026-autumn").ok();
    assert_eq!((&season["starts"], &season["ends"]), (&json!("2026-08-01"), &json!("2026-12-31")));
    let list = lin.get("/activities").ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 22);
    assert_eq!(list["items"][21]["window"]["start"], "2026-08-01");
}
