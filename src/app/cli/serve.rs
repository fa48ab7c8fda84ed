//! `campus-ops serve`: from settings to a listening server, and to its end.

use clap::Args;

use super::{Failure, print};
use crate::{
    app::{
        server::{self, Listening, Options},
        worker,
    },
    platform::{
        clock::Clocks,
        config::Settings,
        db::{self, Db},
        lock::WriterLock,
        time::Instant,
    },
};

#[derive(Args, Default)]
pub struct ServeArgs {
    /// Refuse to start instead of migrating
    #[arg(long)]
    no_migrate: bool,
    /// Where business time starts, as 2011-08-20T02:00:00Z; only on a training database
    #[arg(long, value_name = "TIME")]
    clock: Option<Instant>,
}

pub fn run(settings: &Settings, args: &ServeArgs) -> Result<(), Failure> {
    let target = settings.target()?;
    let _lock = WriterLock::take(&target)?;
    if args.no_migrate {
        if let Some(missing) = db::pending(&target)?.first() {
            return Err(format!("the database lacks migration {missing}").into());
        }
    } else {
        for name in db::migrate(&target)? {
            tracing::info!(name, "migrated");
        }
    }
    actix_web::rt::System::new().block_on(async {
        let clocks = clocks(settings, args.clock).await?;
        let listening = server::listen(settings, &Options { clocks, ..Options::default() })?;
        print::line(format_args!("listening on http://{}", listening.address))?;
        until_stopped(listening).await
    })
}

/// The clocks of this database; refuses to move the one of a real season.
async fn clocks(settings: &Settings, start: Option<Instant>) -> Result<Clocks, Failure> {
    let db = Db::open(&settings.target()?)?;
    let mark = db.read(|conn| Ok(db::facts::get(conn, db::facts::TRAINING)?)).await?;
    db.close().await;
    let clocks = Clocks { training: mark.is_some(), ..Clocks::default() };
    match start {
        Some(_) if !clocks.training => {
            Err("--clock works only on a database made by demo or migrate --training".into())
        }
        Some(start) => {
            clocks.business.set(start);
            Ok(clocks)
        }
        None => Ok(clocks),
    }
}

/// Serves until a signal; what was accepted is written before the process ends.
pub async fn until_stopped(listening: Listening) -> Result<(), Failure> {
    if listening.shared.limits.is_none() {
        tracing::warn!("request limits are off");
    }
    let worker = actix_web::rt::spawn(worker::run(listening.shared.clone()));
    let served = listening.server.await;
    worker.abort();
    served?;
    listening.shared.db.close().await;
    tracing::info!("stopped");
    Ok(())
}
