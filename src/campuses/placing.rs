//! Where a new row of another room stands.

use super::store::campuses;
use crate::{
    accounts::Scope,
    platform::{
        db::Conn,
        fault::{Fault, Words},
        http::codes,
        ids::CampusId,
        names::CityCode,
    },
};

/// The city of the campus that a request names as `campus_id`; 404 unless it is in scope.
pub fn city_in_scope(conn: &mut Conn, scope: &Scope, id: CampusId) -> Result<CityCode, Fault> {
    let city = campuses::city_of(conn, id)?.filter(|city| scope.covers(id, *city));
    city.ok_or_else(|| {
        let words = Words::new("没有这个校区，或不在您的范围内", "No such campus in your scope");
        codes::unknown("/campus_id", words)
    })
}
