//! Lists of campuses and of calendar days that come as CSV: all or nothing, each wrong cell
//! with its line and column. What is there and the same stays untouched; what differs is
//! written over; nothing is removed. Blank cells and missing columns keep what is there.

pub mod calendar;
pub mod campuses;
