//! How the code is laid out, as a test: who imports whom, who touches which table, which words
//! each kind of file may not use, how long a file may be. `docs/ARCHITECTURE.md` tells why.
//! The compiler cannot see these: inside a crate every module may name every other.

mod source;

use std::collections::BTreeMap;

use source::{File, after, files, read, says};

/// The rooms by floor, highest first. A room imports from floors below its own, never from
/// above or from a room beside it.
const FLOORS: &[&[&str]] = &[
    &["app"],
    &["flows", "reports"],
    &["booths", "wlan", "materials", "checkins"],
    &["registrations"],
    &["participants", "events"],
    &["files"],
    &["campuses", "catalogue"],
    &["accounts"],
    &["platform"],
    &["schema"],
];

/// Words that a kind of file may not use, and what to do instead.
const BANNED: &[(Kind, &str, &str)] = &[
    (Kind::Rules, "diesel", "rules decide; store.rs asks"),
    (Kind::Rules, "actix_web", "rules know no HTTP"),
    (Kind::Rules, "Clock", "the caller passes the time"),
    (Kind::Routes, "diesel", "store.rs has the SQL"),
    (Kind::Source, "println!", "app::cli::print, where a closed pipe is no panic; else tracing"),
    (Kind::Source, "print!", "app::cli::print, where a closed pipe is no panic; else tracing"),
    (Kind::Source, "eprintln!", "app::cli::print, where a closed pipe is no panic; else tracing"),
    (Kind::Any, "#[ignore", "a test runs or goes"),
    (Kind::Any, "todo!", "finish it"),
    (Kind::Any, "unimplemented!", "finish it"),
    (Kind::Any, "dbg!", "use tracing"),
    (Kind::Any, "#[allow(", "#[expect(.., reason = \"..\")]"),
    (Kind::Source, "schema::*", "name the tables"),
    (Kind::Source, ".unwrap()", "name the error, or expect with the reason why it cannot be"),
];

const TOO_LONG: usize = 600;
const SPLIT_SOON: usize = 400;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Any,
    /// Below src, without what only tests compile.
    Source,
    Rules,
    Routes,
}

#[test]
fn rooms_import_only_from_floors_below() {
    let files = files("src");
    let floor = |room: &str| FLOORS.iter().position(|rooms| rooms.contains(&room));
    let mut wrong = Vec::new();
    for file in &files {
        let room = file.room();
        // The crate's root names everything; the tables name the column types of platform.
        if ["lib", "main", "schema"].contains(&room) {
            continue;
        }
        let Some(own) = floor(room) else {
            wrong.push(format!("{}: the room {room} has no place in the order", file.path));
            continue;
        };
        for other in imports(file) {
            if other != room && floor(&other).is_some_and(|other| other <= own) {
                wrong.push(format!("{}: {room} may not import {other}", file.path));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn tables_are_touched_by_their_owners_store_alone() {
    let owners = owners();
    assert!(owners.get("audit").is_some_and(|room| room == "platform"), "{owners:?}");
    let mut wrong = Vec::new();
    for file in files("src") {
        let (path, room) = (&file.path, file.room());
        if ["reports", "schema"].contains(&room) {
            continue;
        }
        for table in after(&file.code, "schema::") {
            // Other crates have modules of this name too.
            let Some(owner) = owners.get(&table) else { continue };
            if owner != room {
                wrong.push(format!("{path}: the table {table} belongs to {owner}"));
            } else if room != "platform" && !file.is("store") && !file.is("model") {
                wrong.push(format!("{path}: only store.rs (and rows in model.rs) touch {table}"));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn each_kind_of_file_keeps_to_its_words() {
    let mut wrong = Vec::new();
    for file in files("src").iter().chain(&files("tests")) {
        for (kind, word, instead) in BANNED {
            if is_banned(file, *kind, word) {
                wrong.push(format!("{}: {word} ({instead})", file.path));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn files_are_short() {
    let mut wrong = Vec::new();
    for file in files("src").iter().chain(&files("tests")) {
        let sentence = format!("{}: {} lines", file.path, file.lines);
        match file.lines {
            _ if file.path == "src/schema.rs" => {}
            lines if lines > TOO_LONG => wrong.push(sentence),
            lines if lines > SPLIT_SOON => println!("split soon: {sentence}"),
            _ => {}
        }
    }
    assert_none(&wrong);
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn is_banned(file: &File, kind: Kind, word: &str) -> bool {
    let ours = file.path.starts_with("src/");
    match kind {
        Kind::Any => says(&file.whole, word),
        Kind::Source => ours && says(&file.code, word),
        Kind::Rules => ours && file.is("rules") && says(&file.code, word),
        Kind::Routes => ours && file.is("routes") && says(&file.code, word),
    }
}

/// The rooms that a file names, through `crate::` or enough `super::` to leave its own.
fn imports(file: &File) -> Vec<String> {
    let up = "super::".repeat(file.depth());
    let mut found = after(&file.code, "crate::");
    found.extend(after(&file.code, &up));
    found
}

/// The table's name → the room under whose heading `schema.rs` has it.
fn owners() -> BTreeMap<String, String> {
    let text = read("src/schema.rs");
    let mut owners = BTreeMap::new();
    let (mut room, mut opened) = (String::new(), false);
    for line in text.lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix("// ----") {
            room = heading.trim_end_matches('-').trim().to_owned();
        }
        opened |= line == "table! {" || line == "diesel::table! {";
        if let (true, Some((name, _))) = (opened, line.split_once(" (")) {
            owners.insert(name.to_owned(), room.clone());
            opened = false;
        }
    }
    owners
}
