//! A database of its own for one test, gone when the test ends.

use std::path::Path;

use campus_ops::{
    each,
    platform::db::{Conn, Target},
};
use diesel::{
    QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text,
};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

use crate::catalog::Lines;

pub struct Scratch {
    pub conn: Conn,
    kind: Kind,
}

enum Kind {
    Sqlite { _folder: tempfile::TempDir },
    Postgres { server: Target, database: String },
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Scratch {
    /// An empty database on SQLite and, where there is a server, one on PostgreSQL.
    pub fn each(purpose: &str) -> Vec<Self> {
        let mut each = vec![Self::sqlite()];
        match server_url() {
            Some(url) => each.push(Self::postgres(&url, purpose)),
            None => println!("not run on PostgreSQL: TEST_POSTGRES_URL is not set"),
        }
        each
    }

    /// As [`Self::each`], with all migrations run.
    pub fn migrated(purpose: &str) -> Vec<Self> {
        let mut each = Self::each(purpose);
        for db in &mut each {
            db.up_all();
        }
        each
    }

    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("schema.sqlite");
        // A writer opens what is there; an empty file is an empty database.
        std::fs::File::create(&path).expect("an empty file");
        let conn = Target::Sqlite(path).writer().expect("SQLite");
        Self { conn, kind: Kind::Sqlite { _folder: folder } }
    }

    fn postgres(url: &str, purpose: &str) -> Self {
        let (base, options) = url.split_once('?').map_or((url, ""), |(base, rest)| (base, rest));
        let (host, _) = base.rsplit_once('/').expect("postgres://host/database");
        let database = format!("campus_schema_{purpose}_{}", std::process::id());
        let server: Target = url.parse().expect("TEST_POSTGRES_URL");
        run(&mut server.writer().expect("PostgreSQL"), &format!("CREATE DATABASE {database}"));
        let own: Target = format!("{host}/{database}?{options}").parse().expect("a URL");
        let conn = own.writer().expect("the new database");
        Self { conn, kind: Kind::Postgres { server, database } }
    }

    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::Sqlite { .. } => "SQLite",
            Kind::Postgres { .. } => "PostgreSQL",
        }
    }

    /// Runs the next migration; false when there is none.
    pub fn up(&mut self) -> bool {
        let set = self.migrations();
        each!(&mut self.conn, c => {
            let next = c.has_pending_migration(set.clone()).expect("the list of migrations");
            if next {
                c.run_next_migration(set).expect("up.sql");
            }
            next
        })
    }

    pub fn up_all(&mut self) {
        while self.up() {}
    }

    /// Takes the last migration back.
    pub fn down(&mut self) {
        let set = self.migrations();
        each!(&mut self.conn, c => drop(c.revert_last_migration(set).expect("down.sql")));
    }

    fn migrations(&self) -> FileBasedMigrations {
        let folder = match self.kind {
            Kind::Sqlite { .. } => "sqlite",
            Kind::Postgres { .. } => "postgres",
        };
        FileBasedMigrations::from_path(migrations_folder(folder)).expect("migrations")
    }

    /// The answer to a query whose one column is called `line`.
    pub fn lines(&mut self, sql: &str) -> Lines {
        let lines: Vec<Line> = each!(&mut self.conn, c => sql_query(sql).load(c)).expect(sql);
        lines.into_iter().map(|row| row.line).collect()
    }

    pub fn run(&mut self, sql: &str) {
        run(&mut self.conn, sql);
    }

    /// Runs what must fail; answers what the database says.
    pub fn refusal(&mut self, sql: &str) -> String {
        match each!(&mut self.conn, c => c.batch_execute(sql)) {
            Ok(()) => panic!("{} let this happen: {sql}", self.name()),
            Err(error) => error.to_string(),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Kind::Postgres { server, database } = &self.kind {
            let sql = format!("DROP DATABASE {database} WITH (FORCE)");
            match server.writer() {
                Ok(mut conn) => run(&mut conn, &sql),
                Err(error) => println!("{database} stays behind: {error}"),
            }
        }
    }
}

/// The names of the migrations of one database, in order.
pub fn migration_names(folder: &str) -> Lines {
    let entries = std::fs::read_dir(migrations_folder(folder)).expect("a folder of migrations");
    let name = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    entries.map(|entry| name(entry.expect("a readable folder"))).collect()
}

fn migrations_folder(folder: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder)
}

fn run(conn: &mut Conn, sql: &str) {
    each!(conn, c => c.batch_execute(sql)).expect(sql);
}

#[expect(clippy::disallowed_methods, reason = "a test's settings do not come from the product's")]
fn server_url() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL").ok()
}
