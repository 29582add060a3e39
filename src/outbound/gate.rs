//! The addresses to which one attempt may connect.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use url::Host;

use super::hosts::CallHosts;
use super::judge::{NotPublic, judge};
use super::outcome::Reason;
use super::resolver::Resolver;
use super::target::Target;

/// How many addresses of one family are tried. All are judged.
const TRIED: usize = 2;

/// The rule about where calls may go.
#[derive(Clone)]
pub struct Gate {
    hosts: CallHosts,
    resolver: Arc<dyn Resolver>,
}

impl Gate {
    /// Makes the rule from the hosts that may be called although they are not
    /// public, and a way to the addresses of names.
    pub fn new(hosts: CallHosts, resolver: Arc<dyn Resolver>) -> Self {
        Self { hosts, resolver }
    }

    /// Returns the addresses to which an attempt may connect. One address that
    /// is refused makes the host refused. The resolver is asked once, and only
    /// for a name.
    pub async fn admit(
        &self,
        target: &Target,
        longest: Duration,
    ) -> Result<Vec<SocketAddr>, Reason> {
        let addresses = match target.host() {
            Host::Ipv4(address) => vec![IpAddr::V4(*address)],
            Host::Ipv6(address) => vec![IpAddr::V6(*address)],
            Host::Domain(name) => {
                let found = timeout(longest, self.resolver.resolve(name)).await;
                found.map_err(|_| Reason::NoAddress)?.map_err(|_| Reason::NoAddress)?
            }
        };
        if addresses.is_empty() {
            return Err(Reason::NoAddress);
        }
        let is_listed = self.hosts.name(target);
        for address in &addresses {
            admitted(*address, is_listed).map_err(Reason::RefusedAddress)?;
        }
        let sockets = few(&addresses).map(|address| SocketAddr::new(address, target.port()));
        Ok(sockets.collect())
    }
}

/// Judges one address. The list does not reach link-local addresses: there,
/// clouds hand out their credentials.
fn admitted(address: IpAddr, is_listed: bool) -> Result<(), NotPublic> {
    match judge(address) {
        Err(what) if what == NotPublic::LinkLocal || !is_listed => Err(what),
        _ => Ok(()),
    }
}

/// Returns the first addresses of each family, in their order, since a host may
/// be out of reach by one of them.
fn few(addresses: &[IpAddr]) -> impl Iterator<Item = IpAddr> {
    let (mut of_v4, mut of_v6) = (0, 0);
    addresses.iter().copied().filter(move |address| {
        let count = if address.is_ipv4() { &mut of_v4 } else { &mut of_v6 };
        *count += 1;
        *count <= TRIED
    })
}

impl fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gate").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}
