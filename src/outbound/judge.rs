//! Whether an address is public, by its bits alone.
//!
//! The ranges are those of IANA's registries of special-purpose addresses
//! (RFC 6890) that are not globally reachable. An exception inside such a range
//! is not made: what is reachable there answers no HTTP.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is that is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPublic {
    /// `0.0.0.0/8` and `::`, which reach this host.
    Unspecified,
    /// This host.
    Loopback,
    /// A private network, such as `10.0.0.0/8` or `fc00::/7`.
    Private,
    /// `100.64.0.0/10`, the network of a provider.
    Shared,
    /// `169.254.0.0/16` and `fe80::/10`, where clouds answer with credentials.
    LinkLocal,
    /// A range for documents.
    Documentation,
    /// Many hosts.
    Multicast,
    /// A range that is for protocols, measurements or the future.
    Reserved,
    /// An IPv6 address that leads through a tunnel to an IPv4 address.
    Tunnel,
    /// An address that a cloud answers only inside itself.
    Cloud,
}

use NotPublic::{
    Cloud, Documentation, LinkLocal, Loopback, Multicast, Private, Reserved, Shared, Tunnel,
    Unspecified,
};

const fn v4(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {
    Ipv4Addr::new(a, b, c, d)
}

const fn v6(a: u16, b: u16, c: u16, d: u16) -> Ipv6Addr {
    Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)
}

/// Ranges of IPv4 that are not public.
const V4: &[(Ipv4Addr, u32, NotPublic)] = &[
    (v4(0, 0, 0, 0), 8, Unspecified),
    (v4(10, 0, 0, 0), 8, Private),
    (v4(100, 64, 0, 0), 10, Shared),
    (v4(127, 0, 0, 0), 8, Loopback),
    // Not in a registry: Azure's own services, with a machine's secrets.
    (v4(168, 63, 129, 16), 32, Cloud),
    (v4(169, 254, 0, 0), 16, LinkLocal),
    (v4(172, 16, 0, 0), 12, Private),
    (v4(192, 0, 0, 0), 24, Reserved),
    (v4(192, 0, 2, 0), 24, Documentation),
    (v4(192, 88, 99, 0), 24, Tunnel),
    (v4(192, 168, 0, 0), 16, Private),
    (v4(198, 18, 0, 0), 15, Reserved),
    (v4(198, 51, 100, 0), 24, Documentation),
    (v4(203, 0, 113, 0), 24, Documentation),
    (v4(224, 0, 0, 0), 4, Multicast),
    (v4(240, 0, 0, 0), 4, Reserved),
];

/// The only range of IPv6 that is given out to the public.
const PUBLIC_V6: (Ipv6Addr, u32) = (v6(0x2000, 0, 0, 0), 3);

/// Ranges of IPv6 that are not public: those inside [`PUBLIC_V6`], and those
/// outside of it that have a name of their own.
const V6: &[(Ipv6Addr, u32, NotPublic)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, Unspecified),
    (Ipv6Addr::LOCALHOST, 128, Loopback),
    // IPv4-compatible.
    (v6(0, 0, 0, 0), 96, Tunnel),
    // NAT64 of one network's own.
    (v6(0x64, 0xff9b, 1, 0), 48, Tunnel),
    // Teredo, before the range that it is a part of.
    (v6(0x2001, 0, 0, 0), 32, Tunnel),
    (v6(0x2001, 0, 0, 0), 23, Reserved),
    (v6(0x2001, 0xdb8, 0, 0), 32, Documentation),
    // 6to4.
    (v6(0x2002, 0, 0, 0), 16, Tunnel),
    (v6(0x3fff, 0, 0, 0), 20, Documentation),
    (v6(0xfc00, 0, 0, 0), 7, Private),
    (v6(0xfe80, 0, 0, 0), 10, LinkLocal),
    // Site-local, the former private networks.
    (v6(0xfec0, 0, 0, 0), 10, Private),
    (v6(0xff00, 0, 0, 0), 8, Multicast),
];

/// Says whether an address is public, and what it is if it is not.
pub fn judge(address: IpAddr) -> Result<(), NotPublic> {
    match address {
        IpAddr::V4(address) => judge_v4(address),
        IpAddr::V6(address) => judge_v6(address),
    }
}

fn judge_v4(address: Ipv4Addr) -> Result<(), NotPublic> {
    let range = V4.iter().find(|(network, prefix, _)| in_v4(address, *network, *prefix));
    range.map_or(Ok(()), |(_, _, what)| Err(*what))
}

fn judge_v6(address: Ipv6Addr) -> Result<(), NotPublic> {
    if carried(address).any(|inside| judge_v4(inside) == Err(LinkLocal)) {
        return Err(LinkLocal);
    }
    if let Some(inside) = stands_for(address) {
        return judge_v4(inside);
    }
    let range = V6.iter().find(|(network, prefix, _)| in_v6(address, *network, *prefix));
    match range {
        Some((_, _, what)) => Err(*what),
        None if in_v6(address, PUBLIC_V6.0, PUBLIC_V6.1) => Ok(()),
        None => Err(Reserved),
    }
}

/// Returns the IPv4 address for which an IPv6 address is another spelling:
/// IPv4-mapped (`::ffff:0:0/96`), and NAT64 (`64:ff9b::/96`), by which a host
/// without IPv4 reaches all of it.
fn stands_for(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let is_nat64 = matches!(address.segments(), [0x64, 0xff9b, 0, 0, 0, 0, _, _]);
    address.to_ipv4_mapped().or_else(|| is_nat64.then(|| last_four(address)))
}

/// Returns the IPv4 addresses that stand in an IPv6 address by any scheme.
fn carried(address: Ipv6Addr) -> impl Iterator<Item = Ipv4Addr> {
    let bytes = address.octets();
    let at = |places: [usize; 4]| Ipv4Addr::from(places.map(|place| bytes[place]));
    let inside = match address.segments() {
        // Compatible, mapped, translated (RFC 2765), NAT64.
        [0, 0, 0, 0, 0, 0 | 0xffff, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..]
        | [0x64, 0xff9b, 0, 0, 0, 0, ..] => [Some(last_four(address)), None],
        // NAT64 of one network's own, in both layouts of RFC 6052.
        [0x64, 0xff9b, 1, ..] => [Some(last_four(address)), Some(at([6, 7, 9, 10]))],
        // 6to4.
        [0x2002, ..] => [Some(at([2, 3, 4, 5])), None],
        // Teredo: its server, and its client with all bits turned.
        [0x2001, 0, ..] => {
            [Some(at([4, 5, 6, 7])), Some(Ipv4Addr::from_bits(!last_four(address).to_bits()))]
        }
        _ => [None, None],
    };
    inside.into_iter().flatten()
}

fn last_four(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

fn in_v4(address: Ipv4Addr, network: Ipv4Addr, prefix: u32) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= prefix
}

fn in_v6(address: Ipv6Addr, network: Ipv6Addr, prefix: u32) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= prefix
}

impl fmt::Display for NotPublic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Unspecified => "unspecified",
            Loopback => "loopback",
            Private => "private",
            Shared => "shared",
            LinkLocal => "link-local",
            Documentation => "documentation",
            Multicast => "multicast",
            Reserved => "reserved",
            Tunnel => "tunnel",
            Cloud => "cloud",
        })
    }
}
