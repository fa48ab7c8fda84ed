//! The program as an operator starts it.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use campus_ops::{each, platform::db::Target};
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

fn program(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_campus-ops"));
    command.args(args).arg("--data-dir").arg(folder);
    command.env_remove("DATABASE_URL");
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    program(folder, args).output().unwrap()
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(text).unwrap()
}

struct Server {
    process: Child,
    line: String,
}

impl Server {
    fn start(folder: &Path, args: &[&str]) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0"], args].concat();
        let mut command = program(folder, &args);
        command.stdout(Stdio::piped());
        Self::of(command)
    }

    fn of(mut command: Command) -> Self {
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, line }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[test]
fn seeding_twice_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(folder.path(), &["seed", "--season", "2011-autumn"]);
    assert!(said(&first).contains("seeded"), "{}", said(&first));
    let again = run(folder.path(), &["seed"]);
    assert!(said(&again).contains("nothing changed"), "{}", said(&again));
    let other = run(folder.path(), &["seed", "--year", "2026"]);
    assert!(other.status.success() && !said(&other).contains("nothing changed"));
}

#[test]
fn the_first_user_is_made_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["seed"]);
    let named = |name: &str, password: &str| {
        let args = ["user", "create", "--role", "ambassador", "--phone", "13800138000", "--name"];
        let rest = [name, "--campus", "4144010558", "--password-stdin"];
        let mut process = program(folder.path(), &[&args[..], &rest[..]].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        process.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        process.wait_with_output().unwrap()
    };
    let create = |password: &str| named("林小雨", password);
    assert!(!create("short").status.success());
    for name in [" ", "long".repeat(20).as_str()] {
        let refused = named(name, "long enough password\n");
        assert!(!refused.status.success() && said(&refused).contains("/name"), "{name}");
    }
    let made = create("long enough password\n");
    assert!(made.status.success(), "{}", said(&made));
    let taken = create("long enough password\n");
    assert!(said(&taken).contains("user.phone_taken"), "{}", said(&taken));
}

#[test]
fn one_process_writes_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    assert!(server.line.starts_with("listening on http://127.0.0.1:"), "{}", server.line);
    for args in [&["seed"][..], &["migrate"], &["serve"]] {
        let refused = run(folder.path(), args);
        assert!(!refused.status.success());
        assert!(said(&refused).contains("another campus-ops process"), "{}", said(&refused));
    }
    drop(server);
    assert!(run(folder.path(), &["migrate"]).status.success());
}

#[test]
fn no_log_has_a_calendar_token() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = program(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    command.args(["--log", "trace"]).stdout(Stdio::piped());
    command.stderr(std::fs::File::create(&log).unwrap());
    let server = Server::of(command);
    let address = server.line.trim().trim_start_matches("listening on ").to_owned();
    let token = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA";
    for path in ["calendar.ics?token=", "calendar.ics?x=1&token=", "elsewhere?token="] {
        let asked = ureq::get(format!("{address}/api/v1/{path}{token}")).call();
        assert!(asked.is_err(), "{path} is refused");
    }
    drop(server);
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("/api/v1/calendar.ics"), "the request is logged: {text}");
    let line = text.lines().find(|line| line.contains(token));
    assert_eq!(line, None);
}

#[test]
fn only_a_training_database_lets_its_clock_be_moved() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["migrate"]).status.success());
    let refused = run(folder.path(), &["serve", "--clock", "2011-08-20T02:00:00Z"]);
    assert!(said(&refused).contains("training"), "{}", said(&refused));
    assert!(run(folder.path(), &["migrate", "--training"]).status.success());
    let server = Server::start(folder.path(), &["--clock", "2011-08-20T02:00:00Z"]);
    assert!(server.line.starts_with("listening"), "{}", server.line);
}

#[test]
fn a_demonstration_leaves_an_existing_database_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("live.sqlite");
    let url = format!("sqlite:{}", file.display());
    let live = program(folder.path(), &["seed"]).env("DATABASE_URL", &url).output().unwrap();
    assert!(live.status.success(), "{}", said(&live));
    let before = std::fs::read(&file).unwrap();
    let args = ["demo", "--listen", "127.0.0.1:0"];
    let refused = program(folder.path(), &args).env("DATABASE_URL", &url).output().unwrap();
    assert!(!refused.status.success());
    assert!(said(&refused).contains("in use already"), "{}", said(&refused));
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn a_demonstration_is_for_this_machine_alone() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(folder.path(), &["demo", "--listen", "0.0.0.0:0"]);
    assert!(said(&refused).contains("loopback"), "{}", said(&refused));
    assert!(!folder.path().join("campus-ops.sqlite").exists());
}

#[test]
fn a_database_that_was_not_migrated_can_be_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(folder.path(), &["serve", "--no-migrate"]);
    assert!(!refused.status.success());
}

#[test]
fn a_server_tidies_at_once_and_logs_what_it_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["seed"]);
    let old = "INSERT INTO sign_in_failures (phone_key, since, count) VALUES (x'00', 0, 1)";
    let target = Target::Sqlite(folder.path().join("campus-ops.sqlite"));
    each!(&mut target.writer().unwrap(), c => c.batch_execute(old)).unwrap();
    let args =
        ["user", "create", "--role", "auditor", "--phone", "13800138000", "--name", "黄审计"];
    let rest = ["--password-stdin", "--no-password-change"];
    let mut made = program(folder.path(), &[&args[..], &rest[..]].concat())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    made.stdin.take().unwrap().write_all(b"long enough password").unwrap();
    assert!(made.wait().unwrap().success());

    let args = ["serve", "--listen", "127.0.0.1:0", "--log-format", "json"];
    let mut process = program(folder.path(), &args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let mut logged = |message: &str| -> Value {
        let lines = lines.by_ref().map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        lines.into_iter().find(|line: &Value| line["message"] == message).unwrap()
    };
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let server = Server { process, line };
    assert_eq!(logged("tidied")["gone"], 1);

    let base = server.line.trim().trim_start_matches("listening on ").to_owned() + "/api/v1";
    let body = json!({ "phone": "13800138000", "password": "long enough password" });
    let mut tokens = ureq::post(format!("{base}/auth/login")).send_json(body).unwrap();
    let asked = logged("request");
    assert_eq!((&asked["operation"], &asked["user_id"]), (&json!("log_in"), &Value::Null));
    let tokens: Value = tokens.body_mut().read_json().unwrap();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    ureq::get(format!("{base}/me")).header("authorization", bearer).call().unwrap();
    let asked = logged("request");
    assert_eq!(
        (&asked["operation"], &asked["user_id"]),
        (&json!("show_me"), &tokens["user"]["id"])
    );
}

#[test]
fn a_list_comes_in_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["seed"]);
    let list = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let staff = list(
        "staff.csv",
        "phone,name,role,city_code,campus_codes\n\
         13700110011,林小雨,ambassador,,4144010558\n13700110012,陈建国,coordinator,440500,\n",
    );
    let tried = run(folder.path(), &["import", "people", &staff, "--dry-run"]);
    assert!(said(&tried).contains("nothing written; would be 2 rows: 2 new"), "{}", said(&tried));
    let done = run(folder.path(), &["import", "people", &staff]);
    assert!(done.status.success() && said(&done).contains("2 rows: 2 new"), "{}", said(&done));
    let password = |text: &str| {
        let line = text.lines().find(|line| line.contains("13700110012")).map(str::to_owned);
        line.is_some_and(|line| line.split_whitespace().nth(2).is_some_and(|p| p.len() == 12))
    };
    assert!(password(&said(&done)), "{}", said(&done));
    let again = run(folder.path(), &["import", "people", &staff]);
    assert!(said(&again).contains("0 new, 0 changed, 2 as they were"), "{}", said(&again));

    let students = list(
        "students.csv",
        "role,name,phone,campus_code,consent_version,consent_at\n\
         attendee,王一,13500000001,4144010558,2011-09,2011-09-01 10:30\n",
    );
    for expected in ["1 rows: 1 new, 0 known", "1 rows: 0 new, 1 known"] {
        let done = run(folder.path(), &["import", "participants", &students]);
        assert!(said(&done).contains(expected), "{}", said(&done));
    }
    let day = list("days.csv", "date,day_type,is_working_day\n2026-10-01,holiday,false\n");
    let done = run(folder.path(), &["import", "calendar", &day]);
    assert!(said(&done).contains("1 rows: 1 new, 0 changed"), "{}", said(&done));
}

#[test]
fn a_wrong_list_is_refused_with_the_place_of_every_wrong_cell() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["seed"]);
    let list = folder.path().join("list.csv");
    let import = |kind: &str, text: &str| {
        std::fs::write(&list, text).unwrap();
        let output = run(folder.path(), &["import", kind, list.to_str().unwrap()]);
        assert!(!output.status.success() && output.stdout.is_empty(), "{}", said(&output));
        said(&output)
    };
    let told = import("people", "phone,name,role\n1370011,林小雨,boss\n13700110011,甲,liaison\n");
    assert!(told.contains("line 2, phone: Expected a mobile number"), "{told}");
    assert!(told.contains("line 2, role: Expected one of ambassador"), "{told}");
    assert!(told.contains("nothing was imported (import.rows)"), "{told}");
    let told = import("participants", "role,name\n");
    assert!(told.contains("line 1, phone: Missing column: phone"), "{told}");
    let told = import("campuses", "");
    assert!(told.contains("import.columns"), "{told}");
    let missing = run(folder.path(), &["import", "calendar", "/nowhere/list.csv"]);
    assert!(said(&missing).contains("cannot read /nowhere/list.csv"), "{}", said(&missing));
    let help = run(folder.path(), &["import", "participants", "--help"]);
    for taught in ["consent_version", "--dry-run", "whole or not", "王芳,13800138000"] {
        assert!(said(&help).contains(taught), "{}", said(&help));
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["openapi"][..], &["codes"], &["policy"]] {
        let mut process = program(folder.path(), args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(process.stdout.take());
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{args:?} {}", said(&output));
    }
}
