//! Campus Ops.
#![forbid(unsafe_code)]

pub mod platform;
pub mod schema;
