//! Campus Ops.
#![forbid(unsafe_code)]

pub mod accounts;
pub mod platform;
pub mod schema;
