//! Taking a promotion through its states.

use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    promotions::{Step, advance, found, in_window, leads_nowhere, leads_to, record, tell},
    types::PromotionOut,
};
use crate::{
    accounts::{
        Allowed,
        allowed::Caller,
        may,
        policy::{Action, Relation},
    },
    platform::{
        db::Tx,
        fault::{Fault, FieldError, Refuse, Words},
        http::{
            answer::Done, body::Once, codes::invalid, path::Path, request::Context,
            version::IfMatch,
        },
        ids::PromotionId,
    },
    wlan::{
        model::{Promotion, PromotionAction, PromotionState},
        refusal::Refusal,
        rules::{self, link::PortalHosts, states::permit},
        store,
    },
};

/// A step to take.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "action": "request_changes", "comment": "登录页缺少英文说明" }))]
pub struct PromotionStep {
    pub action: PromotionAction,
    /// Needed to request changes, reject and cancel.
    #[validate(length(max = 1000))]
    pub comment: Option<String>,
}

pub async fn move_promotion(
    who: Allowed<may::EditPromotions>,
    cx: Context,
    hosts: Data<PortalHosts>,
    path: Path<PromotionId>,
    version: IfMatch,
    body: Once<PromotionStep>,
) -> Result<Done<PromotionOut>, Fault> {
    let (caller, id, step) = (who.caller(), path.0, body.value);
    let scope = who.scope.clone();
    let seen = cx.read(move |conn| found(conn, &scope, id)).await?;
    let hash = rules::content::hash(&seen.content).map_err(Fault::bug)?;
    let leads = leads_to(&hosts, &seen.content).is_ok();
    let done = cx
        .write_once(cx.meta(who.user), body.retry, move |tx| {
            let mut promotion = found(tx, &caller.scope, id)?;
            version.expect(promotion.version)?;
            if promotion.version != seen.version {
                return Err(Fault::Collision("the promotion changed meanwhile".to_owned()));
            }
            let from = promotion.state;
            promotion.state = decide(tx, &caller, &promotion, &step)?;
            if promotion.state == PromotionState::Approved {
                if !leads {
                    return Err(leads_nowhere());
                }
                take_network(tx, &promotion)?;
                promotion.content_hash = Some(hash.clone());
            }
            advance(tx, &mut promotion, version)?;
            if step.action == PromotionAction::Submit {
                store::add_author(tx, id, caller.user)?;
            }
            let (action, comment) = (step.action.into(), step.comment.clone());
            let line = Step { action, from: Some(from), comment };
            record(tx, &promotion, caller.user, line, &hash)?;
            tell(tx, audited(step.action), &promotion, false)?;
            let today = tx.meta.now.day();
            Ok(PromotionOut::of(promotion, store::authors(tx, id)?, today))
        })
        .await?;
    Ok(Done(done))
}

/// The state the step leads to, or why it may not be taken.
fn decide(
    tx: &mut Tx<'_>,
    caller: &Caller,
    promotion: &Promotion,
    step: &PromotionStep,
) -> Result<PromotionState, Fault> {
    let state = promotion.state_on(tx.meta.now.day());
    let authors = store::authors(tx, promotion.id)?;
    let decides = caller.must(Action::DecidePromotions, Relation::Scoped).is_ok();
    let to = permit(step.action, state, caller.user, decides, &authors)?;
    let said = step.comment.as_deref().is_some_and(|text| !text.trim().is_empty());
    if step.action.needs_comment() && !said {
        let words = Words::new("请说明理由", "Say why");
        return Err(invalid("/comment", words));
    }
    if matches!(step.action, PromotionAction::Submit | PromotionAction::Approve) {
        in_window(tx, &promotion.season, &promotion.content)?;
    }
    Ok(to)
}

/// Takes the SSID of the campus for the promotion's days, or names who has it.
fn take_network(tx: &mut Tx<'_>, promotion: &Promotion) -> Result<(), Fault> {
    let (campus, content) = (promotion.campus_id, &promotion.content);
    store::anchor_network(tx, campus, &content.ssid)?;
    let days = (content.starts_on, content.ends_on);
    let rivals = store::approved_on(tx, campus, &content.ssid)?;
    let rival = rivals.iter().find(|other| {
        rules::content::share_a_day(days, (other.content.starts_on, other.content.ends_on))
    });
    let Some(rival) = rival else { return Ok(()) };
    let (first, last) = (rival.content.starts_on, rival.content.ends_on);
    let words = Words::new(
        format!("已有推广从 {first} 到 {last}"),
        format!("Another promotion lasts from {first} to {last}"),
    );
    let mut error = FieldError::new("/starts_on", Refusal::Overlap.code().name, words);
    error.data = Some(serde_json::json!({ "promotion_id": rival.id }));
    Err(Refusal::Overlap.problem().error(error).into())
}

const fn audited(action: PromotionAction) -> &'static str {
    match action {
        PromotionAction::Submit => "wlan.submit",
        PromotionAction::Withdraw => "wlan.withdraw",
        PromotionAction::Approve => "wlan.approve",
        PromotionAction::RequestChanges => "wlan.request_changes",
        PromotionAction::Reject => "wlan.reject",
        PromotionAction::Cancel => "wlan.cancel",
    }
}
