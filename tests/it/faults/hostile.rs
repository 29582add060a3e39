//! Hostile input: whatever the bytes are, the readers answer, and soon.
//!
//! A kept corpus (`tests/corpus`, with the repository's own files) is read as
//! it is, and then changed by chance: bounded in a test run, longer with
//! `RINGBACK_FAULTS_INPUTS=100000`. An input that breaks a reader is kept in
//! the corpus, so that it is tried from then on.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use ringback::conversation::chat_file::{self, ChatFile, Deployments};
use ringback::conversation::finding::Severity;
use ringback::conversation::{Flows, Source};
use ringback::twilio::diagnosis::{Named, diagnose};
use ringback::twilio::form::Pairs;
use ringback::twilio::inbound;
use ringback::twilio::public_url::PublicUrl;
use ringback::twilio::signature::{AuthToken, SignedRequest, Verifier, sign};

use super::chance;
use super::chance::Chance;
use crate::support::setting;
use crate::support::twilio::TOKEN;

/// No input may be larger: a webhook's body is at most eight times as much.
const LARGEST: usize = 8_192;

/// Nothing of this size takes longer to read, even on a busy machine.
const SOON: Duration = Duration::from_secs(5);

/// Signs that mean something to one of the readers.
const MEANINGFUL: [&str; 32] = [
    "{{",
    "}}",
    "%",
    "%00",
    "%ff",
    "&",
    "=",
    "+",
    ":",
    ": ",
    "- ",
    "\n  ",
    "\r\n",
    "\t",
    "#",
    "[",
    "{",
    "|",
    ">",
    "'",
    "\"",
    "\\",
    "*a",
    "&a ",
    "!!",
    "@wait ",
    "> ",
    "< ",
    "<---\n",
    "\0",
    "\u{feff}",
    "99999999999999999999",
];

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The kept inputs of a kind, and the repository's files that are such.
fn corpus(kind: &str, also: &[(&str, &str)]) -> Vec<Vec<u8>> {
    let kept = [(format!("tests/corpus/{kind}"), String::new())].into_iter();
    let folders = kept.chain(also.iter().map(|(folder, end)| ((*folder).into(), (*end).into())));
    let mut paths: Vec<PathBuf> = folders
        .flat_map(|(folder, end)| {
            let paths = fs::read_dir(root(&folder)).unwrap().map(|entry| entry.unwrap().path());
            paths.filter(move |path| path.is_file() && path.to_str().unwrap().ends_with(&end))
        })
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Reads every input and then changed ones; keeps the first that breaks `read`.
fn all_are_answered(kind: &str, also: &[(&str, &str)], read: impl Fn(&[u8])) {
    let mut chance = chance(kind);
    let corpus = corpus(kind, also);
    let changed: usize = setting("RINGBACK_FAULTS_INPUTS").unwrap_or(400);
    for number in 0..corpus.len() + changed {
        let input = match corpus.get(number) {
            Some(kept) => kept.clone(),
            None => change(&corpus, &mut chance),
        };
        let began = Instant::now();
        let answered = catch_unwind(AssertUnwindSafe(|| read(&input))).is_ok();
        if answered && began.elapsed() < SOON {
            continue;
        }
        let mut hash = DefaultHasher::new();
        input.hash(&mut hash);
        let kept = root("tests/corpus").join(kind).join(format!("found-{:016x}", hash.finish()));
        fs::write(&kept, &input).unwrap();
        let fault = if answered { "takes too long" } else { "breaks its reader" };
        panic!("an input {fault}; it is kept as {}", kept.display());
    }
}

/// One of the corpus with something of another, and a few slips.
fn change(corpus: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let below = |chance: &mut Chance, end: usize| {
        usize::try_from(chance.of(0..u64::try_from(end.max(1)).unwrap())).unwrap()
    };
    let mut input = corpus[below(chance, corpus.len())].clone();
    for _ in 0..=below(chance, 6) {
        let at = below(chance, input.len() + 1);
        let end = (at + below(chance, 40)).min(input.len());
        match below(chance, 6) {
            0 => drop(input.drain(at..end)),
            1 => {
                let piece = input[at..end].to_vec();
                for _ in 0..=below(chance, 30) {
                    input.splice(at..at, piece.iter().copied());
                }
            }
            2 => {
                let other = &corpus[below(chance, corpus.len())];
                let from = below(chance, other.len());
                let to = (from + below(chance, 200)).min(other.len());
                input.splice(at..at, other[from..to].iter().copied());
            }
            3 => {
                let sign = MEANINGFUL[below(chance, MEANINGFUL.len())];
                input.splice(at..at, sign.bytes());
            }
            4 => input.insert(at, chance.next().to_le_bytes()[0]),
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << below(chance, 8);
                }
            }
        }
    }
    input.truncate(LARGEST);
    input
}

fn one_flow(text: &str) -> Vec<Source> {
    vec![Source { name: "flows/test.yaml".to_owned(), text: text.to_owned() }]
}

/// Loads a flow, and talks to it if it can be talked to.
fn load_and_talk(text: &str) {
    match Flows::load(&one_flow(text)) {
        Ok(loaded) => {
            let word = loaded.flows.iter().next().and_then(|flow| flow.start_words().next());
            let word = word.map_or_else(|| "hello".to_owned(), Clone::clone);
            let chat = format!("> {word}\n> 7\n> {{{{ v }}}}\n@wait 400d\n> yes\n> {word}\n");
            if let Ok(chat) = ChatFile::parse("flows/test.chat", &chat) {
                drop(chat_file::run(&loaded.flows, &chat, &Deployments::new()));
            }
        }
        Err(findings) => {
            assert!(findings.count(Severity::Error) > 0, "refused without a reason");
            assert!(!findings.render(false).is_empty());
        }
    }
}

#[test]
fn flow_files() {
    let also = [("flows", ".yaml"), ("fixtures/flows/broken", ".yaml")];
    all_are_answered("flow", &also, |input| load_and_talk(&String::from_utf8_lossy(input)));
}

#[test]
fn chat_files() {
    static FLOWS: LazyLock<Flows> = LazyLock::new(|| {
        let survey = fs::read_to_string(root("flows/survey.yaml")).unwrap();
        Flows::load(&one_flow(&survey)).unwrap().flows
    });
    all_are_answered("chat", &[("flows", ".chat")], |input| {
        match ChatFile::parse("flows/survey.chat", &String::from_utf8_lossy(input)) {
            Ok(chat) => {
                let report = chat_file::run(&FLOWS, &chat, &Deployments::new());
                let shown = report.mismatch.map(|mismatch| mismatch.render(false));
                assert!(shown.is_none_or(|shown| !shown.is_empty()));
            }
            Err(findings) => assert!(!findings.render(false).is_empty()),
        }
    });
}

#[test]
fn templates_and_conditions() {
    all_are_answered("template", &[], |input| {
        // JSON's texts are YAML's, too.
        let text = serde_json::to_string(&String::from_utf8_lossy(input)).unwrap();
        load_and_talk(&format!(
            "flow: t\nstart: [hello]\nsteps:\n  A:\n    ask: How many?\n    save: v\n  \
             B:\n    say: {text}\n"
        ));
        load_and_talk(&format!(
            "flow: t\nstart: [hello]\nsteps:\n  A:\n    ask: How many?\n    save: v\n  \
             B:\n    if: {text}\n    go: A\n  C:\n    say: x\n"
        ));
    });
}

#[test]
fn forms() {
    all_are_answered("form", &[("fixtures/webhooks", ".form")], |input| {
        if let Ok(pairs) = Pairs::decode(input) {
            drop(inbound::read(pairs.clone(), None));
            drop(inbound::read(pairs, Some("AC00000000000000000000000000000000")));
        }
    });
}

/// A public URL, a request's target and a form: what is signed is accepted,
/// and an address that could be read is read again as the same one.
#[test]
fn addresses_and_what_is_signed_for_them() {
    let token = AuthToken::new(&TOKEN.into()).unwrap();
    all_are_answered("url", &[], |input| {
        let text = String::from_utf8_lossy(input);
        let mut lines = text.splitn(3, '\n');
        let mut line = || lines.next().unwrap_or_default();
        let (address, target, body) = (line(), line(), line());
        let Ok(url) = address.parse::<PublicUrl>() else { return };
        assert_eq!(url.to_string().parse::<PublicUrl>().ok().as_ref(), Some(&url), "{url}");
        let Ok(pairs) = Pairs::decode(body.as_bytes()) else { return };
        let signature = sign(&format!("{url}{target}"), &pairs, &token);
        let request = SignedRequest {
            path_and_query: target,
            content_type: Some(b"application/x-www-form-urlencoded"),
            signature: Some(signature.as_bytes()),
            body: body.as_bytes(),
        };
        let verifier = Verifier::new(url, vec![token.clone()]).unwrap();
        assert!(verifier.verify(&request).is_ok(), "what is signed is refused");
        let forged = SignedRequest { signature: Some(input), ..request };
        let named = Named::read(|_| [address, target].into_iter());
        drop(diagnose(&verifier, &forged, &named));
    });
}
