//! The newest requests, in a bounded number and size.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use jiff::Timestamp;
use tokio::sync::watch;

use super::kept::Kept;
use crate::http::{Seen, Watcher};
use crate::twilio::public_url::PublicUrl;
use crate::web::{Key, Lock};

/// The most requests that are kept.
const MAX_REQUESTS: usize = 100;

/// The most memory that they take, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// The newest requests. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Requests(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    lock: Lock,
    public_url: PublicUrl,
    /// When this list began. A page knows by this whether the list is of another start.
    began: Timestamp,
    newest: watch::Sender<u64>,
    kept: Mutex<List>,
}

#[derive(Debug, Default)]
struct List {
    requests: VecDeque<Arc<Kept>>,
    bytes: usize,
    newest: u64,
}

impl Requests {
    /// Returns an empty list for the page with this key at this address, of a
    /// service whose messages should go to `public_url`.
    pub fn new(key: &Key, address: SocketAddr, public_url: PublicUrl) -> Self {
        Self(Arc::new(Inner {
            lock: Lock::new(key.clone(), address),
            public_url,
            began: Timestamp::now(),
            newest: watch::Sender::new(0),
            kept: Mutex::default(),
        }))
    }

    /// Returns when this list began.
    pub(super) fn began(&self) -> Timestamp {
        self.0.began
    }

    /// Returns the number of the newest request, as it grows.
    pub(super) fn newest(&self) -> watch::Receiver<u64> {
        self.0.newest.subscribe()
    }

    /// Returns the requests after a number, oldest first.
    pub(in crate::simulator) fn after(&self, number: u64) -> Vec<Arc<Kept>> {
        let list = self.list();
        list.requests.iter().filter(|kept| kept.number > number).cloned().collect()
    }

    /// Returns the request of this number, unless it is forgotten.
    pub(in crate::simulator) fn find(&self, number: u64) -> Option<Arc<Kept>> {
        self.list().requests.iter().find(|kept| kept.number == number).cloned()
    }

    /// Returns whether the page sent a request: either its server part did, or a
    /// script in the browser, which brings the key.
    fn is_own(&self, is_of_page: bool, headers: &HeaderMap) -> bool {
        is_of_page || self.0.lock.fits_cookies(headers)
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watcher for Requests {
    fn saw(&self, seen: Seen) -> u64 {
        let is_own = self.is_own(seen.is_of_page, &seen.headers);
        let newest = {
            let mut list = self.list();
            list.newest += 1;
            let kept = Kept::of(seen, list.newest, is_own, &self.0.public_url);
            list.add(kept);
            list.newest
        };
        // Requests that end at the same time may come here in another order.
        self.0.newest.send_if_modified(|known| {
            let is_newer = *known < newest;
            *known = newest.max(*known);
            is_newer
        });
        newest
    }
}

impl List {
    /// Adds a request, and forgets the oldest ones if there are too many.
    fn add(&mut self, kept: Kept) {
        self.bytes += kept.size();
        self.requests.push_back(Arc::new(kept));
        while self.requests.len() > MAX_REQUESTS || self.bytes > MAX_BYTES {
            let Some(oldest) = self.requests.pop_front() else { return };
            self.bytes = self.bytes.saturating_sub(oldest.size());
        }
    }
}
