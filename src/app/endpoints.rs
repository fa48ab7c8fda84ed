//! The table of contents of the API. Each room lists its operations in its `routes`; the
//! server, the OpenAPI document, the access matrix and the rate limits all loop over this.

use super::operations;
use crate::{accounts, platform::http::endpoint::Endpoint};

/// Every operation there is.
pub fn all() -> Vec<Endpoint> {
    [operations::endpoints(), accounts::routes::endpoints()].into_iter().flatten().collect()
}
