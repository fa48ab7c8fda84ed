//! One writing process per SQLite file: `serve` holds a lock beside it, and the commands
//! that write refuse while it is held. Commands that only read run beside it.

use std::{
    fs::{File, TryLockError},
    io,
    path::PathBuf,
};

use super::db::Target;

/// The lock; given back when dropped, also when the process dies.
#[derive(Debug)]
pub struct WriterLock {
    // None on PostgreSQL, where any number of processes may write.
    _file: Option<File>,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another campus-ops process is using {0}; stop it first")]
    Held(Target),
    #[error("cannot lock {path}: {cause}")]
    File { path: PathBuf, cause: io::Error },
}

impl WriterLock {
    pub fn take(target: &Target) -> Result<Self, LockError> {
        let Target::Sqlite(database) = target else { return Ok(Self { _file: None }) };
        let path = database.with_extension("lock");
        let failed = |cause| LockError::File { path: path.clone(), cause };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let file = File::create(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held(target.clone())),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_writer_is_refused_until_the_first_has_gone() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("x.sqlite"));
        let first = WriterLock::take(&target).unwrap();
        assert!(matches!(WriterLock::take(&target), Err(LockError::Held(_))));
        drop(first);
        WriterLock::take(&target).unwrap();
    }
}
