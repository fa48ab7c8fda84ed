//! The doors of the store on both databases. PostgreSQL's half runs where
//! `TEST_POSTGRES_URL` names a server on which databases may be created.

use std::sync::{
    Arc, Barrier,
    atomic::{AtomicU32, Ordering},
    mpsc,
};

use campus_ops::{
    platform::{
        db::{Change, Conn, Db, Meta, Target, Tx, migrate},
        fault::Fault,
        ids::{CampusId, EventId, RequestId},
        time::Instant,
    },
    schema::{changes, facts},
};
use diesel::{connection::SimpleConnection, dsl::sql, prelude::*, sql_types::Integer};
use futures_util::future::join_all;

/// A migrated database of its own that goes when the test ends.
struct Store {
    db: Db,
    place: Place,
}

enum Place {
    Sqlite { _folder: tempfile::TempDir },
    Postgres { server: String, name: String },
}

impl Store {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("ops.db"));
        Self::open(&target, Place::Sqlite { _folder: folder })
    }

    /// `None`, and a line that says so, where no server is named.
    fn postgres() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not the product")]
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            eprintln!("TEST_POSTGRES_URL is not set: PostgreSQL is not tested");
            return None;
        };
        let name = format!("doors_{}", RequestId::new().0.simple());
        admin(&server, &format!("CREATE DATABASE {name}"));
        let (place, parameters) = server.split_once('?').unwrap_or((&server, ""));
        let (authority, _) =
            place.rsplit_once('/').filter(|(a, _)| !a.ends_with('/')).unwrap_or((place, ""));
        let url = format!("{authority}/{name}?{parameters}");
        Some(Self::open(&url.parse().unwrap(), Place::Postgres { server, name }))
    }

    fn each() -> impl Iterator<Item = Self> {
        [Some(Self::sqlite()), Self::postgres()].into_iter().flatten()
    }

    fn open(target: &Target, place: Place) -> Self {
        migrate(target).unwrap();
        Self { db: Db::open(target).unwrap(), place }
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.db.write(meta(), work).await
    }

    async fn facts(&self) -> Vec<String> {
        let names = |conn: &mut Conn| -> Result<Vec<String>, Fault> {
            Ok(facts::table.select(facts::name).order(facts::name).load(conn)?)
        };
        self.db.read(names).await.unwrap()
    }

    /// What the server calls a connection.
    async fn backends(&self) -> Vec<i32> {
        let pid = |_| self.db.read(|conn| Ok(backend(conn)?));
        join_all((0..32).map(pid)).await.into_iter().map(Result::unwrap).collect()
    }

    fn kill_connections(&self) {
        let Place::Postgres { server, name } = &self.place else { return };
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
        admin(server, &format!("{kill} = '{name}'"));
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Place::Postgres { server, name } = &self.place {
            admin(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn admin(server: &str, statement: &str) {
    PgConnection::establish(server).unwrap().batch_execute(statement).unwrap();
}

fn meta() -> Meta {
    Meta { now: Instant(0), real_now: Instant(0), user: None, request: None }
}

fn backend(conn: &mut Conn) -> QueryResult<i32> {
    diesel::select(sql::<Integer>("pg_backend_pid()")).get_result(conn)
}

fn fact(conn: &mut Conn, name: &str) -> QueryResult<usize> {
    let row = (facts::name.eq(name), facts::value.eq("0"));
    diesel::insert_into(facts::table).values(row).execute(conn)
}

fn bump(conn: &mut Conn, name: &str) -> QueryResult<usize> {
    diesel::update(facts::table.find(name)).set(facts::value.eq("1")).execute(conn)
}

fn change() -> Change {
    Change {
        kind: "event",
        id: EventId::new().into(),
        campus: Some(CampusId::new()),
        city: None,
        deleted: false,
    }
}

#[tokio::test]
async fn a_refusal_leaves_nothing_behind() {
    for store in Store::each() {
        store.write(|tx| Ok(fact(tx, "kept")?)).await.unwrap();
        let refused = store
            .write(|tx| {
                fact(tx, "undone")?;
                tx.changed(change());
                Err::<(), _>(Fault::bug("no"))
            })
            .await;
        assert!(matches!(refused, Err(Fault::Bug(_))));
        assert_eq!(store.facts().await, ["kept"]);
    }
}

#[tokio::test]
async fn a_panic_is_a_defect_and_leaves_nothing_behind() {
    for store in Store::each() {
        let panicked = store
            .write(|tx| {
                fact(tx, "undone")?;
                if tx.meta.user.is_none() {
                    panic!("on purpose");
                }
                Ok(())
            })
            .await;
        let Err(Fault::Bug(cause)) = panicked else { panic!("expected Bug, got {panicked:?}") };
        assert!(cause.contains("on purpose"), "{cause}");
        store.write(|tx| Ok(fact(tx, "kept")?)).await.unwrap();
        assert_eq!(store.facts().await, ["kept"]);
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    for store in Store::each() {
        let written = store.db.read(|conn| Ok(fact(conn, "sneaked in")?)).await;
        assert!(matches!(written, Err(Fault::Bug(_))), "{written:?}");
        let written = store.db.snapshot(|conn| Ok(fact(conn, "sneaked in")?)).await;
        assert!(matches!(written, Err(Fault::Bug(_))), "{written:?}");
        assert!(store.facts().await.is_empty());
    }
}

#[tokio::test]
async fn a_long_write_is_a_write() {
    for store in Store::each() {
        store.db.write_alone(meta(), |tx| Ok(fact(tx, "imported")?)).await.unwrap();
        assert_eq!(store.facts().await, ["imported"]);
    }
}

#[tokio::test]
async fn a_snapshot_sees_one_moment() {
    for store in Store::each() {
        let (looked, first_look) = mpsc::channel();
        let (written, wait) = mpsc::channel::<()>();
        let db = store.db.clone();
        let looking = tokio::spawn(async move {
            db.snapshot(move |conn| {
                let before: i64 = facts::table.count().get_result(conn)?;
                looked.send(()).map_err(Fault::bug)?;
                wait.recv().map_err(Fault::bug)?;
                let after: i64 = facts::table.count().get_result(conn)?;
                Ok((before, after))
            })
            .await
        });
        tokio::task::spawn_blocking(move || first_look.recv()).await.unwrap().unwrap();
        store.write(|tx| Ok(fact(tx, "new")?)).await.unwrap();
        written.send(()).unwrap();
        assert_eq!(looking.await.unwrap().unwrap(), (0, 0));
        assert_eq!(store.facts().await, ["new"]);
    }
}

#[tokio::test]
async fn a_follower_of_the_change_log_misses_nothing() {
    const WRITES: i64 = 200;
    for store in Store::each() {
        let write = |_| {
            store.write(|tx| {
                tx.changed(change());
                tx.changed(change());
                Ok(())
            })
        };
        let follow = async {
            let mut seen: i64 = 0;
            while seen < WRITES * 2 {
                let next = store.db.read(move |conn| {
                    let next = changes::table.filter(changes::seq.gt(seen));
                    let next = next.select(changes::seq).order(changes::seq);
                    Ok(next.load::<i64>(conn)?)
                });
                for seq in next.await.unwrap() {
                    assert_eq!(seq, seen + 1);
                    seen = seq;
                }
            }
        };
        let (written, ()) = tokio::join!(join_all((0..WRITES).map(write)), follow);
        assert!(written.iter().all(Result::is_ok));
    }
}

#[tokio::test]
async fn a_write_may_change_more_rows_than_one_statement_binds() {
    for store in Store::each() {
        let all = store.write(|tx| {
            (0..6_000).for_each(|_| tx.changed(change()));
            Ok(())
        });
        all.await.unwrap();
        let ends = store.db.read(|conn| {
            let ends = (diesel::dsl::min(changes::seq), diesel::dsl::max(changes::seq));
            let ends: (Option<i64>, Option<i64>) = changes::table.select(ends).first(conn)?;
            Ok((ends, changes::table.count().get_result::<i64>(conn)?))
        });
        assert_eq!(ends.await.unwrap(), ((Some(1), Some(6_000)), 6_000));
    }
}

#[tokio::test]
async fn work_whose_error_was_overlooked_is_not_reported_done() {
    let Some(store) = Store::postgres() else { return };
    store.write(|tx| Ok(fact(tx, "first")?)).await.unwrap();
    let overlooked = store
        .write(|tx| {
            fact(tx, "second")?;
            drop(fact(tx, "first"));
            Ok(())
        })
        .await;
    assert!(matches!(overlooked, Err(Fault::Bug(_))), "{overlooked:?}");
    assert_eq!(store.facts().await, ["first"]);
    store.write(|tx| Ok(fact(tx, "second")?)).await.unwrap();
}

#[tokio::test]
async fn writes_that_collide_run_again() {
    let Some(store) = Store::postgres() else { return };
    for name in ["a", "b"] {
        store.write(move |tx| Ok(fact(tx, name)?)).await.unwrap();
    }
    let runs = Arc::new(AtomicU32::new(0));
    let both_hold_one = Arc::new(Barrier::new(2));
    let crossing = |first: &'static str, second: &'static str| {
        let (runs, both_hold_one) = (runs.clone(), both_hold_one.clone());
        store.write(move |tx| {
            let run = runs.fetch_add(1, Ordering::SeqCst);
            bump(tx, first)?;
            if run < 2 {
                both_hold_one.wait();
            }
            Ok(bump(tx, second)?)
        })
    };
    let (one, other) = tokio::join!(crossing("a", "b"), crossing("b", "a"));
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    assert_eq!(runs.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn who_waits_too_long_for_a_lock_is_told_busy() {
    let Some(store) = Store::postgres() else { return };
    store.write(|tx| Ok(fact(tx, "anchor")?)).await.unwrap();
    let (holds, held) = mpsc::channel();
    let (go, wait) = mpsc::channel::<()>();
    let holder = store.write(move |tx| {
        bump(tx, "anchor")?;
        holds.send(()).map_err(Fault::bug)?;
        wait.recv().map_err(Fault::bug)
    });
    let rival = async {
        tokio::task::spawn_blocking(move || held.recv()).await.unwrap().unwrap();
        let rival = store.write(|tx| Ok(bump(tx, "anchor")?)).await;
        go.send(()).unwrap();
        rival
    };
    let (holder, rival) = tokio::join!(holder, rival);
    assert!(matches!(rival, Err(Fault::Busy("waited too long for a lock"))), "{rival:?}");
    holder.unwrap();
}

#[tokio::test]
async fn a_connection_that_panicked_is_not_used_again() {
    let Some(store) = Store::postgres() else { return };
    let (tell, told) = mpsc::channel();
    let panicked = store
        .write(move |tx| {
            tell.send(backend(tx)?).map_err(Fault::bug)?;
            if tx.meta.user.is_none() {
                panic!("on purpose");
            }
            Ok(())
        })
        .await;
    assert!(matches!(panicked, Err(Fault::Bug(_))));
    let panicked = told.recv().unwrap();
    assert!(!store.backends().await.contains(&panicked));
}

#[tokio::test]
async fn connections_killed_while_idle_are_replaced_unnoticed() {
    let Some(store) = Store::postgres() else { return };
    store.backends().await;
    store.kill_connections();
    assert!(store.facts().await.is_empty());
    store.kill_connections();
    store.write(|tx| Ok(fact(tx, "written")?)).await.unwrap();
    store.backends().await;
    store.kill_connections();
    let seen = store.db.snapshot(|conn| Ok(facts::table.count().get_result::<i64>(conn)?)).await;
    assert_eq!(seen.unwrap(), 1);
}

#[tokio::test]
async fn a_write_that_loses_its_connection_is_busy_and_runs_once() {
    let Some(store) = Store::postgres() else { return };
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let lost = store
        .write(move |tx| {
            counted.fetch_add(1, Ordering::SeqCst);
            fact(tx, "lost")?;
            let kill = "SELECT pg_terminate_backend(pg_backend_pid())";
            diesel::sql_query(kill).execute(&mut **tx)?;
            Ok(())
        })
        .await;
    assert!(matches!(lost, Err(Fault::Busy(_))), "{lost:?}");
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    store.write(|tx| Ok(fact(tx, "kept")?)).await.unwrap();
    assert_eq!(store.facts().await, ["kept"]);
}

#[tokio::test]
async fn a_read_that_loses_its_connection_runs_again() {
    let Some(store) = Store::postgres() else { return };
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let read = store.db.read(move |conn| {
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            diesel::sql_query("SELECT pg_terminate_backend(pg_backend_pid())").execute(conn)?;
        }
        Ok(facts::table.count().get_result::<i64>(conn)?)
    });
    assert_eq!(read.await.unwrap(), 0);
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}
