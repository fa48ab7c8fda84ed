//! A fresh database per test, made from a template that is migrated and seeded once per
//! run of the suite's process.

use std::{
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use campus_ops::{
    app::seed,
    platform::db::{self, Db, Target},
};
use diesel::{Connection, PgConnection, connection::SimpleConnection};
use tempfile::TempDir;

/// Where a test's data lives; gone when the test ends.
pub struct Database {
    folder: TempDir,
    postgres: Option<String>,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

fn server_url() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "how the suite is told where PostgreSQL is")]
    std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

/// The server's URL with another database name.
fn url_of(server: &str, database: &str) -> String {
    let (base, query) = server.split_once('?').unwrap_or((server, ""));
    let authority = base.find("://").map_or(0, |i| i + 3);
    let end = base[authority..].find('/').map_or(base.len(), |i| authority + i);
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    format!("{}/{database}{query}", &base[..end])
}

fn admin(server: &str, sql: &str) {
    let mut conn = PgConnection::establish(server).expect("the test server answers");
    conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

impl Database {
    pub fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Some(server) = server_url() else {
            std::fs::copy(sqlite_template(), folder.path().join("test.sqlite")).unwrap();
            return Self { folder, postgres: None };
        };
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("t{}_{number}", std::process::id());
        let template = postgres_template(&server);
        admin(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self { folder, postgres: Some(url_of(&server, &name)) }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn url(&self) -> String {
        let file = || format!("sqlite:{}", self.folder.path().join("test.sqlite").display());
        self.postgres.clone().unwrap_or_else(file)
    }

    /// Whether this run is on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(url), Some(server)) = (&self.postgres, server_url()) {
            let name = url.rsplit('/').next().and_then(|n| n.split('?').next()).unwrap_or_default();
            admin(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// Migrates and seeds, and closes again.
fn prepare(target: &Target) {
    db::migrate(target).unwrap();
    actix_web::rt::System::new().block_on(async {
        let db = Db::open(target).unwrap();
        seed::load(&db, seed::Season::Original).await.unwrap();
        db.close().await;
    });
}

fn sqlite_template() -> &'static Path {
    static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("template.sqlite");
        prepare(&Target::Sqlite(path.clone()));
        // Copied as one file: nothing may be left in the log beside it.
        let mut conn = Target::Sqlite(path.clone()).writer().unwrap();
        campus_ops::each!(&mut conn, c => c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)"))
            .unwrap();
        (folder, path)
    });
    path
}

fn postgres_template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("template_{}", std::process::id());
        admin(server, &format!("DROP DATABASE IF EXISTS {name}"));
        admin(server, &format!("CREATE DATABASE {name}"));
        prepare(&Target::Postgres(url_of(server, &name)));
        name
    })
}
