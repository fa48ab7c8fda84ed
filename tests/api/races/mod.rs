//! Rules over sets, with sixteen callers at the same moment. On PostgreSQL these fail
//! without anchors; SQLite writes one after the other anyway.

mod goods;
mod people;
mod plans;
mod requests;
mod scans;

use std::{sync::Barrier, thread};

use campus_ops::reports::verify;

use crate::support::{Answer, TestApp};

const CALLERS: usize = 16;

/// What each of the callers gets who all do `ask` at once.
pub fn all_at_once(ask: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    let start = Barrier::new(CALLERS);
    thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|index| {
                let (start, ask) = (&start, &ask);
                scope.spawn(move || {
                    start.wait();
                    ask(index)
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    })
}

fn count(answers: &[Answer], is: impl Fn(&Answer) -> bool) -> usize {
    answers.iter().filter(|answer| is(answer)).count()
}

/// One has `won`; all others are refused with this code.
fn one_wins(answers: &[Answer], won: u16, status: u16, code: &str) {
    let (winners, losers): (Vec<_>, Vec<_>) = answers.iter().partition(|a| a.status == won);
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(winners.len(), 1, "{statuses:?}");
    for loser in losers {
        loser.refused(status, code);
    }
}

/// All that is kept twice agrees.
pub fn assert_all_verified(app: &TestApp) {
    let found = app.shared.db.snapshot(verify::differences);
    let found = actix_web::rt::System::new().block_on(found).unwrap();
    assert!(found.is_empty(), "{found:?}");
}

/// The statuses, the best first.
fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}
