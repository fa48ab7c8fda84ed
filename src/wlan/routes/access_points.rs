//! The radio cells that serve a promotion.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::promotions::found;
use crate::{
    accounts::{Allowed, may},
    platform::{
        db::{Audit, Change},
        fault::Fault,
        http::{
            answer::{Created, Listed, Versioned},
            body::{Once, not_blank},
            codes,
            page::{NoFilters, PageQuery},
            path::Path,
            request::Context,
        },
        ids::{AccessPointId, PromotionId},
        time::Instant,
    },
    wlan::{
        model::{AccessPoint, Mac},
        refusal::Refusal,
        rules, store,
    },
};

/// An access point to add.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "图书馆三楼东", "mac": "00:1e:73:a4:0b:5c" }))]
pub struct AccessPointIn {
    /// Where it hangs, as staff say it.
    #[validate(length(min = 1, max = 80), custom(function = "not_blank"))]
    pub name: String,
    pub mac: Mac,
}

/// A radio cell that serves a promotion.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct AccessPointOut {
    pub id: AccessPointId,
    pub promotion_id: PromotionId,
    pub name: String,
    pub mac: Mac,
    pub created_at: Instant,
    pub version: i64,
}

impl Versioned for AccessPointOut {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<AccessPoint> for AccessPointOut {
    fn from(point: AccessPoint) -> Self {
        let AccessPoint { id, promotion_id, name, mac, created_at, version, .. } = point;
        Self { id, promotion_id, name, mac, created_at, version }
    }
}

pub async fn list_access_points(
    who: Allowed<may::ReadPromotions>,
    cx: Context,
    path: Path<PromotionId>,
    query: PageQuery<NoFilters, AccessPointId>,
) -> Result<Listed<AccessPointOut>, Fault> {
    let (scope, id) = (who.scope.clone(), path.0);
    let (after, limit) = (query.after, query.fetch());
    let points = cx
        .snapshot(move |conn| {
            found(conn, &scope, id)?;
            Ok(store::access_points::list(conn, id, after, limit)?)
        })
        .await?;
    Ok(Listed(query.page(points, |point| point.id).map(AccessPointOut::from)))
}

pub async fn create_access_point(
    who: Allowed<may::EditPromotions>,
    cx: Context,
    path: Path<PromotionId>,
    body: Once<AccessPointIn>,
) -> Result<Created<AccessPointOut>, Fault> {
    let (scope, id, point_id) = (who.scope.clone(), path.0, AccessPointId::new());
    let AccessPointIn { name, mac } = body.value;
    let done = cx
        .write_once(cx.meta(who.user), body.retry, move |tx| {
            if !store::anchor_access_points(tx, id)? {
                return Err(codes::Refusal::NotFound.into());
            }
            let promotion = found(tx, &scope, id)?;
            if !rules::states::takes_access_points(promotion.state_on(tx.meta.now.day())) {
                return Err(Refusal::WrongState.into());
            }
            let (campus_id, city) = (promotion.campus_id, promotion.city);
            let point = AccessPoint {
                id: point_id,
                promotion_id: id,
                campus_id,
                city,
                name: name.clone(),
                mac,
                created_at: tx.meta.now,
                version: 1,
            };
            if !store::access_points::insert(tx, &point)? {
                return Err(Refusal::MacTaken.into());
            }
            let (kind, campus, city) = ("wlan_access_point", Some(campus_id), Some(city));
            let (action, detail) =
                ("wlan.add_access_point", serde_json::json!({ "promotion": id }));
            tx.audit(Audit { action, kind, id: point_id.to_string(), city, campus, detail })?;
            tx.changed(Change { kind, id: point_id.into(), campus, city, deleted: false });
            Ok(AccessPointOut::from(point))
        })
        .await?;
    Ok(Created(done))
}
