//! Every look-up is on an index: the queries that the GET endpoints really send are recorded,
//! and the database is asked how it would run each of them.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use campus_ops::{accounts::Role, app::endpoints, platform::db::Target};
use diesel::{
    QueryableByName, RunQueryDsl,
    connection::{Instrumentation, InstrumentationEvent, SimpleConnection},
    sql_query,
    sql_types::Text,
};

use crate::{access_matrix, support::TestApp};

static RECORDING: AtomicBool = AtomicBool::new(false);
static QUERIES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Tables of a few rows that do not grow with the season's work: reading all of them is the
/// plan. `user_campuses` has one for each colleague and campus.
const SMALL: &[&str] =
    &["themes", "facets", "seasons", "formats", "media", "cities", "facts", "user_campuses"];

/// Indexes that hold only what is open now: walking all of such a one is the plan.
const OPEN: &[&str] = &["balances_at_work"];

/// Lists with what narrows them; `{campus}` is Sun Yat-sen University.
const NARROWED: &[&str] = &[
    "/audit?kind=event",
    "/audit?id=01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01",
    "/booths?season=2011-autumn&campus={campus}&from=2011-09-01&to=2011-09-30",
    "/booths?city=440100",
    "/campuses?city=440100&is_211=true&startup_focus=true",
    "/campuses?q=中山",
    "/events?season=2011-autumn&city=440100&state=approved",
    "/events?campus={campus}&theme=startup&from=2011-09-01&to=2011-09-30",
    "/events?activity=startup-elite&season=2011-autumn",
    "/events?mine=true",
    "/events?overdue=true",
    "/events?task=approve",
    "/events?q=迎新 lecture",
    "/handset-models?season=2011-autumn",
    "/movements?sku=poster&kind=issue&state=sent",
    "/movements?place=campus:{campus}",
    "/movements?task=accept",
    "/movements?from=2011-09-01&to=2011-09-02",
    "/participants?campus={campus}&role=attendee",
    "/reports/facts?figure=planned&by=city&key=440100&season=2011-autumn",
    "/reports/summary?season=2011-autumn&city=440100&by=activity",
    "/stock?place=campus:{campus}",
    "/stock?sku=poster",
    "/users?role=liaison",
    "/wlan/promotions?season=2011-autumn&campus={campus}&state=approved",
    "/wlan/promotions?task=approve",
];

struct Recorder;

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let sql = text.split(" -- binds").next().unwrap_or_default().trim().to_owned();
            let own = sql.starts_with("SELECT")
                && !sql.contains("__diesel_schema")
                && !sql.contains("(1=0)");
            if own && RECORDING.load(Ordering::Relaxed) {
                QUERIES.lock().unwrap().insert(sql);
            }
        }
    }
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PlanLine {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// What is wrong with how SQLite would run it: a table read from end to end, be it along an
/// index. A page may walk an index, since it stops.
fn sqlite_faults(conn: &mut diesel::SqliteConnection, sql: &str) -> Vec<String> {
    let lines: Vec<Detail> = sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
        .load(conn)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    let lines = lines.into_iter().map(|line| line.detail);
    lines
        .filter(|line| line.starts_with("SCAN "))
        .filter(|line| !(line.contains(" USING ") && sql.contains(" LIMIT ")))
        .filter(|line| !OPEN.iter().any(|index| line.ends_with(&format!("INDEX {index}"))))
        .filter(|line| !line.contains("CONSTANT ROW") && !line.contains("SUBQUERY"))
        .filter(|line| !SMALL.iter().any(|table| line[5..].starts_with(table)))
        .collect()
}

/// The same on PostgreSQL, told to avoid reading whole tables where it can.
fn postgres_faults(conn: &mut diesel::PgConnection, sql: &str) -> Vec<String> {
    let highest = (1..100).take_while(|n| sql.contains(&format!("${n}"))).count();
    let nulls = vec!["NULL"; highest].join(", ");
    let arguments = if highest == 0 { String::new() } else { format!("({nulls})") };
    conn.batch_execute(&format!("PREPARE asked AS {sql}")).unwrap();
    let lines: Vec<PlanLine> = sql_query(format!("EXPLAIN (COSTS OFF) EXECUTE asked{arguments}"))
        .load(conn)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    conn.batch_execute("DEALLOCATE asked").unwrap();
    let lines = lines.into_iter().map(|line| line.line);
    lines
        .filter(|line| line.contains("Seq Scan on "))
        .filter(|line| !SMALL.iter().any(|table| line.contains(&format!("Seq Scan on {table}"))))
        .collect()
}

/// The recorder hears every connection of its process, so the test runs in one of its own.
const ALONE: &str = "PLANS_ALONE";

#[test]
#[expect(clippy::disallowed_methods, reason = "how the second process knows what it is")]
fn every_get_endpoint_looks_things_up_on_an_index() {
    if std::env::var_os(ALONE).is_some() {
        return look_at_plans();
    }
    let own = "plans::every_get_endpoint_looks_things_up_on_an_index";
    let mut process = std::process::Command::new(std::env::current_exe().unwrap());
    let output = process.args(["--exact", own, "--nocapture"]).env(ALONE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

fn look_at_plans() {
    diesel::connection::set_default_instrumentation(|| Some(Box::new(Recorder))).unwrap();
    let app = TestApp::start();
    RECORDING.store(true, Ordering::Relaxed);
    for role in [Role::Ambassador, Role::Coordinator, Role::Province] {
        let actor = access_matrix::here(&app, role);
        for (endpoint, row) in access_matrix::table() {
            if endpoint.method == "GET" {
                access_matrix::send(&actor, &endpoint, row, &app);
            }
        }
        for path in NARROWED {
            let path = path.replace("{campus}", &app.world.sysu.to_string());
            let answer = actor.get(&path);
            assert!([200, 403].contains(&answer.status), "{path}: {}", answer.text);
        }
    }
    RECORDING.store(false, Ordering::Relaxed);
    let queries = std::mem::take(&mut *QUERIES.lock().unwrap());
    assert!(queries.len() > 10 && !endpoints::all().is_empty(), "{} queries", queries.len());
    let target: Target = app.database.url().parse().unwrap();
    let mut faults = Vec::new();
    match target.writer().unwrap() {
        campus_ops::platform::db::Conn::Sqlite(mut conn) => {
            for sql in &queries {
                faults.extend(sqlite_faults(&mut conn, sql).into_iter().map(|f| (f, sql)));
            }
        }
        campus_ops::platform::db::Conn::Pg(mut conn) => {
            conn.batch_execute(
                "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan",
            )
            .unwrap();
            for sql in &queries {
                faults.extend(postgres_faults(&mut conn, sql).into_iter().map(|f| (f, sql)));
            }
        }
    }
    let text: Vec<String> =
        faults.iter().map(|(f, sql)| format!("{}\n  {sql}", f.trim())).collect();
    assert!(faults.is_empty(), "read from end to end:\n{}", text.join("\n"));
}
