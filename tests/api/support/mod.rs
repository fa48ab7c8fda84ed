//! The tests' own house: a real server on a fresh database per test, and actors who talk
//! to it over HTTP as the staff do.
//!
//! Without `TEST_POSTGRES_URL` the tests run on SQLite, with it on PostgreSQL: that URL
//! names a server on which databases may be made.

pub mod actor;
pub mod answer;
pub mod database;
pub mod planned;
pub mod postgres;
mod staff;
pub mod world;

use std::{net::SocketAddr, sync::mpsc, thread};

use actix_web::dev::ServerHandle;
use campus_ops::{
    accounts::{Role, passwords::Cost},
    app::server::{self, Options, Shared},
    platform::{
        clock::Clocks,
        config::{Settings, Switch},
        db::{Meta, Tx},
        fault::Fault,
        ids::CampusId,
        time::Instant,
    },
};

use self::database::Database;
pub use self::{actor::Actor, answer::Answer, world::World};

/// When the tests' season stands unless a test moves it: noon of 20 August 2011 at +08:00.
pub const NOON: &str = "2011-08-20T04:00:00.000Z";

/// A running server with the autumn season of 2011 and its own database.
pub struct TestApp {
    pub address: SocketAddr,
    pub clocks: Clocks,
    pub shared: Shared,
    pub world: World,
    handle: ServerHandle,
    thread: Option<thread::JoinHandle<()>>,
    // Dropped last: the server must be gone before its database is.
    pub database: Database,
}

impl TestApp {
    pub fn start() -> Self {
        Self::on(Database::fresh())
    }

    pub fn on(database: Database) -> Self {
        let clocks = Clocks { training: true, ..Clocks::default() };
        clocks.business.set(NOON.parse().unwrap());
        let settings = Settings {
            data_dir: Some(database.folder().to_owned()),
            database_url: Some(database.url()),
            listen: Some(([127, 0, 0, 1], 0).into()),
            rate_limit: Some(Switch::Off),
            ..Settings::default()
        };
        let cost = Cost { memory_kib: 8, passes: 1 };
        let options = Options { clocks: clocks.clone(), password_cost: cost, workers: 2 };
        let (ready, started) = mpsc::channel();
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let listening = server::listen(&settings, &options).unwrap();
                let parts =
                    (listening.address, listening.shared.clone(), listening.server.handle());
                ready.send(parts).unwrap();
                listening.server.await.unwrap();
                listening.shared.db.close().await;
            });
        });
        let (address, shared, handle) = started.recv().expect("the server starts");
        let world = World::read(&shared.db);
        Self { address, clocks, shared, world, handle, thread: Some(thread), database }
    }

    /// Someone who is not signed in.
    pub fn stranger(&self) -> Actor {
        Actor::stranger(self.address)
    }

    pub fn ambassador(&self, campus: CampusId) -> Actor {
        Actor::of(self, Role::Ambassador, &[campus], None)
    }

    pub fn liaison(&self, campus: CampusId) -> Actor {
        Actor::of(self, Role::Liaison, &[campus], None)
    }

    pub fn coordinator(&self, city: &str) -> Actor {
        Actor::of(self, Role::Coordinator, &[], Some(city.parse().unwrap()))
    }

    pub fn province(&self) -> Actor {
        Actor::of(self, Role::Province, &[], None)
    }

    pub fn auditor(&self) -> Actor {
        Actor::of(self, Role::Auditor, &[], None)
    }

    /// Writes to the store beside the API: what others cannot do, or do not do in time.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> T {
        let now = self.clocks.business.now();
        let meta = Meta { now, real_now: now, user: None, request: None };
        actix_web::rt::System::new().block_on(self.shared.db.write(meta, work)).unwrap()
    }

    /// Moves business time.
    pub fn at(&self, time: &str) {
        self.clocks.business.set(time.parse::<Instant>().unwrap());
    }

    /// Moves real time: tokens, sessions, limits.
    pub fn real_time_passes(&self, by: chrono::Duration) {
        self.clocks.real.set(self.clocks.real.now() + by);
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Told to stop from outside its runtime; the thread ends when the server has.
        let handle = self.handle.clone();
        let stop = thread::spawn(move || {
            actix_web::rt::System::new().block_on(handle.stop(false));
        });
        stop.join().expect("the server can be told to stop");
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || thread::panicking(), "the server ended badly");
        }
    }
}
