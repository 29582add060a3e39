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
    /// A name that leads to this program itself, and its address.
    own: Option<(&'static str, SocketAddr)>,
}

impl Gate {
    /// Makes the rule from the hosts that may be called although they are not
    /// public, and a way to the addresses of names.
    pub fn new(hosts: CallHosts, resolver: Arc<dyn Resolver>) -> Self {
        Self { hosts, resolver, own: None }
    }

    /// Lets a name lead to a server of this program. Only a URL without a port is
    /// meant by it.
    #[must_use]
    pub fn with_own(self, name: &'static str, address: SocketAddr) -> Self {
        Self { own: Some((name, address)), ..self }
    }

    /// Returns the addresses to which an attempt may connect. One address that
    /// is refused makes the host refused. The resolver is asked once, and only
    /// for a name.
    pub async fn admit(
        &self,
        target: &Target,
        longest: Duration,
    ) -> Result<Vec<SocketAddr>, Reason> {
        if let (Some((own, address)), Host::Domain(name)) = (self.own, target.host())
            && name == own
            && target.has_own_port()
        {
            return Ok(vec![address]);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::resolver::Resolving;
    use url::Url;

    /// Knows a public address of every name.
    struct Public;

    impl Resolver for Public {
        fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
            Box::pin(async { Ok(vec![IpAddr::from([93, 184, 215, 14])]) })
        }
    }

    #[tokio::test]
    async fn a_name_of_our_own_leads_to_our_own_server_alone() {
        let own = SocketAddr::from(([127, 0, 0, 1], 4321));
        let public = |port| SocketAddr::from(([93, 184, 215, 14], port));
        let gate = Gate::new(CallHosts::default(), Arc::new(Public));
        let with_own = gate.clone().with_own("shop.test", own);
        for (url, without, with) in [
            ("http://shop.test/prices", public(80), own),
            ("http://SHOP.test/prices", public(80), own),
            ("http://shop.test:8080/prices", public(8080), public(8080)),
            ("http://shop.test.example/", public(80), public(80)),
            ("http://my.shop.test/", public(80), public(80)),
        ] {
            let target = Target::of(&Url::parse(url).unwrap()).unwrap();
            let admitted = async |gate: &Gate| gate.admit(&target, Duration::from_secs(1)).await;
            assert_eq!(admitted(&gate).await.unwrap(), [without], "{url}");
            assert_eq!(admitted(&with_own).await.unwrap(), [with], "{url}");
        }
    }
}
