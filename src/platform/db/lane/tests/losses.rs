//! What goes wrong in a group: who is told what, what stays, and that the lane goes on.

use super::*;

#[tokio::test]
async fn a_panic_costs_its_caller_alone_and_the_connection_is_replaced() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let before = bench.note(1).await;
    let panics = bench
        .queue(Kind::Small, |conn| {
            insert(conn, 2)?;
            panic!("two is {}", "odd")
        })
        .await;
    let after = bench.note(3).await;
    hold.release().await;
    assert_eq!(bug(panics.await), "a write panicked: two is odd");
    assert!(before.await.is_ok() && after.await.is_ok());
    assert_eq!(bench.stored(), [1, 3]);
    // The panic ended its group; the rest ran on a fresh connection.
    assert_eq!(bench.groups(), [1, 2, 1]);
    assert_eq!(bench.recorded("open"), 2);
}

#[tokio::test]
async fn a_failed_commit_is_busy_for_the_whole_group() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let (a, refused) = (bench.note(1).await, bench.refusal(2).await);
    let orphan = bench
        .queue(Kind::Small, |conn| {
            conn.control("PRAGMA defer_foreign_keys = ON")?;
            let row = (notes::id.eq(3), notes::parent.eq(99));
            diesel::insert_into(notes::table).values(row).execute(conn)?;
            Ok(3)
        })
        .await;
    hold.release().await;
    for answer in [a, refused, orphan] {
        assert_eq!(busy(answer.await), LOST);
    }
    assert!(bench.stored().is_empty());
    assert!(bench.note(4).await.await.is_ok());
    assert_eq!(bench.stored(), [4]);
    assert_eq!(bench.recorded("open"), 2);
}

#[tokio::test]
async fn a_failed_control_statement_is_busy_for_the_whole_group() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let a = bench.note(1).await;
    // As SQLite itself does on a full disk, whatever the job makes of it.
    let undone = bench
        .queue(Kind::Small, |conn| {
            conn.control("ROLLBACK")?;
            Ok(2)
        })
        .await;
    let next = bench.note(3).await;
    let alone = bench.queue(Kind::Alone, |conn| insert(conn, 4)).await;
    hold.release().await;
    assert_eq!(busy(a.await), LOST);
    assert_eq!(busy(undone.await), LOST);
    // What had not run yet belongs to the next group.
    assert!(next.await.is_ok() && alone.await.is_ok());
    assert_eq!(bench.stored(), [3, 4]);
    assert_eq!(bench.recorded("open"), 2);
}

#[tokio::test]
async fn a_group_that_is_reported_lost_is_not_stored() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let a = bench.note(1).await;
    // Its own release fails then, in a transaction that could still commit.
    let meddler = bench
        .queue(Kind::Small, |conn| {
            conn.control("RELEASE job")?;
            insert(conn, 2)
        })
        .await;
    hold.release().await;
    assert_eq!(busy(a.await), LOST);
    assert_eq!(busy(meddler.await), LOST);
    assert!(bench.stored().is_empty());
    assert_eq!(bench.note(3).await.await.unwrap(), 3);
    assert_eq!(bench.stored(), [3]);
}

#[tokio::test]
async fn a_job_that_must_be_alone_survives_the_failed_commit_before_it() {
    let bench = Bench::new();
    let hold = bench.hold(Kind::Alone).await;
    let orphan = bench
        .queue(Kind::Small, |conn| {
            conn.control("PRAGMA defer_foreign_keys = ON; INSERT INTO notes VALUES (1, 99)")?;
            Ok(1)
        })
        .await;
    let alone = bench.queue(Kind::Alone, |conn| insert(conn, 2)).await;
    hold.release().await;
    assert_eq!(busy(orphan.await), LOST);
    assert_eq!(alone.await.unwrap(), 2);
    assert_eq!(bench.stored(), [2]);
}

#[tokio::test]
async fn a_lane_that_cannot_begin_says_busy_and_recovers() {
    let bench = Bench::new();
    let mut other = bench.target.writer().unwrap();
    let impatient = |conn: &mut Conn| {
        conn.control("PRAGMA busy_timeout = 0")?;
        Ok(0)
    };
    bench.queue(Kind::Small, impatient).await.await.unwrap();
    other.control("BEGIN IMMEDIATE").unwrap();
    assert_eq!(busy(bench.note(1).await.await), LOST);
    other.control("ROLLBACK").unwrap();
    assert!(bench.note(2).await.await.is_ok());
    assert_eq!(bench.stored(), [2]);
}

#[tokio::test]
async fn while_the_database_is_away_everybody_is_told_so() {
    let bench = Bench::new();
    bench.away.store(true, Ordering::SeqCst);
    let panics = bench.queue(Kind::Small, |_| panic!("lose the connection")).await;
    bug(panics.await);
    let hopeless = [bench.note(1).await, bench.queue(Kind::Alone, |c| insert(c, 2)).await];
    for answer in join_all(hopeless).await {
        assert_eq!(busy(answer), AWAY);
    }
    bench.away.store(false, Ordering::SeqCst);
    assert!(bench.note(3).await.await.is_ok());
    assert_eq!(bench.stored(), [3]);
}

/// Panics when it is dropped, outside of any job.
struct Grenade;

impl Drop for Grenade {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

#[tokio::test]
async fn the_lane_survives_a_panic_outside_of_jobs() {
    let bench = Bench::new();
    let grenade = Grenade;
    let answer = bench
        .queue(Kind::Small, move |conn| {
            let _carried = &grenade;
            insert(conn, 1)
        })
        .await;
    // The closure is dropped with its answer under way: the caller gets one or the other.
    drop(answer.await);
    assert!(bench.note(2).await.await.is_ok());
    assert_eq!(bench.stored(), [1, 2]);
}
