//! Reading over all rooms: figures, tasks, and the audit log. Owns no table and changes none.
//!
//! Every figure is a sum over *facts*: an event, a person in at an event, a booth's day, a
//! movement. The summary adds the facts of a key, the drill-down lists them, so the two
//! cannot differ. Where a figure is also kept as a counter, `verify` compares both.

pub mod audit;
pub mod calendar;
pub mod summary;
pub mod tasks;
pub mod verify;

use crate::platform::http::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    [audit::endpoints(), calendar::endpoints(), summary::endpoints(), tasks::endpoints()]
        .into_iter()
        .flatten()
        .collect()
}
