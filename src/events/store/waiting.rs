//! Which events wait for somebody, and for which step. One condition serves the list and
//! the count, so the two cannot differ.

use diesel::{
    prelude::*,
    sql_types::{Bool, Nullable},
};

use super::Wanted;
use crate::{
    accounts::{
        Role, Scope,
        allowed::Caller,
        policy::{Action, may_ever},
        store::staff,
    },
    events::{
        event::Event,
        model::{EventKey, EventState, EventTask},
    },
    in_scope,
    platform::{
        db::{Conn, MultiBackend},
        ids::{CampusId, UserId},
        time::Instant,
    },
    schema::{event_authors as authors, event_team as team, events},
};

type Condition = Box<dyn BoxableExpression<events::table, MultiBackend, SqlType = Nullable<Bool>>>;

/// Whom events wait for, and with what.
#[derive(Clone, Debug)]
pub struct Waiting {
    task: EventTask,
    user: UserId,
    now: Instant,
    /// Campuses whose liaison must endorse before anybody approves.
    endorsed: Vec<CampusId>,
}

impl EventTask {
    /// Whether a role is ever asked for it.
    pub fn is_for(self, role: Role) -> bool {
        let action = match self {
            Self::Endorse => Action::EndorseEvents,
            Self::Approve => Action::DecideEvents,
            Self::Revise => Action::SubmitEvents,
            Self::Close => Action::CloseEvents,
        };
        may_ever(role, action)
    }
}

impl Waiting {
    /// `None` when the caller's role is never asked for it.
    pub fn of(
        conn: &mut Conn,
        who: &Caller,
        task: EventTask,
        now: Instant,
    ) -> QueryResult<Option<Self>> {
        if !task.is_for(who.role) {
            return Ok(None);
        }
        let endorsed = match task {
            EventTask::Approve => staff::campuses_with(conn, &who.scope, Role::Liaison)?,
            _ => Vec::new(),
        };
        Ok(Some(Self { task, user: who.user, now, endorsed }))
    }

    /// What of a scope waits; for one's own events also what lies elsewhere.
    pub(super) fn narrow<'q, S>(
        &self,
        query: events::BoxedQuery<'q, MultiBackend, S>,
        scope: &Scope,
    ) -> events::BoxedQuery<'q, MultiBackend, S> {
        match self.task {
            EventTask::Endorse => in_scope!(query, scope, events)
                .filter(events::state.eq(EventState::Submitted))
                .filter(self.by_others()),
            EventTask::Approve => in_scope!(query, scope, events)
                .filter(events::state.eq_any([EventState::Submitted, EventState::Endorsed]))
                .filter(
                    events::state
                        .eq(EventState::Endorsed)
                        .or(events::campus_id.ne_all(self.endorsed.clone())),
                )
                .filter(self.by_others())
                .filter(events::endorsed_by.is_null().or(events::endorsed_by.ne(self.user))),
            EventTask::Revise => {
                query.filter(events::state.eq(EventState::ChangesRequested)).filter(self.own(scope))
            }
            EventTask::Close => query
                .filter(events::state.eq(EventState::Running))
                .filter(events::ends_at.le(self.now))
                .filter(self.led()),
        }
    }

    /// Duties: authors and the lead neither endorse nor approve.
    fn by_others(&self) -> Condition {
        let wrote = authors::table.filter(authors::user_id.eq(self.user));
        let wrote = events::id.ne_all(wrote.select(authors::event_id));
        Box::new(wrote.and(events::lead_id.is_null().or(events::lead_id.ne(self.user))))
    }

    /// Led wherever it is: rights stay with the lead until the event closes.
    fn led(&self) -> Condition {
        let works = team::table.filter(team::user_id.eq(self.user)).select(team::event_id);
        Box::new(events::id.eq_any(works).and(events::lead_id.eq(self.user)))
    }

    /// Led, or written and still in scope: what one may submit again.
    fn own(&self, scope: &Scope) -> Condition {
        let wrote = authors::table.filter(authors::user_id.eq(self.user));
        let wrote = events::id.eq_any(wrote.select(authors::event_id));
        match scope {
            Scope::All => Box::new(self.led().or(wrote)),
            Scope::City(city) => Box::new(self.led().or(wrote.and(events::city.eq(*city)))),
            Scope::Campuses(own) => {
                Box::new(self.led().or(wrote.and(events::campus_id.eq_any(own.to_vec()))))
            }
        }
    }
}

/// The events that wait for the caller with this task, narrowed further as lists are.
pub fn list(
    conn: &mut Conn,
    who: &Caller,
    (task, now): (EventTask, Instant),
    wanted: &Wanted,
    after: Option<EventKey>,
    limit: i64,
) -> QueryResult<Vec<Event>> {
    let Some(waiting) = Waiting::of(conn, who, task, now)? else { return Ok(Vec::new()) };
    let wanted = Wanted { waiting: Some(waiting), ..wanted.clone() };
    super::list(conn, &who.scope, &wanted, after, limit)
}

/// How many events wait for the caller with this task.
pub fn count(conn: &mut Conn, who: &Caller, task: EventTask, now: Instant) -> QueryResult<i64> {
    let Some(waiting) = Waiting::of(conn, who, task, now)? else { return Ok(0) };
    waiting.narrow(events::table.into_boxed(), &who.scope).count().get_result(conn)
}

/// Approved events of a scope past their end that were never started.
pub fn count_overdue(conn: &mut Conn, scope: &Scope, now: Instant) -> QueryResult<i64> {
    in_scope!(events::table.into_boxed(), scope, events)
        .filter(events::state.eq(EventState::Approved))
        .filter(events::sort_at.le(now))
        .filter(events::ends_at.le(now))
        .count()
        .get_result(conn)
}
