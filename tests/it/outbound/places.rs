//! Where a call may go, by its URL, the list of hosts, and what names resolve to.

use ringback::outbound::judge::NotPublic::{
    self, Documentation, LinkLocal, Loopback, Multicast, Private, Reserved, Shared, Tunnel,
    Unspecified,
};
use ringback::outbound::outcome::Reason::{self, BadUrl, NoAddress, RefusedAddress, UserInfo};
use ringback::outbound::target::Target;
use url::Url;

use super::names::Names;
use super::{DEADLINE, gate};

const PUBLIC: &str = "93.184.216.34";

fn names() -> Names {
    Names::of("shop.example", &[PUBLIC])
        .and("shop.example.", &[PUBLIC])
        .and("v6.example", &["2606:4700::1"])
        .and("both.example", &["93.184.216.34 2606:4700::1"])
        .and("many.example", &["1.1.1.1 2606:4700::1 1.1.1.2 1.1.1.3 2606:4700::2 2606:4700::3"])
        .and("mixed.example", &["93.184.216.34 10.0.0.1"])
        .and("far.example", &["1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 10.0.0.1"])
        .and("mixed6.example", &["93.184.216.34 ::1"])
        .and("mapped.example", &["::ffff:10.0.0.1"])
        .and("inside.example", &["10.0.0.1"])
        .and("shop.internal", &["10.0.0.1 fd00::1"])
        .and("clouded.internal", &["10.0.0.1 169.254.169.254"])
        .and("nothing.example", &[""])
        .and("localhost", &["127.0.0.1 ::1"])
}

const LIST: &str = "shop.internal:8080,clouded.internal,127.0.0.1:9000,[::1]:9000,10.1.1.1,\
                    169.254.169.254,[fe80::1],[::ffff:169.254.1.1],localhost:7000,mixed.example:81";

async fn goes(url: &str) -> Result<String, Reason> {
    let target = Target::of(&Url::parse(url).map_err(|_| BadUrl)?)?;
    let addresses = gate(LIST, names()).admit(&target, DEADLINE).await?;
    let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    Ok(addresses.join(" "))
}

/// A URL, and the addresses to which a call of it may connect.
type Case = (&'static str, Result<&'static str, Reason>);

async fn each_goes(cases: &[Case]) {
    for (url, place) in cases {
        assert_eq!(goes(url).await, place.map(str::to_owned), "{url}");
    }
}

const fn no(what: NotPublic) -> Result<&'static str, Reason> {
    Err(RefusedAddress(what))
}

#[tokio::test]
async fn a_public_host_may_be_called() {
    each_goes(&[
        ("http://shop.example/", Ok("93.184.216.34:80")),
        ("https://shop.example/a?b", Ok("93.184.216.34:443")),
        ("HTTPS://SHOP.example:8443/", Ok("93.184.216.34:8443")),
        ("https://shop.example./", Ok("93.184.216.34:443")),
        ("https://v6.example/", Ok("[2606:4700::1]:443")),
        ("https://both.example/", Ok("93.184.216.34:443 [2606:4700::1]:443")),
        ("http://many.example/", Ok("1.1.1.1:80 [2606:4700::1]:80 1.1.1.2:80 [2606:4700::2]:80")),
        ("http://93.184.216.34/", Ok("93.184.216.34:80")),
        ("http://0x5db8d822/", Ok("93.184.216.34:80")),
        ("http://[2606:4700::1]:81/", Ok("[2606:4700::1]:81")),
        ("http://[64:ff9b::93.184.216.34]/", Ok("[64:ff9b::5db8:d822]:80")),
    ])
    .await;
}

#[tokio::test]
async fn a_name_with_one_address_that_is_not_public_is_refused() {
    each_goes(&[
        ("http://inside.example/", no(Private)),
        ("http://mixed.example/", no(Private)),
        ("http://far.example/", no(Private)),
        ("http://mixed6.example/", no(Loopback)),
        ("http://mapped.example/", no(Private)),
        ("http://localhost/", no(Loopback)),
        ("http://shop.internal/", no(Private)),
        ("http://nothing.example/", Err(NoAddress)),
        ("http://unknown.example/", Err(NoAddress)),
    ])
    .await;
}

#[tokio::test]
async fn an_address_is_judged_in_every_spelling() {
    each_goes(&[
        ("http://127.0.0.1/", no(Loopback)),
        ("http://127.0.0.1./", no(Loopback)),
        ("http://127.1/", no(Loopback)),
        ("http://127.0.1/", no(Loopback)),
        ("http://2130706433/", no(Loopback)),
        ("http://0x7f000001/", no(Loopback)),
        ("http://0X7F.0.0.1/", no(Loopback)),
        ("http://0x7f.1/", no(Loopback)),
        ("http://0177.0.0.1/", no(Loopback)),
        ("http://017700000001/", no(Loopback)),
        ("http://%31%32%37.0.0.1/", no(Loopback)),
        ("http://１２７.０.０.１/", no(Loopback)),
        ("http://127。0。0。1/", no(Loopback)),
        ("http:127.0.0.1/", no(Loopback)),
        ("http:\\\\127.0.0.1\\", no(Loopback)),
        (" http://127.0.\n0.1/ ", no(Loopback)),
        ("http:////127.0.0.1/", no(Loopback)),
        ("http://0/", no(Unspecified)),
        ("http://0.0.0.0:9000/", no(Unspecified)),
        ("http://10.0.0.1/", no(Private)),
        ("http://012.0.0.1/", no(Private)),
        ("http://172.16.0.1/", no(Private)),
        ("http://192.168.1/", no(Private)),
        ("http://3232235777/", no(Private)),
        ("http://100.100.100.200/", no(Shared)),
        ("http://192.0.2.1/", no(Documentation)),
        ("http://224.0.0.1/", no(Multicast)),
        ("http://4294967295/", no(Reserved)),
    ])
    .await;
}

#[tokio::test]
async fn an_ipv6_address_is_judged_by_what_it_holds() {
    each_goes(&[
        ("http://[::1]/", no(Loopback)),
        ("http://[0:0:0:0:0:0:0:1]/", no(Loopback)),
        ("http://[::]/", no(Unspecified)),
        ("http://[fc00::1]/", no(Private)),
        ("http://[fd00:ec2::254]/", no(Private)),
        ("http://[2001:db8::1]/", no(Documentation)),
        ("http://[::ffff:127.0.0.1]/", no(Loopback)),
        ("http://[::ffff:7f00:1]/", no(Loopback)),
        ("http://[::127.0.0.1]/", no(Tunnel)),
        ("http://[64:ff9b::10.0.0.1]/", no(Private)),
        ("http://[64:ff9b:1::1.1.1.1]/", no(Tunnel)),
        ("http://[2002:7f00:1::]/", no(Tunnel)),
        ("http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", no(Tunnel)),
        ("http://[::ffff:0:10.0.0.1]/", no(Reserved)),
        ("http://1.2.3.4.5/", Err(BadUrl)),
        ("http://256.1.1.1/", Err(BadUrl)),
        ("http://[fe80::1%25eth0]/", Err(BadUrl)),
    ])
    .await;
}

#[tokio::test]
async fn a_listed_host_may_be_called_by_its_port_and_as_it_is_listed() {
    each_goes(&[
        ("http://shop.internal:8080/", Ok("10.0.0.1:8080 [fd00::1]:8080")),
        ("http://SHOP.INTERNAL:8080/", Ok("10.0.0.1:8080 [fd00::1]:8080")),
        ("http://shop.internal:8081/", no(Private)),
        ("http://127.0.0.1:9000/", Ok("127.0.0.1:9000")),
        ("http://2130706433:9000/", Ok("127.0.0.1:9000")),
        ("http://127.0.0.1:9001/", no(Loopback)),
        ("http://localhost:9000/", no(Loopback)),
        ("http://localhost:7000/", Ok("127.0.0.1:7000 [::1]:7000")),
        ("http://127.0.0.1:7000/", no(Loopback)),
        ("http://[::1]:9000/", Ok("[::1]:9000")),
        ("http://[::ffff:127.0.0.1]:9000/", no(Loopback)),
        ("http://10.1.1.1/", Ok("10.1.1.1:80")),
        ("https://10.1.1.1/", Ok("10.1.1.1:443")),
        ("https://10.1.1.1:80/", no(Private)),
        ("http://mixed.example:81/", Ok("93.184.216.34:81 10.0.0.1:81")),
    ])
    .await;
}

#[tokio::test]
async fn a_link_local_address_is_refused_though_it_is_listed() {
    each_goes(&[
        ("http://169.254.169.254/latest/meta-data/", no(LinkLocal)),
        ("http://169.254.169.254:81/", no(LinkLocal)),
        ("http://0xa9fea9fe/", no(LinkLocal)),
        ("http://2852039166/", no(LinkLocal)),
        ("http://0251.0376.0251.0376/", no(LinkLocal)),
        ("http://[fe80::1]/", no(LinkLocal)),
        ("http://[febf::1]/", no(LinkLocal)),
        ("http://[::ffff:169.254.1.1]/", no(LinkLocal)),
        ("http://[64:ff9b::a9fe:a9fe]/", no(LinkLocal)),
        ("http://[2002:a9fe:a9fe::]/", no(LinkLocal)),
        ("http://clouded.internal/", no(LinkLocal)),
    ])
    .await;
}

#[tokio::test]
async fn a_url_of_another_kind_is_refused() {
    each_goes(&[
        ("http://user@shop.example/", Err(UserInfo)),
        ("http://user:word@shop.example/", Err(UserInfo)),
        ("http://:word@shop.example/", Err(UserInfo)),
        ("http://shop.example@10.0.0.1/", Err(UserInfo)),
        ("http://127.0.0.1:9000@shop.example/", Err(UserInfo)),
        ("http://shop.example#@10.0.0.1/", Ok("93.184.216.34:80")),
        ("http://shop.example\\@10.0.0.1/", Ok("93.184.216.34:80")),
        ("http://shop.example:65536/", Err(BadUrl)),
        ("ftp://shop.example/", Err(BadUrl)),
        ("file:///etc/passwd", Err(BadUrl)),
        ("gopher://127.0.0.1/", Err(BadUrl)),
        ("data:text/plain,x", Err(BadUrl)),
        ("unix:/run/docker.sock", Err(BadUrl)),
        ("ws://shop.example/", Err(BadUrl)),
        ("//shop.example/", Err(BadUrl)),
        ("shop.example/", Err(BadUrl)),
        ("http://", Err(BadUrl)),
        ("", Err(BadUrl)),
    ])
    .await;
}
