//! The roof: what is served, how it is described, and how it is started.

pub mod cli;
pub mod docs;
pub mod endpoints;
pub mod limits;
pub mod openapi;
pub mod operations;
pub mod seed;
pub mod server;
pub mod training;
pub mod worker;
