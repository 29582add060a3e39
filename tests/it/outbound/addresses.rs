//! Which addresses are public: one of each range, and both ends of it.

use std::net::IpAddr;

use ringback::outbound::judge::NotPublic::{
    Cloud, Documentation, LinkLocal, Loopback, Multicast, Private, Reserved, Shared, Tunnel,
    Unspecified,
};
use ringback::outbound::judge::{NotPublic, judge};

fn judged(address: &str) -> Result<(), NotPublic> {
    judge(address.parse::<IpAddr>().unwrap())
}

/// The first and the last address of each range. Its neighbours are public, or
/// in the range that follows.
#[test]
fn ranges_that_are_not_public_end_where_the_registries_say() {
    for (before, first, last, after, what) in [
        ("", "0.0.0.0", "0.255.255.255", "1.0.0.0", Unspecified),
        ("9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0", Private),
        ("100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0", Shared),
        ("126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0", Loopback),
        ("168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17", Cloud),
        ("169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0", LinkLocal),
        ("172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0", Private),
        ("191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0", Reserved),
        ("192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0", Documentation),
        ("192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0", Tunnel),
        ("192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0", Private),
        ("198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0", Reserved),
        ("198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0", Documentation),
        ("203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0", Documentation),
        ("223.255.255.255", "224.0.0.0", "239.255.255.255", "", Multicast),
        ("", "240.0.0.0", "255.255.255.255", "", Reserved),
        ("", "2001:0:800:1::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "", Tunnel),
        ("", "2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::", Reserved),
        (
            "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:db8::",
            "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:db9::",
            Documentation,
        ),
        (
            "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "2002::",
            "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "2003::",
            Tunnel,
        ),
        (
            "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "3fff::",
            "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
            "3fff:1000::",
            Documentation,
        ),
        ("3fff:ffff::", "4000::", "fbff:ffff::", "", Reserved),
        ("", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "", Tunnel),
        ("", "100::", "100:0:0:1:ffff:ffff:ffff:ffff", "", Reserved),
        ("", "5f00::", "5f00:ffff::", "", Reserved),
        ("", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", Private),
        ("", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", LinkLocal),
        ("", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", Private),
        ("", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", Multicast),
        ("", "::", "::", "", Unspecified),
        ("", "::1", "::1", "", Loopback),
        ("", "::2", "::ffff:ffff", "", Tunnel),
        ("", "1::", "1fff:ffff::", "2000::", Reserved),
    ] {
        for inside in [first, last] {
            assert_eq!(judged(inside), Err(what), "{inside}");
        }
        for outside in [before, after].into_iter().filter(|address| !address.is_empty()) {
            assert_eq!(judged(outside), Ok(()), "{outside}");
        }
    }
}

#[test]
fn an_address_that_holds_another_is_judged_by_it_or_refused() {
    for (address, judgement) in [
        ("::ffff:93.184.216.34", Ok(())),
        ("::ffff:10.0.0.1", Err(Private)),
        ("::ffff:127.0.0.1", Err(Loopback)),
        ("::ffff:169.254.169.254", Err(LinkLocal)),
        ("::ffff:0.0.0.0", Err(Unspecified)),
        ("64:ff9b::93.184.216.34", Ok(())),
        ("64:ff9b::10.0.0.1", Err(Private)),
        ("64:ff9b::169.254.169.254", Err(LinkLocal)),
        ("64:ff9b::7f00:1", Err(Loopback)),
        ("64:ff9b:0:0:0:1::", Err(Reserved)),
        ("64:ff9b:1::93.184.216.34", Err(Tunnel)),
        ("64:ff9b:1::169.254.169.254", Err(LinkLocal)),
        ("64:ff9b:1:a9fe:a9:fe00::", Err(LinkLocal)),
        ("::93.184.216.34", Err(Tunnel)),
        ("::169.254.169.254", Err(LinkLocal)),
        ("::ffff:0:93.184.216.34", Err(Reserved)),
        ("::ffff:0:169.254.169.254", Err(LinkLocal)),
        ("2002:5db8:d822::1", Err(Tunnel)),
        ("2002:a9fe:a9fe::1", Err(LinkLocal)),
        ("2002:7f00:1::", Err(Tunnel)),
        ("2001:0:a9fe:a9fe::1", Err(LinkLocal)),
        ("2001:0:4136:e378:8000:63bf:5601:5601", Err(LinkLocal)),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", Err(Tunnel)),
    ] {
        assert_eq!(judged(address), judgement, "{address}");
    }
}

#[test]
fn the_addresses_of_the_public_internet_are_public() {
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.216.34",
        "2606:4700:4700::1111",
        "2a00:1450:4001:82a::200e",
        "2620:4f:8000::1",
        "2001:4860:4860::8888",
    ] {
        assert_eq!(judged(address), Ok(()), "{address}");
    }
}
