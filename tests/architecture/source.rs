//! Reads the project's Rust files as text: what a macro's body names counts too.

use std::path::Path;

use walkdir::WalkDir;

pub struct File {
    /// From the project's folder, as `src/events/store.rs`.
    pub path: String,
    /// Without comments, the contents of strings, and what is compiled for tests only.
    pub code: String,
    /// As `code`, with the tests.
    pub whole: String,
    pub lines: usize,
}

impl File {
    pub fn room(&self) -> &str {
        let path = self.path.strip_prefix("src/").unwrap_or_default();
        path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Is this `NAME.rs` of a room, or a file in its folder `NAME`?
    pub fn is(&self, name: &str) -> bool {
        self.path.split('/').any(|part| part.strip_suffix(".rs").unwrap_or(part) == name)
    }

    /// How many modules deep it stands: `src/events/store.rs` is 2.
    pub fn depth(&self) -> usize {
        let path = self.path.strip_prefix("src/").unwrap_or_default();
        path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').count()
    }
}

/// The names that follow `prefix`: one, or each of a group `{a, b::c}`.
pub fn after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(word_character) {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.push(rest);
            continue;
        };
        let (mut depth, mut fresh) = (0, true);
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => fresh = true,
                c if fresh && word_character(c) => {
                    names.push(&group[i..]);
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    let word = |text: &str| text.chars().take_while(|c| word_character(*c)).collect::<String>();
    names.into_iter().map(word).filter(|name| !name.is_empty()).collect()
}

pub fn says(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let begins = !word.starts_with(word_character) || !code[..at].ends_with(word_character);
        let ends =
            !word.ends_with(word_character) || !code[at + word.len()..].starts_with(word_character);
        begins && ends
    })
}

fn word_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Every Rust file below a folder of the project.
pub fn files(folder: &str) -> Vec<File> {
    let mut files = Vec::new();
    for entry in WalkDir::new(root().join(folder)).sort_by_file_name() {
        let entry = entry.expect("a readable folder");
        if entry.path().extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let path = entry.path().strip_prefix(root()).expect("below the root");
        let path = path.to_str().expect("UTF-8").to_owned();
        let text = std::fs::read_to_string(entry.path()).expect("a readable file");
        let whole = bare(&text);
        let only_tests = path.ends_with("/tests.rs") || path.contains("/tests/");
        let code = if only_tests { String::new() } else { without_tests(&whole) };
        files.push(File { path, code, whole, lines: text.lines().count() });
    }
    assert!(!files.is_empty(), "no Rust files in {folder}");
    files
}

/// The text of one file of the project.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Leaves out each item behind `#[cfg(test)]`; the code is formatted, so that the item ends
/// with the first `}` or `;` that stands as far left as it begins.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut skipping: Option<usize> = None;
    for line in code.lines() {
        let indent = line.len() - line.trim_start().len();
        match skipping {
            None if line.trim() == "#[cfg(test)]" => skipping = Some(indent),
            None => kept.push_str(line),
            Some(start) => {
                let end = line.trim_end();
                if indent == start && (end.ends_with('}') || end.ends_with(';')) {
                    skipping = None;
                }
                continue;
            }
        }
        kept.push('\n');
    }
    kept
}

/// Leaves out comments and what stands between quotation marks.
fn bare(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skip = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '\'' if rest.starts_with("'\"'") => 3,
            'r' if rest.starts_with("r#\"") && !kept.ends_with(word_character) => {
                rest.find("\"#").map_or(rest.len(), |end| end + 2)
            }
            '"' => string_end(rest),
            _ => {
                kept.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[skip..];
    }
    kept
}

/// Where the string that `text` begins with is over.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return i + 1,
            _ => {}
        }
    }
    text.len()
}

#[test]
fn the_reader_of_code_reads() {
    let code = bare(
        "use crate::{a, b::{c, d}}; // crate::no\nlet x = \"crate::no\\\" \"; '\"'; crate::e()",
    );
    assert_eq!(after(&code, "crate::"), ["a", "b", "e"]);
    let tested = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
    assert_eq!(without_tests(tested), "fn a() {}\n\nfn c() {}\n");
    assert!(
        says("a.unwrap()", ".unwrap()") && says("todo!()", "todo!") && says("diesel::x", "diesel")
    );
    assert!(!says("a.unwrap_or(b)", ".unwrap()") && !says("mytodo!()", "todo!"));
}
