//! What the parts cost that neither wait nor ask: one message through the
//! signature, the form, the step and the `TwiML`; and the check of flows.
//!
//! Each has a budget in microseconds. A check is one of a person who waits. A message costs the service and its
//! database tens of them, so what stays within its budget is not worth a
//! thought, and what does not has become worth one. Nothing fails by it:
//! `cargo bench --bench pure` shows both.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]
#![expect(clippy::print_stdout, reason = "budgets stand beside the figures")]

use std::fmt::Write;
use std::hint::black_box;

use criterion::Criterion;
use jiff::Timestamp;
use ringback::conversation::{self, Answers, Event, Flows, Session, Source, State, Value};
use ringback::message::{Message, Reply};
use ringback::twilio::form::Pairs;
use ringback::twilio::public_url::{PublicUrl, WEBHOOK_PATH};
use ringback::twilio::signature::{AuthToken, SignedRequest, Verifier, sign};
use ringback::twilio::{inbound, twiml};

/// An SMS of fifteen parameters and some empty ones, as Twilio sends it.
const FORM: &[u8] = include_bytes!("../fixtures/webhooks/sms.form");

const PUBLIC_URL: &str = "https://bot.example.com";

/// Measures one part under a name.
type Bench = fn(&mut Criterion, &str);

/// What is measured, and its budget in microseconds.
const BUDGETS: [(&str, f64, Bench); 8] = [
    ("signature: verify", 5.0, verify),
    ("signature: refuse", 8.0, refuse),
    ("form: decode and read", 5.0, decode_and_read),
    ("step: the answer to a question", 3.0, step),
    ("twiml: one message", 1.0, write_one),
    ("twiml: the longest message there is, all of it escaped", 50.0, write_longest),
    ("check: the flows that ship", 20_000.0, check_shipped),
    ("check: a flow of a thousand steps", 200_000.0, check_thousand),
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for (name, budget, bench) in BUDGETS {
        println!("budget {budget} µs:");
        bench(&mut criterion, name);
    }
    criterion.final_summary();
}

fn verify(criterion: &mut Criterion, name: &str) {
    let (verifier, signature) = verifier();
    let request = request(&signature);
    criterion.bench_function(name, |b| b.iter(|| verifier.verify(black_box(&request)).unwrap()));
}

/// A forged signature: all spellings of the URL are tried.
fn refuse(criterion: &mut Criterion, name: &str) {
    let (verifier, _) = verifier();
    let request = request("AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    criterion
        .bench_function(name, |b| b.iter(|| verifier.verify(black_box(&request)).unwrap_err()));
}

fn decode_and_read(criterion: &mut Criterion, name: &str) {
    criterion.bench_function(name, |b| {
        b.iter(|| inbound::read(Pairs::decode(black_box(FORM)).unwrap(), None).unwrap());
    });
}

fn step(criterion: &mut Criterion, name: &str) {
    let flows = Flows::built_in().unwrap().flows;
    let now = Timestamp::UNIX_EPOCH;
    let session = Session {
        flow: Some("favorite-song".to_owned()),
        state: State::Waiting("WAITING_FOR_SONG".to_owned()),
        answers: Answers::from([("user_name".to_owned(), Value::Text("John".to_owned()))]),
        since: Some(now),
        ..Session::default()
    };
    let message = Message { body: "Bohemian Rhapsody".to_owned(), ..message() };
    let turn = conversation::step(&flows, &session, Event::Message(&message), now);
    assert_eq!(turn.replies, [text("Playing Bohemian Rhapsody")]);
    criterion.bench_function(name, |b| {
        b.iter(|| {
            conversation::step(
                &flows,
                black_box(&session),
                Event::Message(black_box(&message)),
                now,
            )
        });
    });
}

fn write_one(criterion: &mut Criterion, name: &str) {
    let replies = [text("Hello John, what is your favorite song?")];
    criterion.bench_function(name, |b| b.iter(|| twiml::write(black_box(&replies))));
}

fn write_longest(criterion: &mut Criterion, name: &str) {
    let replies = [text(&"&".repeat(ringback::message::MAX_TEXT))];
    criterion.bench_function(name, |b| b.iter(|| twiml::write(black_box(&replies))));
}

fn check_shipped(criterion: &mut Criterion, name: &str) {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/flows")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let sources: Vec<Source> = files
        .filter(|file| file.extension().is_some_and(|ending| ending == "yaml"))
        .map(|file| Source {
            name: file.display().to_string(),
            text: std::fs::read_to_string(&file).unwrap(),
        })
        .collect();
    criterion.bench_function(name, |b| b.iter(|| Flows::load(black_box(&sources)).unwrap()));
}

/// Questions of several types, each of which reads others' answers, goes back
/// on a condition, gives up, and is told of.
fn check_thousand(criterion: &mut Criterion, name: &str) {
    let mut text =
        "flow: long\nstart: [hello]\ncommands: {restart: [again], S0: [first]}\nsteps:\n"
            .to_owned();
    for step in 0..500 {
        let kind = ["max: 100", "type: date", "type: yes_no", "options: {a: A, b: B}"][step % 4];
        let (back, next) = (step / 2, step + 1);
        write!(
            text,
            "  S{step}:\n    ask: 'After {{{{ S{back} | default(\"\") }}}}: question {step}?'\n    {kind}\n    \
             tries: 3\n    on_fail: T{back}\n    if: [{{is: 'channel == \"sms\"', go: S{back}}}]\n  \
             T{step}:\n    say: 'So {{{{ S{step} | default(\"\") | upper }}}}, {next}.'\n"
        )
        .unwrap();
    }
    let sources = [Source { name: "long.yaml".to_owned(), text }];
    criterion.bench_function(name, |b| {
        b.iter(|| match Flows::load(black_box(&sources)) {
            Ok(loaded) => loaded.costs.len(),
            Err(findings) => panic!("{findings}"),
        });
    });
}

fn verifier() -> (Verifier, String) {
    let public_url: PublicUrl = PUBLIC_URL.parse().unwrap();
    let token = AuthToken::new(&"0123456789abcdef0123456789abcdef".into()).unwrap();
    let pairs = Pairs::decode(FORM).unwrap();
    let signature = sign(&public_url.webhook_url(), &pairs, &token);
    (Verifier::new(public_url, vec![token]).unwrap(), signature)
}

fn request(signature: &str) -> SignedRequest<'_> {
    SignedRequest {
        path_and_query: WEBHOOK_PATH,
        content_type: Some(b"application/x-www-form-urlencoded; charset=UTF-8"),
        signature: Some(signature.as_bytes()),
        body: FORM,
    }
}

fn message() -> Message {
    inbound::read(Pairs::decode(FORM).unwrap(), None).unwrap()
}

fn text(text: &str) -> Reply {
    Reply { text: text.to_owned(), media: Vec::new() }
}
