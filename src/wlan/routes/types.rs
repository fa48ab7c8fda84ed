//! What comes in and goes out about promotions.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{
    platform::{
        db::Json,
        fault::{Fault, Words},
        http::{
            answer::Versioned,
            body::{check, not_blank},
            codes::invalid,
            patch::Field,
        },
        ids::{CampusId, PromotionId, UserId},
        names::CityCode,
        time::{Day, Instant},
    },
    wlan::{
        model::{Content, Creative, Promotion, PromotionState, PromotionTask},
        rules,
    },
};

/// A promotion to draft.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "season": "2011-autumn",
    "campus_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01",
    "ssid": "CMCC-EDU",
    "starts_on": "2011-09-01",
    "ends_on": "2011-09-30",
    "minutes_per_day": 120,
    "bytes_per_day": 200000000,
    "creative": {
        "headline_zh": "校园WLAN免费体验",
        "headline_en": "Free campus WLAN",
        "body_zh": "登录即送MM应用",
        "body_en": "Sign in and try MM apps",
        "link": "https://mm.10086.cn/campus",
    },
}))]
pub struct PromotionIn {
    /// Code of the season in whose window of `free-wlan` the days lie.
    pub season: String,
    pub campus_id: CampusId,
    /// Name of the network, at most 32 bytes; told apart by case.
    #[validate(length(min = 1, max = 32), custom(function = "not_blank"))]
    #[schema(example = "CMCC-EDU")]
    pub ssid: String,
    pub starts_on: Day,
    /// Last day.
    pub ends_on: Day,
    /// How long a person may be on line a day.
    #[validate(range(min = 1, max = 1_440))]
    pub minutes_per_day: i64,
    /// How much a person may transfer a day.
    #[validate(range(min = 1, max = 1_000_000_000_000_i64))]
    pub bytes_per_day: i64,
    #[validate(nested)]
    pub creative: Creative,
}

/// What to change of a promotion. Members of `creative` that are absent stay.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "ends_on": "2011-10-15",
    "creative": { "headline_zh": "国庆照样免费" },
}))]
pub struct PromotionPatch {
    #[serde(default)]
    pub ssid: Field<String>,
    #[serde(default)]
    pub starts_on: Field<Day>,
    #[serde(default)]
    pub ends_on: Field<Day>,
    #[serde(default)]
    pub minutes_per_day: Field<i64>,
    #[serde(default)]
    pub bytes_per_day: Field<i64>,
    #[serde(default)]
    pub creative: Field<CreativePatch>,
}

/// What to change of a creative.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreativePatch {
    #[serde(default)]
    pub headline_zh: Field<String>,
    #[serde(default)]
    pub headline_en: Field<String>,
    #[serde(default)]
    pub body_zh: Field<String>,
    #[serde(default)]
    pub body_en: Field<String>,
    #[serde(default)]
    pub link: Field<String>,
}

/// A period of free campus WLAN.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct PromotionOut {
    pub id: PromotionId,
    pub season: String,
    pub campus_id: CampusId,
    pub city: CityCode,
    pub ssid: String,
    pub starts_on: Day,
    /// Last day.
    pub ends_on: Day,
    pub minutes_per_day: i64,
    pub bytes_per_day: i64,
    pub creative: Creative,
    /// `ended` is an approved promotion whose last day has passed.
    pub state: PromotionState,
    /// Whoever created, edited or submitted it so far; none of them approves it.
    pub authors: BTreeSet<UserId>,
    /// SHA-256 of the content that was approved, in hexadecimal.
    pub content_hash: Option<String>,
    pub created_by: UserId,
    pub created_at: Instant,
    pub version: i64,
}

/// What a list of promotions is narrowed by.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PromotionFilters {
    pub season: Option<String>,
    pub city: Option<CityCode>,
    pub campus: Option<CampusId>,
    pub state: Option<PromotionState>,
    /// Only what waits for me to do this; nothing when my role never does it
    #[param(inline)]
    pub task: Option<PromotionTask>,
}

impl Versioned for PromotionOut {
    fn version(&self) -> i64 {
        self.version
    }
}

impl PromotionOut {
    pub fn of(promotion: Promotion, authors: BTreeSet<UserId>, today: Day) -> Self {
        let state = promotion.state_on(today);
        let content = promotion.content;
        Self {
            id: promotion.id,
            season: promotion.season,
            campus_id: promotion.campus_id,
            city: promotion.city,
            ssid: content.ssid,
            starts_on: content.starts_on,
            ends_on: content.ends_on,
            minutes_per_day: content.minutes_per_day,
            bytes_per_day: content.bytes_per_day,
            creative: content.creative.0,
            state,
            authors,
            content_hash: promotion.content_hash,
            created_by: promotion.created_by,
            created_at: promotion.created_at,
            version: promotion.version,
        }
    }
}

impl PromotionIn {
    /// The guarded content, or which rule it breaks.
    pub fn content(&self) -> Result<Content, Fault> {
        if !rules::content::is_ssid(&self.ssid) {
            let words = Words::new(
                "SSID 为 1 到 32 字节，首尾不能有空格，不得含不可见字符，须为 NFC 形式",
                "An SSID has 1 to 32 bytes in NFC, nothing invisible, no spaces at its ends",
            );
            return Err(invalid("/ssid", words));
        }
        if self.ends_on < self.starts_on {
            let words = Words::new("不得早于 starts_on", "It must not be before starts_on");
            return Err(invalid("/ends_on", words));
        }
        Ok(Content {
            ssid: self.ssid.clone(),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            minutes_per_day: self.minutes_per_day,
            bytes_per_day: self.bytes_per_day,
            creative: Json(self.creative.clone()),
        })
    }
}

impl PromotionPatch {
    /// The whole promotion as it would be; refuses null where a value is needed.
    pub fn onto(self, promotion: &Promotion) -> Result<PromotionIn, Fault> {
        let old = promotion.content.clone();
        let creative = match self.creative {
            Field::Set(patch) => patch.onto(old.creative.0)?,
            Field::Absent => old.creative.0,
            Field::Null => Field::Null.or_keep("creative", old.creative.0)?,
        };
        let whole = PromotionIn {
            season: promotion.season.clone(),
            campus_id: promotion.campus_id,
            ssid: self.ssid.or_keep("ssid", old.ssid)?,
            starts_on: self.starts_on.or_keep("starts_on", old.starts_on)?,
            ends_on: self.ends_on.or_keep("ends_on", old.ends_on)?,
            minutes_per_day: self
                .minutes_per_day
                .or_keep("minutes_per_day", old.minutes_per_day)?,
            bytes_per_day: self.bytes_per_day.or_keep("bytes_per_day", old.bytes_per_day)?,
            creative,
        };
        check(&whole)?;
        Ok(whole)
    }
}

impl CreativePatch {
    fn onto(self, old: Creative) -> Result<Creative, Fault> {
        Ok(Creative {
            headline_zh: self.headline_zh.or_keep("creative/headline_zh", old.headline_zh)?,
            headline_en: self.headline_en.or_keep("creative/headline_en", old.headline_en)?,
            body_zh: self.body_zh.or_keep("creative/body_zh", old.body_zh)?,
            body_en: self.body_en.or_keep("creative/body_en", old.body_en)?,
            link: self.link.or_keep("creative/link", old.link)?,
        })
    }
}
