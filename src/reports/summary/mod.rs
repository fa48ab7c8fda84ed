//! `GET /reports/summary`: what was planned, held, counted and handed out, by place, by
//! what it was for, or by day (deck p.18, 26).

mod csv;
mod facts;
mod figures;
mod names;
mod routes;
mod sources;

pub use routes::endpoints;
