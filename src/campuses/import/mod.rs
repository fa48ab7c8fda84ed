//! Lists of campuses and of calendar days that come as CSV: all or nothing, each wrong cell
//! with its line and column. What is there and the same stays untouched; what differs is
//! written over; nothing is removed. Blank cells and missing columns keep what is there.

pub mod calendar;
pub mod campuses;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an import did, or with `dry_run` would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportOut {
    pub dry_run: bool,
    /// Rows of the file, without its header.
    pub rows: usize,
    pub created: usize,
    pub updated: usize,
    /// Rows that say what is there already.
    pub unchanged: usize,
}
