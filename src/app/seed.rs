//! Loading the season the program carries: cities, campuses, calendar, catalogue.

use crate::{
    campuses, catalogue, materials,
    platform::{
        clock::Clocks,
        db::{Db, Meta, Tx},
        fault::Fault,
    },
};

/// Which season to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// Autumn 2011, as the deck has it.
    Original,
    /// The same for another year; no calendar is invented.
    Year(i32),
}

/// Loads it; what is there already stays as it is. Answers whether anything was new.
pub async fn load(db: &Db, season: Season) -> Result<bool, Fault> {
    use campuses::seed::{Planted, Seed as Places};
    let (seed, places) = match season {
        Season::Original => (catalogue::seed::Seed::autumn_2011()?, Places::with_calendar_2011()?),
        Season::Year(year) => (catalogue::seed::Seed::autumn_of(year)?, Places::places()?),
    };
    db.write_alone(machine_meta(), move |tx: &mut Tx<'_>| {
        let places = places.plant(tx)?;
        let season = seed.plant(tx)?;
        let designs = materials::seed(tx, &seed.materials)?;
        Ok(season || designs > 0 || places != Planted::default())
    })
    .await
}

/// Who writes when the command line does: nobody who signed in.
pub fn machine_meta() -> Meta {
    let now = Clocks::default().real.now();
    Meta { now, real_now: now, user: None, request: None }
}
