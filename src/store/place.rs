//! The files of a `SQLite` database, and whether they are still those that are open.
//!
//! On Unix a file can be deleted or replaced while it is open. Whoever has it
//! open goes on in what nobody else sees, and what is written there is gone with
//! its last user: a message must not be answered into it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::StoreError;

/// How often a writer looks, which would else cost some system calls a batch.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Where the database lies, and what was opened there.
#[derive(Clone, Debug)]
pub(super) struct Place(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    file: PathBuf,
    /// The file that was opened first; every later connection must find it.
    opened: OnceLock<Identity>,
    /// What stands beside it for as long as the writer is connected.
    beside: Mutex<Weak<Beside>>,
    /// When all was last seen to be in place.
    seen: Mutex<Option<Instant>>,
    /// Whether that was lost. Only a restart helps: a new connection would make
    /// new files, and not agree with those that are open already.
    is_beside_lost: AtomicBool,
}

/// The log and its index. `SQLite` makes them when it connects, and deletes
/// them with its last connection, so they are watched while one is open.
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

    /// Watches what stands beside the file for as long as this value is kept.
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

    /// Whether the files are still those that are open, or were a moment ago.
    pub(super) fn check_now_and_then(&self) -> Result<(), StoreError> {
        let is_fresh = locked(&self.0.seen).is_some_and(|seen| seen.elapsed() < LOOK_EVERY);
        if is_fresh { Ok(()) } else { self.check() }
    }

    /// Whether the files are still those that are open.
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
                 delete `-wal` and `-shm` beside it, which belong to the former file, and start it \
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
                "the file `-wal` or `-shm` beside it was deleted while it was open: stop Ringback \
                 with SIGTERM, upon which it saves what stood there, and start it again"
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

/// What tells a file from another one of the same name.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Elsewhere a file that is open stays where it is.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    fs::metadata(path).ok().map(|_| ())
}
