//! Goods of the campaign: what there is, where it is, and who moved it.
//!
//! Nothing appears or vanishes. A *movement* takes a quantity of one material, for a
//! serialised one named pieces, from one *place* to another; places outside the house
//! (supplier, used, lost, damaged, adjustment, a participant) close the circle. A movement
//! and its *ledger* lines are never changed: what was wrong is reversed, once.
//!
//! Where the keeper of the goods changes, handing over takes two people. The goods are
//! `sent` into transit; whoever answers for the destination, and is not the sender, accepts
//! them (`accepted`) or sends them back (`rejected`). While they wait, the sender or whoever
//! answers for the source takes them back (`returned`, decided): a receiver may leave before
//! accepting. Every other movement is `done` at once.
//!
//! What was lost is found up to what its keeper lost (`losses`): a campus also finds what its
//! events and booths lost. More than that is a `count`, which a coordinator does (decided).
//!
//! Tables: `materials`, `movements` and `movement_serials` (what was asked), `ledger` (what
//! happened, in double entry), `custody` (where a handing over stands), `reversals`,
//! `balances` (sums of the ledger), `losses` (lost and not found again, by keeper), `serials`
//! (where each piece stands).
//!
//! Invariants: a balance is the sum of its ledger lines and never negative; a piece stands
//! in one place; a movement id stands for one content for ever; a movement is reversed at
//! most once; sender and receiver are two people; of a group of materials a person is given at
//! most its limit.

pub mod model;
pub mod order;
pub mod place;
pub mod refusal;
pub mod routes;
pub mod rules;
pub mod seed;
pub mod store;

pub use place::{Located, Place, PlaceKind};
pub use refusal::Refusal;
pub use seed::seed;
