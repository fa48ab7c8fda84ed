//! The floor: what every room stands on. Knows nothing of campuses or events.

pub mod chain;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod csv_import;
pub mod db;
pub mod enums;
pub mod fault;
pub mod http;
pub mod ids;
pub mod lock;
pub mod names;
pub mod telemetry;
pub mod terms;
pub mod time;
pub mod visible;
