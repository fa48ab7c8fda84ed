//! Findings about the plan itself: what is missing, publicity, the room, the liaison.

use serde_json::json;

use super::{Facts, Finding, Stage};
use crate::{
    events::model::{FindingCode, Severity},
    platform::fault::Words,
};

/// Lead, plan, times, and a venue where the format needs one.
pub(super) fn incomplete(facts: &Facts) -> Option<Finding> {
    let content = &facts.content;
    let members = [
        (content.lead_id.is_none(), "lead_id", "负责人", "lead"),
        (content.plan.trim().is_empty(), "plan", "方案", "plan"),
        (content.starts_at.is_none(), "starts_at", "开始时间", "start"),
        (content.ends_at.is_none(), "ends_at", "结束时间", "end"),
        (facts.needs.venue && content.venue_id.is_none(), "venue_id", "场地", "venue"),
    ];
    let missing: Vec<_> = members.into_iter().filter(|member| member.0).collect();
    if missing.is_empty() {
        return None;
    }
    let names: Vec<&str> = missing.iter().map(|member| member.1).collect();
    let zh: Vec<&str> = missing.iter().map(|member| member.2).collect();
    let en: Vec<&str> = missing.iter().map(|member| member.3).collect();
    Some(Finding::new(
        FindingCode::Incomplete,
        Severity::Block,
        Words::new(format!("尚缺：{}", zh.join("、")), format!("Missing: {}", en.join(", "))),
        json!({ "missing": names }),
    ))
}

/// At least one of the season's media announces it.
pub(super) fn no_publicity(facts: &Facts) -> Option<Finding> {
    let announced = facts.content.publicity.iter().any(|p| facts.media.contains(&p.medium));
    (!announced).then(|| {
        Finding::new(
            FindingCode::NoPublicity,
            Severity::Block,
            Words::new("至少安排一种宣传渠道", "Announce it in at least one medium"),
            json!({ "media": facts.media }),
        )
    })
}

/// No more people than the venue holds.
pub(super) fn capacity_exceeds_venue(facts: &Facts) -> Option<Finding> {
    let (capacity, room) = (facts.content.capacity?, facts.venue_capacity?);
    (capacity > room).then(|| {
        Finding::new(
            FindingCode::CapacityExceedsVenue,
            Severity::Block,
            Words::new(
                format!("容量 {capacity} 超过场地容量 {room}"),
                format!("The capacity {capacity} exceeds the venue's {room}"),
            ),
            json!({"capacity": capacity, "venue_capacity": room}),
        )
    })
}

/// Nobody at the campus can endorse; approving without endorsement needs a reason.
pub(super) fn no_liaison(facts: &Facts) -> Option<Finding> {
    if facts.has_liaison {
        return None;
    }
    let found = |severity| {
        Finding::new(
            FindingCode::NoLiaison,
            severity,
            Words::new("该校没有在任的团委联络人", "The campus has no active liaison"),
            json!({ "campus_id": facts.content.campus_id }),
        )
    };
    match facts.stage {
        Stage::Planning | Stage::Approval { endorsed: true } => Some(found(Severity::Warn)),
        Stage::Approval { endorsed: false } => Some(found(Severity::Block).overridable()),
        Stage::Settled => None,
    }
}
