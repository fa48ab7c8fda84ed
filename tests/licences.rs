//! Every crate that goes into the build may be used under a licence that `deny.toml` allows.
//! Works offline from what cargo has already downloaded; `cargo deny check` reads the same list.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

#[test]
fn every_crate_is_under_a_licence_we_allow() {
    let allowed = allowed();
    let packages = packages();
    assert!(packages.len() > 100, "cargo metadata knows only {} crates", packages.len());
    let refused: Vec<String> = packages
        .iter()
        .filter(|(_, licence)| !Expression::new(licence).allowed(&allowed))
        .map(|(name, licence)| format!("{name}: {licence}"))
        .collect();
    assert!(refused.is_empty(), "not allowed by deny.toml:\n{}", refused.join("\n"));
}

#[test]
fn the_list_names_no_licence_in_vain() {
    let used: String = packages()
        .into_iter()
        .map(|(_, licence)| format!(" {licence} ").replace('/', " "))
        .collect();
    let used = used.replace(['(', ')'], " ");
    let vain: Vec<String> =
        allowed().into_iter().filter(|licence| !used.contains(&format!(" {licence} "))).collect();
    assert!(vain.is_empty(), "deny.toml allows what nothing uses: {vain:?}");
}

#[test]
fn expressions_are_read_as_spdx_says() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Zlib".to_owned(), "A WITH B".to_owned()]);
    let judge = |text: &str| Expression::new(text).allowed(&allowed);
    for good in ["MIT", "GPL-3.0 OR MIT", "GPL-3.0/MIT", "(GPL-3.0 OR MIT) AND Zlib", "A WITH B"] {
        assert!(judge(good), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "MIT AND (GPL-3.0 OR BSL-1.0)", "A", "MIT WITH B"]
    {
        assert!(!judge(bad), "{bad}");
    }
    assert!(judge("MIT OR GPL-3.0 AND BSL-1.0"), "AND binds tighter than OR");
}

fn allowed() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    let text = std::fs::read_to_string(path).expect("deny.toml");
    let deny: toml::Table = text.parse().expect("deny.toml is TOML");
    let allow = deny["licenses"]["allow"].as_array().expect("licenses.allow");
    allow.iter().map(|name| name.as_str().expect("a string").to_owned()).collect()
}

/// Name and licence expression of each crate of the build on this platform.
fn packages() -> Vec<(String, String)> {
    let host = Command::new(env!("CARGO")).args(["-vV"]).output().expect("cargo -vV").stdout;
    let host = String::from_utf8(host).expect("UTF-8");
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host line");
    let told = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--offline",
            "--filter-platform",
            host,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = told["packages"].as_array().expect("packages").iter();
    packages.map(|package| (text(&package["name"]), text(&package["license"]))).collect()
}

/// A licence expression, as `(MIT OR Apache-2.0) AND Unicode-3.0`; a slash is an old `OR`.
struct Expression {
    words: Vec<String>,
    at: usize,
}

impl Expression {
    fn new(text: &str) -> Self {
        let text = text.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
        Self { words: text.split_whitespace().map(str::to_owned).collect(), at: 0 }
    }

    fn allowed(mut self, list: &BTreeSet<String>) -> bool {
        let answer = self.any(list);
        answer && self.at == self.words.len()
    }

    fn any(&mut self, list: &BTreeSet<String>) -> bool {
        let mut answer = self.all(list);
        while self.take("OR") {
            answer |= self.all(list);
        }
        answer
    }

    fn all(&mut self, list: &BTreeSet<String>) -> bool {
        let mut answer = self.one(list);
        while self.take("AND") {
            answer &= self.one(list);
        }
        answer
    }

    fn one(&mut self, list: &BTreeSet<String>) -> bool {
        if self.take("(") {
            let answer = self.any(list);
            return self.take(")") && answer;
        }
        let Some(mut name) = self.words.get(self.at).cloned() else { return false };
        self.at += 1;
        if self.take("WITH") {
            let exception = self.words.get(self.at).cloned().unwrap_or_default();
            self.at += 1;
            name = format!("{name} WITH {exception}");
        }
        list.contains(&name)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at).is_some_and(|next| next == word);
        self.at += usize::from(found);
        found
    }
}
