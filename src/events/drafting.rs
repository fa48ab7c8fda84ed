//! From a request to the content it means, and whether everything it names is there.

use std::collections::BTreeSet;

use super::{
    event::Event,
    fields::EventIn,
    rules::{content::Content, plausible},
    store,
};
use crate::{
    accounts::{
        self, Scope,
        allowed::Caller,
        policy::{Action, may_ever},
    },
    campuses,
    catalogue::{
        self, Activity, Facet, Theme,
        attendance::{Admits, WalkIn},
    },
    platform::{
        db::Conn,
        fault::{Fault, FieldError, Problem, Refuse as _, Words},
        http::{codes::Refusal, patch::Field},
        ids::UserId,
        names::CityCode,
    },
};

/// What an event has of its campus and its activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    pub city: CityCode,
    pub theme: Theme,
    pub facet: Facet,
}

/// The content of a new event and what its door does: from nothing, or from the event it
/// copies.
pub fn compose(conn: &mut Conn, who: &Caller, input: &EventIn) -> Result<(Content, WalkIn), Fault> {
    let (content, walk_in) = match input.copy_of {
        None => (fresh(conn, input)?, WalkIn::Ask),
        Some(id) => {
            let copied = store::find(conn, who, id)?.ok_or(Refusal::NotFound)?;
            (copy(conn, who, input, &copied)?, copied.walk_in)
        }
    };
    Ok((content, input.walk_in.or_keep("walk_in", walk_in)?))
}

fn fresh(conn: &mut Conn, input: &EventIn) -> Result<Content, Fault> {
    let (Field::Set(campus_id), Field::Set(season), Field::Set(code), Field::Set(_)) =
        (input.campus_id, &input.season, &input.activity, &input.title)
    else {
        return Err(missing(input));
    };
    let activity = catalogue::store::find_activity(conn, season, code)?;
    let formats = activity.as_ref().map(|activity| activity.formats.0.as_slice());
    let blank = Content {
        season: season.clone(),
        activity: code.clone(),
        format: match formats {
            Some([only]) => only.clone(),
            _ => String::new(),
        },
        campus_id,
        venue_id: None,
        title: String::new(),
        organiser: None,
        plan: String::new(),
        publicity: Vec::new(),
        kit: activity.map(|activity| activity.default_kit.0).unwrap_or_default(),
        starts_at: None,
        ends_at: None,
        capacity: None,
        lead_id: None,
        team_ids: BTreeSet::new(),
        admits: Admits::default(),
    };
    input.over(blank)
}

fn missing(input: &EventIn) -> Fault {
    let members = [
        (input.season.value().is_none(), "/season"),
        (input.activity.value().is_none(), "/activity"),
        (input.campus_id.value().is_none(), "/campus_id"),
        (input.title.value().is_none(), "/title"),
    ];
    let absent = members.into_iter().filter(|(absent, _)| *absent);
    let words = || Words::new("必须填写", "It is needed");
    absent
        .fold(Refusal::Invalid.problem(), |problem, (_, pointer)| {
            problem.error(FieldError::new(pointer, "field.rule", words()))
        })
        .into()
}

/// Times belong to one event; people and venue come along where the caller may name them.
fn copy(conn: &mut Conn, who: &Caller, input: &EventIn, copied: &Event) -> Result<Content, Fault> {
    let mut base = copied.content.clone();
    (base.starts_at, base.ends_at) = (None, None);
    let people: Vec<UserId> = base.people().into_iter().collect();
    let there = nameable(conn, who, &people)?;
    base.lead_id = match base.lead_id.filter(|lead| there.contains(lead)) {
        Some(lead) if may_lead(conn, lead)? => Some(lead),
        _ => None,
    };
    base.team_ids.retain(|user| there.contains(user));
    let campus = input.campus_id.or_keep("campus_id", base.campus_id)?;
    if let Some(id) = base.venue_id {
        let venue = campuses::store::venues::find(conn, &Scope::All, id)?;
        let usable = venue.is_some_and(|venue| venue.active && venue.campus_id == campus);
        base.venue_id = base.venue_id.filter(|_| usable);
    }
    input.over(base)
}

/// Checks a content and all it names; `old` is what stood before. 404 for a campus that the
/// caller cannot see, 422 for all else, each mistake with its member.
pub fn check(
    conn: &mut Conn,
    who: &Caller,
    old: Option<&Content>,
    new: &Content,
) -> Result<Home, Fault> {
    let moved = old.is_none_or(|old| old.campus_id != new.campus_id);
    let city = campuses::store::campuses::city_of(conn, new.campus_id)?;
    let city = city.filter(|city| !moved || who.scope.covers(new.campus_id, *city));
    let city = city.ok_or(Refusal::NotFound)?;
    let mut errors = plausible::errors(new);
    let activity = catalogue::store::find_activity(conn, &new.season, &new.activity)?;
    errors.extend(catalogued(conn, new, activity.as_ref())?);
    errors.extend(hall(conn, old, new)?);
    errors.extend(crew(conn, who, old, new)?);
    match activity {
        Some(activity) if errors.is_empty() => {
            Ok(Home { city, theme: activity.theme, facet: activity.facet })
        }
        _ => Err(Problem { errors, ..Refusal::Invalid.problem() }.into()),
    }
}

fn catalogued(
    conn: &mut Conn,
    new: &Content,
    activity: Option<&Activity>,
) -> Result<Vec<FieldError>, Fault> {
    let season = catalogue::store::find_season(conn, &new.season)?;
    let (Some(season), Some(activity)) = (&season, activity) else {
        return Ok(vec![unknown(if season.is_some() { "/activity" } else { "/season" })]);
    };
    let mut errors = plausible::far_off(new, season.starts, season.ends);
    if !activity.takes_format(&new.format) {
        let formats = activity.formats.0.join(", ");
        let words = Words::new(format!("须为 {formats} 之一"), format!("One of {formats}"));
        errors.push(FieldError::new("/format", "field.rule", words));
    }
    let media = catalogue::store::media_of(conn, &[&new.season])?;
    for (index, line) in new.publicity.iter().enumerate() {
        if !media.iter().any(|medium| medium.code == line.medium) {
            errors.push(unknown(&format!("/publicity/{index}/medium")));
        }
    }
    Ok(errors)
}

fn hall(
    conn: &mut Conn,
    old: Option<&Content>,
    new: &Content,
) -> Result<Option<FieldError>, Fault> {
    let same =
        old.is_some_and(|old| old.venue_id == new.venue_id && old.campus_id == new.campus_id);
    let Some(id) = new.venue_id.filter(|_| !same) else { return Ok(None) };
    let venue = campuses::store::venues::find(conn, &Scope::All, id)?;
    let usable = venue.is_some_and(|venue| venue.active && venue.campus_id == new.campus_id);
    let words = Words::new("不是该校区的可用场地", "It is no active venue of the campus");
    Ok((!usable).then(|| FieldError::new("/venue_id", "field.rule", words)))
}

/// Who was named before may stay, wherever they have moved.
fn crew(
    conn: &mut Conn,
    who: &Caller,
    old: Option<&Content>,
    new: &Content,
) -> Result<Vec<FieldError>, Fault> {
    let before = old.map(Content::people).unwrap_or_default();
    let fresh: Vec<UserId> = new.people().difference(&before).copied().collect();
    let there = if fresh.is_empty() { BTreeSet::new() } else { nameable(conn, who, &fresh)? };
    let absent = |user: &UserId| fresh.contains(user) && !there.contains(user);
    let words = || Words::new("不是您范围内的在任人员", "Nobody active whom you can see");
    let mut errors = Vec::new();
    let lead = new.lead_id.filter(|lead| old.is_none_or(|old| old.lead_id != Some(*lead)));
    if new.lead_id.is_some_and(|lead| absent(&lead)) {
        errors.push(FieldError::new("/lead_id", "field.rule", words()));
    } else if let Some(lead) = lead
        && !may_lead(conn, lead)?
    {
        let words = Words::new("该角色不能负责活动", "Nobody of this role can lead an event");
        errors.push(FieldError::new("/lead_id", "field.rule", words));
    }
    if new.team_ids.iter().any(absent) {
        errors.push(FieldError::new("/team_ids", "field.rule", words()));
    }
    Ok(errors)
}

/// Whether somebody's role does the lead's part: submit, start, close.
fn may_lead(conn: &mut Conn, id: UserId) -> Result<bool, Fault> {
    let user = accounts::store::find(conn, id)?;
    Ok(user.is_some_and(|user| may_ever(user.role, Action::DraftEvents)))
}

/// Those of these people whom the caller may put on an event: active, and in scope or
/// the caller.
fn nameable(conn: &mut Conn, who: &Caller, ids: &[UserId]) -> Result<BTreeSet<UserId>, Fault> {
    let mut there: BTreeSet<UserId> =
        accounts::store::staff::active_among(conn, &who.scope, ids)?.into_iter().collect();
    there.insert(who.user);
    Ok(there)
}

fn unknown(pointer: &str) -> FieldError {
    FieldError::new(
        pointer,
        "field.rule",
        Words::new("目录中没有", "The catalogue has no such entry"),
    )
}

/// The same refusal for content that stands under a member of the request.
pub fn under(member: &str, fault: Fault) -> Fault {
    match fault {
        Fault::Refused(mut problem) => {
            for error in &mut problem.errors {
                error.pointer.insert_str(0, member);
            }
            Fault::Refused(problem)
        }
        other => other,
    }
}
