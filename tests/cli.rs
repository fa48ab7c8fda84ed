//! The program as an operator starts it.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

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
fn a_database_that_was_not_migrated_can_be_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(folder.path(), &["serve", "--no-migrate"]);
    assert!(!refused.status.success());
}
