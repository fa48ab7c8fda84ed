//! One database with its server and its people, who do as they are told.

use std::{cell::RefCell, collections::HashMap};

use campus_ops::{platform::time::Instant, reports};
use serde_json::{Value, json};

use super::{
    command::{Command, Seen},
    labels::Labels,
};
use crate::support::{
    Actor, Answer, TestApp,
    database::Database,
    world::{GUANGZHOU, SHANTOU},
};

pub const LIN: usize = 0;
pub const MEI: usize = 1;
pub const JIA: usize = 2;
pub const WANG: usize = 3;
pub const CHEN: usize = 4;
pub const SECOND: usize = 5;
pub const FAR: usize = 6;
pub const FAR_COORDINATOR: usize = 7;
pub const PROVINCE: usize = 8;
pub const DEPUTY: usize = 9;
pub const AUDITOR: usize = 10;
/// How many there are.
pub const PEOPLE: usize = 11;

pub struct Side {
    pub app: TestApp,
    people: Vec<Actor>,
    labels: RefCell<Labels>,
    lists: HashMap<&'static str, Vec<String>>,
    /// All that was sent, with the ids of this side and the version then named.
    pub sent: Vec<(Command, Option<i64>)>,
}

/// An answer as it came, and as it reads on every database.
pub struct Told {
    pub status: u16,
    pub replayed: bool,
    /// Whether it brought a new row into a list.
    pub added: bool,
    pub raw: Value,
    /// Status, `ETag`, body.
    pub shown: Value,
}

impl Side {
    /// Both clocks stand still, so that times can be compared.
    pub fn new(database: Database, real_now: Instant) -> Self {
        let app = TestApp::on(database);
        app.clocks.real.hold(real_now);
        app.clocks.business.hold(app.clocks.business.now());
        let world = &app.world;
        let people = vec![
            app.ambassador(world.sysu),
            app.ambassador(world.sysu),
            app.ambassador(world.jinan),
            app.liaison(world.sysu),
            app.coordinator(GUANGZHOU),
            app.coordinator(GUANGZHOU),
            app.ambassador(world.shantou),
            app.coordinator(SHANTOU),
            app.province(),
            app.province(),
            app.auditor(),
        ];
        assert_eq!(people.len(), PEOPLE);
        let mut labels = Labels::default();
        for (number, actor) in people.iter().enumerate() {
            labels.name(actor.user.to_string(), format!("user {number}"));
            labels.replace(actor.phone.clone(), format!("phone {number}"));
            labels.replace(format!(" {}", &actor.phone[7..]), format!(" {number}"));
        }
        let campuses = [world.sysu, world.jinan, world.shantou].map(|id| id.to_string());
        for (number, id) in campuses.iter().enumerate() {
            labels.name(id.clone(), format!("campus {number}"));
        }
        let users = people.iter().map(|actor| actor.user.to_string()).collect();
        let lists = HashMap::from([("campus", campuses.to_vec()), ("user", users)]);
        Self { app, people, labels: RefCell::new(labels), lists, sent: Vec::new() }
    }

    /// How many rows there are in a list.
    pub fn many(&self, list: &str) -> usize {
        self.lists.get(list).map_or(0, Vec::len)
    }

    /// Asks the server, and remembers the row that came into being.
    pub fn run(&mut self, command: &Command) -> Told {
        self.app.clocks.business.hold(command.at);
        let version = self.version(command);
        let (path, body) = (self.said(&command.path), self.meant(&command.body));
        let sent = Command { path, body, ..command.clone() };
        let answer = self.send(&sent, version);
        self.sent.push((sent, version));
        let mut told = self.told(&answer);
        let (list, member) = match command.adds {
            Some("pass") => ("pass", "pass"),
            Some(list) => (list, "id"),
            None => return told,
        };
        let made = told.status == 201 || (list == "pass" && told.status == 200);
        let rows = self.lists.entry(list).or_default();
        if let Some(id) = told.raw[member].as_str().filter(|_| made)
            && !rows.iter().any(|row| row == id)
        {
            rows.push(id.to_owned());
            told.added = true;
        }
        told
    }

    /// Looks something up; what needs several pages is put together.
    pub fn look(&self, who: usize, path: &str) -> Told {
        let path = self.said(path);
        let mut told = self.told(&self.people[who].get(&path));
        while let Some(cursor) = told.raw["next_cursor"].as_str() {
            let at = path.split('?').next().unwrap();
            let limit = path.split(['?', '&']).find(|part| part.starts_with("limit="));
            let next = format!("{at}?{}&cursor={cursor}", limit.unwrap_or("limit=50"));
            let more = self.told(&self.people[who].get(&next));
            for (to, from) in
                [(&mut told.raw, &more.raw), (&mut told.shown["body"], &more.shown["body"])]
            {
                let items = from["items"].as_array().unwrap().clone();
                to["items"].as_array_mut().unwrap().extend(items);
                to["next_cursor"] = from["next_cursor"].clone();
            }
        }
        told
    }

    /// What is kept beside its sources and does not agree with them.
    pub fn differences(&self) -> Vec<String> {
        let found = self.app.shared.db.read(reports::verify::differences);
        actix_web::rt::System::new().block_on(found).unwrap()
    }

    /// Sends a command that names rows by their ids here.
    pub fn send(&self, command: &Command, version: Option<i64>) -> Answer {
        let mut call = self.people[command.who].call(command.method, &command.path);
        let language = if command.who.is_multiple_of(2) { "zh-CN" } else { "en" };
        call = call.header("accept-language", language);
        if let Some(version) = version {
            call = call.if_match(version);
        }
        if let Some(key) = &command.key {
            call = call.key(key);
        }
        let body = Some(&command.body).filter(|body| !body.is_null());
        call.send(body.cloned())
    }

    /// The version a command claims, which is looked up as the province.
    fn version(&self, command: &Command) -> Option<i64> {
        let back = match command.seen? {
            Seen::Now => 0,
            Seen::Stale => 1,
            Seen::Silent => return None,
        };
        let now = self.people[PROVINCE].get(&self.said(command.resource()));
        Some(if now.header("etag").is_some() { now.version() - back } else { 1 })
    }

    pub fn told(&self, answer: &Answer) -> Told {
        let json = answer.header("content-type").is_some_and(|kind| kind.contains("json"));
        let raw = if json { answer.json() } else { Value::from(answer.text.as_str()) };
        let mut labels = self.labels.borrow_mut();
        let body = labels.value(&raw);
        let shown = json!({
            "status": answer.status, "body": body,
            "etag": answer.header("etag").map(|tag| labels.tag(tag)),
            "replayed": answer.is_replay(),
        });
        let (status, replayed) = (answer.status, answer.is_replay());
        Told { status, replayed, added: false, raw, shown }
    }

    /// The value with its rows named by their ids here.
    fn meant(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.said(text)),
            Value::Array(items) => items.iter().map(|item| self.meant(item)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, member)| (name.clone(), self.meant(member))).collect()
            }
            other => other.clone(),
        }
    }

    /// The text with `@event.3` replaced; what there is not becomes an id of nobody.
    fn said(&self, text: &str) -> String {
        let mut parts = text.split('@');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (list, rest) = part.split_once('.').expect("a row has a list and a number");
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let number: usize = rest[..end].parse().unwrap();
            let id = self.lists.get(list).and_then(|ids| ids.get(number));
            out.push_str(id.map_or("0190a3f0-0000-7000-8000-00000000dead", |id| id));
            out.push_str(&rest[end..]);
        }
        out
    }
}
