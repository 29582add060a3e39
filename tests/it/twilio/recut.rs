//! Whoever has recorded a request cuts its signed bytes into other parameters.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use ringback::message::Message;
use ringback::twilio::inbound::read;
use ringback::twilio::signature::sign;

use super::{encode, request, token, verifier};

const HOST: &str = "https://bot.example.com";
const PATH: &str = "/webhooks/twilio";
const ACCOUNT: &str = "AC00000000000000000000000000000000";
const ID: &str = "SM0123456789abcdef0123456789abcdef";
const OTHER_ID: &str = "SMfedcba9876543210fedcba9876543210";

/// Without these there is no message, in the order in which they are signed.
const NEEDED: [&str; 5] = ["AccountSid", "Body", "From", "MessageSid", "To"];

/// What a text is made of that is to be cut.
const PIECES: &[&str] = &[
    "AccountSid",
    "Body",
    "From",
    "MessageSid",
    "To",
    "Sms",
    "OriginalReplied",
    "City",
    "Zip",
    ACCOUNT,
    ID,
    OTHER_ID,
    "SM1",
    "+14155550123",
    "+15005550006",
    "START",
    " ",
    "!",
    "a",
    "f",
    "M",
    "G",
    "J",
    "é",
];

type Pairs = Vec<(String, String)>;

/// A target and a form, as they are sent.
type Sent = (String, Pairs);

fn text() -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..9).prop_map(|pieces| pieces.concat())
}

fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just(ID.to_owned()),
        1 => "(SM|MM|ST|MS)[0-9a-fA-F]{32}",
        1 => "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}",
        1 => select(vec!["1", "SM1", "MessageSid", "From+14155550123"]).prop_map(str::to_owned),
    ]
}

fn from() -> impl Strategy<Value = String> {
    select(vec![
        "+15551234567",
        "whatsapp:+15551234567",
        "whatsapp:US.AbcGH12JK",
        "messenger:1234567",
        "12345",
        "MYSHOP",
        "rcs:agentFHM",
    ])
    .prop_map(str::to_owned)
}

/// What the provider sends of itself: a person's texts, in parameters of the provider's.
fn honest() -> impl Strategy<Value = Sent> {
    let texts = select(vec![
        "Address",
        "ButtonText",
        "ErrorUrl",
        "FromCity",
        "Label",
        "ListTitle",
        "ProfileName",
        "ReferralBody",
    ]);
    let query =
        prop_oneof![3 => Just(String::new()), 1 => text().prop_map(|text| format!("?x={text}"))];
    let ids = (id(), any::<bool>(), prop_oneof![2 => Just(None), 1 => id().prop_map(Some)]);
    (query, ids, from(), text(), vec((texts, text()), 0..3)).prop_map(
        |(query, (id, has_alias, quoted), from, body, texts)| {
            let mut pairs: Vec<(&str, String)> = vec![
                ("AccountSid", ACCOUNT.to_owned()),
                ("Body", body),
                ("From", from),
                ("FromCountry", "US".to_owned()),
                ("FromZip", String::new()),
                ("MessageSid", id.clone()),
                ("NumMedia", "0".to_owned()),
                ("To", "+15005550006".to_owned()),
            ];
            if has_alias {
                pairs.push(("SmsMessageSid", id));
            }
            pairs.extend(quoted.map(|id| ("OriginalRepliedMessageSid", id)));
            for (name, text) in texts {
                if pairs.iter().all(|(known, _)| *known != name) {
                    pairs.push((name, text));
                }
            }
            let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            (format!("{PATH}{query}"), pairs)
        },
    )
}

fn signature((target, pairs): &Sent) -> String {
    let pairs = pairs.iter().cloned().collect();
    sign(&format!("{HOST}{target}"), &pairs, &token("12345"))
}

/// The message that is read, under a signature that must be right.
fn taken((target, pairs): &Sent, signature: &str) -> Option<Message> {
    let form = encode(pairs);
    let authentic = verifier(HOST, "12345").verify(&request(target, signature, form.as_bytes()));
    read(authentic.unwrap(), Some(ACCOUNT)).ok()
}

/// All that is signed behind the path.
fn signed((target, pairs): &Sent) -> String {
    let mut pairs = pairs.clone();
    pairs.sort();
    pairs.dedup();
    let parameters = pairs.into_iter().map(|(name, value)| format!("{name}{value}"));
    let query = target.strip_prefix(PATH).unwrap().to_owned();
    parameters.fold(query, |signed, parameter| format!("{signed}{parameter}"))
}

/// Each beginning of the text that may be the value of `name`, and the parameter
/// that takes the rest, if there is one: its name stands between the two.
fn values(text: &str, name: &str, next: Option<&str>) -> Vec<(String, Option<(String, String)>)> {
    let mut found = vec![(text.to_owned(), None)];
    for (at, _) in text.char_indices() {
        let (value, rest) = text.split_at(at);
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
        let filler = ends
            .map(|end| rest.split_at(end))
            .find(|(filler, _)| *filler > name && next.is_none_or(|next| *filler < next));
        if let Some((filler, rest)) = filler {
            found.push((value.to_owned(), Some((filler.to_owned(), rest.to_owned()))));
        }
    }
    found
}

/// Each choice of places for the names behind this one, in their order.
fn places(signed: &str, after: usize, names: &[&str]) -> Vec<Vec<usize>> {
    let Some((name, others)) = names.split_first() else { return vec![Vec::new()] };
    let here = signed[after..].match_indices(name).map(|(at, _)| after + at);
    here.flat_map(|at| {
        let behind = places(signed, at + name.len(), others);
        behind.into_iter().map(move |places| [vec![at], places].concat())
    })
    .collect()
}

/// Cuts with the five names that a message needs, in every place in which they
/// stand. One parameter takes what is left between two of them: several would
/// be the same.
fn cuts(signed: &str) -> Vec<Sent> {
    let mut cuts = Vec::new();
    for places in places(signed, 0, &NEEDED).into_iter().take(400) {
        let front = &signed[..places[0]];
        let mut fronts = values(front, "", Some(NEEDED[0]));
        fronts.retain(|(query, _)| query.is_empty() || query.starts_with('?'));
        let Some((query, filler)) = fronts.into_iter().next_back() else { continue };
        let choices: Vec<_> = (0..NEEDED.len())
            .map(|index| {
                let begin = places[index] + NEEDED[index].len();
                let end = places.get(index + 1).copied().unwrap_or(signed.len());
                let mut choices =
                    values(&signed[begin..end], NEEDED[index], NEEDED.get(index + 1).copied());
                match NEEDED[index] {
                    "AccountSid" => choices.retain(|(value, _)| value == ACCOUNT),
                    "To" => choices.retain(|(value, _)| value == "+15005550006"),
                    "Body" => choices.truncate(1),
                    _ => {}
                }
                choices
            })
            .collect();
        for from in &choices[2] {
            for id in &choices[3] {
                let rest = [choices[0].first(), choices[1].first(), choices[4].first()];
                let [Some(account), Some(body), Some(to)] = rest else { continue };
                let mut pairs: Pairs = filler.clone().into_iter().collect();
                for (name, (value, filler)) in NEEDED.iter().zip([account, body, from, id, to]) {
                    pairs.push(((*name).to_owned(), value.clone()));
                    pairs.extend(filler.clone());
                }
                cuts.push((format!("{PATH}{query}"), pairs));
            }
        }
    }
    cuts
}

/// Whether this is an address that the provider gives nobody: another one with
/// what is signed behind it, or what remains of the name of a parameter.
fn is_nobodys(from: &str, honest: &str) -> bool {
    let goes_on = from.strip_prefix(honest).is_some_and(|rest| !rest.is_empty());
    goes_on || ["City", "Country", "State", "Zip"].iter().any(|rest| from.starts_with(rest))
}

/// The other messages that come out of what was sent, and whether somebody could
/// use them: then neither may be taken for plain.
fn other_messages(sent: &Sent) -> Vec<Message> {
    let signature = signature(sent);
    let Some(honest) = taken(sent, &signature) else { return Vec::new() };
    let others = cuts(&signed(sent)).into_iter().filter_map(|cut| taken(&cut, &signature));
    let others = others.filter(|other| {
        other.id != honest.id
            || (other.sender != honest.sender && !is_nobodys(&other.from, &honest.from))
    });
    let others: Vec<Message> = others.collect();
    for other in &others {
        assert!(honest.ambiguous_signature.is_some(), "{honest:?}\nand {other:?}");
        assert_eq!(other.ambiguous_signature, honest.ambiguous_signature, "{honest:?}");
    }
    others
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn what_is_plain_is_no_other_message(sent in honest()) {
        other_messages(&sent);
    }
}

/// The property above finds what it looks for.
#[test]
fn a_text_that_was_written_to_be_cut_is_another_message() {
    let body = |body: &str| {
        let needed = NEEDED.map(str::to_owned);
        let values = [ACCOUNT, body, "+15551234567", ID, "+15005550006"].map(str::to_owned);
        (PATH.to_owned(), needed.into_iter().zip(values).collect::<Vec<_>>())
    };
    assert!(other_messages(&body("hello")).is_empty());
    let text = format!("STARTFrom+14155550123MessageSid{OTHER_ID}To+15005550006Zip");
    let others = other_messages(&body(&text));
    assert!(others.iter().any(|other| {
        other.id == OTHER_ID && other.from == "+14155550123" && other.body == "START"
    }));
    let others = other_messages(&body("STARTFrom+14155550123FromX"));
    assert!(others.iter().any(|other| other.id == ID && other.from == "+14155550123"));
}

/// What costs a further transaction is only what has to.
#[test]
fn usual_webhooks_are_plain() {
    let mut ambiguous = Vec::new();
    insta::glob!("../../../fixtures/webhooks", "*.form", |path| {
        let form = std::fs::read(path).unwrap();
        let pairs = ringback::twilio::form::Pairs::decode(&form).unwrap();
        let signature = sign(&format!("{HOST}{PATH}"), &pairs, &token("12345"));
        let request = request(PATH, &signature, &form);
        let message = read(verifier(HOST, "12345").verify(&request).unwrap(), None);
        if message.is_ok_and(|message| message.ambiguous_signature.is_some()) {
            ambiguous.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    });
    assert_eq!(ambiguous, ["alphanumeric", "whatsapp-button"]);
}
