//! Properties over all rooms: one random history of what the staff asks for, told to SQLite
//! and to PostgreSQL, gets the same answers and ends in the same state; what is kept as a
//! balance or a count is what its sources say; and asking everything once more changes nothing.
//!
//! A failure names its seed: `HISTORY_SEED=7 cargo test --test api same_history` tells that
//! history again. `HISTORY_CASES` and `HISTORY_STEPS` make it more and longer histories.

mod command;
mod dump;
mod goods;
mod labels;
mod order;
mod people;
mod plans;
mod rooms;
mod scans;
mod side;
mod story;
mod sums;

use serde_json::{Value, json};

use self::{
    side::{Side, Told},
    story::Story,
};
use crate::support::database::Database;

const CASES: u64 = 2;
const STEPS: u64 = 420;

/// A number the environment gives.
#[expect(clippy::disallowed_methods, reason = "how one asks for a certain history")]
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// The seeds of this run.
fn seeds() -> Vec<u64> {
    match asked("HISTORY_SEED") {
        Some(seed) => vec![seed],
        None => (1..=asked("HISTORY_CASES").unwrap_or(CASES)).collect(),
    }
}

/// Says which history it was when a test fails.
struct Telling(u64);

impl Drop for Telling {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the history was HISTORY_SEED={}", self.0);
        }
    }
}

#[test]
fn the_same_history_ends_in_the_same_state() {
    let steps = asked("HISTORY_STEPS").unwrap_or(STEPS);
    for seed in seeds() {
        let _telling = Telling(seed);
        tell(seed, usize::try_from(steps).unwrap());
    }
}

fn tell(seed: u64, steps: usize) {
    let databases = [Some(Database::sqlite()), Database::postgres()];
    let real_now = campus_ops::platform::clock::Clock::default().now();
    let mut sides: Vec<Side> =
        databases.into_iter().flatten().map(|database| Side::new(database, real_now)).collect();
    let mut story = Story::new(seed, steps);
    let mut answers: Vec<Told> = Vec::with_capacity(steps);
    while let Some(command) = story.next() {
        let number = answers.len();
        let mut each = sides.iter_mut().map(|side| side.run(&command));
        let told = each.next().unwrap();
        assert!(told.status < 500, "step {number}: {command:?}: {}", told.shown);
        for otherwise in each {
            let off = dump::difference(&told.shown, &otherwise.shown);
            assert_eq!(off, None, "step {number}: {command:?}");
        }
        story.heard(&command, &told);
        answers.push(told);
    }
    tell_how_it_went(seed, &answers);
    let states: Vec<dump::State> = sides.iter().map(dump::state).collect();
    for (side, state) in sides.iter().zip(&states) {
        dump::assert_same(&states[0], state, "SQLite and PostgreSQL");
        assert_eq!(side.differences(), Vec::<String>::new());
        dump::figures_add_up(side);
        sums::balances_are_sums(side, &story.movements);
        ask_again(side, &answers);
        dump::assert_same(state, &dump::state(side), "asked again");
        assert_eq!(side.differences(), Vec::<String>::new());
    }
}

/// Sends what was done once more: nobody does anything twice.
fn ask_again(side: &Side, answers: &[Told]) {
    for ((command, version), told) in side.sent.iter().zip(answers) {
        let scans = command.path.contains("check-ins");
        // What was refused among others is no repetition: by now it may be allowed.
        let one_by_one = matches!(&*command.path, "/events/transitions" | "/movements/batch");
        let partly = (one_by_one || command.path == "/check-ins/batch") && !all_done(&told.raw);
        if command.method != "POST" || told.status >= 300 || partly {
            continue;
        }
        let again = side.told(&side.send(command, *version));
        // What was erased since is shown, not made.
        let erased = again.raw["erased_at"].is_string() && again.status == 200;
        assert!(again.status == told.status || erased, "{command:?}: {}", again.raw);
        assert!(scans || one_by_one || again.replayed, "{command:?}");
        if command.path.ends_with("/check-ins") {
            let known = again.raw["reason"] != "id_reused";
            assert_eq!(again.raw["replayed"], known, "{command:?}: {}", again.raw);
            assert_eq!(verdict(&again.raw), verdict(&told.raw), "{command:?}");
        }
    }
}

fn verdict(answer: &Value) -> Value {
    json!([answer["scan_id"], answer["verdict"], answer["reason"], answer["effective_at"]])
}

fn results(many: &Value) -> &[Value] {
    many["items"].as_array().or(many["results"].as_array()).map_or(&[], Vec::as_slice)
}

fn all_done(many: &Value) -> bool {
    let refused = |item: &Value| {
        item["status"].as_u64().is_some_and(|status| status >= 300)
            || item["annulment"] == "refused"
    };
    !results(many).iter().any(refused)
}

/// A history in which nothing happens would prove nothing.
fn tell_how_it_went(seed: u64, answers: &[Told]) {
    let all = answers.len();
    let done = answers.iter().filter(|told| told.status < 300).count();
    let among = |list: &str, name: &str, word: &str| {
        let all = answers.iter().filter_map(|told| told.raw[list].as_array()).flatten();
        all.filter(|item| item[name] == word).count()
    };
    let count = |name: &str, word: &str| answers.iter().filter(|t| t.raw[name] == word).count();
    let admitted = count("verdict", "admitted") + among("results", "verdict", "admitted");
    let (approved, closed) = (count("state", "approved"), count("state", "closed"));
    println!(
        "seed {seed}: {done} of {all} done, {admitted} let in, {approved} approved, {closed} closed"
    );
    assert!(done * 3 > all && approved > 0 && admitted > 0, "seed {seed} tells of nothing");
}
