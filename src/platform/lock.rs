//! One writing process per SQLite file: `serve` holds a lock beside it, and the commands
//! that write refuse while it is held. Commands that only read run beside it.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
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
        let failed = |cause| LockError::File { path: database.clone(), cause };
        let path = lock_of(database).map_err(failed)?;
        let failed = |cause| LockError::File { path: path.clone(), cause };
        let mut open = File::options();
        let file = open.create(true).append(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held(target.clone())),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }
}

/// The lock file of a database: its name with `-lock`, beside the file itself, however one
/// came to it. Makes the folder.
fn lock_of(database: &Path) -> io::Result<PathBuf> {
    let name = database.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let folder = match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    let mut lock = match database.canonicalize() {
        Ok(file) => file.into_os_string(),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            folder.canonicalize()?.join(name).into_os_string()
        }
        Err(cause) => return Err(cause),
    };
    lock.push("-lock");
    Ok(lock.into())
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

    #[test]
    fn a_lock_is_of_one_database_whatever_its_names() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| Target::Sqlite(folder.path().join(name));
        // A database may be called anything; the lock is never written over it.
        let file = folder.path().join("x.lock");
        std::fs::write(&file, "rows").unwrap();
        let _lock = WriterLock::take(&at("x.lock")).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "rows");
        let _other = WriterLock::take(&at("x.sqlite")).unwrap();
        let _third = WriterLock::take(&at("x.db")).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&file, folder.path().join("link.db")).unwrap();
            assert!(matches!(WriterLock::take(&at("link.db")), Err(LockError::Held(_))));
        }
        assert!(matches!(WriterLock::take(&at("./x.db")), Err(LockError::Held(_))));
    }
}
