//! Drafting, editing and deleting events.

use serde_json::json;

use super::out::{EventOut, View};
use crate::{
    accounts::{Allowed, allowed::Caller, may},
    events::{
        case::{Case, entry},
        drafting,
        event::{Event, Told},
        fields::{EventIn, EventPatch},
        model::HistoryAction,
        refusals::Refusal,
        rules::guarded::{self, EditEffect, EditRefusal},
        store,
    },
    platform::{
        db::Tx,
        fault::{Fault, FieldError, Refuse as _, Words},
        http::{
            answer::{Created, Current, NoContent},
            body::{Once, Valid},
            codes,
            path::Path,
            request::Context,
            version::{IfMatch, stale},
        },
        ids::EventId,
    },
};

pub async fn create_event(
    who: Allowed<may::DraftEvents>,
    cx: Context,
    body: Once<EventIn>,
) -> Result<Created<EventOut>, Fault> {
    let (id, caller, language) = (EventId::new(), who.caller(), cx.request.language);
    let input = body.value;
    let work = move |tx: &mut Tx<'_>| {
        let event = draft(tx, &caller, id, &input)?;
        let view = View { who: &caller, language, now: tx.meta.now };
        view.detail(tx, event)
    };
    Ok(Created(cx.write_once(cx.meta(who.user), body.retry, work).await?))
}

pub async fn update_event(
    who: Allowed<may::DraftEvents>,
    cx: Context,
    path: Path<EventId>,
    seen: IfMatch,
    body: Valid<EventPatch>,
) -> Result<Current<EventOut>, Fault> {
    let (id, caller, language, patch) = (path.0, who.caller(), cx.request.language, body.0);
    let work = move |tx: &mut Tx<'_>| {
        let old = store::find(tx, &caller, id)?.ok_or(codes::Refusal::NotFound)?;
        seen.expect(old.version)?;
        let event = edit(tx, &caller, old, &patch)?;
        let view = View { who: &caller, language, now: tx.meta.now };
        view.detail(tx, event)
    };
    Ok(Current(cx.write(cx.meta(who.user), work).await?))
}

pub async fn delete_event(
    who: Allowed<may::DraftEvents>,
    cx: Context,
    path: Path<EventId>,
    seen: IfMatch,
) -> Result<NoContent, Fault> {
    let (id, caller) = (path.0, who.caller());
    let work = move |tx: &mut Tx<'_>| {
        let event = store::find(tx, &caller, id)?.ok_or(codes::Refusal::NotFound)?;
        seen.expect(event.version)?;
        if !guarded::deletable(event.state, event.first_submitted_at.is_some()) {
            let problem = Refusal::WrongState.problem();
            return Err(problem
                .detail(
                    "只能删除从未提交的草稿，其余请撤回",
                    "Only drafts never submitted are deleted; withdraw it",
                )
                .into());
        }
        if !store::delete_if(tx, seen.0, &event)? {
            return Err(stale(event.version + 1));
        }
        Ok(tx.audit(entry("event.delete", &event))?)
    };
    cx.write(cx.meta(who.user), work).await?;
    Ok(NoContent)
}

fn draft(tx: &mut Tx<'_>, who: &Caller, id: EventId, input: &EventIn) -> Result<Event, Fault> {
    let (content, walk_in) = drafting::compose(tx, who, input)?;
    let home = drafting::check(tx, who, None, &content)?;
    let mut event = Event::draft(id, home.city, (home.theme, home.facet), content);
    event.walk_in = walk_in;
    store::insert(tx, &event, who.user)?;
    tx.audit(entry("event.create", &event))?;
    Ok(event)
}

/// What was seen is what is approved: a guarded change returns the event to draft.
fn edit(tx: &mut Tx<'_>, who: &Caller, old: Event, patch: &EventPatch) -> Result<Event, Fault> {
    let content = patch.over(old.content.clone())?;
    let walk_in = patch.walk_in.or_keep("walk_in", old.walk_in)?;
    let submitted = old.first_submitted_at.is_some();
    let effect = guarded::edit(old.state, submitted, &old.content, &content).map_err(refused)?;
    if effect == EditEffect::Unguarded && walk_in == old.walk_in {
        return Ok(old);
    }
    let home = drafting::check(tx, who, Some(&old.content), &content)?;
    let changed = old.content.changed(&content);
    let mut new = match effect {
        EditEffect::BackToDraft => old.back_to_draft(content),
        EditEffect::Unguarded | EditEffect::Rewritten => old.rewritten(content),
    };
    new.walk_in = walk_in;
    (new.city, new.theme, new.facet) = (home.city, home.theme, home.facet);
    let case = Case::open(tx, old)?;
    if effect == EditEffect::BackToDraft {
        let data = json!({ "changed": changed });
        let told = Told { action: HistoryAction::Edit, comment: None, data };
        case.write(tx, who.user, &new, &told)?;
    } else {
        case.save(tx, &new)?;
        tx.audit(entry("event.edit", &new))?;
    }
    if effect != EditEffect::Unguarded {
        store::sign(tx, &new, who.user)?;
    }
    Ok(new)
}

fn refused(why: EditRefusal) -> Fault {
    let (zh, en, fields) = match why {
        EditRefusal::UseAmend(fields) => {
            ("已批准的活动须通过变更修改", "Amend what is approved", fields)
        }
        EditRefusal::Fixed(fields) => {
            ("首次提交后不再改变", "It never changes after the first submit", fields)
        }
        EditRefusal::Ended => ("活动已结束，不再修改", "It has come to its end", Vec::new()),
    };
    let problem = Refusal::Frozen.problem().detail(zh, en);
    let errors = fields.into_iter().map(|name| {
        FieldError::new(format!("/{name}"), Refusal::Frozen.code().name, Words::new(zh, en))
    });
    errors.fold(problem, |problem, error| problem.error(error)).into()
}
