//! The summary, its table and its drill-down.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    csv,
    facts::{self, By, Fact},
    figures::{Figure, Figures, Sum},
    names::{self, Names},
    sources::{self, Part},
};
use crate::{
    accounts::{Allowed, Scope, allowed::Caller, may},
    catalogue::{self, attendance::ParticipantRole},
    platform::{
        db::Conn,
        fault::Fault,
        http::{
            answer::{Found, Listed},
            codes::Refusal,
            draft::{Draft, Output},
            endpoint::{Endpoint, get},
            page::{PageQuery, Query},
            request::Context,
        },
        ids::CampusId,
        names::CityCode,
        time::Day,
    },
};

pub fn endpoints() -> Vec<Endpoint> {
    const FIGURES: &str = "Figures are live and exact, within your scope. Days are local: of the \
        scan for people, of the start for events, of the tally for booths. `people_distinct` \
        counts everybody once, so lines need not add up to the total.";
    vec![
        get("/reports/summary", show_summary).about("Reports", "Figures of a season", FIGURES),
        get("/reports/summary.csv", export_summary).about(
            "Reports",
            "Figures of a season as a table",
            "UTF-8 with a byte-order mark; cells that look like formulas begin with `'`.",
        ),
        get("/reports/facts", list_facts).about(
            "Reports",
            "What a figure is made of",
            "The rows that add up to one figure of the summary with the same filters; with \
             `key`, to the figure of that line.",
        ),
    ]
}

#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SummaryFilters {
    /// Code of the season; without it the season of today.
    pub season: Option<String>,
    pub city: Option<CityCode>,
    /// Id of a campus.
    pub campus: Option<CampusId>,
    pub theme: Option<String>,
    pub activity: Option<String>,
    /// First local day.
    pub from: Option<Day>,
    /// Last local day.
    pub to: Option<Day>,
    /// What a line stands for; `city` without it.
    #[param(inline)]
    pub by: Option<By>,
}

#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct FactFilters {
    /// Which figure.
    #[param(inline)]
    pub figure: Figure,
    /// The line of the summary; without it the total.
    pub key: Option<String>,
    pub season: Option<String>,
    pub city: Option<CityCode>,
    pub campus: Option<CampusId>,
    pub theme: Option<String>,
    pub activity: Option<String>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    #[param(inline)]
    pub by: Option<By>,
}

/// The figures of one line.
#[derive(Serialize, ToSchema)]
pub struct SummaryLine {
    /// Code, id or day; `none` for what belongs to none.
    pub key: String,
    pub name_zh: String,
    pub name_en: String,
    #[serde(flatten)]
    pub figures: SumOut,
}

/// Figures with people by role.
#[derive(Serialize, ToSchema)]
pub struct SumOut {
    #[serde(flatten)]
    pub figures: Figures,
    #[schema(value_type = Object)]
    pub people_in_by_role: BTreeMap<ParticipantRole, i64>,
    /// Different people.
    pub people_distinct: i64,
    #[schema(value_type = Object)]
    pub people_distinct_by_role: BTreeMap<ParticipantRole, i64>,
}

/// The lines and all of them together.
#[derive(Serialize, ToSchema)]
pub struct SummaryOut {
    pub items: Vec<SummaryLine>,
    pub totals: SumOut,
}

/// One row that counts in a figure.
#[derive(Serialize, ToSchema)]
pub struct FactOut {
    /// The kind of row, as `event`.
    pub kind: String,
    pub id: String,
    /// How much it adds to the figure.
    pub amount: i64,
    pub city: Option<CityCode>,
    pub campus_id: Option<CampusId>,
    pub day: Option<Day>,
}

impl SumOut {
    fn of(sum: &Sum) -> Self {
        Self {
            figures: sum.figures,
            people_in_by_role: sum.people_in.clone(),
            people_distinct: sum.distinct(),
            people_distinct_by_role: sum.distinct_by_role(),
        }
    }
}

impl SummaryFilters {
    fn part(&self, conn: &mut Conn, scope: &Scope, today: Day) -> Result<Part, Fault> {
        let season = match &self.season {
            Some(code) => catalogue::store::find_season(conn, code)?,
            None => catalogue::store::season_on(conn, today)?,
        };
        let season = season.ok_or(Refusal::NotFound)?;
        Ok(Part {
            scope: scope.clone(),
            season: season.code,
            season_days: (season.starts, season.ends),
            city: self.city,
            campus: self.campus,
            theme: self.theme.clone(),
            activity: self.activity.clone(),
            from: self.from,
            to: self.to,
        })
    }

    fn by(&self) -> By {
        self.by.unwrap_or(By::City)
    }
}

/// The lines of a report, as of one moment.
async fn report(
    cx: &Context,
    caller: &Caller,
    filters: SummaryFilters,
) -> Result<SummaryOut, Fault> {
    let (scope, today) = (caller.scope.clone(), cx.today());
    let by = filters.by();
    let (facts, names) = cx
        .snapshot(move |conn| {
            let part = filters.part(conn, &scope, today)?;
            let facts = sources::facts(conn, &part)?;
            let mut keys: Vec<String> = facts.iter().map(|fact| fact.belongs.key(by)).collect();
            keys.sort_unstable();
            keys.dedup();
            Ok((facts, names::of(conn, by, &part.season, &keys)?))
        })
        .await?;
    let (items, total) = facts::sum(&facts, by);
    let items = items.into_iter().map(|(key, sum)| line(key, &sum, &names)).collect();
    Ok(SummaryOut { items, totals: SumOut::of(&total) })
}

fn line(key: String, sum: &Sum, names: &Names) -> SummaryLine {
    let (name_zh, name_en) = names.get(&key).cloned().unwrap_or_else(|| (key.clone(), key.clone()));
    SummaryLine { key, name_zh, name_en, figures: SumOut::of(sum) }
}

async fn show_summary(
    who: Allowed<may::ReadReports>,
    cx: Context,
    query: Query<SummaryFilters>,
) -> Result<Found<SummaryOut>, Fault> {
    report(&cx, &who, query.0).await.map(Found)
}

/// A table for a spreadsheet.
pub struct Table(String);

async fn export_summary(
    who: Allowed<may::ReadReports>,
    cx: Context,
    query: Query<SummaryFilters>,
) -> Result<Table, Fault> {
    let report = report(&cx, &who, query.0).await?;
    let mut lines = vec![header()];
    lines.extend(
        report
            .items
            .iter()
            .map(|item| cells(&[&item.key, &item.name_zh, &item.name_en], &item.figures)),
    );
    lines.push(cells(&["total", "合计", "Total"], &report.totals));
    csv::table(&lines).map(Table)
}

fn header() -> Vec<String> {
    let columns = Figures::default().columns().into_iter().map(|(name, _)| name);
    let names = ["key", "name_zh", "name_en"].into_iter().chain(columns).chain(["people_distinct"]);
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    for figure in ["people_in", "people_distinct"] {
        names.extend(ParticipantRole::ALL.iter().map(|role| format!("{figure}_{role}")));
    }
    names
}

fn cells(names: &[&str; 3], sum: &SumOut) -> Vec<String> {
    let mut cells: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    cells.extend(sum.figures.columns().into_iter().map(|(_, value)| value.to_string()));
    cells.push(sum.people_distinct.to_string());
    for people in [&sum.people_in_by_role, &sum.people_distinct_by_role] {
        let of = |role| people.get(role).copied().unwrap_or(0).to_string();
        cells.extend(ParticipantRole::ALL.iter().map(of));
    }
    cells
}

async fn list_facts(
    who: Allowed<may::ReadReports>,
    cx: Context,
    page: PageQuery<FactFilters, (String, String)>,
) -> Result<Listed<FactOut>, Fault> {
    let (scope, today, f) = (who.scope.clone(), cx.today(), page.filters.clone());
    let (figure, key, by) = (f.figure, f.key.clone(), f.by.unwrap_or(By::City));
    let summary = SummaryFilters {
        season: f.season,
        city: f.city,
        campus: f.campus,
        theme: f.theme,
        activity: f.activity,
        from: f.from,
        to: f.to,
        by: f.by,
    };
    let facts = cx
        .snapshot(move |conn| {
            let part = summary.part(conn, &scope, today)?;
            sources::facts(conn, &part)
        })
        .await?;
    let after = page.after.clone();
    let wanted = |fact: &Fact| {
        fact.figures.get(figure) != 0
            && key.as_ref().is_none_or(|key| fact.belongs.key(by) == *key)
            && after.as_ref().is_none_or(|after| (fact.kind, &*fact.id) > (&*after.0, &*after.1))
    };
    let mut facts: Vec<Fact> = facts.into_iter().filter(wanted).collect();
    facts.sort_unstable_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    let page = page.page(facts, |fact| (fact.kind.to_owned(), fact.id.clone()));
    Ok(Listed(page.map(|fact| FactOut {
        kind: fact.kind.to_owned(),
        amount: fact.figures.get(figure),
        id: fact.id,
        city: fact.belongs.city,
        campus_id: fact.belongs.campus,
        day: fact.belongs.day,
    })))
}

impl Responder for Table {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header(("Content-Disposition", "attachment; filename=\"summary.csv\""))
            .insert_header(("Cache-Control", "no-store"))
            .body(self.0)
    }
}

impl Output for Table {
    fn describe(draft: &mut Draft) {
        draft.text(200, "The table", "text/csv", None, false);
    }
}
