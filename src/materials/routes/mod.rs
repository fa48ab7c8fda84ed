//! Designs, stock and movements over HTTP. Making a movement needs the places of other
//! rooms and is a use case of its own: `flows::move_stock`.

mod custody;
mod designs;
mod movements;
mod stock;

pub use movements::MovementOut;

use super::refusal::Refusal;
use crate::{
    accounts,
    platform::{
        fault::{Code, Refuse},
        http::endpoint::{Endpoint, get, post},
    },
};

fn code(refusal: Refusal) -> &'static Code {
    refusal.code()
}

pub fn endpoints() -> Vec<Endpoint> {
    let forbidden = accounts::Refusal::Forbidden.code();
    vec![
        get("/materials", designs::list_materials).about(
            "Materials",
            "The materials there are",
            "By sku. Serialised ones move by naming the pieces.",
        ),
        post("/materials", designs::create_material)
            .about("Materials", "Add a material design", "For the province. A sku is for ever.")
            .refuses([code(Refusal::SkuTaken)]),
        get("/stock", stock::list_stock).about(
            "Materials",
            "What is where now",
            "Places of your scope, and what you hold yourself; nothing that is used up. \
             Goods on the way stand in `transit` and show in movements of state `sent`.",
        ),
        get("/movements", movements::list_movements).about(
            "Materials",
            "Movements",
            "Newest first, by server sequence; those with either side in your scope. \
             `from` and `to` are local days of `occurred_at`, both included. `task=accept` keeps \
             what waits for your answer.",
        ),
        post("/movements/{id}/accept", custody::accept_movement)
            .about(
                "Materials",
                "Accept goods that were sent",
                "For whoever answers for the destination: the province, coordinators of the \
                 city, ambassadors of the campus or its coordinators, the user. Never for the \
                 sender (403).",
            )
            .refuses([code(Refusal::WrongState), forbidden]),
        post("/movements/{id}/reject", custody::reject_movement)
            .about(
                "Materials",
                "Send goods back that were sent",
                "They return to where they came from: `rejected` by whoever answers for the \
                 destination, `returned` when the sender, or whoever answers for the source, \
                 takes back what nobody has accepted.",
            )
            .refuses([code(Refusal::WrongState), forbidden]),
    ]
}
