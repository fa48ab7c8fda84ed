//! Reading the audit log: who did what to which row, when, in which request.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    accounts::{Allowed, Refusal, Scope, may},
    platform::{
        db::{Conn, Json},
        fault::Fault,
        http::{
            answer::Listed,
            endpoint::{Endpoint, get},
            page::PageQuery,
            request::Context,
        },
        ids::{CampusId, RequestId, UserId},
        names::CityCode,
        time::Instant,
    },
    schema::audit,
};

pub fn endpoints() -> Vec<Endpoint> {
    vec![get("/audit", list_audit).about(
        "Audit",
        "What was done, by whom",
        "In the order of the log. Coordinators see their own city; the province and auditors \
         everything. Entries hold no names, phones or secrets.",
    )]
}

#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AuditFilters {
    /// Entries about rows of this kind, as `event`.
    pub kind: Option<String>,
    /// With `kind`: entries about this row.
    pub id: Option<String>,
}

/// One entry of the log.
#[derive(Serialize, ToSchema)]
pub struct AuditOut {
    /// Place in the log.
    pub seq: i64,
    pub at: Instant,
    /// Null where nobody was signed in.
    pub user_id: Option<UserId>,
    pub request_id: Option<RequestId>,
    /// `area.verb`, as `event.approve`.
    pub action: String,
    pub kind: String,
    pub id: String,
    pub city: Option<CityCode>,
    pub campus_id: Option<CampusId>,
    /// Particulars of the action.
    #[schema(value_type = Object)]
    pub detail: Value,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit)]
struct Entry {
    seq: i64,
    at: Instant,
    user_id: Option<UserId>,
    request_id: Option<RequestId>,
    action: String,
    kind: String,
    entity_id: String,
    city: Option<CityCode>,
    campus_id: Option<CampusId>,
    detail: Json<Value>,
}

impl From<Entry> for AuditOut {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            user_id: entry.user_id,
            request_id: entry.request_id,
            action: entry.action,
            kind: entry.kind,
            id: entry.entity_id,
            city: entry.city,
            campus_id: entry.campus_id,
            detail: entry.detail.0,
        }
    }
}

async fn list_audit(
    who: Allowed<may::ReadAudit>,
    cx: Context,
    page: PageQuery<AuditFilters, i64>,
) -> Result<Listed<AuditOut>, Fault> {
    let (caller, filters, after, fetch) =
        (who.caller(), page.filters.clone(), page.after, page.fetch());
    let rows = cx.read(move |conn| list(conn, &caller.scope, &filters, after, fetch)).await?;
    Ok(Listed(page.page(rows, |entry| entry.seq).map(AuditOut::from)))
}

fn list(
    conn: &mut Conn,
    scope: &Scope,
    filters: &AuditFilters,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    let mut query = audit::table
        .filter(audit::seq.gt(after.unwrap_or(0)))
        .order(audit::seq)
        .limit(limit)
        .into_boxed();
    query = match scope {
        Scope::All => query,
        Scope::City(city) => query.filter(audit::city.eq(*city)),
        Scope::Campuses(_) => return Err(Refusal::Forbidden.into()),
    };
    if let Some(kind) = filters.kind.clone() {
        query = query.filter(audit::kind.eq(kind));
    }
    if let Some(id) = filters.id.clone() {
        query = query.filter(audit::entity_id.eq(id));
    }
    Ok(query.select(Entry::as_select()).load(conn)?)
}
