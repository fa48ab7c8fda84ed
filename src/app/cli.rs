//! The command line. `campus-ops help` is where an operator begins.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use super::{
    endpoints, openapi,
    server::{self, Options},
};
use crate::platform::{config::Settings, db, telemetry};

/// Backend of a campus season: events, booths, WLAN promotions, materials, check-in.
#[derive(Parser)]
#[command(name = "campus-ops", version, max_term_width = 100)]
#[command(after_help = "Settings come from --config FILE, then the environment, then flags; \
    the later wins.")]
pub struct Cli {
    /// A TOML file with settings, named as the flags are
    #[arg(long, global = true, value_name = "FILE", env = "CAMPUS_OPS_CONFIG")]
    config: Option<PathBuf>,

    #[command(flatten)]
    settings: Settings,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API; migrates the database first
    Serve {
        /// Refuse to start instead of migrating
        #[arg(long)]
        no_migrate: bool,
    },
    /// Bring the database's schema up to date
    Migrate {
        /// Mark the database as one for training: only there the clock can be moved
        #[arg(long)]
        training: bool,
    },
    /// Print the OpenAPI document
    Openapi,
}

/// Why a command ended.
type Failure = Box<dyn std::error::Error>;

/// Runs what the arguments ask for.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("campus-ops: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<(), Failure> {
    let settings = cli.settings.over_file(cli.config.as_deref())?;
    match cli.command {
        Command::Openapi => {
            println!("{}", openapi::document(&endpoints::all()).to_pretty_json()?);
            Ok(())
        }
        Command::Migrate { training: _ } => {
            telemetry::start(&settings);
            for name in db::migrate(&settings.target()?)? {
                println!("migrated {name}");
            }
            Ok(())
        }
        Command::Serve { no_migrate } => {
            telemetry::start(&settings);
            serve(&settings, no_migrate)
        }
    }
}

fn serve(settings: &Settings, no_migrate: bool) -> Result<(), Failure> {
    std::fs::create_dir_all(settings.data_dir())?;
    let target = settings.target()?;
    if no_migrate {
        if let Some(missing) = db::pending(&target)?.first() {
            return Err(format!("the database lacks migration {missing}").into());
        }
    } else {
        db::migrate(&target)?;
    }
    actix_web::rt::System::new().block_on(async {
        let listening = server::listen(settings, &Options::default())?;
        println!("listening on http://{}", listening.address);
        listening.server.await?;
        listening.shared.db.close().await;
        Ok(())
    })
}
