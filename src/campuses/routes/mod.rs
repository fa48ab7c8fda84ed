//! Campuses, venues and cities over HTTP, and the lists that come as CSV.

mod cities;
mod imports;
mod sites;
mod venues;

use super::{import, refusal::Refusal};
use crate::platform::{
    csv_import::takes_list,
    fault::{Code, Refuse},
    http::endpoint::{Endpoint, get, patch, post},
};

pub use sites::CampusOut;
pub use venues::{VenueOut, add as add_venue};

fn code(refusal: Refusal) -> &'static Code {
    refusal.code()
}

pub fn endpoints() -> Vec<Endpoint> {
    let mut list = reference();
    list.extend(halls());
    list.extend(imported());
    list
}

fn reference() -> Vec<Endpoint> {
    const TAG: &str = "Campuses";
    vec![
        get("/cities", cities::list_cities).about(
            TAG,
            "The cities of the province",
            "In the order of their codes. Positions are from GeoNames (CC BY 4.0).",
        ),
        get("/campuses", sites::list_campuses).about(
            TAG,
            "Find campuses",
            "In the order of their codes. Everybody may look up every campus: people come from \
             other ones. `q` takes words or parts of words of the names, Chinese or English, \
             or the code; a campus has to match all of them.",
        ),
        get("/campuses/{id}", sites::show_campus).about(
            TAG,
            "A campus",
            "With its registration days and exam weeks, which show as notes on events.",
        ),
        post("/campuses", sites::create_campus)
            .about(
                TAG,
                "Add a site of a university",
                "Without `code` the site gets the next free one: the MOE code, or the MOE code \
                 with `-2`, `-3`. What is left out of level, ownership and `is_211` is taken \
                 from another site of the university, if there is one.",
            )
            .refuses([code(Refusal::CodeTaken), code(Refusal::NoSuchCity)]),
        patch("/campuses/{id}", sites::update_campus).about(
            TAG,
            "Change a campus",
            "Startup focus, dates, names and position. Lists are replaced as a whole. Code, \
             MOE code and city never change.",
        ),
    ]
}

fn halls() -> Vec<Endpoint> {
    const TAG: &str = "Venues";
    vec![
        get("/campuses/{id}/venues", venues::list_venues).about(
            TAG,
            "Venues of a campus",
            "In the order in which they were added; also those that are not active.",
        ),
        post("/campuses/{id}/venues", venues::create_venue)
            .about(TAG, "Add a venue", "Names are unique within the campus.")
            .refuses([code(Refusal::VenueNameTaken)]),
        patch("/venues/{id}", venues::update_venue)
            .about(
                TAG,
                "Change a venue",
                "One that is not `active` keeps its events; new ones cannot take it.",
            )
            .refuses([code(Refusal::VenueNameTaken)]),
    ]
}

fn imported() -> Vec<Endpoint> {
    const TAG: &str = "Imports";
    let campuses = post("/imports/campuses", imports::import_campuses).about(
        TAG,
        "Bring in campuses",
        "CSV, UTF-8 or GB18030, at most 10,000 rows, all or nothing. Columns in any \
         order: `moe_code`, `name_zh`, `city_code`, `level`, `ownership`, `is_211`, and \
         if you like `code`, `name_en`, `startup_focus`, `latitude`, `longitude`. \
         Coordinators bring in campuses of their city. Each wrong cell is an entry of \
         `errors` with `data.line` and `data.column`; `dry_run` only checks.",
    );
    let calendar = post("/imports/calendar", imports::import_calendar).about(
        TAG,
        "Bring in the calendar",
        "As the campuses. Columns: `date`, `day_type`, `is_working_day`, and if you \
         like `name_zh`, `name_en`.",
    );
    vec![
        takes_list(campuses, import::campuses::EXAMPLE),
        takes_list(calendar, import::calendar::EXAMPLE),
    ]
}
