//! Generated files are committed and compared; `scripts/bless` writes them.

use std::path::Path;

use campus_ops::{
    accounts::policy,
    app::{endpoints, openapi},
};

#[expect(clippy::disallowed_methods, reason = "how scripts/bless asks for the files")]
fn blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

#[track_caller]
fn compare(file: &str, content: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if blessing() {
        std::fs::write(path, content).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == content, "{file} is not current; run scripts/bless");
}

#[test]
fn the_policy_grid_is_current() {
    let title = "# What each role may do\n\nPrinted from `accounts/policy.rs`. A word instead of a \
        mark: only who stands in that relation to the row.\n\n";
    compare("docs/policy-grid.md", &format!("{title}{}", policy::grid()));
}

#[test]
fn the_list_of_codes_is_current() {
    let codes = openapi::codes(&endpoints::codes());
    compare("api-spec/codes.json", &format!("{codes:#}\n"));
}

#[test]
fn every_code_of_an_operation_is_listed() {
    let listed = openapi::codes(&endpoints::codes());
    for endpoint in endpoints::all() {
        for code in endpoint.refusals {
            assert!(!listed[code.name].is_null(), "{} is not listed", code.name);
        }
    }
}
