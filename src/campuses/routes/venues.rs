//! Venues of a campus.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    accounts::{Allowed, may},
    campuses::{model::Venue, store},
    platform::{
        db::{Audit, Conn, Tx},
        fault::Fault,
        http::{
            answer::{Created, Current, Reference, Versioned},
            body::{Once, Valid, check},
            codes::Refusal,
            page::{NoFilters, Page, PageQuery},
            patch::Field,
            path::Path,
            request::Context,
            version::{IfMatch, stale},
        },
        ids::{CampusId, VenueId},
    },
};

/// A venue to add.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "梁銶琚堂", "capacity": 1200 }))]
pub struct VenueIn {
    /// At most 60 characters, unique within the campus.
    name: String,
    /// How many people it holds.
    capacity: i64,
}

/// Changes to a venue.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "capacity": 900, "active": true }))]
pub struct VenuePatch {
    #[serde(default)]
    name: Field<String>,
    #[serde(default)]
    capacity: Field<i64>,
    #[serde(default)]
    active: Field<bool>,
}

/// A hall or ground of a campus.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct VenueOut {
    pub id: VenueId,
    pub campus_id: CampusId,
    pub name: String,
    /// How many people it holds.
    pub capacity: i64,
    /// Whether new events may take it.
    pub active: bool,
    pub version: i64,
}

impl From<Venue> for VenueOut {
    fn from(venue: Venue) -> Self {
        Self {
            id: venue.id,
            campus_id: venue.campus_id,
            name: venue.name,
            capacity: venue.capacity,
            active: venue.active,
            version: venue.version,
        }
    }
}

impl Versioned for VenueOut {
    fn version(&self) -> i64 {
        self.version
    }
}

pub async fn list_venues(
    who: Allowed<may::ReadReference>,
    cx: Context,
    path: Path<CampusId>,
    query: PageQuery<NoFilters, VenueId>,
) -> Result<Reference<Page<VenueOut>>, Fault> {
    let (scope, campus) = (who.scope.clone(), path.0);
    let (after, limit) = (query.after, query.fetch());
    let work = move |conn: &mut Conn| {
        let city = store::campuses::city_of(conn, campus)?.ok_or(Refusal::NotFound)?;
        if !scope.covers(campus, city) {
            return Err(Refusal::NotFound.into());
        }
        Ok(store::venues::list(conn, &scope, campus, after, limit)?)
    };
    let rows = cx.read(work).await?;
    Ok(Reference(query.page(rows, |venue| venue.id).map(VenueOut::from)))
}

pub async fn create_venue(
    who: Allowed<may::EditVenues>,
    cx: Context,
    path: Path<CampusId>,
    body: Once<VenueIn>,
) -> Result<Created<VenueOut>, Fault> {
    let (scope, campus_id, id) = (who.scope.clone(), path.0, VenueId::new());
    let VenueIn { name, capacity } = body.value;
    let work = move |tx: &mut Tx<'_>| {
        let city = store::campuses::city_of(tx, campus_id)?.ok_or(Refusal::NotFound)?;
        if !scope.covers(campus_id, city) {
            return Err(Refusal::NotFound.into());
        }
        let name = name.trim().to_owned();
        let venue = Venue { id, campus_id, city, name, capacity, active: true, version: 1 };
        add(tx, &venue)?;
        Ok(VenueOut::from(venue))
    };
    Ok(Created(cx.write_once(cx.meta(who.user), body.retry, work).await?))
}

/// Adds a venue that keeps the rules and whose name the campus does not have yet.
pub fn add(tx: &mut Tx<'_>, venue: &Venue) -> Result<(), Fault> {
    check(venue)?;
    store::venues::insert(tx, venue)?;
    Ok(tx.audit(told("venue.create", venue))?)
}

pub async fn update_venue(
    who: Allowed<may::EditVenues>,
    cx: Context,
    path: Path<VenueId>,
    seen: IfMatch,
    body: Valid<VenuePatch>,
) -> Result<Current<VenueOut>, Fault> {
    let (scope, id, patch) = (who.scope.clone(), path.0, body.0);
    let work = move |tx: &mut Tx<'_>| {
        let old = store::venues::find(tx, &scope, id)?.ok_or(Refusal::NotFound)?;
        seen.expect(old.version)?;
        let new = patch.over(old)?;
        if !store::venues::update_if(tx, seen.0, &new)? {
            return Err(stale(new.version));
        }
        tx.audit(told("venue.update", &new))?;
        Ok(VenueOut::from(new))
    };
    Ok(Current(cx.write(cx.meta(who.user), work).await?))
}

impl VenuePatch {
    /// The venue as it shall be, with its next version.
    fn over(&self, old: Venue) -> Result<Venue, Fault> {
        let name = self.name.clone().or_keep("name", old.name)?;
        let venue = Venue {
            name: name.trim().to_owned(),
            capacity: self.capacity.or_keep("capacity", old.capacity)?,
            active: self.active.or_keep("active", old.active)?,
            version: old.version + 1,
            ..old
        };
        check(&venue)?;
        Ok(venue)
    }
}

fn told(action: &'static str, venue: &Venue) -> Audit {
    Audit {
        action,
        kind: "venue",
        id: venue.id.to_string(),
        city: Some(venue.city),
        campus: Some(venue.campus_id),
        detail: json!({ "capacity": venue.capacity, "active": venue.active }),
    }
}
