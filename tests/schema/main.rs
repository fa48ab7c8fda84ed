//! Facts about the schema: migrations come back down, both databases have the same tables, and
//! `src/schema.rs` says what they have. The PostgreSQL half needs TEST_POSTGRES_URL.

mod append_only;
mod catalog;
mod declared;
mod scratch;

use std::collections::BTreeSet;

use catalog::Lines;
use scratch::Scratch;

#[test]
fn migrations_of_both_databases_have_the_same_names() {
    let sqlite = scratch::migration_names("sqlite");
    assert!(!sqlite.is_empty());
    assert_same("SQLite", &sqlite, "PostgreSQL", &scratch::migration_names("postgres"));
}

#[test]
fn every_migration_comes_back_down_to_what_was_before() {
    for mut db in Scratch::each("updown") {
        let mut before = Vec::new();
        loop {
            let dump = db.dump();
            if !db.up() {
                break;
            }
            before.push(dump);
        }
        let top = db.dump();
        let names = scratch::migration_names("sqlite");
        assert_eq!(before.len(), names.len(), "{}", db.name());
        for (dump, name) in before.iter().zip(&names).rev() {
            db.down();
            let what = format!("before {name} on {}", db.name());
            assert_same(&what, dump, "after its down.sql", &db.dump());
        }
        db.up_all();
        assert_same("first time up", &top, "second time up", &db.dump());
    }
}

#[test]
fn both_databases_have_the_same_tables() {
    let mut each = Scratch::migrated("agree");
    let sqlite = each.remove(0).catalog();
    for has in
        ["audit.seq int", "audit primary key (seq)", "index changes_by_city: changes (city, seq)"]
    {
        assert!(sqlite.contains(has), "no {has:?} in\n{}", join(&sqlite));
    }
    for mut postgres in each {
        assert_same("SQLite", &sqlite, "PostgreSQL", &postgres.catalog());
    }
}

#[test]
fn schema_rs_says_what_the_tables_have() {
    let declared = declared::lines();
    for mut db in Scratch::migrated("declared") {
        let (columns, keys) = (db.columns(), db.primary_keys());
        let has: Lines = columns.union(&keys).cloned().collect();
        assert_same(db.name(), &has, "src/schema.rs", &declared);
    }
}

#[test]
fn sqlite_checks_the_types_of_every_table() {
    let mut sqlite = Scratch::sqlite();
    sqlite.up_all();
    let lax = sqlite.lines(
        "SELECT name AS line FROM pragma_table_list
         WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%diesel%'",
    );
    assert!(lax.is_empty(), "not STRICT:\n{}", join(&lax));
}

#[test]
fn append_only_tables_refuse_update_and_delete() {
    for mut db in Scratch::migrated("ledger") {
        let tables = append_only::tables(&mut db);
        assert!(tables.contains("audit"), "{}: {tables:?}", db.name());
        for table in &tables {
            append_only::check(&mut db, table);
        }
    }
}

#[test]
fn the_same_tables_are_append_only_on_both_databases() {
    let mut each = Scratch::migrated("ledgers");
    let sqlite = append_only::tables(&mut each.remove(0));
    for mut postgres in each {
        assert_same("SQLite", &sqlite, "PostgreSQL", &append_only::tables(&mut postgres));
    }
}

fn assert_same(left: &str, a: &Lines, right: &str, b: &Lines) {
    let only = |x: &Lines, y: &Lines| join(&x.difference(y).cloned().collect::<BTreeSet<_>>());
    assert!(a == b, "\nonly {left}:\n{}\nonly {right}:\n{}\n", only(a, b), only(b, a));
}

fn join(lines: &Lines) -> String {
    lines.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
