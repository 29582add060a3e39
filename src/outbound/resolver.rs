//! The addresses of a name.

use std::future::Future;
use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task;

/// How many names the system is asked for at the same time. A question to the
/// system cannot be taken back, and holds a thread until it is answered.
const AT_A_TIME: usize = 32;

/// The addresses of a name, when they are known.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// A way to the addresses of names.
pub trait Resolver: Send + Sync {
    /// Returns all addresses of a name, the best first. The caller limits the
    /// time.
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a>;
}

/// The resolver of the system, with its files and its name servers.
#[derive(Clone, Debug)]
pub struct SystemResolver {
    places: Arc<Semaphore>,
}

impl Default for SystemResolver {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_A_TIME)) }
    }
}

impl Resolver for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
        let name = name.to_owned();
        Box::pin(async move {
            let place = Arc::clone(&self.places).acquire_owned().await.map_err(io::Error::other)?;
            // `lookup_host` does the same, but gives the place back when the
            // caller stops waiting, and not when the thread is free.
            let looked_up = task::spawn_blocking(move || {
                let addresses = (name, 0).to_socket_addrs();
                drop(place);
                addresses.map(|found| found.map(|address| address.ip()).collect())
            });
            looked_up.await.map_err(io::Error::other)?
        })
    }
}
