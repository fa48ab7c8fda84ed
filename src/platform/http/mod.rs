//! HTTP as this API speaks it: bodies, paths, pages, patches, versions, retries, problems,
//! and the table of endpoints that describes itself.

pub mod answer;
pub mod body;
pub mod codes;
pub mod draft;
pub mod endpoint;
pub mod idempotency;
pub mod json;
pub mod page;
pub mod patch;
pub mod path;
pub mod render;
pub mod request;
pub mod strict;
pub mod version;
