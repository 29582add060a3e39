//! A rejected request is explained where another spelling of it would have been valid.

use std::time::{Duration, Instant};

use ringback::twilio::{
    diagnosis::{Cause, Limiter, Named, diagnose},
    form::Pairs,
    public_url::PublicUrl,
    signature::{Rejection, Verifier, sign},
};

use super::{request, token, verifier};

const TARGET: &str = "/webhooks/twilio?tenant=7";
const FORM: &str = "Body=hi&From=%2B15551234567&FromCity=&FromCountry=US&To=%2B14155238886";

/// The log line for a request that is signed for `signed_url` and `signed_form`.
fn explain(public_url: &str, hosts: &[&str], signed_url: &str, signed_form: &str) -> String {
    let named = Named { hosts: hosts.to_vec(), ..Named::default() };
    explain_named(public_url, &named, signed_url, signed_form)
}

fn explain_named(
    public_url: &str,
    named: &Named<'_>,
    signed_url: &str,
    signed_form: &str,
) -> String {
    let signature =
        sign(signed_url, &Pairs::decode(signed_form.as_bytes()).unwrap(), &token("12345"));
    let verifier = verifier(public_url, "12345");
    let request = request(TARGET, &signature, FORM.as_bytes());
    assert_eq!(verifier.verify(&request), Err(Rejection::Mismatch), "it is let in for no spelling");
    diagnose(&verifier, &request, named).to_string()
}

#[test]
fn the_setting_to_write_is_named() {
    let tunnel = &["127.0.0.1:5000", "abc.ngrok.app"];
    for (public_url, hosts, signed, setting) in [
        (
            "http://127.0.0.1:5000",
            tunnel.as_slice(),
            "https://abc.ngrok.app",
            "https://abc.ngrok.app",
        ),
        ("http://bot.example.com", &[], "https://bot.example.com", "https://bot.example.com"),
        ("https://bot.example.com", &[], "http://bot.example.com", "http://bot.example.com"),
        ("http://bot.example.com:81", &[], "https://bot.example.com", "https://bot.example.com"),
        (
            "http://bot.example.com:81",
            &[],
            "https://bot.example.com:81",
            "https://bot.example.com:81",
        ),
        (
            "https://bot.example.com",
            &["bot.example.com:444"],
            "https://bot.example.com:444",
            "https://bot.example.com:444",
        ),
        (
            "https://bot.example.com",
            &[],
            "https://bot.example.com:8443",
            "https://bot.example.com:8443",
        ),
        (
            "https://bot.example.com",
            &["other.example.com, inner"],
            "http://other.example.com",
            "http://other.example.com",
        ),
        (
            "https://bot.example.com/a",
            &["new.example.com"],
            "https://new.example.com/a",
            "https://new.example.com/a",
        ),
        (
            "https://bot.example.com/a",
            &["bot.example.com"],
            "https://bot.example.com",
            "https://bot.example.com",
        ),
    ] {
        let line = explain(public_url, hosts, &format!("{signed}{TARGET}"), FORM);
        let expected = format!(
            "assumed the URL {public_url}/webhooks/twilio, but the request is signed for \
             {signed}/webhooks/twilio: set PUBLIC_URL={setting}"
        );
        assert_eq!(line, expected);
    }
}

#[test]
fn other_causes_are_named() {
    let url = &format!("https://bot.example.com{TARGET}");
    let explain = |signed_url: &str, signed_form: &str| {
        explain("https://bot.example.com", &[], signed_url, signed_form)
    };
    insta::assert_snapshot!(
        explain("https://bot.example.com/webhooks/twilio/?tenant=7", FORM),
        @"assumed the URL https://bot.example.com/webhooks/twilio, but the request is signed for https://bot.example.com/webhooks/twilio/: write the URL at the provider as the one assumed here, and make sure that no proxy adds or removes a slash"
    );
    let lost = "assumed the URL https://bot.example.com/webhooks/twilio, which is right, but empty parameters that are signed did not arrive: a proxy drops empty parameters; let it pass the body on as it is";
    let geography =
        "FromCity=&FromCountry=US&FromState=&FromZip=&ToCity=&ToCountry=&ToState=&ToZip=";
    assert_eq!(
        explain(url, &format!("Body=hi&From=%2B15551234567&To=%2B14155238886&{geography}")),
        lost
    );
    insta::assert_snapshot!(
        explain(url, "Body=hi&From=%2B15551234567&FromCountry=US&To=%2B14155238886"),
        @"assumed the URL https://bot.example.com/webhooks/twilio, which is right, but the empty parameters are not signed: the client must sign every parameter that is sent, empty ones too"
    );
    insta::assert_snapshot!(
        explain(url, "Body=forged"),
        @"assumed the URL https://bot.example.com/webhooks/twilio, and no similar URL matches: check that TWILIO_AUTH_TOKEN is the primary auth token of the account that owns the number, and that PUBLIC_URL is the beginning of the URL in the provider's console"
    );
}

/// Checks what the log says of a signature over `signed`, with one further header.
#[track_caller]
fn says(cases: &[(&str, &str, &str, &str)]) {
    for (public_url, header, signed, expected) in cases {
        let (name, value) = header.split_once(": ").unwrap_or_default();
        let named = Named::read(|header| (header == name).then_some(value).into_iter());
        let line = explain_named(public_url, &named, &format!("{signed}?tenant=7"), FORM);
        assert!(line.contains(expected), "{public_url}, {header}, {signed}: {line}");
        assert!(!line.contains("tenant"), "{line}");
    }
}

#[test]
fn slashes_and_capitals_are_named() {
    let bot = "https://bot.example.com";
    let at_provider = "write the URL at the provider as the one assumed here";
    says(&[
        (
            bot,
            "",
            "https://bot.example.com//webhooks/twilio",
            "make sure that no proxy adds or removes a slash",
        ),
        (bot, "", "https://bot.example.com/webhooks//twilio", at_provider),
        (bot, "", "https://bot.example.com/Webhooks/Twilio", "with the same upper and lower case"),
        (bot, "", "https://bot.example.com/webhooks/Twilio", at_provider),
        (
            bot,
            "",
            "https://Bot.Example.com/webhooks/twilio",
            "set PUBLIC_URL=https://Bot.Example.com",
        ),
        (
            bot,
            "",
            "https://BOT.EXAMPLE.COM/webhooks/twilio",
            "set PUBLIC_URL=https://BOT.EXAMPLE.COM",
        ),
        (
            bot,
            "host: bOt.example.com",
            "https://bOt.example.com/webhooks/twilio",
            "set PUBLIC_URL=https://bOt.example.com",
        ),
        (
            "https://BOT.example.com",
            "",
            "https://bot.example.com/webhooks/twilio",
            "set PUBLIC_URL=https://bot.example.com",
        ),
        (
            "https://bot.example.com/a",
            "",
            "https://bot.example.com/webhooks/twilio",
            "set PUBLIC_URL=https://bot.example.com",
        ),
    ]);
}

#[test]
fn what_a_proxy_does_to_the_path_is_named() {
    let bot = "https://bot.example.com";
    says(&[
        (
            bot,
            "x-forwarded-prefix: /a/b/",
            "https://bot.example.com/a/b/webhooks/twilio",
            "set PUBLIC_URL=https://bot.example.com/a/b",
        ),
        (
            bot,
            "x-forwarded-prefix: /a, /b",
            "https://bot.example.com/a/webhooks/twilio",
            "set PUBLIC_URL=https://bot.example.com/a",
        ),
        (
            "http://bot.example.com/b",
            "x-forwarded-prefix: /a",
            "https://bot.example.com/a/b/webhooks/twilio",
            "set PUBLIC_URL=https://bot.example.com/a/b",
        ),
        (
            bot,
            "x-original-uri: /a/webhooks/twilio?tenant=7",
            "https://bot.example.com/a/webhooks/twilio",
            "set PUBLIC_URL=https://bot.example.com/a",
        ),
        (
            bot,
            "x-forwarded-uri: /a/webhooks/twilio",
            "http://bot.example.com/a/webhooks/twilio",
            "set PUBLIC_URL=http://bot.example.com/a",
        ),
        (
            bot,
            "x-original-uri: /sms?tenant=7",
            "https://bot.example.com/sms",
            "let the proxy pass the path on unchanged",
        ),
        (
            "https://bot.example.com/a",
            "x-rewrite-url: /sms?tenant=7",
            "http://bot.example.com/sms",
            "let the proxy pass the path on unchanged",
        ),
        (
            bot,
            "x-original-url: https://other.example.com/sms?tenant=7",
            "https://other.example.com/sms",
            "let the proxy pass the path on unchanged",
        ),
        (
            bot,
            "x-original-uri: /b/webhooks/twilio",
            "https://elsewhere.example.com/b/webhooks/twilio",
            "no similar URL matches",
        ),
        (
            bot,
            "x-forwarded-prefix: ",
            "https://elsewhere.example.com/webhooks/twilio",
            "no similar URL matches",
        ),
    ]);
}

#[test]
fn a_lost_empty_body_is_noticed() {
    let url = "https://bot.example.com/webhooks/twilio";
    let signature = sign(url, &Pairs::decode(b"Body=&From=%2B1").unwrap(), &token("12345"));
    let verifier = verifier("https://bot.example.com", "12345");
    let diagnosis = diagnose(
        &verifier,
        &request("/webhooks/twilio", &signature, b"From=%2B1"),
        &Named::default(),
    );
    assert_eq!(diagnosis.cause(), Some(&Cause::EmptyParametersLost));
}

#[test]
fn hosts_that_are_none_are_passed_over() {
    let hosts = ["", "a b", "x@y", "http://z", "\u{7f}", "bot_1.example.com"];
    let line = explain("https://bot.example.com", &hosts, "https://elsewhere.example.com", FORM);
    assert!(line.contains("no similar URL matches"), "{line}");
}

#[test]
fn a_request_that_cannot_be_checked_is_not_explained() {
    let verifier = verifier("https://bot.example.com", "12345");
    let named = Named { hosts: vec!["x.example"], ..Named::default() };
    let diagnosis = diagnose(&verifier, &request(TARGET, "no signature", FORM.as_bytes()), &named);
    assert_eq!(diagnosis.cause(), None);
}

#[test]
fn with_many_tokens_fewer_spellings_are_tried() {
    let public_url: PublicUrl = "http://bot.example.com".parse().unwrap();
    let explain = |tokens: usize| {
        let tokens = (0..tokens).map(|n| token(&n.to_string())).collect();
        let verifier = Verifier::new(public_url.clone(), tokens).unwrap();
        let pairs = Pairs::decode(FORM.as_bytes()).unwrap();
        let signature = sign(&format!("http://BOT.EXAMPLE.COM{TARGET}"), &pairs, &token("0"));
        let request = request(TARGET, &signature, FORM.as_bytes());
        diagnose(&verifier, &request, &Named::default()).cause().cloned()
    };
    // One of the last attempts, of which eight tokens leave sixteen.
    assert!(explain(1).is_some());
    assert!(explain(8).is_none());
}

#[test]
fn one_diagnosis_a_second() {
    let limiter = Limiter::default();
    let start = Instant::now();
    let allowed = [0, 1, 999, 1_000, 1_500, 1_999, 2_000, 60_000]
        .map(|millis| limiter.allow(start + Duration::from_millis(millis)));
    assert_eq!(allowed, [true, false, false, true, false, false, true, true]);
}
