//! What somebody may send: words that the flows listen to, answers of every
//! type, what is no answer to anything, pictures, places, taps; and how long it
//! takes them.

use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::sample::select;
use ringback::message::{Channel, Location, Media, Message, consent};

const WORDS: [&str; 34] = [
    "aa",
    "db",
    "cc",
    "1",
    "2",
    "yes",
    "no",
    "sure",
    "o",
    "zwo",
    "Zwei",
    "word",
    "k0",
    "k1",
    "k2",
    "k3",
    "skip",
    "",
    "7",
    "-3,5",
    "ab1",
    "ada@example.com",
    "(415) 555-0100",
    "tomorrow",
    "24.12.",
    "14:30",
    "52.5,13.4",
    "HELP",
    "{{ x }}",
    "two\nlines",
    "ΐßﬃ",
    "👍",
    "Café",
    "ok",
];

/// One message, and the silence before it.
pub(super) type Sent = (Message, SignedDuration);

pub(super) fn sent() -> impl Strategy<Value = Sent> {
    let text = prop_oneof![
        24 => select(&WORDS[..]).prop_map(str::to_owned),
        8 => select(&["a", "b", "da"][..]).prop_map(str::to_owned),
        1 => select(&["STOP", "cancel"][..]).prop_map(str::to_owned),
        3 => Just("START".to_owned()),
        1 => any::<String>(),
        1 => "(?s).{600,2000}",
        1 => (1..1700_usize).prop_map(|times| "🙂".repeat(times)),
        1 => (1..1700_usize).prop_map(|times| "ﬃ ".repeat(times / 2)),
    ];
    let extra = prop_oneof![6 => Just(0_u8), 1 => 1..6_u8];
    let silence = prop_oneof![20 => Just(1_i64), 1 => Just(59 * 60), 1 => Just(90_000)];
    (text, extra, any::<bool>(), silence).prop_map(|(text, extra, is_whatsapp, silence)| {
        (message(text, extra, is_whatsapp), SignedDuration::from_secs(silence))
    })
}

fn message(body: String, extra: u8, is_whatsapp: bool) -> Message {
    let prefix = if is_whatsapp { "whatsapp:" } else { "" };
    let from = format!("{prefix}+14155550100");
    let mut message = Message::text("SM1", &from, "+14155550199", &body).expect("an address");
    message.profile_name = is_whatsapp.then(|| "👩‍🍳".repeat(33));
    let media = |count: usize| {
        let one = |n| Media {
            url: format!("https://api.twilio.com/{n}{}", "x".repeat(138)),
            content_type: "image/jpeg".to_owned(),
        };
        (0..count).map(one).collect()
    };
    match extra {
        1 => (message.body, message.media) = (String::new(), media(1)),
        2 => message.media = media(10),
        3 => {
            message.location = Some(Location {
                latitude: "-52.123456".to_owned(),
                longitude: "-113.123456".to_owned(),
                label: Some("🙂".repeat(100)),
                address: Some("Main Street".to_owned()),
            });
        }
        4 => message.button = Some(body),
        5 => (message.button_text, message.body) = (Some(body), String::new()),
        _ => {}
    }
    message.consent = consent::of_text(Channel::of_address(&from), &message.body);
    message
}
