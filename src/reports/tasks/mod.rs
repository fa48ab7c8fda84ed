//! What waits for somebody: the start page of every role.
//!
//! A task is no row of its own: it is the answer to a question about rows of other rooms, and
//! is gone when its question no longer finds them. Each kind has one condition in the room it
//! is about; that condition counts here and lists behind the kind's link, so that both say
//! the same. Whoever may not do something (role, scope, duties) is not asked to.
//!
//! `kinds` says what can wait for whom, `gather` asks the rooms, `unreconciled` is the one
//! list that no room could show by itself.

mod gather;
mod kinds;
mod routes;
mod unreconciled;

pub use routes::endpoints;
