//! What somebody asks to be moved, read into a shape that holds together.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use validator::Validate;

use super::{model::MovementKind, place::Place, rules};
use crate::platform::{
    fault::{Fault, FieldError, Refuse, Words},
    http::{body::not_blank, codes::Refusal},
    ids::{MovementId, UserId},
    time::Instant,
};

/// Pieces that one movement may name.
pub const MAX_SERIALS: usize = 500;

/// A movement as the client sends it. `sku`, `quantity` or `serials`, `from` and `to` are
/// needed, except with `kind` `reverse`: there they follow from `reverses`.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "movement_id": "01323f5a-1c00-7a10-8a3e-5b1f0c2d4e08",
    "kind": "issue",
    "sku": "banner",
    "quantity": 4,
    "from": "campus:01323f5a-1c00-7a10-8a3e-5b1f0c2d4e01",
    "to": "event:01323f5a-1c00-7a10-8a3e-5b1f0c2d4e04",
    "occurred_at": "2011-09-02T08:00:00.000Z",
    "reason": "讲座布置",
}))]
pub struct MovementIn {
    /// Made by the client, unique for ever. Sent again with the same content, it gives the
    /// first answer.
    pub movement_id: MovementId,
    pub sku: Option<String>,
    /// For materials without serials.
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: Option<i64>,
    /// For serialised materials: the pieces, at most 500.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    pub serials: Option<Vec<String>>,
    pub from: Option<Place>,
    pub to: Option<Place>,
    pub kind: MovementKind,
    /// When it happened; may be long ago, but at most 10 minutes ahead.
    pub occurred_at: Instant,
    #[validate(length(max = 500), custom(function = "not_blank"))]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
    /// The movement that a `reverse` takes back.
    pub reverses: Option<MovementId>,
}

/// A movement that can be tried.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: MovementId,
    pub occurred_at: Instant,
    pub reason: Option<String>,
    /// Stands for all of it and for who sent it.
    pub content_sha256: [u8; 32],
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    Goods(Goods),
    Reverse(Reverse),
}

#[derive(Clone, Debug)]
pub struct Goods {
    pub kind: MovementKind,
    pub sku: String,
    pub amount: Amount,
    pub from: Place,
    pub to: Place,
}

/// How much: a number, or which pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    Quantity(i64),
    /// Sorted, each once.
    Serials(Vec<String>),
}

/// What is to be reversed; what else was said must agree with it.
#[derive(Clone, Debug)]
pub struct Reverse {
    pub of: MovementId,
    pub sku: Option<String>,
    pub amount: Option<Amount>,
    pub from: Option<Place>,
    pub to: Option<Place>,
}

impl Amount {
    pub fn quantity(&self) -> i64 {
        match self {
            Self::Quantity(quantity) => *quantity,
            Self::Serials(serials) => i64::try_from(serials.len()).unwrap_or(i64::MAX),
        }
    }

    pub fn serials(&self) -> &[String] {
        match self {
            Self::Quantity(_) => &[],
            Self::Serials(serials) => serials,
        }
    }
}

impl Order {
    /// Refuses what does not hold together (422); asks nothing of the store.
    pub fn read(mut input: MovementIn, user: UserId, now: Instant) -> Result<Self, Fault> {
        if let Some(serials) = &mut input.serials {
            serials.sort_unstable();
        }
        let content = serde_json::to_vec(&(user, &input)).map_err(Fault::bug)?;
        if input.occurred_at > now + rules::AHEAD {
            return Err(wrong(
                "/occurred_at",
                "movement.future",
                "时间晚于现在",
                "It lies in the future",
            ));
        }
        Ok(Self {
            id: input.movement_id,
            occurred_at: input.occurred_at,
            reason: input.reason.clone(),
            content_sha256: Sha256::digest(&content).into(),
            what: what(input)?,
        })
    }
}

fn what(input: MovementIn) -> Result<What, Fault> {
    let MovementIn { sku, from, to, kind, .. } = input;
    let amount = amount(input.quantity, input.serials)?;
    match (kind, input.reverses) {
        (MovementKind::Reverse, None) => Err(missing("/reverses")),
        (MovementKind::Reverse, Some(of)) => {
            Ok(What::Reverse(Reverse { of, sku, amount, from, to }))
        }
        (_, Some(_)) => Err(wrong(
            "/reverses",
            "movement.kind",
            "仅用于冲销",
            "Only a reverse names another movement",
        )),
        (kind, None) => Ok(What::Goods(Goods {
            kind,
            sku: sku.ok_or_else(|| missing("/sku"))?,
            amount: amount.ok_or_else(|| missing("/quantity"))?,
            from: from.ok_or_else(|| missing("/from"))?,
            to: to.ok_or_else(|| missing("/to"))?,
        })),
    }
}

fn amount(quantity: Option<i64>, serials: Option<Vec<String>>) -> Result<Option<Amount>, Fault> {
    match (quantity, serials) {
        (None, None) => Ok(None),
        (Some(quantity), None) => Ok(Some(Amount::Quantity(quantity))),
        (None, Some(serials)) => {
            if let Some(serial) = serials.iter().find(|serial| !is_serial(serial)) {
                let said = format!("Not a serial of 1 to 64 visible characters: {serial:?}");
                return Err(wrong("/serials", "movement.serial", "序列号格式不正确", &said));
            }
            if serials.windows(2).any(|pair| pair[0] == pair[1]) {
                return Err(wrong(
                    "/serials",
                    "movement.serial",
                    "序列号重复",
                    "A serial stands twice",
                ));
            }
            Ok(Some(Amount::Serials(serials)))
        }
        (Some(_), Some(_)) => Err(wrong(
            "/quantity",
            "movement.amount",
            "数量与序列号只能选一",
            "Either quantity or serials",
        )),
    }
}

fn is_serial(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// 422: the member is needed.
pub fn missing(pointer: &str) -> Fault {
    wrong(pointer, "field.required", "必须填写", "It is needed")
}

/// 422 about one member of the movement.
pub fn wrong(pointer: &str, code: &'static str, zh: &str, en: &str) -> Fault {
    Refusal::Invalid.problem().error(FieldError::new(pointer, code, Words::new(zh, en))).into()
}
