//! Password hashing (Argon2id, RFC 9106) in a lane of its own: one at a time per core, a
//! short queue, and then 503, so that a flood of sign-ins does not slow anything else.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;
use crate::platform::fault::{Fault, Refuse};

/// How many may wait for a core.
const QUEUE: usize = 64;

/// What hashing costs.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Cost {
    /// OWASP's recommendation: about 15 ms a password.
    pub const STANDARD: Self = Self { memory_kib: 19_456, passes: 2 };
}

/// The lane. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    argon: Argon2<'static>,
    cores: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    /// Verified instead where there is no account, so that both take the same time.
    decoy: Arc<str>,
}

impl Passwords {
    pub fn new(cost: Cost) -> Result<Self, Fault> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(Fault::bug)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash_now(&argon, "nobody's password")?.into();
        let cores = Arc::new(Semaphore::new(cores));
        Ok(Self { argon, cores, waiting: Arc::default(), decoy })
    }

    /// The PHC string to store.
    pub async fn hash(&self, password: String) -> Result<String, Fault> {
        let argon = self.argon.clone();
        self.lane(move || hash_now(&argon, &password)).await?
    }

    /// The strings of a whole list, one after the other: it holds one place in the queue and
    /// one core, and others come in between.
    pub async fn hash_all(&self, passwords: Vec<String>) -> Result<Vec<String>, Fault> {
        let _place = Place::take(&self.waiting)?;
        let mut hashes = Vec::with_capacity(passwords.len());
        for password in passwords {
            let argon = self.argon.clone();
            let core = self.core().await?;
            hashes.push(Self::run(core, move || hash_now(&argon, &password)).await??);
        }
        Ok(hashes)
    }

    /// Whether `password` is the one behind `hash`; with `None` it takes as long and is not.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Fault> {
        let argon = self.argon.clone();
        let decoy = Arc::clone(&self.decoy);
        self.lane(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| decoy.to_string());
            let parsed = PasswordHash::new(&hash).map_err(Fault::bug)?;
            let matches = argon.verify_password(password.as_bytes(), &parsed).is_ok();
            Ok(matches && known)
        })
        .await?
    }

    /// For the command line, where nobody waits.
    pub fn hash_blocking(&self, password: &str) -> Result<String, Fault> {
        hash_now(&self.argon, password)
    }

    async fn lane<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let place = Place::take(&self.waiting)?;
        let core = self.core().await?;
        drop(place);
        Self::run(core, work).await
    }

    async fn core(&self) -> Result<OwnedSemaphorePermit, Fault> {
        Arc::clone(&self.cores).acquire_owned().await.map_err(Fault::bug)
    }

    async fn run<T: Send + 'static>(
        core: OwnedSemaphorePermit,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let running = tokio::task::spawn_blocking(move || {
            let answer = work();
            drop(core);
            answer
        });
        running.await.map_err(Fault::bug)
    }
}

/// A place in the queue; given back also when the caller goes away.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>) -> Result<Self, Fault> {
        let place = Self(Arc::clone(waiting));
        if waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            return Err(Refusal::SignInBusy.problem().retry_after(1).into());
        }
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hash_now(argon: &Argon2<'_>, password: &str) -> Result<String, Fault> {
    let hash = argon.hash_password(password.as_bytes()).map_err(Fault::bug)?;
    Ok(hash.to_string())
}
