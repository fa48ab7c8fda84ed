//! Registrations as the API has them.

mod batch;
mod people;
mod single;

use super::refusal::Refusal;
use crate::{
    participants,
    platform::{
        fault::{Code, Refuse},
        http::{
            codes,
            endpoint::{Endpoint, delete, get, post},
        },
    },
};

const REGISTRATIONS: &str = "Registrations";

fn code(refusal: impl Refuse) -> &'static Code {
    refusal.code()
}

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/participants", people::list_participants)
            .about(
                "Participants",
                "Participants of your scope, or those at the door",
                "In the order of their registration. Whole for ambassadors of the campus and the \
                 coordinator of its city, masked for others. At the door of an event you see, \
                 `phone_tail` and `event_id` together find by the last four digits of the phone \
                 whoever is on its list, wherever they come from, and people of your scope; lead \
                 and team see those on the list whole.",
            )
            .refuses([code(codes::Refusal::NotFound)]),
        get("/events/{id}/registrations", single::list_registrations).about(
            REGISTRATIONS,
            "Who is coming to an event",
            "In the order in which they asked. Lead and team see the people whole.",
        ),
        post("/events/{id}/registrations", single::register_for_event)
            .about(
                REGISTRATIONS,
                "Register someone for an event",
                "While the event is approved or running; first come, first served. Beyond the \
                 capacity people wait and move up when a place becomes free. Registering again \
                 changes nothing and answers 200.",
            )
            .refuses([
                code(Refusal::NotOpen),
                code(Refusal::NotAdmitted),
                code(participants::Refusal::Erased),
                code(codes::Refusal::NotFound),
            ]),
        delete("/events/{id}/registrations/{participant_id}", single::cancel_registration)
            .about(
                REGISTRATIONS,
                "Take someone off an event's list",
                "Whoever has waited longest gets the place.",
            )
            .refuses([code(Refusal::NotOpen)]),
        post("/events/{id}/registrations/batch", batch::register_many)
            .about(
                REGISTRATIONS,
                "Register up to 200 people",
                "In the order given, with a result each; one refusal does not stop the others.",
            )
            .refuses([code(Refusal::NotOpen), code(codes::Refusal::NotFound)]),
    ]
}
