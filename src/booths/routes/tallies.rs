//! What the people of a booth counted on a day.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    accounts::{Allowed, may},
    booths::{
        model::{Booth, Counted, Tally},
        pitch::found,
        refusal::Refusal,
        rules, store,
    },
    platform::{
        db::{Audit, Change},
        fault::{Fault, Refuse},
        http::{answer::Found, body::Valid, codes, path::Paths, request::Context},
        ids::{BoothId, UserId},
        time::{Day, Instant},
    },
};

/// What one person counted at a booth on a day.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "visitors": 240,
    "installs": 85,
    "purchases": 12,
    "cards": 60,
    "note": "下午有雨，提前一小时收摊",
}))]
pub struct TallyIn {
    #[validate(range(min = 0, max = 1_000_000))]
    pub visitors: i64,
    /// Clients installed.
    #[validate(range(min = 0, max = 1_000_000))]
    pub installs: i64,
    /// Purchases made in the client.
    #[validate(range(min = 0, max = 1_000_000))]
    pub purchases: i64,
    /// SIM cards handed out.
    #[validate(range(min = 0, max = 1_000_000))]
    pub cards: i64,
    /// What explains the figures.
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// One person's tally.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct TallyOut {
    pub visitors: i64,
    pub installs: i64,
    pub purchases: i64,
    pub cards: i64,
    pub note: Option<String>,
    pub written_at: Instant,
    /// How often it was written.
    pub version: i64,
}

/// The sum over all people.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct TallyTotal {
    /// How many people wrote a tally.
    pub people: i64,
    pub visitors: i64,
    pub installs: i64,
    pub purchases: i64,
    pub cards: i64,
}

/// What was counted at a booth on a day.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct TallyDayOut {
    pub booth_id: BoothId,
    pub date: Day,
    /// The caller's own; null when they wrote none.
    pub mine: Option<TallyOut>,
    pub total: TallyTotal,
}

impl From<&Tally> for TallyOut {
    fn from(tally: &Tally) -> Self {
        let Counted { visitors, installs, purchases, cards, note } = tally.counted.clone();
        let (written_at, version) = (tally.written_at, tally.version);
        Self { visitors, installs, purchases, cards, note, written_at, version }
    }
}

impl TallyDayOut {
    fn of(booth: &Booth, date: Day, tallies: &[Tally], user: UserId) -> Self {
        let sum = rules::total(tallies);
        let total = TallyTotal {
            people: i64::try_from(tallies.len()).unwrap_or(i64::MAX),
            visitors: sum.visitors,
            installs: sum.installs,
            purchases: sum.purchases,
            cards: sum.cards,
        };
        let mine = tallies.iter().find(|tally| tally.user_id == user).map(TallyOut::from);
        Self { booth_id: booth.id, date, mine, total }
    }
}

pub async fn show_tally(
    who: Allowed<may::ReadBooths>,
    cx: Context,
    path: Paths<BoothId, Day>,
) -> Result<Found<TallyDayOut>, Fault> {
    let (scope, user, Paths(id, day)) = (who.scope.clone(), who.user, path);
    let answer = cx.snapshot(move |conn| {
        let booth = found(conn, &scope, id)?;
        let tallies = store::tallies_of_day(conn, id, day)?;
        Ok(TallyDayOut::of(&booth, day, &tallies, user))
    });
    Ok(Found(answer.await?))
}

pub async fn put_tally(
    who: Allowed<may::EditBooths>,
    cx: Context,
    path: Paths<BoothId, Day>,
    body: Valid<TallyIn>,
) -> Result<Found<TallyDayOut>, Fault> {
    let TallyIn { visitors, installs, purchases, cards, note } = body.0;
    let counted = Counted { visitors, installs, purchases, cards, note };
    let (scope, user, Paths(id, day)) = (who.scope.clone(), who.user, path);
    let answer = cx.write(cx.meta(user), move |tx| {
        if !store::anchor_records(tx, id)? {
            return Err(codes::Refusal::NotFound.into());
        }
        let booth = found(tx, &scope, id)?;
        if !rules::open_on(&booth.plan, day) {
            return Err(not_open(&booth));
        }
        let now = tx.meta.now;
        store::put_tally(tx, &booth, (day, user, now), &counted)?;
        let (campus, city) = (Some(booth.campus_id), Some(booth.city));
        let detail = serde_json::json!({ "day": day, "visitors": counted.visitors });
        let (action, kind) = ("booth.tally", "booth");
        tx.audit(Audit { action, kind, id: id.to_string(), city, campus, detail })?;
        tx.changed(Change { kind, id: id.into(), campus, city, deleted: false });
        let tallies = store::tallies_of_day(tx, id, day)?;
        Ok(TallyDayOut::of(&booth, day, &tallies, user))
    });
    Ok(Found(answer.await?))
}

fn not_open(booth: &Booth) -> Fault {
    let (first, last) = (booth.plan.opens_on, booth.plan.closes_on);
    Refusal::NotOpen
        .problem()
        .detail(
            format!("摊位从 {first} 到 {last} 营业"),
            format!("The booth is open from {first} to {last}"),
        )
        .into()
}
