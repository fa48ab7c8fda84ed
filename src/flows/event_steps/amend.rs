//! Changing what is approved: clashes are checked and the new slot is taken hard in the same
//! write; lead time is not asked again.

use serde_json::json;

use super::{Outcome, TransitionIn, decide::pass, findings};
use crate::{
    accounts::allowed::Caller,
    events::{
        case::{self, Case},
        drafting::{self, under},
        event::Event,
        refusals::Refusal,
        rules::{
            amend::{AmendRefusal, amend as judge},
            findings::{Stage, at_amend},
        },
        store::people,
    },
    platform::{
        db::Tx,
        fault::{Fault, FieldError, Problem, Refuse, Words},
        http::codes,
    },
    registrations,
};

/// Where the changes stand in the request.
const CHANGES: &str = "/changes";

pub(super) fn amend(
    tx: &mut Tx<'_>,
    who: &Caller,
    case: &Case,
    input: &TransitionIn,
) -> Result<Outcome, Fault> {
    let old = &case.event;
    let patch = input.changes.clone().unwrap_or_default();
    let content = patch.over(old.content.clone()).map_err(|fault| under(CHANGES, fault))?;
    let mut new = old.rewritten(content);
    new.walk_in = patch.walk_in.or_keep("changes/walk_in", old.walk_in)?;
    // First of all, for what else changes the list of people waits here.
    let counts = people::hold_people(tx, old.id)?.ok_or(codes::Refusal::NotFound)?;
    let ties = old.ties(who, case.signed.is_author(who.user));
    let changed =
        judge(old.state, ties, &old.content, &new.content, counts.registered).map_err(refused)?;
    drafting::check(tx, who, Some(&old.content), &new.content)
        .map_err(|fault| under(CHANGES, fault))?;
    let after = Case::open(tx, new)?;
    case::anchor(tx, &after.event.content, after.needs())?;
    let now = tx.meta.now;
    let found = findings::of(tx, who, &after, Stage::Settled, now)?;
    pass(&at_amend(found, &changed), None).map_err(|fault| under(CHANGES, fault))?;
    Ok(Outcome { new: after.event, data: json!({ "changed": changed }) })
}

/// Whoever waits moves up when there is more room; liaison, lead and registered people are
/// told.
pub(super) fn after(tx: &mut Tx<'_>, old: &Event, new: &Event) -> Result<(), Fault> {
    let changed = old.content.changed(&new.content);
    if changed.contains(&"capacity") {
        registrations::promote(tx, new.id)?;
    }
    let message = json!({ "event": new.id, "version": new.version, "changed": changed });
    Ok(tx.outbox("event.amended", message)?)
}

fn refused(why: AmendRefusal) -> Fault {
    match why {
        AmendRefusal::Empty => {
            let words = Words::new("没有任何改变", "It changes nothing");
            let error = FieldError::new(CHANGES, "field.rule", words);
            codes::Refusal::Invalid.problem().error(error).into()
        }
        AmendRefusal::Fixed(fields) => {
            let words = Words::new("首次提交后不再改变", "It never changes after the first submit");
            named(Refusal::Frozen, &fields, &words)
        }
        AmendRefusal::NotTheLeads(fields) => {
            let words = Words::new("须由协调人变更", "The coordinator may change this");
            named(Refusal::NotYours, &fields, &words)
        }
        AmendRefusal::Shorter => {
            let words = Words::new("负责人只能延后结束时间", "The lead may only end it later");
            named(Refusal::NotYours, &["ends_at"], &words)
        }
        AmendRefusal::BelowRegistered { capacity, registered } => {
            let words = Words::new(
                format!("已有 {registered} 人报名"),
                format!("{registered} people are registered"),
            );
            let mut error = error(Refusal::CapacityBelowRegistered, "capacity", words);
            error.data = Some(json!({ "capacity": capacity, "registered": registered }));
            Refusal::CapacityBelowRegistered.problem().error(error).into()
        }
    }
}

fn named(refusal: Refusal, fields: &[&'static str], words: &Words) -> Fault {
    let problem = refusal.problem().detail(words.zh.clone(), words.en.clone());
    let errors = fields.iter().map(|name| error(refusal, name, words.clone())).collect();
    Problem { errors, ..problem }.into()
}

fn error(refusal: Refusal, name: &str, words: Words) -> FieldError {
    FieldError::new(format!("{CHANGES}/{name}"), refusal.code().name, words)
}
