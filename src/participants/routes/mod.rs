//! Participants and their passes as the API has them.

mod change;
mod import;
mod out;
mod passes;
mod read;
mod register;

pub use out::ParticipantOut;

use super::{import as lists, refusal::Refusal};
use crate::platform::{
    csv_import::takes_list,
    fault::{Code, Refuse},
    http::{
        codes,
        endpoint::{Endpoint, get, patch, post},
    },
};

const PEOPLE: &str = "Participants";
const PASSES: &str = "Passes";

fn code(refusal: impl Refuse) -> &'static Code {
    refusal.code()
}

pub fn endpoints() -> Vec<Endpoint> {
    let mut rows = people();
    rows.push(imported());
    rows.extend(passes());
    rows
}

fn people() -> Vec<Endpoint> {
    vec![
        post("/participants", register::register_participant)
            .about(
                PEOPLE,
                "Register a participant",
                "A phone has one record: for a known phone the answer is 200 with `existed: true` \
                 and the record masked, or its id alone where it lies outside your scope. Give \
                 an `id` of your own when you register offline: with a known phone it becomes \
                 another name of the record and is accepted for ever.",
            )
            .refuses([
                code(Refusal::ConsentMissing),
                code(Refusal::IdReused),
                code(codes::Refusal::NotFound),
            ]),
        get("/participants/{id}", read::show_participant).about(
            PEOPLE,
            "One participant",
            "By any of its ids. An erased one has `id`, `role`, `campus_id` and `erased_at`.",
        ),
        patch("/participants/{id}", change::change_participant)
            .about(
                PEOPLE,
                "Change a participant",
                "JSON merge patch. A changed consent replaces the one on record.",
            )
            .refuses([code(Refusal::Erased), code(Refusal::PhoneTaken)]),
    ]
}

fn imported() -> Endpoint {
    let row = post("/imports/participants", import::import_participants).about(
        "Imports",
        "Bring in participants",
        "As the campuses. Columns: `role`, `name`, `phone`, `campus_code`, `consent_version`, \
         `consent_at` (as `2011-09-01T02:30:00Z`, or local time as `2011-09-01 10:30`), and if \
         you like `student_no`, `skills` (several with `;` between), `app_idea`. Nobody comes in \
         without consent. A known phone keeps its record as it is, as when you register it; the \
         answer has the id of each row's record. Coordinators bring in people of their city.",
    );
    takes_list(row, lists::EXAMPLE)
}

fn passes() -> Vec<Endpoint> {
    vec![
        get("/participants/{id}/pass", passes::show_pass)
            .about(
                PASSES,
                "The pass of a participant",
                "Issued when there is none; the same until it is revoked or the season is over. \
                 With `Accept: image/svg+xml` the answer is its QR code.",
            )
            .refuses([code(Refusal::Erased), code(Refusal::NoSeason)]),
        post("/participants/{id}/pass/revoke", passes::revoke_pass)
            .about(
                PASSES,
                "Revoke the pass of a participant",
                "From now on; scans made before stay valid. The next look-up issues a new one.",
            )
            .refuses([code(codes::Refusal::NotFound)]),
        get("/.well-known/jwks.json", passes::show_pass_keys)
            .about(
                PASSES,
                "Keys that verify passes",
                "JWK set (RFC 7517). Verify offline with it: fix `ES256` and `pass+jwt`, choose \
                 the key by `kid` from this list, ignore keys a token brings along.",
            )
            .at_root(),
    ]
}
