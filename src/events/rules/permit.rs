//! Whether someone may take a step now: the chain, the duties and the time together. A
//! transition asks it and so do the allowed actions, so both give one answer.

use super::{
    duties::{Conflict, Signatures, duties},
    states::{CHAIN, counting, ties_of},
    timing::{REOPEN_DAYS, local_text, may_reopen, may_start_from},
};
use crate::{
    accounts::Role,
    events::{
        model::{EventAction, EventState, FindingCode},
        refusals::Refusal,
    },
    platform::{
        chain::{self, Misstep, Ties},
        fault::Words,
        ids::UserId,
        time::{Day, Instant},
    },
};

/// What decides beside the action: the event, the person and the moment.
#[derive(Clone, Debug)]
pub struct Circumstances<'a> {
    pub state: EventState,
    pub actor: UserId,
    /// The actor's.
    pub role: Role,
    /// What ties the actor to this event.
    pub ties: Ties,
    pub signed: &'a Signatures,
    /// Whether the campus has an active liaison.
    pub has_liaison: bool,
    pub starts_at: Option<Instant>,
    pub season_ends: Day,
    pub now: Instant,
}

/// Why a step may not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    NotYours,
    WrongState,
    Duties(Conflict),
    /// The liaison has to endorse it first.
    NotEndorsed,
    /// It may be started from then on.
    TooEarly(Instant),
    /// It may no longer be reopened.
    SeasonOver,
    /// Something in the plan is missing or in the way, first of all this.
    Findings(FindingCode),
}

/// The state after `action`, or why it may not be taken. What the action brings along
/// (comment, override reason, changes, report) and the findings are judged elsewhere.
pub fn permit(action: EventAction, at: &Circumstances<'_>) -> Result<EventState, Denial> {
    let ties = counting(at.role, action, at.ties);
    let to = chain::step(CHAIN, at.state, action, ties).map_err(|misstep| match misstep {
        Misstep::NotYours => Denial::NotYours,
        Misstep::WrongState => Denial::WrongState,
    })?;
    duties(action, at.actor, at.signed).map_err(Denial::Duties)?;
    match action {
        EventAction::Approve if at.state == EventState::Submitted && at.has_liaison => {
            Err(Denial::NotEndorsed)
        }
        EventAction::Start => match at.starts_at.map(may_start_from) {
            Some(from) if at.now < from => Err(Denial::TooEarly(from)),
            _ => Ok(to),
        },
        EventAction::Reopen if !may_reopen(at.season_ends, at.now.day()) => Err(Denial::SeasonOver),
        _ => Ok(to),
    }
}

/// One action that someone's role and the event's state allow, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedAction {
    pub action: EventAction,
    /// Why not now; `None` when it may be done.
    pub denial: Option<Denial>,
}

/// The actions that a role has in a state, whoever drafted or leads the event.
pub fn actions_by_role(state: EventState, role: Role) -> Vec<EventAction> {
    let ties = ties_of(role);
    let may = |action: &EventAction| {
        let counting = counting(role, *action, ties);
        chain::step(CHAIN, state, *action, counting).is_ok()
    };
    chain::open(CHAIN, state, ties).filter(may).collect()
}

/// The actions that a role has in a state, each judged for this person and moment.
/// `blocking` names the finding, if any, that no reason overrides: it stops submit and approve.
pub fn allowed_actions(
    at: &Circumstances<'_>,
    blocking: Option<FindingCode>,
) -> Vec<AllowedAction> {
    let judge = |action| {
        let found = match (action, blocking) {
            (EventAction::Submit | EventAction::Approve, Some(code)) => Err(Denial::Findings(code)),
            _ => Ok(()),
        };
        let denial = permit(action, at).err().or(found.err());
        AllowedAction { action, denial }
    };
    actions_by_role(at.state, at.role).into_iter().map(judge).collect()
}

impl Denial {
    /// The code a transition is refused with.
    pub fn refusal(self) -> Refusal {
        match self {
            Self::NotYours => Refusal::NotYours,
            Self::WrongState | Self::NotEndorsed | Self::TooEarly(_) | Self::SeasonOver => {
                Refusal::WrongState
            }
            Self::Duties(_) => Refusal::Duties,
            Self::Findings(FindingCode::VenueClash) => Refusal::VenueTaken,
            Self::Findings(FindingCode::PersonClash) => Refusal::PersonTaken,
            Self::Findings(_) => Refusal::Findings,
        }
    }

    /// What to tell the person.
    pub fn words(self) -> Words {
        match self {
            Self::NotYours => Words::new(
                "只有活动负责人、拟稿人、团队成员或相应的审核人可以这样做",
                "Only its lead, authors, team or reviewers may do this",
            ),
            Self::WrongState => {
                Words::new("活动当前状态不允许此操作", "The event's state does not allow this")
            }
            Self::Duties(Conflict::Author) => Words::new(
                "您参与了拟稿，须由他人背书和审批",
                "You are an author of it; someone else must endorse and approve",
            ),
            Self::Duties(Conflict::Endorser) => Words::new(
                "您已为其背书，须由他人完成此步",
                "You endorsed it; someone else must do this",
            ),
            Self::Duties(Conflict::Approver) => Words::new(
                "您已审批该活动，须由他人完成此步",
                "You approved it; someone else must do this",
            ),
            Self::NotEndorsed => Words::new(
                "该校有团委联络人，须先由其背书",
                "The campus has a liaison, who must endorse it first",
            ),
            Self::TooEarly(from) => Words::new(
                format!("最早可于 {} 开始", local_text(from)),
                format!("It may be started from {} on", local_text(from)),
            ),
            Self::SeasonOver => Words::new(
                format!("活动季结束已超过 {REOPEN_DAYS} 天"),
                format!("More than {REOPEN_DAYS} days have passed since the season"),
            ),
            Self::Findings(code) => Words::new(
                format!("活动方案有未解决的问题：{code}"),
                format!("The plan has a finding that blocks it: {code}"),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
