//! What is to be said about a plan: twelve findings over plain facts. A finding blocks,
//! warns or notes; a blocking one stops submit, approve and amend, unless it may be
//! overridden with a reason.

mod clashes;
mod gate;
mod goods;
mod plan;
mod season;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use clashes::{Keeper, Kept};
pub use gate::{Gate, at_amend, gate, refusal};

use super::content::Content;
use crate::{
    catalogue::{KitLine, Window},
    events::model::{EventAction, EventState, FindingCode, FormatNeeds, Severity, Slot},
    platform::{fault::Words, ids::EventId, time::Day},
};

/// One thing found about a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub code: FindingCode,
    pub severity: Severity,
    /// Whether a reason lets it pass although it blocks.
    pub overridable: bool,
    pub message: Words,
    /// The rule's inputs.
    pub data: Value,
}

/// How far the event is; some findings weigh more at the approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Drafted, submitted, or sent back.
    Planning,
    /// Endorsed, or being approved.
    Approval { endorsed: bool },
    /// Approved or later: preheat and liaison are not asked again.
    Settled,
}

impl Stage {
    /// The stage in which an event of this state is shown.
    pub fn of(state: EventState) -> Self {
        match state {
            EventState::Draft | EventState::Submitted | EventState::ChangesRequested => {
                Self::Planning
            }
            EventState::Endorsed => Self::Approval { endorsed: true },
            _ => Self::Settled,
        }
    }

    /// The stage in which `action` on an event of this state is judged.
    pub fn at(action: EventAction, state: EventState) -> Self {
        match action {
            EventAction::Approve => Self::Approval { endorsed: state == EventState::Endorsed },
            _ => Self::of(state),
        }
    }
}

/// A stretch of the calendar worth knowing: a holiday, registration days, an exam week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarMark {
    pub from: Day,
    pub to: Day,
    pub name: Words,
}

/// All that the findings ask.
#[derive(Clone, Debug)]
pub struct Facts {
    pub event: EventId,
    pub stage: Stage,
    pub today: Day,
    pub content: Content,
    /// The days on which the activity may be.
    pub window: Window,
    pub needs: FormatNeeds,
    /// Codes of the season's media.
    pub media: BTreeSet<String>,
    pub lead_time_days: i64,
    /// When team, contact and plan have to be ready (deck p.27).
    pub preparation_deadline: Day,
    /// Day of the first submit; `None` before it.
    pub first_submitted: Option<Day>,
    /// Whether the campus has an active liaison.
    pub has_liaison: bool,
    pub venue_capacity: Option<i64>,
    /// What else keeps the venue or one of the people, wide enough to find free slots.
    pub kept: Vec<Kept>,
    /// Where free slots are looked for.
    pub bounds: Slot,
    /// Stock at campus and city less what is promised to approved events, by SKU; `None`
    /// where stock is not asked.
    pub available: Option<BTreeMap<String, i64>>,
    pub default_kit: Vec<KitLine>,
    pub calendar: Vec<CalendarMark>,
}

/// Everything there is to say, in the order of the codes.
pub fn findings(facts: &Facts) -> Vec<Finding> {
    let rules: [fn(&Facts) -> Option<Finding>; 12] = [
        season::outside_window,
        plan::incomplete,
        plan::no_publicity,
        season::lead_time,
        clashes::venue_clash,
        clashes::person_clash,
        plan::capacity_exceeds_venue,
        goods::material_short,
        goods::kit_differs,
        season::late_preparation,
        season::calendar_note,
        plan::no_liaison,
    ];
    rules.iter().filter_map(|rule| rule(facts)).collect()
}

impl Finding {
    fn new(code: FindingCode, severity: Severity, message: Words, data: Value) -> Self {
        Self { code, severity, overridable: false, message, data }
    }

    fn overridable(self) -> Self {
        Self { overridable: true, ..self }
    }

    pub fn blocks(&self) -> bool {
        self.severity == Severity::Block
    }
}

#[cfg(test)]
mod tests;
