//! Events over HTTP: finding and planning them. Findings and steps ask other rooms too and
//! are flows.

mod out;
mod plan;
mod read;
mod slots;

pub use out::{AllowedActionOut, EventOut, View};

use super::refusals::Refusal;
use crate::platform::{
    fault::Refuse as _,
    http::endpoint::{Endpoint, delete, get, patch, post},
};

const TAG: &str = "Events";

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/events", read::list_events).about(
            TAG,
            "Find events",
            "In the order of their start; those without a time come last. `from` and `to` are \
             local days, both included. `mine` also shows events elsewhere that you lead or \
             are in the team of, until they close. `task` keeps what waits for you: what is \
             yours to endorse or approve (never what you wrote), to revise, or to close.",
        ),
        post("/events", plan::create_event).about(
            TAG,
            "Draft an event",
            "Whatever is missing or in the way shows as findings; a draft may be unfinished. \
             Whoever drafts or edits is an author and neither endorses nor approves it.",
        ),
        get("/events/{id}", read::show_event).about(
            TAG,
            "An event",
            "With what you may do with it now, and why not the rest.",
        ),
        patch("/events/{id}", plan::update_event)
            .about(
                TAG,
                "Edit an event",
                "JSON merge patch; lists are replaced as a whole. All but `walk_in` is guarded: \
                 an edit of a submitted or endorsed event returns it to draft and voids the \
                 endorsement, an approved or running one is amended instead. `season`, \
                 `activity` and `campus_id` never change after the first submit.",
            )
            .refuses([Refusal::Frozen.code()]),
        delete("/events/{id}", plan::delete_event)
            .about(TAG, "Delete a draft", "One that was never submitted; others are withdrawn.")
            .refuses([Refusal::WrongState.code()]),
        get("/events/{id}/history", read::list_event_history).about(
            TAG,
            "What others have seen of an event",
            "Every step and amendment with who, when, comment and the hash of the content, \
             oldest first.",
        ),
        get("/venues/{id}/slots", slots::show_venue_slots).about(
            "Venues",
            "A venue's day",
            "What keeps it on a local day, softly (submitted, endorsed) or hard (approved, \
             running), and what is free.",
        ),
    ]
}
