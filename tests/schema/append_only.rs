//! Tables that only grow: a trigger of the database refuses to change or remove a row.

use campus_ops::platform::db::Conn;

use crate::{catalog::Lines, scratch::Scratch};

/// The tables that have such a trigger, by what its message says.
pub fn tables(db: &mut Scratch) -> Lines {
    db.lines(match db.conn {
        Conn::Sqlite(_) => {
            "SELECT DISTINCT tbl_name AS line FROM sqlite_schema
             WHERE type = 'trigger' AND sql LIKE '%append-only%'"
        }
        Conn::Pg(_) => {
            "SELECT DISTINCT t.relname AS line FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
             JOIN pg_proc p ON p.oid = g.tgfoid WHERE NOT g.tgisinternal AND p.prosrc LIKE '%append-only%'"
        }
    })
}

/// Puts any row in, then tries to change and to remove it.
pub fn check(db: &mut Scratch, table: &str) {
    insert_any(db, table);
    let column = columns(db, table).remove(0).0;
    for sql in
        [format!("UPDATE {table} SET \"{column}\" = \"{column}\""), format!("DELETE FROM {table}")]
    {
        let said = db.refusal(&sql);
        assert!(said.contains("append-only"), "{}: {sql}: {said}", db.name());
    }
}

/// A row that need not make sense: keys, checks and other triggers are switched off for it.
fn insert_any(db: &mut Scratch, table: &str) {
    let columns = columns(db, table);
    let names: Vec<String> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let values: Vec<&str> = columns.iter().map(|(_, kind)| any_value(kind)).collect();
    let insert =
        format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "));
    match db.conn {
        Conn::Sqlite(_) => db.run(&format!(
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {insert};
             PRAGMA ignore_check_constraints = OFF; PRAGMA foreign_keys = ON;"
        )),
        Conn::Pg(_) => {
            let checks = db.lines(&format!(
                "SELECT conname::text AS line FROM pg_constraint
                 WHERE conrelid = '{table}'::regclass AND contype = 'c'"
            ));
            for check in checks {
                db.run(&format!("ALTER TABLE {table} DROP CONSTRAINT \"{check}\""));
            }
            db.run("SET session_replication_role = replica");
            db.run(&insert);
            db.run("SET session_replication_role = origin");
        }
    }
}

/// Name and type of each column, the type in the database's own words.
fn columns(db: &mut Scratch, table: &str) -> Vec<(String, String)> {
    let sql = match db.conn {
        Conn::Sqlite(_) => {
            format!("SELECT name || ' ' || lower(type) AS line FROM pragma_table_info('{table}')")
        }
        Conn::Pg(_) => format!(
            "SELECT column_name || ' ' || data_type AS line FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = '{table}'"
        ),
    };
    let split = |line: &String| {
        let (name, kind) = line.split_once(' ').expect("name and type");
        (name.to_owned(), kind.to_owned())
    };
    db.lines(&sql).iter().map(split).collect()
}

fn any_value(kind: &str) -> &'static str {
    match kind {
        "boolean" => "true",
        "uuid" => "'00000000-0000-7000-8000-000000000001'",
        "bytea" => "'\\x01'",
        "blob" => "x'00000000000070008000000000000001'",
        "text" => "'x'",
        _ => "1",
    }
}
