//! Use cases that read or write more than one room in one transaction. A file here says
//! what happens in which order; the rules and the tables stay in their rooms.

pub mod booths;
pub mod check_in;
pub mod erasure;
pub mod event_steps;
pub mod move_stock;
pub mod users;
