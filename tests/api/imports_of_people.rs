//! Lists of people, those who sign in and those who are checked in.

use campus_ops::schema::{audit, participants, users};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::{
    imports::{errors, import},
    support::{
        Answer, TestApp,
        world::{GUANGZHOU, SHANTOU},
    },
};

const STAFF: &str = "phone,name,role,campus_codes";
const PEOPLE: &str = "role,name,phone,campus_code,skills,consent_version,consent_at";

fn at(line: u64, column: &str, code: &str) -> (u64, String, String) {
    (line, column.to_owned(), format!("import.{code}"))
}

fn counts(answer: &Answer) -> [i64; 4] {
    let body = answer.ok();
    ["rows", "created", "updated", "unchanged"].map(|name| body[name].as_i64().unwrap())
}

fn database<T: Send + 'static>(
    app: &TestApp,
    work: impl Fn(&mut campus_ops::platform::db::Conn) -> QueryResult<T> + Send + 'static,
) -> T {
    let read = app.shared.db.read(move |conn| Ok(work(conn)?));
    actix_web::rt::System::new().block_on(read).unwrap()
}

/// What the audit log says of an action.
fn audited(app: &TestApp, action: &'static str) -> Vec<String> {
    database(app, move |conn| {
        audit::table.filter(audit::action.eq(action)).select(audit::detail).load(conn)
    })
}

#[test]
fn new_staff_gets_first_passwords_that_are_shown_once() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let list = format!(
        "{STAFF}\r\n137 0011 0011,林小雨,ambassador,4144010558\r\n\
         +8613700110012,何老师,团委联络人,4144010558；4144010559\r\n"
    );
    let (gb, ..) = encoding_rs::GB18030.encode(&list);
    let tried = import(&chen, "/imports/people?dry_run=true", &gb);
    assert_eq!(counts(&tried), [2, 2, 0, 0]);
    assert_eq!(tried.ok()["accounts"], json!([]));
    assert_eq!(database(&app, |conn| users::table.count().get_result::<i64>(conn)), 1);

    let done = import(&chen, "/imports/people", &gb);
    assert_eq!((counts(&done), done.header("cache-control")), ([2, 2, 0, 0], Some("no-store")));
    let accounts = done.ok()["accounts"].clone();
    assert_eq!((&accounts[0]["line"], &accounts[1]["line"]), (&json!(2), &json!(3)));
    let first = accounts[1]["temporary_password"].as_str().unwrap();
    let mut he = app.stranger();
    let body = json!({ "phone": "13700110012", "password": first });
    let login = he.post("/auth/login", body).ok();
    assert_eq!(login["user"]["role"], "liaison");
    assert_eq!(login["user"]["campus_ids"].as_array().unwrap().len(), 2);
    he.token = login["access_token"].as_str().map(str::to_owned);
    he.get("/users").refused(403, "auth.password_change_required");

    let again = import(&chen, "/imports/people", &gb);
    assert_eq!((counts(&again), &again.ok()["accounts"]), ([2, 0, 0, 2], &json!([])));
    assert_eq!(audited(&app, "user.create").len(), 2);
    let told = audited(&app, "user.import").join(" ") + &audited(&app, "user.create").join(" ");
    assert!(!told.contains("1370011") && !told.contains('林'), "{told}");
}

#[test]
fn what_differs_is_written_over_and_blank_cells_keep_what_is_there() {
    let app = TestApp::start();
    let (chen, lin) = (app.coordinator(GUANGZHOU), app.ambassador(app.world.sysu));
    let row = |name: &str, campus: &str| {
        format!("{STAFF}\n{},{name},ambassador,{campus}\n", lin.phone).into_bytes()
    };
    assert_eq!(counts(&import(&chen, "/imports/people", &row("林雨", ""))), [1, 0, 1, 0]);
    let me = lin.get("/me").ok();
    assert_eq!((&me["name"], &me["campus_ids"]), (&json!("林雨"), &json!([app.world.sysu])));
    let moved = import(&chen, "/imports/people", &row("林雨", "4144010559"));
    assert_eq!(counts(&moved), [1, 0, 1, 0]);
    let me = lin.get("/me").ok();
    assert_eq!((&me["campus_ids"], &me["version"]), (&json!([app.world.jinan]), &json!(3)));
    assert_eq!(audited(&app, "user.update").len(), 2);
    let other = format!("{STAFF}\n{},林雨,liaison,4144010559\n", lin.phone);
    let wrong = import(&chen, "/imports/people", other.as_bytes());
    assert_eq!(errors(&wrong), [at(2, "role", "role_fixed")]);
    let path = format!("/users/{}/deactivate", lin.user);
    chen.call("POST", &path).if_match(3).send(None).ok();
    let gone = import(&chen, "/imports/people", &row("林雨", ""));
    assert_eq!(errors(&gone), [at(2, "phone", "inactive")]);
}

#[test]
fn a_list_of_staff_is_taken_whole_or_not_at_all() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let there = app.ambassador(app.world.shantou);
    let list = format!(
        "phone,name,role,city_code,campus_codes\n13700110011,甲,ambassador,,4144010558\n\
         13700110011,乙,ambassador,,4144010558\n13700110013,丙,ambassador,,4144010560\n\
         13700110014,丁,coordinator,{GUANGZHOU},\n13700110015,戊,ambassador,,9999999999\n\
         13700110016,己,liaison,,\n13700110017,庚,liaison,{GUANGZHOU},4144010558\n\
         {},辛,ambassador,,4144010558\n13700110018,壬,coordinator,999999,\n",
        there.phone
    );
    let expected = [
        at(3, "phone", "repeated_row"),
        at(4, "campus_codes", "out_of_scope"),
        at(5, "role", "out_of_scope"),
        at(6, "campus_codes", "unknown_campus"),
        at(7, "campus_codes", "place"),
        at(8, "city_code", "place"),
        at(9, "phone", "out_of_scope"),
        at(10, "city_code", "unknown_city"),
    ];
    assert_eq!(errors(&import(&chen, "/imports/people", list.as_bytes())), expected);
    let cells = format!("{STAFF}\n1370011,,student,\n");
    let expected = [at(2, "phone", "value"), at(2, "name", "required"), at(2, "role", "value")];
    assert_eq!(errors(&import(&chen, "/imports/people", cells.as_bytes())), expected);
    assert_eq!(database(&app, |conn| users::table.count().get_result::<i64>(conn)), 2);

    let zhou = app.province();
    let all = format!(
        "phone,name,role,city_code\n13700110021,新协调人,coordinator,{SHANTOU}\n\
         13700110022,审计员,auditor,\n"
    );
    assert_eq!(counts(&import(&zhou, "/imports/people", all.as_bytes())), [2, 2, 0, 0]);
}

#[test]
fn five_hundred_accounts_are_made_at_once_and_no_more() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let list = |many: u64| {
        let row = |n| format!("{},姓名{n},ambassador,4144010558\n", 13_600_000_000 + n);
        format!("{STAFF}\n") + &(0..many).map(row).collect::<String>()
    };
    let tried = import(&chen, "/imports/people?dry_run=true", list(501).as_bytes());
    tried.refused(422, "user.too_many_new");
    import(&chen, "/imports/people", list(501).as_bytes()).refused(422, "user.too_many_new");
    assert_eq!(counts(&import(&chen, "/imports/people", list(500).as_bytes())), [500, 500, 0, 0]);
    let known = import(&chen, "/imports/people", list(501).as_bytes());
    assert_eq!(counts(&known), [501, 1, 0, 500]);
}

fn person(n: u64, campus: &str) -> String {
    format!("student_developer,王{n},{},{campus},,2011-09,2011-09-01 10:30\n", 13_500_000_000 + n)
}

#[test]
fn participants_come_with_consent_and_keep_the_record_of_their_phone() {
    let app = TestApp::start();
    let (chen, lin) = (app.coordinator(GUANGZHOU), app.ambassador(app.world.sysu));
    let known = json!({
        "role": "attendee", "name": "旧名", "phone": "13500000002", "campus_id": app.world.sysu,
        "consent": { "version": "2011-08", "at": "2011-08-01T00:00:00Z" },
    });
    let known = lin.post("/participants", known).created();
    let list = format!(
        "{PEOPLE}\n推广达人,李明,13500000001,4144010558,Java；写作,2011-09,2011-09-01 10:30\n{}",
        person(2, "4144010559")
    );
    let tried = import(&chen, "/imports/participants?dry_run=true", list.as_bytes()).ok();
    let expected =
        json!({ "dry_run": true, "rows": 2, "created": 1, "existed": 1, "participants": [] });
    assert_eq!(tried, expected);
    let done = import(&chen, "/imports/participants", list.as_bytes()).ok();
    let rows = &done["participants"];
    assert_eq!(rows[1], json!({ "line": 3, "id": known["id"], "existed": true }));
    assert_eq!((&rows[0]["line"], &rows[0]["existed"]), (&json!(2), &json!(false)));
    let made = lin.get(&format!("/participants/{}", rows[0]["id"].as_str().unwrap())).ok();
    assert_eq!(
        (&made["role"], &made["skills"]),
        (&json!("promotion_expert"), &json!(["Java", "写作"]))
    );
    assert_eq!(made["consent"]["at"], "2011-09-01T02:30:00.000Z");
    let kept = lin.get(&format!("/participants/{}", known["id"].as_str().unwrap())).ok();
    assert_eq!((&kept["name"], &kept["version"]), (&json!("旧名"), &json!(1)));

    let again = import(&chen, "/imports/participants", list.as_bytes()).ok();
    assert_eq!((&again["created"], &again["existed"]), (&json!(0), &json!(2)));
    assert_eq!(again["participants"][0]["id"], rows[0]["id"]);
    let told = audited(&app, "participant.import").join(" ");
    assert!(!told.contains("1350000") && !told.contains('李'), "{told}");
    assert_eq!(audited(&app, "participant.register").len(), 2);
}

#[test]
fn a_list_of_participants_is_taken_whole_or_not_at_all() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let list = format!(
        "{PEOPLE}\n{}{}{}{}",
        person(1, "4144010558"),
        person(1, "4144010558"),
        person(2, "4144010560"),
        person(3, "9999999999")
    );
    let expected = [
        at(3, "phone", "repeated_row"),
        at(4, "campus_code", "out_of_scope"),
        at(5, "campus_code", "unknown_campus"),
    ];
    assert_eq!(errors(&import(&chen, "/imports/participants", list.as_bytes())), expected);
    let cells = format!("{PEOPLE}\ndeveloper,,1350,,{},,yesterday\n", ["x"; 21].join(";"));
    let expected = [
        at(2, "role", "value"),
        at(2, "name", "required"),
        at(2, "phone", "value"),
        at(2, "campus_code", "required"),
        at(2, "skills", "value"),
        at(2, "consent_version", "required"),
        at(2, "consent_at", "value"),
    ];
    assert_eq!(errors(&import(&chen, "/imports/participants", cells.as_bytes())), expected);
    let none: i64 = database(&app, |conn| participants::table.count().get_result(conn));
    assert_eq!(none, 0);
    for role in [app.ambassador(app.world.sysu), app.auditor()] {
        for path in ["/imports/participants", "/imports/people"] {
            import(&role, path, list.as_bytes()).refused(403, "auth.forbidden");
        }
    }
}

#[test]
fn ten_thousand_participants_come_in_one_list() {
    let app = TestApp::start();
    let chen = app.coordinator(GUANGZHOU);
    let rows: String = (0..10_000).map(|n| person(n, "4144010558")).collect();
    let list = format!("{PEOPLE}\n{rows}");
    let done: Value = import(&chen, "/imports/participants", list.as_bytes()).ok();
    assert_eq!(done["created"], 10_000);
    let last = done["participants"][9_999]["id"].as_str().unwrap().to_owned();
    assert_eq!(chen.get(&format!("/participants/{last}")).ok()["name"], "王9999");
    let more = format!("{list}{}", person(10_000, "4144010558"));
    import(&chen, "/imports/participants", more.as_bytes()).refused(422, "import.too_many_rows");
}
