//! Who and what is there when the demonstration begins: one account per role, halls, and
//! participants that are nobody.

use crate::{
    accounts::{
        Role, Scope,
        passwords::{Cost, Passwords},
    },
    app::seed::machine_meta,
    campuses::{self, Venue},
    catalogue::attendance::ParticipantRole,
    flows::users::{self, NewUser},
    participants::{
        model::{Consent, Person},
        registering::{Wish, register},
    },
    platform::{
        crypto::random,
        db::{self, Db, Meta, Tx},
        fault::Fault,
        ids::{CampusId, ParticipantId, UserId, VenueId},
        names::CityCode,
        time::Instant,
    },
};

/// Sun Yat-sen University, Guangzhou.
const CAMPUS: &str = "4144010558";
const HALLS: [(&str, i64); 2] = [("梁銶琚堂", 1200), ("英东体育馆", 3500)];
const PARTICIPANTS: usize = 36;
const NAMES: [&str; 5] = ["林小雨", "何老师", "陈建国", "周敏", "黄审计"];
const SKILLS: [&[&str]; 3] = [&["Java", "Android"], &["写作", "摄影"], &[]];

/// An account of the demonstration with its password, printed once.
pub struct Account {
    pub id: UserId,
    pub role: Role,
    pub phone: String,
    pub name: &'static str,
    pub password: String,
}

/// All who take part, and where.
pub struct Cast {
    pub campus: CampusId,
    pub hall: VenueId,
    /// In the order of [`Role::ALL`].
    pub accounts: Vec<Account>,
    pub participants: Vec<ParticipantId>,
}

/// Makes them all in an empty, seeded store.
pub async fn gather(db: &Db, now: Instant) -> Result<Cast, Fault> {
    let found =
        db.read(|conn| Ok(campuses::store::campuses::by_codes(conn, &[CAMPUS.to_owned()])?.pop()));
    let campus = found.await?.ok_or_else(|| Fault::bug("the demonstration has no campus"))?;
    let (campus, city) = (campus.id, campus.city);
    let accounts = accounts();
    let staff = staff(&accounts, campus, city)?;
    let halls = HALLS.map(|(name, capacity)| Venue {
        id: VenueId::new(),
        campus_id: campus,
        city,
        name: name.to_owned(),
        capacity,
        active: true,
        version: 1,
    });
    let people = (1..=PARTICIPANTS).map(|n| student(n, campus, now));
    let people: Vec<Wish> = people.collect::<Result<_, _>>()?;
    let hall = halls[0].id;
    // The ambassador has written everybody down.
    let author = accounts.first().map(|account| account.id);
    let meta = Meta { now, ..machine_meta() };
    db.write_alone(meta, move |tx| {
        db::facts::set(tx, db::facts::TRAINING, "true")?;
        staff.iter().try_for_each(|new| users::create(tx, new, None).map(drop))?;
        halls.iter().try_for_each(|hall| campuses::routes::add_venue(tx, hall))
    })
    .await?;
    let meta = Meta { user: author, ..meta };
    let participants = db.write_alone(meta, move |tx| enrol(tx, &people, campus)).await?;
    Ok(Cast { campus, hall, accounts, participants })
}

fn accounts() -> Vec<Account> {
    let account = |(number, (role, name)): (usize, (&Role, &'static str))| Account {
        id: UserId::new(),
        role: *role,
        phone: format!("1380013800{number}"),
        name,
        password: random::readable(12),
    };
    Role::ALL.iter().zip(NAMES).enumerate().map(account).collect()
}

fn staff(accounts: &[Account], campus: CampusId, city: CityCode) -> Result<Vec<NewUser>, Fault> {
    let passwords = Passwords::new(Cost::STANDARD)?;
    let new = |account: &Account| {
        let placed = matches!(account.role, Role::Ambassador | Role::Liaison);
        Ok(NewUser {
            id: account.id,
            phone: account.phone.parse().map_err(Fault::bug)?,
            name: account.name.to_owned(),
            role: account.role,
            city: (account.role == Role::Coordinator).then_some(city),
            campuses: if placed { vec![campus] } else { Vec::new() },
            password_hash: passwords.hash_blocking(&account.password)?,
            must_change_password: false,
        })
    };
    accounts.iter().map(new).collect()
}

/// A student who does not exist, with a phone number that no network gives out.
fn student(number: usize, campus: CampusId, now: Instant) -> Result<Wish, Fault> {
    let roles = [
        ParticipantRole::StudentDeveloper,
        ParticipantRole::PromotionExpert,
        ParticipantRole::Attendee,
    ];
    let role = roles[number % roles.len()];
    let builds = role == ParticipantRole::StudentDeveloper;
    Ok(Wish {
        fresh: ParticipantId::new(),
        named: None,
        request_sha256: None,
        role,
        campus,
        person: Person {
            name: format!("演示同学{number:02}"),
            phone: format!("100000000{number:02}").parse().map_err(Fault::bug)?,
            student_no: Some(format!("DEMO{number:04}")),
            skills: SKILLS[number % SKILLS.len()].iter().map(|s| (*s).to_owned()).collect(),
            app_idea: builds.then(|| format!("演示应用{number:02}：校园里的二手书")),
            consent: Consent { version: "2011-08".to_owned(), at: now },
        },
    })
}

fn enrol(tx: &mut Tx<'_>, people: &[Wish], campus: CampusId) -> Result<Vec<ParticipantId>, Fault> {
    let scope = Scope::Campuses([campus].into());
    people.iter().map(|wish| Ok(register(tx, &scope, wish)?.id)).collect()
}
