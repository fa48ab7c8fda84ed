//! What comes in and goes out about booths.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{
    booths::{
        model::{Booth, BoothKind, Minute, Plan},
        refusal::Refusal,
        rules,
    },
    platform::{
        fault::{Fault, Words},
        http::{
            answer::Versioned,
            body::{check, not_blank},
            codes::invalid,
            patch::Field,
        },
        ids::{BoothId, CampusId, EventId, UserId},
        names::CityCode,
        time::{Day, Instant},
    },
};

/// A booth to register.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "season": "2011-autumn",
    "campus_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01",
    "kind": "tent",
    "spot": "A3",
    "opens_on": "2011-09-01",
    "closes_on": "2011-09-04",
    "opens_at": "09:00",
    "closes_at": "18:00",
    "permit_no": "校保2011-087",
}))]
pub struct BoothIn {
    /// Code of the season the booth's days lie in.
    pub season: String,
    pub campus_id: CampusId,
    /// The event it belongs to.
    pub event_id: Option<EventId>,
    pub kind: BoothKind,
    /// Name of the spot on the campus; kept normalised (NFKC, no spaces, upper case).
    #[validate(length(min = 1, max = 40), custom(function = "not_blank"))]
    pub spot: String,
    /// Given with `longitude` or not at all.
    #[validate(range(min = -90.0, max = 90.0))]
    pub latitude: Option<f64>,
    #[validate(range(min = -180.0, max = 180.0))]
    pub longitude: Option<f64>,
    pub opens_on: Day,
    /// Last day.
    pub closes_on: Day,
    /// Local time it opens on each day.
    pub opens_at: Minute,
    /// Local time it closes; `00:00` is the end of the day.
    pub closes_at: Minute,
    /// Number of the campus's permit.
    #[validate(length(min = 1, max = 64), custom(function = "not_blank"))]
    pub permit_no: Option<String>,
}

/// What to change of a booth.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "closes_on": "2011-09-05", "permit_no": null }))]
pub struct BoothPatch {
    #[serde(default)]
    pub event_id: Field<EventId>,
    #[serde(default)]
    pub kind: Field<BoothKind>,
    #[serde(default)]
    pub spot: Field<String>,
    #[serde(default)]
    pub latitude: Field<f64>,
    #[serde(default)]
    pub longitude: Field<f64>,
    #[serde(default)]
    pub opens_on: Field<Day>,
    #[serde(default)]
    pub closes_on: Field<Day>,
    #[serde(default)]
    pub opens_at: Field<Minute>,
    #[serde(default)]
    pub closes_at: Field<Minute>,
    #[serde(default)]
    pub permit_no: Field<String>,
}

/// A staffed spot on a campus.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct BoothOut {
    pub id: BoothId,
    pub season: String,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub event_id: Option<EventId>,
    pub kind: BoothKind,
    /// Normalised.
    pub spot: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub opens_on: Day,
    pub closes_on: Day,
    pub opens_at: Minute,
    /// `00:00` is the end of the day.
    pub closes_at: Minute,
    pub permit_no: Option<String>,
    /// Who registered it.
    pub created_by: UserId,
    pub created_at: Instant,
    pub version: i64,
}

/// What a list of booths is narrowed by.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct BoothFilters {
    pub season: Option<String>,
    pub city: Option<CityCode>,
    pub campus: Option<CampusId>,
    pub event: Option<EventId>,
    /// Open on this local day or later.
    pub from: Option<Day>,
    /// Open on this local day or earlier.
    pub to: Option<Day>,
}

/// Place of a booth in the list.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct BoothKey(pub Day, pub BoothId);

impl Versioned for BoothOut {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Booth> for BoothOut {
    fn from(booth: Booth) -> Self {
        let plan = booth.plan;
        Self {
            id: booth.id,
            season: booth.season,
            campus_id: booth.campus_id,
            city: booth.city,
            event_id: plan.event_id,
            kind: plan.kind,
            spot: plan.spot,
            latitude: plan.latitude,
            longitude: plan.longitude,
            opens_on: plan.opens_on,
            closes_on: plan.closes_on,
            opens_at: plan.opens_at,
            closes_at: plan.closes_at,
            permit_no: plan.permit_no,
            created_by: booth.created_by,
            created_at: booth.created_at,
            version: booth.version,
        }
    }
}

impl BoothIn {
    /// The content in its normal form, or which rule it breaks.
    pub fn plan(&self) -> Result<Plan, Fault> {
        let length = || Words::new("须为 1 到 40 个字符", "It must have 1 to 40 characters");
        let spot = rules::spot(&self.spot).ok_or_else(|| invalid("/spot", length()))?;
        if self.latitude.is_some() != self.longitude.is_some() {
            let both = Words::new("经纬度须同时给出", "Give latitude and longitude together");
            return Err(invalid("/longitude", both));
        }
        if self.closes_on < self.opens_on {
            let order = Words::new("不得早于 opens_on", "It must not be before opens_on");
            return Err(invalid("/closes_on", order));
        }
        let (opens_at, closes_at) =
            rules::hours(self.opens_at, self.closes_at).ok_or(Refusal::Hours)?;
        Ok(Plan {
            event_id: self.event_id,
            kind: self.kind,
            spot,
            latitude: self.latitude,
            longitude: self.longitude,
            opens_on: self.opens_on,
            closes_on: self.closes_on,
            opens_at,
            closes_at,
            permit_no: self.permit_no.clone(),
        })
    }
}

impl BoothPatch {
    /// The whole booth as it would be; refuses null where a value is needed.
    pub fn onto(self, booth: Booth) -> Result<BoothIn, Fault> {
        let old = booth.plan;
        let whole = BoothIn {
            season: booth.season,
            campus_id: booth.campus_id,
            event_id: self.event_id.or(old.event_id),
            kind: self.kind.or_keep("kind", old.kind)?,
            spot: self.spot.or_keep("spot", old.spot)?,
            latitude: self.latitude.or(old.latitude),
            longitude: self.longitude.or(old.longitude),
            opens_on: self.opens_on.or_keep("opens_on", old.opens_on)?,
            closes_on: self.closes_on.or_keep("closes_on", old.closes_on)?,
            opens_at: self.opens_at.or_keep("opens_at", old.opens_at)?,
            closes_at: self.closes_at.or_keep("closes_at", old.closes_at)?,
            permit_no: self.permit_no.or(old.permit_no),
        };
        check(&whole)?;
        Ok(whole)
    }
}
