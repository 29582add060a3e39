//! Properties that hold for any form, any text and any single changed byte.

use percent_encoding::NON_ALPHANUMERIC;
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use ringback::{
    message::{MAX_REPLIES, Reply, segments},
    twilio::{
        form::Pairs,
        signature::{AuthToken, sign},
        twiml,
    },
};

use super::{encode, request, token, verifier};

const HOST: &str = "https://bot.example.com";

/// What means something to a form or to XML, or what XML cannot carry.
const SPECIAL: &[&str] = &[
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "]]>",
    "&",
    "<",
    ">",
    "&amp;",
    "&#13;",
    "<![CDATA[",
    "<!--",
    "%",
    "%00",
    "+",
    "=",
    "\"",
];

/// Any text at all. proptest's own `String` has no control characters, and so
/// no line ends.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => any::<char>().prop_map(String::from),
        1 => proptest::char::range('\0', '\u{1f}').prop_map(String::from),
        1 => select(SPECIAL).prop_map(str::to_owned),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    vec(("[A-Za-z0-9]{1,12}", text()), 1..12)
}

/// A raw request target of the characters that clients send, with escapes.
fn target() -> impl Strategy<Value = String> {
    let query = "([a-z]{1,4}=([A-Za-z0-9'!()*@:+~._-]|%2[0-9A-F]|%27){0,8}&?){0,4}";
    ("[a-zA-Z0-9/._-]{0,16}", query).prop_map(|(path, query)| {
        if query.is_empty() { format!("/{path}") } else { format!("/{path}?{query}") }
    })
}

/// Another byte at one place.
fn with_other_byte(bytes: &[u8], at: Index, difference: u8) -> Vec<u8> {
    let mut changed = bytes.to_owned();
    let at = at.index(changed.len());
    changed[at] ^= difference;
    changed
}

fn signed(target: &str, pairs: &[(String, String)], token: &AuthToken) -> String {
    sign(&format!("{HOST}{target}"), &pairs.iter().cloned().collect::<Pairs>(), token)
}

/// What a strict parser that is not ours reads in a document.
fn read_by_another_parser(document: &[u8]) -> Vec<Reply> {
    let document = std::str::from_utf8(document).unwrap();
    let document = roxmltree::Document::parse(document).unwrap();
    let text_of = |node: roxmltree::Node| node.text().unwrap_or_default().to_owned();
    let read = |message: roxmltree::Node| {
        let all = |name| {
            let named = message.children().filter(|child| child.has_tag_name(name));
            named.map(text_of).collect::<Vec<_>>()
        };
        let has_elements = message.children().any(|child| child.is_element());
        let text = if has_elements { all("Body").concat() } else { text_of(message) };
        Reply { text, media: all("Media") }
    };
    document.root_element().children().map(read).collect()
}

proptest! {
    #[test]
    fn what_is_signed_verifies(target in target(), pairs in pairs(), key in "[a-f0-9]{1,80}") {
        let signature = signed(&target, &pairs, &token(&key));
        let form = encode(&pairs);
        let verdict = verifier(HOST, &key).verify(&request(&target, &signature, form.as_bytes()));
        let verified = verdict.unwrap().into_pairs();
        let texts = verified.texts().unwrap();
        prop_assert!(texts.into_iter().eq(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str()))));
    }

    #[test]
    fn the_order_of_parameters_is_free(mut pairs in pairs()) {
        let signature = signed("/x", &pairs, &token("12345"));
        pairs.reverse();
        let form = encode(&pairs);
        prop_assert!(verifier(HOST, "12345").verify(&request("/x", &signature, form.as_bytes())).is_ok());
    }

    #[test]
    fn a_changed_signature_fails(pairs in pairs(), at: Index, difference in 1..=u8::MAX) {
        let signature = signed("/x", &pairs, &token("12345"));
        let form = encode(&pairs);
        let changed = with_other_byte(signature.as_bytes(), at, difference);
        let mut request = request("/x", &signature, form.as_bytes());
        request.signature = Some(&changed);
        prop_assert!(verifier(HOST, "12345").verify(&request).is_err());
    }

    #[test]
    fn a_changed_url_fails(target in target(), pairs in pairs(), at: Index, difference in 1..128_u8) {
        let signature = signed(&target, &pairs, &token("12345"));
        let form = encode(&pairs);
        let changed = String::from_utf8(with_other_byte(target.as_bytes(), at, difference)).unwrap();
        let verdict = verifier(HOST, "12345").verify(&request(&changed, &signature, form.as_bytes()));
        prop_assert!(verdict.is_err());
    }

    #[test]
    fn a_changed_name_or_value_fails(
        pairs in pairs(),
        at: Index,
        byte: Index,
        difference in 1..=u8::MAX,
        of_name: bool,
    ) {
        let signature = signed("/x", &pairs, &token("12345"));
        let mut raw: Vec<(Vec<u8>, Vec<u8>)> =
            pairs.iter().map(|(name, value)| (name.clone().into(), value.clone().into())).collect();
        let (name, value) = at.get(&raw).clone();
        let changed = &mut raw[at.index(pairs.len())];
        if of_name || value.is_empty() {
            changed.0 = with_other_byte(&name, byte, difference);
        } else {
            changed.1 = with_other_byte(&value, byte, difference);
        }
        // Only the names and values count, not where one ends and the next begins, so
        // another sorting may give the same text again; and a repeated pair counts once.
        let signed_bytes = |pairs: &Vec<(Vec<u8>, Vec<u8>)>| {
            let mut sorted = pairs.clone();
            sorted.sort();
            sorted.dedup();
            sorted.into_iter().flat_map(|(name, value)| [name, value]).flatten().collect::<Vec<_>>()
        };
        let before = pairs.iter().map(|(n, v)| (n.clone().into(), v.clone().into())).collect();
        prop_assume!(signed_bytes(&before) != signed_bytes(&raw));
        let escape = |bytes: &[u8]| percent_encoding::percent_encode(bytes, NON_ALPHANUMERIC).to_string();
        let form: Vec<_> =
            raw.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        let form = form.join("&");
        let verdict = verifier(HOST, "12345").verify(&request("/x", &signature, form.as_bytes()));
        prop_assert!(verdict.is_err());
    }

    #[test]
    fn any_body_is_decoded_or_refused(body in vec(any::<u8>(), 0..2_000)) {
        if let Ok(pairs) = Pairs::decode(&body) {
            drop(ringback::twilio::inbound::read(pairs, None));
        }
    }

    #[test]
    fn replies_come_back_from_their_twiml(
        texts in vec(text(), 0..12),
        media in vec("https://[a-z]{1,9}\\.example/[a-z?&=<>'\"]{0,9}", 0..3),
    ) {
        let replies: Vec<Reply> =
            texts.into_iter().map(|text| Reply { text, media: media.clone() }).collect();
        let written = twiml::write(&replies);
        let expected: Vec<Reply> = replies
            .iter()
            .map(|reply| Reply { text: sendable(&reply.text), media: reply.media.clone() })
            .filter(|reply| !reply.text.is_empty() || !reply.media.is_empty())
            .take(MAX_REPLIES)
            .collect();
        prop_assert_eq!(written.dropped, replies.len() - expected.len());
        prop_assert!(written.bytes.len() <= twiml::MAX_BYTES);
        prop_assert_eq!(twiml::read(&written.bytes).unwrap(), expected.clone());
        prop_assert_eq!(read_by_another_parser(&written.bytes), expected);
    }

    #[test]
    fn any_document_is_read_or_refused(document in "(<|>|/|&|;|#x?[0-9]|Response|Message|Body|<!\\[CDATA\\[|\\]\\]>| |.){0,40}") {
        drop(twiml::read(document.as_bytes()));
    }

    #[test]
    fn segments_hold_the_whole_text(text in text()) {
        let count = segments::count(&text);
        let (single, concatenated) = match count.encoding {
            segments::Encoding::Gsm7 => (160, 153),
            segments::Encoding::Ucs2 => (70, 67),
        };
        prop_assert_eq!(count.segments == 1, count.units <= single);
        // At most one unit of each part stays empty.
        prop_assert!(count.segments == 1 || count.segments <= count.units.div_ceil(concatenated - 1));
        prop_assert!(count.segments == 1 || count.segments >= count.units.div_ceil(concatenated));
    }
}

/// What must come back of a text: each line end, CR LF or either alone, as LF
/// (XML 1.0, section 2.11); of all else the characters that XML 1.0 can carry
/// (section 2.2), and each of them. It cannot carry the control characters but
/// for tab and line ends, nor U+FFFE and U+FFFF, escaped or not.
fn sendable(text: &str) -> String {
    let mut sendable = String::new();
    let mut previous = None;
    for character in text.chars() {
        match character {
            '\n' if previous == Some('\r') => {}
            '\r' => sendable.push('\n'),
            '\t' | '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => {
                sendable.push(character);
            }
            _ => {}
        }
        previous = Some(character);
    }
    sendable
}
