//! `ringback post`: messages to a service, and what the exit code says of the answer.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use insta::assert_snapshot;
use regex::Regex;
use tokio::task::spawn_blocking;

use super::{COLOUR, shown, write};
use crate::outbound::server::{Part, Server};
use crate::support::database::{each_database, select};
use crate::support::ringback::{Outcome, run};
use crate::support::service::Service;
use crate::support::twilio::{PUBLIC_URL, TOKEN};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/webhooks");
const FROM: &str = "+14155552671";

/// Posts to this address. The token and the URL that is signed are those of the tests.
fn post(folder: &Path, to: &str, arguments: &[&str]) -> Outcome {
    post_with(folder, &[("TWILIO_AUTH_TOKEN", TOKEN)], to, arguments)
}

fn post_with(folder: &Path, settings: &[(&str, &str)], to: &str, arguments: &[&str]) -> Outcome {
    let settings = [&[("BIND", to), ("PUBLIC_URL", PUBLIC_URL)], settings].concat();
    let outcome = run(folder, &settings, &[&["post"], arguments].concat());
    assert!(!outcome.to_string().contains(TOKEN), "{outcome}");
    outcome
}

/// What was told, without ids, times and ports.
fn told(outcome: &Outcome) -> String {
    let filters = [
        ("SM[0-9a-f]{32}", "SM[ID]"),
        (r"after (\d+ ms|\d+\.\d s)", "after [TIME]"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]"),
    ];
    filters.iter().fold(outcome.to_string(), |text, (pattern, instead)| {
        Regex::new(pattern).unwrap().replace_all(&text, *instead).into_owned()
    })
}

/// What was said in the answer.
fn said(outcome: &Outcome) -> Vec<&str> {
    outcome.stdout.lines().filter(|line| line.starts_with('<') || line.starts_with("no ")).collect()
}

fn sid(outcome: &Outcome) -> String {
    Regex::new("SM[0-9a-f]{32}").unwrap().find(&outcome.stdout).unwrap().as_str().to_owned()
}

#[tokio::test]
async fn a_conversation_goes_on_with_each_message() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "colour.yaml", COLOUR);
        let settings = [
            ("DATABASE_URL", database.url()),
            ("TWILIO_AUTH_TOKEN", TOKEN),
            ("PUBLIC_URL", PUBLIC_URL),
            ("FLOWS", "colour.yaml"),
        ];
        let service = Service::start(folder.path(), &settings);
        let to = service.address().to_string();
        let say = |text: &str, further: &[&str]| {
            post(folder.path(), &to, &[&["--from", FROM, "--body", text], further].concat())
        };

        let first = say("hello", &[]);
        assert_snapshot!("first", told(&first));
        let second = say("red", &[]);
        assert_eq!(said(&second), ["< Warm.", "< How nice."], "{second}");
        // The note says how a repeat is sent; it moves nothing.
        assert!(second.stdout.contains(&format!("`--message-sid {}`", sid(&second))), "{second}");
        let repeat = say("red", &["--message-sid", &sid(&second)]);
        assert_eq!((repeat.code, said(&repeat)), (Some(0), said(&second)), "{repeat}");
        let turns = select(database.url(), "SELECT CAST(COUNT(*) AS CHAR) FROM messages").await;
        assert_eq!(turns, ["2"]);

        let whatsapp = ["--channel", "whatsapp", "--param", "ProfileName=Zo\u{eb}"];
        let outcome = say("hello", &whatsapp);
        assert_eq!((outcome.code, said(&outcome)[0]), (Some(0), "< Red or blue?"), "{outcome}");
        let kept = "SELECT parameters FROM messages WHERE channel = 'whatsapp'";
        let kept = select(database.url(), kept).await;
        assert!(kept.len() == 1 && kept[0].contains("Zo\u{eb}"), "{kept:?}");
    })
    .await;
}

#[test]
fn a_form_is_posted_as_it_is_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("TWILIO_AUTH_TOKEN", TOKEN), ("PUBLIC_URL", PUBLIC_URL)];
    let service = Service::start(folder.path(), &settings);
    let to = service.address().to_string();
    for entry in fs::read_dir(FIXTURES).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        // A report about a text goes to another route.
        let is_form = path.extension().is_some_and(|ending| ending == "form");
        if !is_form || name == "status-callback.form" {
            continue;
        }
        let outcome = post(folder.path(), &to, &[path.to_str().unwrap()]);
        assert_eq!(outcome.code, Some(0), "{name}: {outcome}");
        assert!(outcome.stdout.contains("its answer is the former one"), "{name}: {outcome}");
    }
    // An editor ends the line, and people change single parameters.
    let form = fs::read_to_string(format!("{FIXTURES}/sms.form")).unwrap();
    write(folder.path(), "edited.form", format!("{form}\r\n"));
    let stop = ["edited.form", "--message-sid", "new", "--from", FROM, "--body", "nothing"];
    let outcome = post(folder.path(), &to, &stop);
    assert_eq!(said(&outcome), ["< Say hello to begin."], "{outcome}");
    let report = format!("{FIXTURES}/status-callback.form");
    let url = format!("http://{to}/webhooks/twilio/status?m=1");
    let outcome = post(folder.path(), &to, &[&report, "--url", &url]);
    assert!(
        outcome.stdout.contains("signed for https://bot.example.com/webhooks/twilio/status?m=1")
    );
    assert!(outcome.stdout.contains("\n200 OK") || outcome.stdout.contains("\n204 "), "{outcome}");
}

#[test]
fn a_refusal_says_what_to_look_at() {
    let folder = tempfile::tempdir().unwrap();
    let ours = "AC0123456789abcdef0123456789abcdef";
    let settings = [
        ("TWILIO_AUTH_TOKEN", TOKEN),
        ("PUBLIC_URL", PUBLIC_URL),
        ("TWILIO_ACCOUNT_SID", ours),
        ("SENDING", "off"),
    ];
    let service = Service::start(folder.path(), &settings);
    let to = service.address().to_string();
    let hello = ["--from", FROM, "--body", "hello"];
    let with = |settings: &[(&str, &str)], further: &[&str]| {
        post_with(folder.path(), settings, &to, &[&hello[..], further].concat())
    };
    let token = ("TWILIO_AUTH_TOKEN", TOKEN);
    let account = ("TWILIO_ACCOUNT_SID", ours);
    assert_eq!(with(&[token, account], &[]).code, Some(0));

    let wrong = with(&[("TWILIO_AUTH_TOKEN", "a-wrong-s3cret"), account], &[]);
    assert_eq!(wrong.code, Some(4), "{wrong}");
    assert!(!wrong.to_string().contains("s3cret"), "{wrong}");
    assert_snapshot!("wrong_token", told(&wrong));
    let outcome = with(&[token, account, ("PUBLIC_URL", "https://other.example.com")], &[]);
    assert_eq!(outcome.code, Some(4), "{outcome}");
    assert!(outcome.stderr.contains("must lead to https://other.example.com/"), "{outcome}");
    // The account of the message is another one.
    let outcome = with(&[token], &[]);
    assert_eq!(outcome.code, Some(4), "{outcome}");
    assert!(outcome.stdout.contains("`AccountSid` is not the account"), "{outcome}");
    assert!(outcome.stderr.contains("the answer says what is wrong"), "{outcome}");
    let elsewhere = format!("http://{to}/elsewhere");
    let outcome = with(&[token, account], &["--url", &elsewhere]);
    assert!(outcome.code == Some(4) && outcome.stdout.contains("404 Not Found"), "{outcome}");
}

#[test]
fn nothing_is_posted_if_the_message_cannot_be_made() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "two.form", "Body=a\nFrom=b");
    write(folder.path(), "empty.form", "\n");
    write(folder.path(), "huge.form", "a".repeat(1024 * 1024 + 3));
    let hello = ["--from", FROM, "--body", "hello"];
    let token = ("TWILIO_AUTH_TOKEN", TOKEN);
    for (settings, arguments, what) in [
        (&[][..], &hello[..], "`TWILIO_AUTH_TOKEN` is not set"),
        (&[("TWILIO_AUTH_TOKEN", " ")], &hello, "`TWILIO_AUTH_TOKEN` is set but empty"),
        (&[token, ("PUBLIC_URL", "bot")], &hello, "`PUBLIC_URL` must begin with https://"),
        (&[token, ("BIND", "127.0.0.1:0")], &hello, "on which port the service listens"),
        (
            &[token],
            &[&hello[..], &["--to", "whatsapp:+15005550006"]].concat(),
            "`--to` is an address of another",
        ),
        (
            &[token],
            &["--body", "a", "--from", "whatsapp:+14155552671", "--channel", "sms"],
            "`--from` is an address of another channel than sms",
        ),
        (&[token], &["absent.form"], "cannot read the form `absent.form`"),
        (&[token], &["two.form"], "`two.form` has more than one line"),
        (&[token], &["empty.form"], "`empty.form` is empty"),
        (&[token], &["huge.form"], "`huge.form` is larger than 1 MiB"),
    ] {
        let outcome = post_with(folder.path(), settings, "127.0.0.1:1", arguments);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{what}: {outcome}");
        assert!(outcome.stderr.contains(what) && outcome.stderr.contains("hint: "), "{outcome}");
    }
    for arguments in [
        &["--body", "hello"][..],
        &["--from", FROM],
        &["two.form", "--channel", "whatsapp"],
        &["two.form", "--param", "Name"],
        &["two.form", "--twilio-auth-token", "s3cret"],
    ] {
        let outcome = post(folder.path(), "127.0.0.1:1", arguments);
        assert_eq!(outcome.code, Some(2), "{outcome}");
        assert!(!outcome.stderr.contains("s3cret"), "{outcome}");
    }
}

/// Posts to a host that plays this part; returns what was told, and how many connections came.
async fn post_to(part: Part) -> (Outcome, Server) {
    let server = Server::start(&[part]).await;
    let to = server.address.to_string();
    let posted = spawn_blocking(move || {
        let folder = tempfile::tempdir().unwrap();
        post(folder.path(), &to, &["--from", FROM, "--body", "hello"])
    });
    (posted.await.unwrap(), server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exit_code_says_how_it_was_answered() {
    let answer = |kind: &str, body: &str| {
        let length = body.len();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}");
        Part::headers(&head, body)
    };
    let two = "<Response><Message><Body>One\nline</Body></Message>\
               <Message><Body>Two \u{202e}thgir</Body><Media>https://a.example/1.png</Media></Message></Response>";
    let unavailable = "HTTP/1.1 503 X\r\nRetry-After: 7\r\nContent-Length: 5";
    let endless = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n";
    for (case, part, code) in [
        ("two_messages", answer("text/xml", two), 0),
        ("silence", answer("text/xml", "<Response/>"), 0),
        ("a_page", answer("text/html", "<!doctype html><p>Welcome"), 5),
        ("a_text", answer("text/plain", "<Response/>"), 5),
        ("unavailable", Part::headers(unavailable, "later"), 4),
        ("error_of_a_proxy", Part::status(502, "bad gateway"), 4),
        ("a_login", Part::status(401, ""), 4),
        ("closed", Part::Close, 3),
        ("cut", Part::AnswerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab".into()), 3),
        ("no_http", Part::AnswerAndClose("220 mail.example\r\n".into()), 3),
        ("endless", Part::Endless(endless.into(), vec![b'a'; 64 * 1024]), 5),
    ] {
        let (outcome, server) = post_to(part).await;
        assert_eq!(outcome.code, Some(code), "{case}: {outcome}");
        assert_snapshot!(case, told(&outcome));
        assert_eq!(server.connections(), 1, "{case}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_is_shown_and_not_followed() {
    let other = Server::start(&[Part::status(200, "")]).await;
    let location = other.url("/webhooks/twilio");
    let head = format!("HTTP/1.1 307 X\r\nLocation: {location}\r\nContent-Length: 0");
    let (outcome, _) = post_to(Part::headers(&head, "")).await;
    assert_eq!(outcome.code, Some(4), "{outcome}");
    assert!(outcome.stderr.contains(&format!("`--url {location}`")), "{outcome}");
    assert_eq!(other.connections(), 0);
}

/// What a stranger answers does not become part of a command.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hint_quotes_what_an_answer_says() {
    for (headers, hint) in [
        ("307 X\r\nLocation: http://a/$(reboot)", "instead: `--url 'http://a/$(reboot)'`\n"),
        ("307 X\r\nLocation: ; reboot", "instead\n"),
        ("307 X\r\nLocation: /elsewhere", "instead\n"),
        ("503 X\r\nRetry-After: 3", "post it again after 3 s; "),
        ("503 X\r\nRetry-After: Wed, 21 Oct 2026 07:28:00 GMT", "post it again later; "),
    ] {
        let head = format!("HTTP/1.1 {headers}\r\nContent-Length: 0");
        let (outcome, _) = post_to(Part::headers(&head, "")).await;
        assert_eq!(outcome.code, Some(4), "{outcome}");
        assert!(outcome.stderr.contains(hint), "{hint}: {outcome}");
    }
    let head = "HTTP/1.1 200 X\r\nContent-Type: Text/Plain\r\nContent-Length: 11";
    let (outcome, _) = post_to(Part::headers(head, "<Response/>")).await;
    assert_eq!(outcome.code, Some(5), "{outcome}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_signed_and_says_what_it_is() {
    let (_, server) = post_to(Part::status(200, "<Response/>")).await;
    let request = server.requests().remove(0).to_lowercase();
    for needle in [
        "post /webhooks/twilio http/1.1\r\n",
        "\r\nx-twilio-signature: ",
        "\r\ncontent-type: application/x-www-form-urlencoded; charset=utf-8\r\n",
        "&body=hello&",
        "&from=%2b14155552671&",
        "&accountsid=ac00000000000000000000000000000000&",
    ] {
        assert!(request.contains(needle), "{needle}: {request}");
    }
}

#[test]
fn a_host_that_is_not_there_or_proves_nothing_gets_no_message() {
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, what) in [
        (format!("http://{free}"), "the connection is refused"),
        // RFC 6761: `.invalid` is never resolved.
        ("http://bot.invalid".to_owned(), "the name of the host cannot be resolved"),
    ] {
        let arguments = ["--from", FROM, "--body", "hello", "--url", &url];
        let outcome = post(folder.path(), "127.0.0.1:1", &arguments);
        assert_eq!(outcome.code, Some(3), "{url}: {outcome}");
        assert!(outcome.stderr.contains(what) && outcome.stderr.contains("hint: "), "{outcome}");
    }
    assert!(shown(&post(folder.path(), "127.0.0.1:1", &["--help"])).contains("Exit codes:"));
}
