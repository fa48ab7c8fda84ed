//! The API as its users meet it: a real server, real HTTP, both databases.

mod access_matrix;
mod accounts;
mod booths;
mod campuses;
mod catalogue;
mod checkins;
mod checkins_order;
mod contract;
mod events;
mod imports;
mod ledger;
mod materials;
mod participants;
mod passes;
mod plans;
mod races;
mod registrations;
mod reports;
mod same_history;
mod support;
mod users;
mod wlan;
