//! WLAN promotions over HTTP.

mod access_points;
mod history;
mod promotions;
mod transitions;
mod types;

use super::refusal::Refusal;
use crate::platform::{
    fault::{Code, Refuse},
    http::endpoint::{Endpoint, delete, get, patch, post},
};

pub use types::PromotionOut;

const TAG: &str = "WLAN promotions";

fn codes<const N: usize>(refusals: [Refusal; N]) -> [&'static Code; N] {
    refusals.map(|refusal| refusal.code())
}

pub fn endpoints() -> Vec<Endpoint> {
    let content = [Refusal::OutsideWindow, Refusal::LinkHost];
    vec![
        get("/wlan/promotions", promotions::list_promotions).about(
            TAG,
            "Promotions of one's scope",
            "Oldest first. `state=approved` leaves out those that have ended; `task=approve` \
             keeps what waits for you.",
        ),
        post("/wlan/promotions", promotions::create_promotion)
            .about(
                TAG,
                "Draft a promotion",
                "Its days lie inside the window of `free-wlan` of the season; the creative's \
                 link is https and leads to one of the hosts the operator allows.",
            )
            .refuses(codes(content)),
        get("/wlan/promotions/{id}", promotions::show_promotion).about(
            TAG,
            "One promotion",
            "Its `ETag` is needed to change it or to take a step with it.",
        ),
        patch("/wlan/promotions/{id}", promotions::update_promotion)
            .about(
                TAG,
                "Change a promotion",
                "Whoever edits becomes an author. An edit returns a submitted promotion to \
                 draft; an approved one is frozen. Campus and season stay.",
            )
            .refuses(codes(content))
            .refuses(codes([Refusal::Frozen, Refusal::WrongState])),
        delete("/wlan/promotions/{id}", promotions::delete_promotion)
            .about(TAG, "Delete a draft", "Only drafts; withdraw what was submitted.")
            .refuses(codes([Refusal::Frozen, Refusal::WrongState])),
        post("/wlan/promotions/{id}/transitions", transitions::move_promotion)
            .about(
                TAG,
                "Take a step with a promotion",
                "`submit` and `withdraw` are its authors'. `approve`, `request_changes`, \
                 `reject` and `cancel` are the coordinator's; the last three need a comment, \
                 and an author never approves. Approving takes the SSID of the campus for the \
                 days.",
            )
            .refuses(codes([
                Refusal::NotYours,
                Refusal::Duties,
                Refusal::WrongState,
                Refusal::Overlap,
                Refusal::OutsideWindow,
                Refusal::LinkHost,
            ])),
        get("/wlan/promotions/{id}/history", history::list_promotion_history).about(
            TAG,
            "What happened to a promotion",
            "One line per version: who, when, from which state to which, the comment and the \
             SHA-256 of the content as it then was.",
        ),
        get("/wlan/promotions/{id}/access-points", access_points::list_access_points).about(
            TAG,
            "Access points of a promotion",
            "In the order in which they were added.",
        ),
        post("/wlan/promotions/{id}/access-points", access_points::create_access_point)
            .about(
                TAG,
                "Add an access point",
                "While the promotion is planned or runs. MAC addresses are kept in lower case \
                 with colons; each stands once in a promotion.",
            )
            .refuses(codes([Refusal::MacTaken, Refusal::WrongState])),
    ]
}
