//! Databases on the PostgreSQL that `TEST_POSTGRES_URL` names; `tests/season_day` uses it too.

use diesel::{Connection, PgConnection, connection::SimpleConnection};

/// The server of `TEST_POSTGRES_URL`, if this run is on PostgreSQL.
pub fn server_url() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "how tests are told where PostgreSQL is")]
    std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

/// The server's URL with another database name.
pub fn url_of(server: &str, database: &str) -> String {
    let (base, query) = server.split_once('?').unwrap_or((server, ""));
    let authority = base.find("://").map_or(0, |i| i + 3);
    let end = base[authority..].find('/').map_or(base.len(), |i| authority + i);
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    format!("{}/{database}{query}", &base[..end])
}

/// Runs SQL beside the program, as who may make databases.
pub fn admin(server: &str, sql: &str) {
    let mut conn = PgConnection::establish(server).expect("the test server answers");
    conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}
