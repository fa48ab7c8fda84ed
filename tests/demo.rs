//! The demonstration, as somebody who meets the program for the first time: every line that
//! it prints is pasted into a shell, in order.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

struct Demo {
    process: Child,
    said: String,
}

impl Demo {
    fn start(folder: &Path) -> Self {
        Self::run(demo().arg("--data-dir").arg(folder))
    }

    fn run(command: &mut Command) -> Self {
        let mut process = command.spawn().unwrap();
        let mut said = String::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            said.push_str(&line);
            said.push('\n');
            if line.starts_with("Stop with") {
                break;
            }
        }
        Self { process, said }
    }

    /// The lines for a shell: those that are indented.
    fn lines(&self) -> Vec<&str> {
        self.said.lines().filter_map(|line| line.strip_prefix("  ")).collect()
    }
}

fn demo() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_campus-ops"));
    command.args(["demo", "--listen", "127.0.0.1:0"]).env_remove("DATABASE_URL");
    command.stdout(Stdio::piped());
    command
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// The statuses of all answers go to a file beside what they say.
const WRAPPER: &str = r#"set -eu
curl() { command curl "$@" -w '%{stderr}%{http_code}\n' 2>>statuses; }
"#;

fn there_is_curl() -> bool {
    Command::new("curl").arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn every_printed_line_works_as_it_is_printed() {
    let (folder, desk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let demo = Demo::start(&folder.path().join("fresh"));
    assert!(demo.said.starts_with("listening on http://127.0.0.1:"), "{}", demo.said);
    for role in ["ambassador", "liaison", "coordinator", "province", "auditor"] {
        assert!(demo.said.contains(&format!("\n{role} ")), "{role}: {}", demo.said);
    }
    let lines = demo.lines();
    assert!(lines.len() > 15, "{}", demo.said);
    if !there_is_curl() {
        eprintln!(
            "\n!!!\n!!! NOT RUN: the lines that the demonstration prints; there is no curl.\n!!!"
        );
        return;
    }
    let script = format!("{WRAPPER}{}\n", lines.join("\necho\n"));
    let output =
        Command::new("sh").args(["-c", &script]).current_dir(desk.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let statuses = std::fs::read_to_string(desk.path().join("statuses")).unwrap();
    let asked = lines.iter().filter(|line| line.contains("curl")).count();
    let fine = statuses.lines().filter(|status| matches!(*status, "200" | "201")).count();
    assert_eq!((fine, statuses.lines().count()), (asked, asked), "{statuses}\n{said}");
    let picture = std::fs::read_to_string(desk.path().join("pass.svg")).unwrap();
    assert!(picture.contains("<svg"), "{picture}");
    for answer in [
        r#""role":"ambassador""#,
        r#""code":"sim-mail""#,
        r#""state":"approved""#,
        r#""verdict":"admitted""#,
        r#""verdict":"duplicate""#,
        r#""people_in":1"#,
    ] {
        assert!(said.contains(answer), "no {answer} in\n{said}");
    }
}

#[test]
fn a_second_demo_makes_a_folder_of_its_own() {
    let desk = tempfile::tempdir().unwrap();
    let made = |name: &str| desk.path().join("data").join(name).join("campus-ops.sqlite").exists();
    let first = Demo::run(demo().current_dir(desk.path()));
    assert!(made("demo") && !made("demo-2"), "{}", first.said);
    drop(first);
    let second = Demo::run(demo().current_dir(desk.path()));
    assert!(made("demo-2"), "{}", second.said);
}
