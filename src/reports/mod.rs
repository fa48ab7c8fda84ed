//! Reading over all rooms: the audit log. Owns no table and changes none.

pub mod audit;

use crate::platform::http::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    [audit::endpoints()].into_iter().flatten().collect()
}
