//! The advice is tried: with what it says to write, they do go on.

use super::*;
use crate::conversation::session::{Caller, State};
use crate::conversation::{Source, Value};

const NOW: Timestamp = Timestamp::constant(1_795_405_200, 0);

fn flows(texts: &[&str]) -> Flows {
    let sources: Vec<Source> = (0..)
        .zip(texts)
        .map(|(number, text)| Source { name: format!("{number}.yaml"), text: (*text).to_owned() })
        .collect();
    Flows::load(&sources).unwrap_or_else(|findings| panic!("{findings}")).flows
}

fn answers(names: &[&str]) -> Answers {
    names.iter().map(|name| ((*name).to_owned(), Value::from("x"))).collect()
}

fn waiting(flow: &str, step: &str, names: &[&str]) -> Session {
    Session {
        flow: Some(flow.to_owned()),
        state: State::Waiting(step.to_owned()),
        answers: answers(names),
        ..Session::default()
    }
}

const ORDER: &str = "flow: order
start: [order]
steps:
  pizza: {ask: Which pizza?}
  sizes: {ask: 'Which size of {{ pizza }}?'}
  street: {ask: 'Where to with the {{ sizes }} one?'}
  address: {run: address, keep: {zip: zip}}
  done: {say: 'We come to {{ zip }}.'}
";

const ADDRESS: &str = "flow: address
steps:
  zip: {ask: And the postcode?}
";

fn census(flows: &Flows, sessions: &[Session]) -> Census {
    let mut census = Census::default();
    for session in sessions {
        census.count(flows, None, session, NOW);
    }
    census
}

fn people() -> Vec<Session> {
    let in_part = |step: &str, part: &str| Session {
        stack: vec![Caller {
            flow: "order".to_owned(),
            step: step.to_owned(),
            answers: answers(&["pizza", "sizes", "street"]),
        }],
        ..waiting(part, "zip", &[])
    };
    let ended =
        Session { state: State::Ended("COMPLETED".to_owned()), ..waiting("order", "", &[]) };
    let expired = Session { expires_at: Some(NOW), ..waiting("order", "size", &["pizza"]) };
    vec![
        waiting("order", "pizza", &[]),
        waiting("order", "sizes", &["pizza"]),
        in_part("address", "address"),
        // From here on nothing waits any more.
        ended,
        expired,
        Session::default(),
        // And these are lost.
        waiting("order", "size", &["pizza"]),
        waiting("order", "size", &["pizza"]),
        waiting("order", "streets", &["pizza"]),
        waiting("order", "name", &["pizza"]),
        waiting("order", "done", &[]),
        waiting("order", "street", &["pizza"]),
        waiting("order", "street", &["pizza", "size"]),
        waiting("order", "sizes", &[]),
        waiting("order", "sizes", &["pizzas"]),
        waiting("orders", "pizza", &[]),
        waiting("survey", "rating", &[]),
        in_part("adress", "address"),
        in_part("pizza", "address"),
        in_part("address", "order"),
    ]
}

#[test]
fn who_would_begin_again_is_told_by_place_with_what_to_write() {
    let census = census(&flows(&[ORDER, ADDRESS]), &people());
    assert_eq!((census.going_on(), census.beginning_again()), (3, 14));
    insta::assert_snapshot!(census.findings().render(false));
}

/// A name that would help only some people is not advised.
#[test]
fn a_name_is_advised_that_lets_everybody_go_on() {
    let flows = flows(&[ORDER, ADDRESS]);
    let help = |sessions: &[Session]| {
        let census = census(&flows, sessions);
        let findings = census.findings();
        findings.iter().map(|finding| finding.help.clone().unwrap()).collect::<Vec<_>>()
    };
    let with = waiting("order", "size", &["pizza"]);
    let without = waiting("order", "size", &[]);
    let named = "add `renamed: {size: sizes}` to `order`, or they begin again";
    let open = "add `renamed: {size: …}` to `order`, or they begin again";
    assert_eq!(help(std::slice::from_ref(&with)), [named]);
    assert_eq!(help(&[with.clone(), without.clone()]), [open]);
    assert_eq!(help(&[without, with]), [open]);
}

/// This holds even where the name gives no hint.
#[test]
fn a_question_is_known_again_by_what_it_asks() {
    let was = flows(&[ORDER, ADDRESS]);
    let advice = |text: &str| {
        let mut census = Census::default();
        census.count(
            &flows(&[text, ADDRESS]),
            Some(&was),
            &waiting("order", "sizes", &["pizza"]),
            NOW,
        );
        let findings = census.findings();
        let help = findings.iter().next().unwrap().help.clone().unwrap();
        help.split('`').nth(1).unwrap().to_owned()
    };
    let renamed = ORDER.replace("sizes", "how_big");
    assert_eq!(advice(&renamed), "renamed: {sizes: how_big}");
    let reworded = renamed.replace("Which size of", "How big is");
    assert_eq!(advice(&reworded), "renamed: {sizes: …}");
}

#[test]
fn who_follows_the_advice_loses_nobody() {
    let renamed = ORDER.replace("steps:", "renamed: {size: sizes, adress: address}\nsteps:");
    let flows = flows(&[&renamed, ADDRESS]);
    let advised = [
        waiting("order", "size", &["pizza"]),
        waiting("order", "street", &["pizza", "size"]),
        people().into_iter().find(|s| s.stack.iter().any(|c| c.step == "adress")).unwrap(),
    ];
    assert_eq!(census(&flows, &advised).going_on(), 3);
}
