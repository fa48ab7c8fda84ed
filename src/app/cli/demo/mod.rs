//! `campus-ops demo`: a fresh training season to look at, gone from memory but not from
//! its folder when it stops.

mod cast;
mod story;

use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

use self::cast::{Account, Cast};
use super::{Failure, print, said, serve};
use crate::{
    app::{
        seed,
        server::{self, Options},
    },
    platform::{
        clock::Clocks,
        config::Settings,
        db::{self, Db},
        fault::Fault,
        lock::WriterLock,
        time::Instant,
    },
};

/// Noon of the first day of the arrival activities.
const START: &str = "2011-08-20T04:00:00Z";

pub fn run(mut settings: Settings) -> Result<(), Failure> {
    let folder = settings.data_dir.clone().unwrap_or_else(fresh_folder);
    settings.data_dir = Some(folder.clone());
    settings.listen = settings.listen.or(Some(SocketAddr::from(([127, 0, 0, 1], 8080))));
    if !settings.listen().ip().is_loopback() {
        return Err("demo serves on loopback alone: it shows passwords".into());
    }
    // Before anything is made: who has to name another port begins anew.
    let address = settings.listen();
    drop(TcpListener::bind(address).map_err(|error| {
        format!("cannot listen on {address}: {error}; name another address with --listen")
    })?);
    let target = settings.target()?;
    let _lock = WriterLock::take(&target)?;
    if !db::is_blank(&target)? {
        return Err(format!("{target} is in use already; demo makes a database of its own").into());
    }
    db::migrate(&target)?;
    let clocks = Clocks { training: true, ..Clocks::default() };
    clocks.business.set(START.parse::<Instant>()?);
    actix_web::rt::System::new().block_on(async {
        let db = Db::open(&target)?;
        let cast = fill(&db, clocks.business.now()).await.map_err(|fault| said(&fault))?;
        db.close().await;
        let listening = server::listen(&settings, &Options { clocks, ..Options::default() })?;
        print::text(told(listening.address, &folder, &cast))?;
        serve::until_stopped(listening).await
    })
}

/// The first of `./data/demo`, `./data/demo-2`, … that is not there yet.
fn fresh_folder() -> PathBuf {
    let numbered = (2u32..).map(|number| format!("./data/demo-{number}"));
    let mut names = std::iter::once("./data/demo".to_owned()).chain(numbered).map(PathBuf::from);
    names.find(|folder| !folder.exists()).unwrap_or_else(|| "./data/demo".into())
}

async fn fill(db: &Db, now: Instant) -> Result<Cast, Fault> {
    seed::load(db, seed::Season::Original).await?;
    cast::gather(db, now).await
}

/// All that is printed, once.
fn told(address: SocketAddr, folder: &Path, cast: &Cast) -> String {
    let mut text = format!(
        "listening on http://{address}\n\n\
         The autumn season of 2011 in Guangdong; the clock began at {START} and runs.\n\
         API document: http://{address}/docs\n\
         All of it is in {}, which may be deleted when it has stopped.\n\n\
         {:<12}  {:<11}  {:<12}  name\n",
        folder.display(),
        "role",
        "phone",
        "password"
    );
    for Account { role, phone, name, password, .. } in &cast.accounts {
        text.push_str(&format!("{:<12}  {phone:<11}  {password:<12}  {name}\n", role.word()));
    }
    text.push_str(&format!(
        "\n{} participants, none of them real, and two halls at Sun Yat-sen University.\n",
        cast.participants.len()
    ));
    text.push_str("\nA season in short. Paste these lines into another shell, in their order.\n");
    for step in story::steps(address, cast) {
        text.push_str(&format!("\n{}:\n\n", step.what));
        step.lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    text.push_str("\nStop with Ctrl-C.\n");
    text
}
