//! The command line. `campus-ops help` is where an operator begins.

mod demo;
mod import;
mod print;
mod serve;
mod user;

use std::{future::Future, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use super::{endpoints, openapi, seed};
use crate::{
    platform::{
        config::Settings,
        db::{self, Db},
        fault::Fault,
        lock::WriterLock,
        telemetry,
    },
    reports,
};

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
    Serve(serve::ServeArgs),
    /// Bring the database's schema up to date
    Migrate {
        /// Mark the database as one for training: only there the clock can be moved
        #[arg(long)]
        training: bool,
    },
    /// Load a season with cities, campuses, calendar and catalogue; may run twice
    Seed {
        /// The season the program carries
        #[arg(long, default_value = "2011-autumn", value_parser = ["2011-autumn"])]
        season: String,
        /// The same season for another year
        #[arg(long, value_parser = clap::value_parser!(i32).range(2000..2100))]
        year: Option<i32>,
    },
    /// Bring in a list that is a CSV file, as the province would
    #[command(subcommand)]
    Import(import::List),
    /// Manage accounts without signing in
    #[command(subcommand)]
    User(user::UserCommand),
    /// Serve a fresh training season with one account per role and say how to sign in
    Demo,
    /// Recompute counts and balances from their sources; exit 1 with what differs
    Verify,
    /// Print the OpenAPI document
    Openapi,
    /// Print every problem code with its status and titles
    Codes,
    /// Print what each role may do
    Policy,
}

/// Why a command ended.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// Runs what the arguments ask for.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            print::complain(format_args!("campus-ops: {failure}"));
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<(), Failure> {
    let settings = cli.settings.over_file(cli.config.as_deref())?;
    match cli.command {
        Command::Openapi => {
            let document = openapi::document(&endpoints::all()).to_pretty_json()?;
            return Ok(print::line(document)?);
        }
        Command::Codes => {
            let codes = openapi::codes(&endpoints::codes());
            return Ok(print::line(format_args!("{codes:#}"))?);
        }
        Command::Policy => {
            return Ok(print::text(crate::accounts::policy::grid())?);
        }
        _ => telemetry::start(&settings),
    }
    match cli.command {
        Command::Migrate { training } => migrate(&settings, training),
        Command::Serve(args) => serve::run(&settings, &args),
        Command::Seed { year, .. } => with_db(&settings, async |db| {
            let season = year.map_or(seed::Season::Original, seed::Season::Year);
            let new = seed::load(&db, season).await.map_err(|fault| said(&fault))?;
            let said = if new { "seeded" } else { "already seeded; nothing changed" };
            Ok(print::line(said)?)
        }),
        Command::User(user::UserCommand::Create(args)) => with_db(&settings, async |db| {
            let id = user::create(&db, args).await?;
            Ok(print::line(format_args!("created user {id}"))?)
        }),
        Command::Import(list) => with_db(&settings, async |db| import::run(&db, &list).await),
        Command::Verify => verify(&settings),
        Command::Demo => demo::run(settings),
        Command::Openapi | Command::Codes | Command::Policy => Ok(()),
    }
}

/// A refusal in words, for people at a terminal.
pub(crate) fn said(fault: &Fault) -> String {
    match fault {
        Fault::Refused(problem) => {
            let detail = problem.detail.as_ref().map(|words| format!("; {}", words.en));
            let mut text = format!(
                "{}{} ({})",
                problem.code.en,
                detail.unwrap_or_default(),
                problem.code.name
            );
            for error in &problem.errors {
                text += &format!("\n{}: {}", error.pointer, error.message.en);
            }
            text
        }
        other => other.to_string(),
    }
}

/// Runs one piece of work on the migrated store, while nobody else writes.
fn with_db<W>(settings: &Settings, work: impl FnOnce(Db) -> W) -> Result<(), Failure>
where
    W: Future<Output = Result<(), Failure>>,
{
    let target = settings.target()?;
    let _lock = WriterLock::take(&target)?;
    db::migrate(&target)?;
    actix_web::rt::System::new().block_on(async {
        let db = Db::open(&target)?;
        let done = work(db.clone()).await;
        db.close().await;
        done
    })
}

fn migrate(settings: &Settings, training: bool) -> Result<(), Failure> {
    with_db(settings, async |db| {
        if training {
            mark_for_training(&db).await?;
        }
        Ok(print::line("the schema is current")?)
    })
}

/// Only where this mark stands can the clock be moved.
async fn mark_for_training(db: &Db) -> Result<(), Failure> {
    Ok(db
        .write(seed::machine_meta(), |tx| Ok(db::facts::set(tx, db::facts::TRAINING, "true")?))
        .await?)
}

/// Only reads, so it runs beside a server.
fn verify(settings: &Settings) -> Result<(), Failure> {
    let target = settings.target()?;
    actix_web::rt::System::new().block_on(async {
        let db = Db::open(&target)?;
        let found = db.snapshot(reports::verify::differences).await;
        db.close().await;
        let found = found?;
        for difference in &found {
            print::line(difference)?;
        }
        if found.is_empty() {
            return Ok(print::line("all counts and balances agree with their sources")?);
        }
        Err(format!("{} differences", found.len()).into())
    })
}
