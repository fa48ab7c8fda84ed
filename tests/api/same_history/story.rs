//! Who does what next: drawn by a seeded generator from what has happened so far, so that a
//! seed names one history.

use campus_ops::platform::time::Instant;
use chrono::Duration;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    command::{Command, Seen},
    side::{self, Told},
};

/// The autumn planning begins, and the weekend for which all plan.
const PLANNING: &str = "2011-08-20T04:00:10.000Z";
const WEEKEND: &str = "2011-09-01T00:00:10.000Z";

/// In milliseconds.
const DAY: i64 = 24 * 3_600_000;

/// An event as it was last seen.
pub struct Event {
    pub campus: usize,
    pub lead: usize,
    pub state: String,
    pub starts_at: Option<Instant>,
}

pub struct Promotion {
    pub campus: usize,
    pub author: usize,
    pub state: String,
}

/// What has happened so far, as far as it matters for what comes next.
pub struct Story {
    pub rng: StdRng,
    pub now: Instant,
    steps: usize,
    told: usize,
    pub events: Vec<Event>,
    pub booths: Vec<usize>,
    pub promotions: Vec<Promotion>,
    pub venues: Vec<usize>,
    /// Campuses of those on record.
    pub persons: Vec<usize>,
    pub passes: usize,
    pub movements: Vec<Value>,
    pub scans: Vec<Value>,
    /// All that was asked, for what is asked again.
    asked: Vec<Command>,
}

fn starts_at(event: &Value) -> Option<Instant> {
    event["starts_at"].as_str().map(|text| text.parse().unwrap())
}

impl Story {
    pub fn new(seed: u64, steps: usize) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            now: PLANNING.parse().unwrap(),
            steps,
            told: 0,
            events: Vec::new(),
            booths: Vec::new(),
            promotions: Vec::new(),
            venues: Vec::new(),
            persons: Vec::new(),
            passes: 0,
            movements: Vec::new(),
            scans: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// The next request; `None` when the history is over.
    pub fn next(&mut self) -> Option<Command> {
        if self.told == self.steps {
            return None;
        }
        let weekend = self.is_weekend();
        let begins: Instant = WEEKEND.parse().unwrap();
        if weekend && self.now < begins {
            self.now = begins;
        }
        // Three days of planning, then three days of doing, without their nights.
        let slice = 2 * 3 * 12 * 60 / i64::try_from(self.steps).unwrap();
        self.now = self.now + Duration::minutes(self.rng.random_range(0..=2 * slice));
        let morning = Instant(self.now.0 - self.now.0.rem_euclid(DAY) + 10_000);
        if self.now.0 - morning.0 > DAY / 2 {
            self.now = Instant(morning.0 + DAY);
        }
        let opening = self.opening();
        let mut command = match opening {
            Some(command) => command,
            None if weekend => self.doing(),
            None => self.planning(),
        };
        if self.chance(6) && !self.asked.is_empty() {
            command = self.asked.choose(&mut self.rng).unwrap().clone();
            // Asked for by mistake under the same key, or with another body.
            if self.chance(20) && command.body.is_object() {
                command.body["comment"] = json!("again");
            }
        } else if self.told > 24 {
            command = self.with_mistakes(command);
        }
        command.at = self.now;
        if command.method == "POST" && command.key.is_none() {
            command.key = Some(format!("step {}", self.told));
        }
        self.told += 1;
        self.asked.push(command.clone());
        Some(command)
    }

    /// Whether the planning is over and people come.
    pub fn is_weekend(&self) -> bool {
        2 * self.told >= self.steps
    }

    /// Halls, and some people and goods, are there before anything else.
    fn opening(&mut self) -> Option<Command> {
        let venue = |campus: usize, name: &str, capacity: i64| {
            let path = format!("/campuses/@campus.{campus}/venues");
            let body = json!({ "name": name, "capacity": capacity });
            Some(Command::post(side::PROVINCE, path, body).adds("venue"))
        };
        match self.told {
            0 => venue(0, "梁銶琚堂", 300),
            1 => venue(0, "小礼堂", 40),
            2 => venue(1, "礼堂", 200),
            3 => Some(self.produce("banner")),
            4 => Some(self.produce("sim-kit")),
            5 => Some(self.count_in("poster", "campus:@campus.0")),
            6 => Some(self.count_in("handset", "campus:@campus.0")),
            7..14 => Some(self.register_someone()),
            14..24 => Some(self.draft_event()),
            _ => None,
        }
    }

    fn planning(&mut self) -> Command {
        match self.rng.random_range(0..100) {
            0..6 => self.draft_event(),
            6..38 => self.step_on(),
            38..41 => self.any_step(),
            41..46 => self.edit_event(),
            46..53 => self.booth(),
            53..60 => self.promotion(),
            60..67 => self.person(),
            67..78 => self.registration(),
            78..97 => self.goods(),
            _ => self.many_steps(),
        }
    }

    fn doing(&mut self) -> Command {
        if !self.open_now().is_empty() && self.chance(60) {
            return self.scans();
        }
        match self.rng.random_range(0..100) {
            0..5 => self.scans(),
            5..31 => self.step_on(),
            31..35 => self.any_step(),
            35..49 => self.registration(),
            49..56 => self.person(),
            56..70 => self.booth(),
            70..90 => self.goods(),
            90..96 => self.promotion(),
            _ => self.draft_event(),
        }
    }

    /// Now and then somebody else asks, or for a version of yesterday.
    fn with_mistakes(&mut self, mut command: Command) -> Command {
        if self.chance(7) {
            command.who = self.rng.random_range(0..side::PEOPLE);
        }
        if command.seen.is_some() && self.chance(6) {
            command.seen = Some(if self.chance(50) { Seen::Stale } else { Seen::Silent });
        }
        command
    }

    /// Takes note of an answer.
    pub fn heard(&mut self, command: &Command, told: &Told) {
        match command.adds.filter(|_| told.added) {
            Some("event") => self.events.push(Event {
                campus: self.campus_in(&command.body),
                lead: command.who,
                state: "draft".to_owned(),
                starts_at: starts_at(&told.raw),
            }),
            Some("promotion") => self.promotions.push(Promotion {
                campus: self.campus_in(&command.body),
                author: command.who,
                state: "draft".to_owned(),
            }),
            Some("booth") => self.booths.push(self.campus_in(&command.body)),
            Some("person") => self.persons.push(self.campus_in(&command.body)),
            Some("venue") => {
                let campus = command.about().map_or(0, |(_, number)| number);
                self.venues.push(campus);
            }
            Some("pass") => self.passes += 1,
            _ => {}
        }
        let moved = command.path == "/movements" && told.status == 201;
        if moved && !told.replayed {
            self.movements.push(told.raw.clone());
        }
        let settled = command.path.ends_with("/accept") || command.path.ends_with("/reject");
        if settled && told.status == 200 {
            let id = &told.raw["movement_id"];
            let known = self.movements.iter_mut().find(|one| one["movement_id"] == *id);
            known.into_iter().for_each(|one| *one = told.raw.clone());
        }
        let Some((list, number)) = command.about() else { return };
        let state = told.raw["state"].as_str().map(str::to_owned);
        match (list, state) {
            ("event", Some(state)) if told.status == 200 && told.raw["plan"].is_string() => {
                self.events[number].state = state;
                self.events[number].starts_at = starts_at(&told.raw);
            }
            ("event", _) if told.raw["verdict"] == "admitted" => {
                let event = &mut self.events[number];
                if event.state == "approved" {
                    event.state = "running".to_owned();
                }
            }
            ("promotion", Some(state)) if told.status == 200 => {
                self.promotions[number].state = state;
            }
            _ => {}
        }
    }

    fn campus_in(&self, body: &Value) -> usize {
        let text = body["campus_id"].as_str().unwrap_or_default();
        text.strip_prefix("@campus.").and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    pub fn below(&mut self, many: usize) -> usize {
        self.rng.random_range(0..many.max(1))
    }

    pub fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices.choose(&mut self.rng).unwrap().clone()
    }

    /// An id a phone makes.
    pub fn client_id(&mut self) -> String {
        let mut bytes: [u8; 16] = self.rng.random();
        bytes[6] = 0x70 | bytes[6] & 0x0F;
        bytes[8] = 0x80 | bytes[8] & 0x3F;
        Uuid::from_bytes(bytes).to_string()
    }

    /// One of these numbers of minutes ago.
    pub fn ago(&mut self, minutes: &[i64]) -> Instant {
        let minutes = self.one_of(minutes);
        self.now - Duration::minutes(minutes)
    }

    /// Who works at a campus.
    pub fn ambassador_of(&mut self, campus: usize) -> usize {
        match campus {
            0 => self.one_of(&[side::LIN, side::MEI]),
            1 => side::JIA,
            _ => side::FAR,
        }
    }

    pub fn coordinator_of(&mut self, campus: usize) -> usize {
        match campus {
            2 => side::FAR_COORDINATOR,
            _ => self.one_of(&[side::CHEN, side::CHEN, side::SECOND, side::DEPUTY]),
        }
    }
}
