//! Booths over HTTP: the booth itself, and what its people counted. Changing and deleting a
//! booth is in `flows::booths`.

mod booths;
mod missing;
mod tallies;
mod types;

use super::refusal::Refusal;
use crate::{
    events::refusals::Refusal as EventRefusal,
    platform::{
        fault::{Code, Refuse},
        http::endpoint::{Endpoint, get, post, put},
    },
};

pub use tallies::TallyDayOut;
pub use types::{BoothOut, BoothPatch};

const TAG: &str = "Booths";

/// Why what a booth would be is refused.
pub fn content() -> impl Iterator<Item = &'static Code> {
    let own = [Refusal::SpotTaken, Refusal::Hours, Refusal::OutsideSeason, Refusal::EventElsewhere];
    codes(own).into_iter().chain([EventRefusal::WrongState.code()])
}

fn codes<const N: usize>(refusals: [Refusal; N]) -> [&'static Code; N] {
    refusals.map(|refusal| refusal.code())
}

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/booths", booths::list_booths).about(
            TAG,
            "Booths of one's scope",
            "By first day, then id. `from` and `to` keep the booths that are open on some day \
             between them.",
        ),
        post("/booths", booths::create_booth)
            .about(
                TAG,
                "Register a booth",
                "One spot of a campus holds one booth at a time: two booths of a spot never \
                 share a day and a minute of the day. Spots are compared after normalising \
                 (NFKC, no spaces, upper case), so `a 3` is `A3`. An event it belongs to is one \
                 of its campus and season that has not come to its end; a draft will do.",
            )
            .refuses(content()),
        get("/booths/missing-tallies", missing::list_missing_tallies).about(
            TAG,
            "Booth days nobody counted",
            "Days before today on which a booth was open and nobody wrote a tally, oldest first; \
             of seasons that are not over by more than sixty days.",
        ),
        get("/booths/{id}", booths::show_booth).about(
            TAG,
            "One booth",
            "Its `ETag` is needed to change or delete it.",
        ),
        get("/booths/{id}/tallies/{date}", tallies::show_tally).about(
            TAG,
            "What was counted at a booth on a day",
            "`mine` is the caller's own tally, `total` the sum over all people of the day.",
        ),
        put("/booths/{id}/tallies/{date}", tallies::put_tally)
            .about(
                TAG,
                "Write one's own tally of a day",
                "Replaces what the caller wrote for that day, so it may be repeated; colleagues \
                 write theirs beside it. The day must be one of the booth's.",
            )
            .refuses(codes([Refusal::NotOpen])),
    ]
}
