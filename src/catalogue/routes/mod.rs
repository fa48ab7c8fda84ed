//! The catalogue over HTTP.

mod activities;
mod handsets;
mod seasons;

use super::refusal::Refusal;
use crate::platform::{
    fault::Refuse,
    http::endpoint::{Endpoint, get, patch, post},
};

pub use handsets::HandsetModelOut;

pub fn endpoints() -> Vec<Endpoint> {
    let mut list = reference();
    list.extend(models());
    list
}

fn reference() -> Vec<Endpoint> {
    const TAG: &str = "Catalogue";
    vec![
        get("/seasons", seasons::list_seasons).about(
            TAG,
            "The seasons",
            "In the order of their codes, each with its formats and media.",
        ),
        get("/seasons/{code}", seasons::show_season).about(
            TAG,
            "A season",
            "Its dates, its formats (what an event looks like) and its media (where an event is \
             announced).",
        ),
        get("/themes", seasons::list_themes).about(
            TAG,
            "The four themes",
            "What an activity is about; the same in every season.",
        ),
        get("/activities", activities::list_activities).about(
            TAG,
            "The activities",
            "In the order of the campaign, season by season.",
        ),
        get("/activities/{code}", activities::show_activity).about(
            TAG,
            "An activity of a season",
            "Its window, the formats it may take and the kit a new event begins with.",
        ),
    ]
}

fn models() -> Vec<Endpoint> {
    const TAG: &str = "Handset models";
    vec![
        get("/handset-models", handsets::list_handset_models).about(
            TAG,
            "Handset models",
            "What the province offers to freshmen, in the order in which it was added.",
        ),
        post("/handset-models", handsets::create_handset_model)
            .about(
                TAG,
                "Add a handset model",
                "At most five are active in a season; one that is not active can be added to \
                 any number.",
            )
            .refuses(
                [Refusal::TooManyModels, Refusal::ModelTaken, Refusal::NoSuchSeason]
                    .map(|r| r.code()),
            ),
        patch("/handset-models/{id}", handsets::update_handset_model)
            .about(
                TAG,
                "Change a handset model",
                "Or take it out of the offer with `active: false`. Its season never changes.",
            )
            .refuses([Refusal::TooManyModels, Refusal::ModelTaken].map(|r| r.code())),
    ]
}
