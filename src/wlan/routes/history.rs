//! What happened to a promotion.

use serde::Serialize;
use utoipa::ToSchema;

use super::promotions::found;
use crate::{
    accounts::{Allowed, may},
    platform::{
        fault::Fault,
        http::{
            answer::Listed,
            page::{NoFilters, PageQuery},
            path::Path,
            request::Context,
        },
        ids::{PromotionId, UserId},
        time::Instant,
    },
    wlan::{
        model::{HistoryAction, HistoryLine, PromotionState},
        store,
    },
};

/// One version of a promotion.
#[derive(Serialize, ToSchema)]
pub struct PromotionHistoryOut {
    pub version: i64,
    pub action: HistoryAction,
    /// Null for the first.
    pub from_state: Option<PromotionState>,
    pub to_state: PromotionState,
    pub user_id: UserId,
    pub at: Instant,
    pub comment: Option<String>,
    /// SHA-256 of the content as it then was.
    pub content_hash: String,
}

impl From<HistoryLine> for PromotionHistoryOut {
    fn from(line: HistoryLine) -> Self {
        Self {
            version: line.version,
            action: line.action,
            from_state: line.from_state,
            to_state: line.to_state,
            user_id: line.user_id,
            at: line.at,
            comment: line.comment,
            content_hash: line.content_hash,
        }
    }
}

pub async fn list_promotion_history(
    who: Allowed<may::ReadPromotions>,
    cx: Context,
    path: Path<PromotionId>,
    query: PageQuery<NoFilters, i64>,
) -> Result<Listed<PromotionHistoryOut>, Fault> {
    let (scope, id) = (who.scope.clone(), path.0);
    let (after, limit) = (query.after, query.fetch());
    let lines = cx
        .snapshot(move |conn| {
            found(conn, &scope, id)?;
            Ok(store::history::list(conn, id, after, limit)?)
        })
        .await?;
    Ok(Listed(query.page(lines, |line| line.version).map(PromotionHistoryOut::from)))
}
