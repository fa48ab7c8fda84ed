//! Places of the seeded season that tests speak of.

use campus_ops::{
    campuses::store::campuses,
    platform::{db::Db, ids::CampusId, names::CityCode},
};

/// Two campuses in Guangzhou and one in Shantou.
#[derive(Clone)]
pub struct World {
    /// Sun Yat-sen University.
    pub sysu: CampusId,
    /// Jinan University.
    pub jinan: CampusId,
    /// Shantou University.
    pub shantou: CampusId,
}

pub const GUANGZHOU: &str = "440100";
pub const SHANTOU: &str = "440500";

impl World {
    pub fn read(db: &Db) -> Self {
        let codes = ["4144010558", "4144010559", "4144010560"].map(str::to_owned);
        let find = db.read(move |conn| Ok(campuses::by_codes(conn, &codes)?));
        let mut found = actix_web::rt::System::new().block_on(find).unwrap();
        found.sort_by(|a, b| a.code.cmp(&b.code));
        let ids: Vec<CampusId> = found.iter().map(|campus| campus.id).collect();
        let [sysu, jinan, shantou] = ids[..] else { panic!("not seeded") };
        Self { sysu, jinan, shantou }
    }

    pub fn city_of(&self, campus: CampusId) -> CityCode {
        let code = if campus == self.shantou { SHANTOU } else { GUANGZHOU };
        code.parse().unwrap()
    }
}
