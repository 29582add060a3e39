//! The list of hosts that may be called although they are not public.

use ringback::outbound::hosts::CallHostsError::{Brackets, Empty, Host, Port};
use ringback::outbound::hosts::{CallHosts, CallHostsError};
use ringback::outbound::target::Target;
use url::Url;

fn names(list: &str, url: &str) -> bool {
    let list: CallHosts = list.parse().unwrap();
    list.name(&Target::of(&Url::parse(url).unwrap()).unwrap())
}

#[test]
fn an_entry_names_what_a_url_says() {
    for (list, url, is_named) in [
        ("shop.internal:8080", "http://shop.internal:8080/", true),
        ("shop.internal:8080", "https://shop.internal:8080/", true),
        ("shop.internal:8080", "http://shop.internal/", false),
        ("shop.internal", "http://shop.internal/", true),
        ("shop.internal", "https://shop.internal/", true),
        ("shop.internal", "https://shop.internal:443/", true),
        ("shop.internal", "https://shop.internal:80/", false),
        ("shop.internal", "http://shop.internal:443/", false),
        ("shop.internal:443", "https://shop.internal/", true),
        ("shop.internal:443", "http://shop.internal/", false),
        ("Shop.Internal.", "http://shop.internal/", true),
        ("shop.internal", "http://SHOP.internal./", true),
        ("shop.internal", "http://a.shop.internal/", false),
        ("shop.internal", "http://internal/", false),
        ("shop.internal", "http://shop.internal.example/", false),
        ("a, b:1 ,shop", "http://shop/", true),
        ("127.0.0.1:9000", "http://127.0.0.1:9000/", true),
        ("127.0.0.1:9000", "http://0x7f.1:9000/", true),
        ("127.0.0.1:9000", "http://localhost:9000/", false),
        ("localhost:9000", "http://127.0.0.1:9000/", false),
        ("127.0.0.1:9000", "http://[::ffff:127.0.0.1]:9000/", false),
        ("127.0.0.1:9000", "http://127.0.0.2:9000/", false),
        ("[::1]:9000", "http://[::1]:9000/", true),
        ("[::1]:9000", "http://[0:0::1]:9000/", true),
        ("[::1]", "https://[::1]/", true),
        ("[::1]", "https://[::1]:9000/", false),
    ] {
        assert_eq!(names(list, url), is_named, "{list} {url}");
    }
}

#[test]
fn a_list_without_entries_names_nothing() {
    let target = Target::of(&Url::parse("http://localhost/").unwrap()).unwrap();
    assert!(!CallHosts::default().name(&target));
}

#[test]
fn what_is_no_list_is_refused_by_the_entry_and_not_repeated() {
    let cases: &[(&str, CallHostsError)] = &[
        ("", Empty(1)),
        ("a,,b", Empty(2)),
        ("a,", Empty(2)),
        ("a:", Port(1)),
        ("a:0", Port(1)),
        ("a:65536", Port(1)),
        ("a:+80", Port(1)),
        ("a:http", Port(1)),
        ("a,b:x", Port(2)),
        (":80", Host(1)),
        ("*.internal", Host(1)),
        ("a b", Host(1)),
        ("user@host", Host(1)),
        ("a/b", Host(1)),
        ("https://a", Port(1)),
        ("1.2.3.4.5", Host(1)),
        ("[::g]", Host(1)),
        ("[127.0.0.1]", Host(1)),
        ("::1", Brackets(1)),
        ("fd00::1:80", Brackets(1)),
    ];
    for (list, error) in cases {
        assert_eq!(list.parse::<CallHosts>(), Err(*error), "{list}");
        let text = error.to_string();
        assert!(list.len() < 3 || !text.contains(list), "{list}: {text}");
    }
}
