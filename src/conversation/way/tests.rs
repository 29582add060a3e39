//! How the way of a conversation is worked out from its messages.

use jiff::{SignedDuration, Timestamp};

use super::{Standpoint, Told, standpoint};
use crate::conversation::testing::{flows, shop};
use crate::conversation::{
    CallAnswer, CallId, Callbacks, Event, Flows, Known, Moment, Session, Source, step, take,
};
use crate::message::{Channel, Message, consent};

const BEGINNING: Timestamp = Timestamp::constant(1_795_405_200, 0);

/// A conversation, with its messages as the transcript keeps them.
struct Conversation {
    flows: Flows,
    session: Session,
    told: Vec<Told>,
    now: Timestamp,
}

impl Conversation {
    fn of(flows: Flows) -> Self {
        Self { flows, session: Session::default(), told: Vec::new(), now: BEGINNING }
    }

    fn in_file(text: &str) -> Self {
        let sources = text
            .split("---\n")
            .enumerate()
            .map(|(at, text)| Source { name: format!("{at}.yaml"), text: text.to_owned() });
        Self::of(Flows::load(&sources.collect::<Vec<_>>()).unwrap().flows)
    }

    /// Says some lines. The lines `2xx`, `later` and `back` stand for the answer of
    /// a call, for silence, and for a callback. No message shows these.
    fn say(mut self, lines: &[&str]) -> Self {
        for line in lines {
            self.now += SignedDuration::from_mins(1);
            self.line(line);
        }
        self
    }

    fn line(&mut self, line: &str) {
        let mut message = Message::text("1", "+14155552671", "+15005550006", line).unwrap();
        message.consent = consent::of_text(Channel::Sms, line);
        let contact = Event::Message(&message).contact();
        let moment = Moment { now: self.now, callbacks: Callbacks { base: "", fresh: "name" } };
        let before = self.session.state.as_str().to_owned();
        match line {
            "2xx" => {
                let Session { flow, state, asked, .. } = &self.session;
                let (flow, name) = (flow.clone().unwrap(), state.as_str().to_owned());
                let call = CallId { flow, step: name, at: asked.unwrap().at };
                let answer = CallAnswer::Answered { status: 200, body: "{}".into() };
                let event = Event::Called { contact, call: &call, answer: &answer };
                self.session = step(&self.flows, &self.session, event, moment).session;
            }
            "later" => {
                let moment = Moment { now: self.session.wakes_at.unwrap(), ..moment };
                self.now = moment.now;
                self.session =
                    step(&self.flows, &self.session, Event::Silence(contact), moment).session;
            }
            "back" => {
                let callback = self.session.callback.clone().unwrap().name;
                let result = serde_json::json!({ "outcome": "paid" });
                let event = Event::CalledBack { contact, callback: &callback, result: &result };
                self.session = step(&self.flows, &self.session, event, moment).session;
            }
            _ => {
                let known = Known::default();
                let taken = take(&self.flows, &self.session, known, &message, moment);
                self.session = taken.turn.session;
                let after = self.session.state.as_str().to_owned();
                self.told.push(Told { message, at: self.now, before, after });
            }
        }
    }

    fn standpoint(&self) -> Standpoint {
        standpoint(&self.flows, &self.session, &self.told)
    }

    /// The way. The name of a flow stands only where the flow changes.
    fn way(&self) -> String {
        let mut flow = "";
        let mut shown = Vec::new();
        let way = self.standpoint().way;
        for at in &way {
            let is_same = std::mem::replace(&mut flow, &at.flow) == at.flow;
            shown.push(if is_same { at.step.clone() } else { format!("{}/{}", at.flow, at.step) });
        }
        shown.join(" ")
    }
}

const SURVEY: &str = "\
flow: survey
start: [go]
commands: {HELP: [help]}
steps:
  SURE: {ask: Sure?, type: yes_no, when: {yes: GLAD, no: SAD}}
  GLAD: {say: How nice., go: NAME}
  SAD: {say: A pity., go: NAME}
  NAME: {ask: Your name?}
  THANKS: {say: 'Thank you, {{ NAME }}.', end: DONE}
  HELP: {say: Only two questions., resume: true}
";

const ORDER: &str = "\
flow: order
start: [order]
steps:
  WHAT: {ask: What?}
  WHERE: {run: address, when: {TOO_FAR: SORRY}}
  COMING: {say: We come.}
  SURE: {ask: Anything else?}
  SORRY: {say: Sorry., end: NOT}
---
flow: address
steps:
  STREET: {ask: Street?}
  CODE: {ask: Code?, type: integer, if: [{is: CODE > 9, go: FAR}]}
  NEAR: {say: Near.}
  DONE: {say: Done., end: COMPLETED}
  FAR: {say: Far., end: TOO_FAR}
";

const SHOP: &str = "\
flow: shop
start: [buy]
steps:
  WHAT: {ask: What?, nudges: {1m: Well?}, timeout: 5m, on_timeout: BYE}
  PRICE: {call: 'GET https://example.com/prices', when: {failed: SORRY}}
  SURE: {ask: Sure?, type: yes_no, when: {no: BYE}}
  LINK: {say: 'Pay here: {{ callback }}'}
  PAID: {wait_for: payment, when: {paid: THANKS}, timeout: 1h, on_timeout: BYE}
  THANKS: {say: Thank you.}
  MORE: {ask: More?}
  SORRY: {say: Sorry., end: NOT}
  BYE: {say: Bye., end: NOT}
";

#[test]
fn the_way_is_that_of_the_answers() {
    for (lines, way) in [
        (&[][..], ""),
        (&["what?"], ""),
        (&["go"], "survey/SURE"),
        (&["go", "perhaps"], "survey/SURE"),
        // Both ways lead to the same question.
        (&["go", "yes"], "survey/SURE GLAD NAME"),
        (&["go", "no"], "survey/SURE SAD NAME"),
        (&["go", "no", "help"], "survey/SURE SAD NAME HELP NAME"),
        (&["go", "no", "Ann"], "survey/SURE SAD NAME THANKS"),
        (&["go", "no", "Ann", "thanks"], "survey/SURE SAD NAME THANKS"),
        (&["go", "no", "Ann", "go"], "survey/SURE"),
        (&["go", "no", "Ann", "go", "yes"], "survey/SURE GLAD NAME"),
        (&["go", "no", "STOP"], "survey/SURE SAD NAME"),
    ] {
        assert_eq!(Conversation::in_file(SURVEY).say(lines).way(), way, "{lines:?}");
    }
}

#[test]
fn the_way_leads_through_sub_flows() {
    for (lines, way) in [
        (&["order", "pizza"][..], "order/WHAT WHERE address/STREET"),
        (&["order", "pizza", "Elm St", "x"], "order/WHAT WHERE address/STREET CODE"),
        (
            &["order", "pizza", "Elm St", "5"],
            "order/WHAT WHERE address/STREET CODE NEAR DONE order/COMING SURE",
        ),
        (
            &["order", "pizza", "Elm St", "15"],
            "order/WHAT WHERE address/STREET CODE FAR order/SORRY",
        ),
    ] {
        assert_eq!(Conversation::in_file(ORDER).say(lines).way(), way, "{lines:?}");
    }
    let at_home = Conversation::in_file(ORDER).say(&["order", "pizza"]).standpoint();
    let Standpoint { flow, step, outcome, around, .. } = at_home;
    assert_eq!(
        (flow.as_deref(), step.as_deref(), outcome),
        (Some("address"), Some("STREET"), None)
    );
    assert_eq!((around[0].flow.as_str(), around[0].step.as_str()), ("order", "WHERE"));
}

/// No message shows what a call, a third party or silence has done.
#[test]
fn gaps_are_bridged_by_the_shortest_way() {
    for (lines, way) in [
        (&["buy", "later"][..], "shop/WHAT"),
        (&["buy", "later", "later"], "shop/WHAT BYE"),
        (&["buy", "cake"], "shop/WHAT PRICE"),
        (&["buy", "cake", "hm"], "shop/WHAT PRICE"),
        (&["buy", "cake", "2xx"], "shop/WHAT PRICE SURE"),
        (&["buy", "cake", "2xx", "yes"], "shop/WHAT PRICE SURE LINK PAID"),
        (&["buy", "cake", "2xx", "yes", "hm"], "shop/WHAT PRICE SURE LINK PAID"),
        (&["buy", "cake", "2xx", "yes", "back"], "shop/WHAT PRICE SURE LINK PAID THANKS MORE"),
        (&["buy", "cake", "2xx", "yes", "later"], "shop/WHAT PRICE SURE LINK PAID BYE"),
    ] {
        assert_eq!(Conversation::in_file(SHOP).say(lines).way(), way, "{lines:?}");
    }
}

#[test]
fn without_older_messages_the_way_is_shorter() {
    let mut order = Conversation::in_file(ORDER).say(&["order", "pizza", "Elm St"]);
    order.told.remove(0);
    assert_eq!(order.way(), "order/WHAT WHERE address/STREET CODE");
    order.told.remove(0);
    assert_eq!(order.way(), "address/STREET CODE");
    order.told.remove(0);
    assert_eq!(order.way(), "address/CODE");
}

#[test]
fn an_end_says_how() {
    let ended = Conversation::in_file(SURVEY).say(&["go", "no", "Ann"]).standpoint();
    assert_eq!((ended.step, ended.outcome.as_deref()), (None, Some("DONE")));
    let before = Conversation::in_file(SURVEY).standpoint();
    assert_eq!(before, Standpoint::default());
}

/// The new version of the flow lacks a step, and another step has a new name.
#[test]
fn a_flow_that_has_changed_shows_its_steps_by_their_new_names() {
    let mut survey = Conversation::in_file(SURVEY).say(&["go", "yes"]);
    let changed = SURVEY.replace("NAME", "WHO").replace("  GLAD: {say: How nice., go: WHO}\n", "");
    let changed = changed
        .replace("yes: GLAD", "yes: WHO")
        .replace("commands:", "renamed: {NAME: WHO}\ncommands:");
    survey.flows = Conversation::in_file(&changed).flows;
    assert_eq!(survey.way(), "survey/SURE WHO");
    assert_eq!(survey.standpoint().step.as_deref(), Some("WHO"));
}

#[test]
fn a_long_way_is_bounded() {
    let lines: Vec<&str> =
        std::iter::once("pizza").chain(std::iter::repeat_n("again", 700)).collect();
    let shop = Conversation::of(flows(vec![shop()])).say(&lines);
    assert_eq!(shop.standpoint().way.len(), 500);
}
