//! Pure decisions about promotions.

pub mod content;
pub mod link;
pub mod states;
