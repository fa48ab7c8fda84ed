//! Who acts, where and when; and what every chapter does: move the clock, tell, compare.

use std::{
    cell::{Cell, RefCell},
    fmt::Debug,
    net::SocketAddr,
};

use campus_ops::platform::time::Instant;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{actor::Actor, answer::Answer};

/// Sun Yat-sen University in Guangzhou, where it all happens.
const SYSU: &str = "4144010558";
/// Jinan University, from where two guests come by mistake.
const JINAN: &str = "4144010559";
pub const GUANGZHOU: &str = "440100";
pub const SEASON: &str = "2011-autumn";

/// An account as the operator makes it.
pub struct Staff {
    pub name: &'static str,
    pub role: &'static str,
    pub phone: &'static str,
    pub place: &'static [&'static str],
}

const fn staff(
    name: &'static str,
    role: &'static str,
    phone: &'static str,
    place: &'static [&'static str],
) -> Staff {
    Staff { name, role, phone, place }
}

pub const STAFF: [Staff; 6] = [
    staff("周敏", "province", "13800138000", &[]),
    staff("陈建国", "coordinator", "13800138001", &["--city", GUANGZHOU]),
    staff("何老师", "liaison", "13800138002", &["--campus", SYSU]),
    staff("林小雨", "ambassador", "13800138003", &["--campus", SYSU]),
    staff("王磊", "ambassador", "13800138004", &["--campus", SYSU]),
    staff("梁静", "ambassador", "13800138005", &["--campus", SYSU]),
];

/// Someone of the staff, signed in.
#[derive(Clone)]
pub struct Person {
    pub name: &'static str,
    pub actor: Actor,
}

/// The staff at work, with the story's own time and chance.
pub struct Stage {
    address: SocketAddr,
    /// The province's season manager, who also moves the clock.
    pub zhou: Person,
    /// The city's coordinator.
    pub chen: Person,
    /// The campus's liaison.
    pub he: Person,
    /// Leads the gala.
    pub lin: Person,
    /// Is on her team.
    pub wang: Person,
    /// An ambassador with plans of her own.
    pub liang: Person,
    pub sysu: String,
    pub jinan: String,
    now: Cell<Instant>,
    chance: RefCell<StdRng>,
    compared: Cell<usize>,
}

/// Local date and time, as `2011-09-03 18:20:30` or without the seconds.
pub fn local(text: &str) -> Instant {
    let seconds = if text.len() == 16 { ":00" } else { "" };
    format!("{}{seconds}+08:00", text.replace(' ', "T")).parse().unwrap()
}

pub fn seconds(at: Instant, later: i64) -> Instant {
    Instant(at.0 + later * 1000)
}

impl Stage {
    pub fn open(address: SocketAddr) -> Self {
        let people = STAFF.map(|staff| Person {
            name: staff.name,
            actor: Actor::sign_in(address, staff.phone, Value::Null),
        });
        let [zhou, chen, he, lin, wang, liang] = people;
        let campus = |code: &str| {
            let list = zhou.actor.get(&format!("/campuses?q={code}")).ok();
            let items = list["items"].as_array().unwrap().iter();
            let own = items.filter(|campus| campus["code"] == code).collect::<Vec<_>>();
            own[0]["id"].as_str().unwrap().to_owned()
        };
        let (sysu, jinan) = (campus(SYSU), campus(JINAN));
        Self {
            address,
            zhou,
            chen,
            he,
            lin,
            wang,
            liang,
            sysu,
            jinan,
            now: Cell::new(Instant(0)),
            chance: RefCell::new(StdRng::seed_from_u64(2011)),
            compared: Cell::new(0),
        }
    }

    /// Another sign-in of somebody, on a phone of its own.
    pub fn phone(&self, of: &Person, device: Uuid, name: &str) -> Person {
        let device = json!({ "id": device, "name": name });
        let actor = Actor::sign_in(self.address, &of.actor.phone, device);
        Person { name: of.name, actor }
    }

    pub fn now(&self) -> Instant {
        self.now.get()
    }

    /// Lets the time come.
    pub fn at(&self, text: &str) {
        self.until(local(text));
    }

    pub fn until(&self, now: Instant) {
        self.zhou.actor.post("/clock", json!({ "now": now.to_string() })).ok();
        self.now.set(now);
    }

    /// Prints a step: when, who, what, and what came of it.
    pub fn tell(&self, who: &Person, what: &str, answer: &str) {
        let local = Instant(self.now.get().0 + 8 * 3_600_000).to_string();
        let (day, time) = (&local[..10], &local[11..16]);
        println!("{day} {time}  {:\u{3000}<3}  {what}  → {answer}", who.name);
    }

    /// The same about a refusal, which must be this one.
    #[track_caller]
    pub fn refused(
        &self,
        who: &Person,
        what: &str,
        answer: &Answer,
        status: u16,
        code: &str,
    ) -> Value {
        let problem = answer.refused(status, code);
        self.tell(who, what, &format!("{status} {code}"));
        problem
    }

    /// A figure of the server beside our own.
    #[track_caller]
    pub fn agree<T: PartialEq + Debug>(&self, what: &str, server: T, own: T) {
        assert!(server == own, "{what}: the server says {server:?}, our own count is {own:?}");
        self.compared.set(self.compared.get() + 1);
    }

    pub fn compared(&self) -> usize {
        self.compared.get()
    }

    /// An id as a client makes it: a UUIDv7, the same in every run.
    pub fn id(&self, at: Instant) -> Uuid {
        let random: [u8; 10] = self.chance.borrow_mut().random();
        let millis = u64::try_from(at.0).unwrap();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    pub fn shuffle<T>(&self, items: &mut [T]) {
        items.shuffle(&mut *self.chance.borrow_mut());
    }

    /// Every item of a list, page by page.
    pub fn all(&self, who: &Person, path: &str) -> Vec<Value> {
        let glue = if path.contains('?') { '&' } else { '?' };
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = who.actor.get(&format!("{path}{glue}limit=100{cursor}")).ok();
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { return items };
            cursor = format!("&cursor={next}");
        }
    }
}
