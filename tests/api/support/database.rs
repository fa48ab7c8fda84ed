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
use diesel::connection::SimpleConnection;
use tempfile::TempDir;

use super::postgres::{admin, server_url, url_of};

/// Where a test's data lives; gone when the test ends.
pub struct Database {
    folder: TempDir,
    postgres: Option<String>,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The name of the database in a URL.
fn name_in(url: &str) -> &str {
    url.rsplit('/').next().and_then(|rest| rest.split('?').next()).unwrap_or_default()
}

impl Database {
    /// On PostgreSQL where the suite is told of one, else on SQLite.
    pub fn fresh() -> Self {
        Self::postgres().unwrap_or_else(Self::sqlite)
    }

    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(sqlite_template(), folder.path().join("test.sqlite")).unwrap();
        Self { folder, postgres: None }
    }

    /// `None` where the suite is not told of a server.
    pub fn postgres() -> Option<Self> {
        let server = server_url()?;
        let folder = tempfile::tempdir().unwrap();
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("t{}_{number}", std::process::id());
        let template = postgres_template(&server);
        admin(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Some(Self { folder, postgres: Some(url_of(&server, &name)) })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn url(&self) -> String {
        let file = || format!("sqlite:{}", self.folder.path().join("test.sqlite").display());
        self.postgres.clone().unwrap_or_else(file)
    }

    /// On PostgreSQL: all connections end and no new one is let in.
    pub fn goes_away(&self) {
        let (server, name) = self.on_server();
        admin(&server, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
        admin(&server, &format!("{kill} = '{name}'"));
    }

    pub fn comes_back(&self) {
        let (server, name) = self.on_server();
        admin(&server, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
    }

    fn on_server(&self) -> (String, &str) {
        let url = self.postgres.as_ref().expect("a database of PostgreSQL");
        (server_url().expect("its server"), name_in(url))
    }

    /// Whether this run is on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(url), Some(server)) = (&self.postgres, server_url()) {
            let name = name_in(url);
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
