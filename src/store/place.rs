//! The files of a `SQLite` database, and whether they are still those that are open.
//!
//! On Unix a file can be deleted or replaced while it is open. A process that
//! has it open continues in a file that nobody else sees, and whose content is
//! lost with its last user. A message must not be answered into it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::StoreError;

/// The interval between two looks of a writer, since each look costs some system calls.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The path of the database, and the file that was opened there.
#[derive(Clone, Debug)]
pub(super) struct Place(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    file: PathBuf,
    /// The file that was opened first; every later connection must find it.
    opened: OnceLock<Identity>,
    /// The files next to it, for as long as the writer is connected.
    beside: Mutex<Weak<Beside>>,
    /// The time at which all files were last seen in place.
    seen: Mutex<Option<Instant>>,
    /// Whether one of these files was lost. Only a restart helps: a new
    /// connection would create new files, which would not agree with those that
    /// are open already.
    is_beside_lost: AtomicBool,
}

/// The log and its index. `SQLite` creates them when it connects, and deletes
/// them with its last connection, so they are watched while a connection is
/// open.
#[derive(Debug)]
pub(super) struct Beside(Vec<(PathBuf, Identity)>);

impl Place {
    pub(super) fn new(file: &Path) -> Self {
        Self(Arc::new(Inner {
            file: file.to_owned(),
            opened: OnceLock::new(),
            beside: Mutex::default(),
            seen: Mutex::default(),
            is_beside_lost: AtomicBool::new(false),
        }))
    }

    /// Remembers the file that was opened.
    pub(super) fn opened(&self) {
        if let Some(identity) = identity(&self.0.file) {
            self.0.opened.get_or_init(|| identity);
        }
    }

    /// Watches the files next to it for as long as this value is kept.
    pub(super) fn watch_beside(&self) -> Arc<Beside> {
        let beside = ["-wal", "-shm"].into_iter().filter_map(|suffix| {
            let mut name = OsString::from(&self.0.file);
            name.push(suffix);
            let path = PathBuf::from(name);
            identity(&path).map(|identity| (path, identity))
        });
        let beside = Arc::new(Beside(beside.collect()));
        *locked(&self.0.beside) = Arc::downgrade(&beside);
        beside
    }

    /// Checks that the files are still those that are open, or were a moment ago.
    pub(super) fn check_now_and_then(&self) -> Result<(), StoreError> {
        let is_fresh = locked(&self.0.seen).is_some_and(|seen| seen.elapsed() < LOOK_EVERY);
        if is_fresh { Ok(()) } else { self.check() }
    }

    /// Checks that the files are still those that are open.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let looked = self.look();
        *locked(&self.0.seen) = looked.is_ok().then(Instant::now);
        looked
    }

    fn look(&self) -> Result<(), StoreError> {
        let inner = &*self.0;
        if inner.opened.get().is_some_and(|opened| identity(&inner.file) != Some(*opened)) {
            return Err(StoreError::Unavailable(
                "its file was deleted or replaced while it was open: put it back; or stop Ringback, \
                 delete `-wal` and `-shm` next to it, which belong to the former file, and start it \
                 again"
                    .to_owned(),
            ));
        }
        let beside = locked(&inner.beside).upgrade();
        if beside.is_some_and(|beside| beside.is_lost()) {
            inner.is_beside_lost.store(true, Ordering::Relaxed);
        }
        if inner.is_beside_lost.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable(
                "the file `-wal` or `-shm` next to it was deleted while it was open: stop Ringback \
                 with SIGTERM, which makes it save their content, and start it again"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

impl Beside {
    fn is_lost(&self) -> bool {
        self.0.iter().any(|(path, opened)| identity(path) != Some(*opened))
    }
}

/// Nothing panics while it holds one of these locks.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The identity of a file, as opposed to another file of the same name.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// On other systems an open file stays in place.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    fs::metadata(path).ok().map(|_| ())
}
