//! The table of contents of the API. Each room lists its operations in its `routes`; the
//! server, the OpenAPI document, the access matrix and the rate limits all loop over this.

use super::{operations, training};
use crate::{
    accounts, booths, campuses, catalogue, checkins, events, flows, materials, participants,
    platform::{
        csv_import,
        fault::Code,
        http::{codes, endpoint::Endpoint},
    },
    registrations, reports, wlan,
};

/// Every operation there is.
pub fn all() -> Vec<Endpoint> {
    [
        operations::endpoints(),
        training::endpoints(),
        accounts::routes::endpoints(),
        flows::users::endpoints(),
        catalogue::routes::endpoints(),
        campuses::routes::endpoints(),
        booths::routes::endpoints(),
        flows::booths::endpoints(),
        wlan::routes::endpoints(),
        materials::routes::endpoints(),
        flows::move_stock::endpoints(),
        reports::endpoints(),
        participants::routes::endpoints(),
        flows::erasure::endpoints(),
        registrations::routes::endpoints(),
        events::routes::endpoints(),
        flows::event_steps::endpoints(),
        flows::check_in::endpoints(),
        checkins::routes::endpoints(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Every code a client may meet.
pub fn codes() -> Vec<&'static [Code]> {
    vec![
        codes::Refusal::CODES,
        training::Refusal::CODES,
        csv_import::Refusal::CODES,
        accounts::Refusal::CODES,
        catalogue::Refusal::CODES,
        campuses::Refusal::CODES,
        participants::Refusal::CODES,
        registrations::Refusal::CODES,
        booths::Refusal::CODES,
        wlan::Refusal::CODES,
        events::refusals::Refusal::CODES,
        materials::Refusal::CODES,
        checkins::Refusal::CODES,
    ]
}
