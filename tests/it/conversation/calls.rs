//! HTTP calls of flows: the requests that the engine asks for, and what their
//! answers lead to.

use jiff::{SignedDuration, Timestamp};
use ringback::conversation::chat_file::{ChatFile, Deployments, run};
use ringback::conversation::{
    CallAnswer, CallId, Contact, Effect, Event, Flows, Request, Session, Source, State, Turn,
    question_asked_at, step,
};
use ringback::message::{Channel, Message, Sender};

const FLOW: &str = r#"
flow: order
start: [order]
secrets: [KEY]
expire: 20h
commands: {stop: [enough], HELP: [menu], repeat: [again]}
steps:
  PIZZA: {ask: Which pizza?, max: 2000}
  QUOTE:
    call: POST https://shop.example/quotes/{{ PIZZA }}/x
    headers: {Authorization: "Bearer {{ KEY }}", X-Pizza: "{{ PIZZA }}"}
    query: {a b: "{{ PIZZA }}", key: "{{ KEY }}"}
    body: {pizza: "{{ PIZZA }}", n: [1, -2.50, true, null, "3", "{{ 4 }}", "{{ 4 }}!"], m: {}}
    timeout: 20s
    keep: {total: /total}
    may_keep: {note: /note}
    meanwhile: Patience.
    when: {404: GONE, 4xx: WRONG, timeout: SLOW, failed: SORRY, 201: MADE}
    if: [{is: total > 100, go: DEAR}]
  OK: {say: "{{ total }} {{ note }}", end: END_OK}
  MADE: {say: "Made {{ total }}", end: END_MADE}
  DEAR: {say: Dear., end: END_DEAR}
  GONE: {say: Gone., end: END_GONE}
  WRONG: {say: Wrong., end: END_WRONG}
  SLOW: {say: Slow., end: END_SLOW}
  SORRY: {say: Sorry., end: END_SORRY}
  HELP: {say: Help., resume: true}
"#;

fn flows(text: &str) -> Flows {
    let source = Source { name: "order.yaml".to_owned(), text: text.to_owned() };
    Flows::load(&[source]).unwrap_or_else(|findings| panic!("{}", findings.render(false))).flows
}

fn play(flows: &Flows, chat: &str) -> Option<String> {
    let file = ChatFile::parse("a.chat", chat).unwrap_or_else(|f| panic!("{}", f.render(false)));
    run(flows, &file, &Deployments::new()).mismatch.map(|mismatch| mismatch.render(false))
}

fn goes(flows: &Flows, chat: &str) {
    if let Some(mismatch) = play(flows, chat) {
        panic!("{chat}\n{mismatch}");
    }
}

const BEGINNING: &str = "> order\n< Which pizza?\n";

#[test]
fn each_answer_leads_to_its_branch() {
    let flows = flows(FLOW);
    for (answer, said) in [
        ("200 {\"total\": 12.50}", "< 12.5 "),
        ("200 {\"total\": 12, \"note\": \"hot\"}", "< 12 hot"),
        ("200 {\"total\": true, \"note\": null}", "< yes "),
        ("200 {\"total\": 101}", "< Dear."),
        ("299 {\"total\": 1}", "< 1 "),
        ("201 {\"total\": 1}", "< Made 1"),
        ("201 {\"note\": 1}", "< Sorry."),
        ("200 {\"total\": null}", "< Sorry."),
        ("200 {\"total\": 1234567890123456}", "< Sorry."),
        ("200", "< Sorry."),
        ("204", "< Sorry."),
        ("302 {\"total\": 1}", "< Sorry."),
        ("404 {\"total\": 1}", "< Gone."),
        ("400", "< Wrong."),
        ("503", "< Sorry."),
        ("refused", "< Sorry."),
        ("refused after 3s", "< Sorry."),
        ("200 after 6s {\"total\": 1}", "< 1 "),
    ] {
        goes(&flows, &format!("{BEGINNING}@call QUOTE {answer}\n> a\n{said}\n"));
    }
    let says_nothing = "> a\n= @QUOTE\n";
    for (answer, wait, said) in [
        ("timeout", "20s", "< Slow."),
        ("200 after 20s {\"total\": 1}", "20s", "< Slow."),
        ("200 after 25s {\"total\": 1}", "60s", "< Slow."),
        ("200 after 19s {\"total\": 1}", "19s", "< 1 "),
        ("200 after 7s {\"total\": 1}", "7s", "< 1 "),
    ] {
        goes(
            &flows,
            &format!("{BEGINNING}@call QUOTE {answer}\n{says_nothing}@wait {wait}\n{said}\n"),
        );
    }
}

#[test]
fn what_comes_while_a_call_runs() {
    let flows = flows(FLOW);
    let call = format!("{BEGINNING}@call order/QUOTE 200 after 10s {{\"total\": 1}}\n> a\n");
    for rest in [
        "> hm\n< Patience.\n> again\n< Patience.\n@wait 9s\n> menu\n< Help.\n< Patience.\n= @QUOTE\n@wait 1s\n< 1 \n",
        // A command leaves the call's result behind.
        "> enough\n= CANCELLED\n@wait 1m\n= CANCELLED\n",
        "> enough\n> order\n< Which pizza?\n@wait 1m\n= @PIZZA\n",
        "> STOP\n= STOPPED\n@wait 1m\n= STOPPED\n",
    ] {
        goes(&flows, &format!("{call}{rest}"));
    }
}

#[test]
fn chat_files_see_requests_and_answers() {
    let flows = flows(FLOW);
    let body = r#"! {"pizza":"ä/ +&","n":[1,-2.50,true,null,"3",4,"4!"],"m":{}}"#;
    let target =
        "! POST https://shop.example/quotes/%C3%A4%2F%20%2B%26/x?a%20b=%C3%A4%2F%20%2B%26&key=***";
    let call = format!("{BEGINNING}@call QUOTE 404\n> ä/ +&\n");
    for requests in [
        String::new(),
        format!("{target}\n"),
        format!("{target}\n{body}\n"),
        format!(
            "{target}\n! {{ \"n\": [1.0, -2.5, true, null, \"3\", 4, \"4!\"], \"m\": {{}}, \"pizza\": \"ä/ +&\"}}\n"
        ),
    ] {
        goes(&flows, &format!("{call}{requests}< Gone.\n"));
    }
    let mut shown = Vec::new();
    for chat in [
        format!("{call}{target}\n! {{\"pizza\": \"b\"}}\n< Gone.\n"),
        format!("{call}! GET https://shop.example/\n< Gone.\n"),
        format!("{call}{target}\n{target}\n< Gone.\n"),
        "> order\n! GET https://shop.example/\n< Which pizza?\n".to_owned(),
        format!("{BEGINNING}> a\n< Gone.\n"),
        format!("{BEGINNING}@call QUOT 404\n> a\n< Gone.\n"),
        format!("{call}< Gone.\n@call QUOTE 404\n"),
        format!("{call}< Gone.\n@call QUOT 404\n"),
        format!("{BEGINNING}@call QUOTE timeout\n> a\n< Slow.\n"),
    ] {
        shown.push(play(&flows, &chat).unwrap_or_else(|| panic!("{chat}")));
    }
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn lines_that_cannot_be_read() {
    let mut shown = Vec::new();
    for chat in [
        "> x\n@call\n",
        "> x\n@call QUOTE\n",
        "> x\n@call QUOTE 99\n",
        "> x\n@call QUOTE 200 after soon {}\n",
        "> x\n@call QUOTE refused {}\n",
        "> x\n@call QUOTE timeout after 3s\n",
        "! GET https://shop.example/\n> x\n",
        "> x\n< y\n! GET https://shop.example/\n",
        "> x\n! {}\n",
    ] {
        let findings = ChatFile::parse("a.chat", chat).unwrap_err();
        let finding = findings.iter().next().unwrap();
        shown.push(format!("{}: {}", finding.message, finding.help.as_deref().unwrap_or_default()));
    }
    insta::assert_snapshot!(shown.join("\n"));
}

const SHOP: &str = "+14155550100";

fn contact(sender: &Sender) -> Contact<'_> {
    Contact { sender, profile_name: None, channel: Channel::Sms }
}

/// A person whose messages and answers come at these seconds.
struct Person {
    flows: Flows,
    session: Session,
    sender: Sender,
}

impl Person {
    fn new(flow: &str) -> Self {
        let sender = Sender::from_key(SHOP.to_owned());
        Self { flows: flows(flow), session: Session::default(), sender }
    }

    fn say(&mut self, text: &str, second: i64) -> Turn {
        let message = Message::text("SM1", SHOP, "+14155550199", text).unwrap();
        self.step(Event::Message(&message), second)
    }

    fn step(&mut self, event: Event<'_>, second: i64) -> Turn {
        let now = Timestamp::from_second(second).unwrap();
        let turn = step(&self.flows, &self.session, event, now);
        self.session = turn.session.clone();
        turn
    }

    fn answer(&mut self, call: &CallId, answer: &CallAnswer, second: i64) -> Turn {
        let sender = self.sender.clone();
        self.step(Event::Called { contact: contact(&sender), call, answer }, second)
    }

    fn silence(&mut self, second: i64) -> Turn {
        let sender = self.sender.clone();
        self.step(Event::Silence(contact(&sender)), second)
    }
}

fn request(turn: &Turn) -> Request {
    let requests = turn.effects.iter().filter_map(|effect| match effect {
        Effect::Call { request } => Some((**request).clone()),
        Effect::Text { .. } | Effect::Spend { .. } => None,
    });
    let requests: Vec<Request> = requests.collect();
    assert_eq!(requests.len(), 1, "{:?}", turn.effects);
    requests.into_iter().next().unwrap()
}

fn answered(status: u16, body: &str) -> CallAnswer {
    CallAnswer::Answered { status, body: body.as_bytes().to_vec() }
}

#[test]
fn a_request_has_places_for_secrets() {
    let mut person = Person::new(FLOW);
    person.say("order", 0);
    let turn = person.say("a\u{85}b\nc", 1);
    let request = request(&turn);
    assert!(turn.replies.is_empty());
    assert_eq!(turn.session.state, State::Waiting("QUOTE".to_owned()));
    assert_eq!(turn.session.wakes_at, Some(Timestamp::from_second(21).unwrap()));
    let secret = |name: &str| Some(format!("{name}&\r\n"));
    let url = request.url(&secret).unwrap();
    assert!(url.ends_with("&key=KEY%26%0D%0A"), "{url}");
    let headers = request.headers(&secret).unwrap();
    let header = |at: usize| (headers[at].0.as_str(), headers[at].1.as_str());
    assert_eq!(header(0), ("Authorization", "Bearer KEY&"));
    assert_eq!(header(1), ("X-Pizza", "abc"));
    assert_eq!(request.url(&|_| None), None);
    assert_eq!(request.headers(&|_| None), None);
    assert!(!request.shown().contains("KEY&") && request.shown().ends_with("key=***"));
    let debug = format!("{request:?} {:?}", request.body);
    assert!(!debug.contains("shop.example") && !debug.contains("abc"), "{debug}");
    assert_eq!((request.timeout.as_secs(), request.attempts), (20, 1));
}

#[test]
fn a_request_that_would_go_elsewhere_fails() {
    for (pizza, goes) in [
        (".", false),
        ("..", false),
        ("...", true),
        ("a..", true),
        ("../a", true),
        ("%2e", true),
        ("", true),
    ] {
        let text =
            FLOW.replace("Which pizza?, max: 2000", "Which pizza?, max: 2000, optional: [none]");
        let mut person = Person::new(&text);
        person.say("order", 0);
        let turn = person.say(if pizza.is_empty() { "none" } else { pizza }, 1);
        let state = if goes { "QUOTE" } else { "END_SORRY" };
        assert_eq!(turn.session.state.as_str(), state, "{pizza}");
    }
    let large = FLOW
        .replace("max: 2000", "max: 4000")
        .replace("timeout: 20s", "timeout: 20s\n    attempts: 1");
    let many = "{{ PIZZA }}".repeat(30);
    let mut person = Person::new(&large.replace("n: [1,", &format!("z: \"{many}\", n: [1,")));
    person.say("order", 0);
    assert_eq!(person.say(&"x".repeat(4_000), 1).session.state.as_str(), "END_SORRY");
}

/// Who answers too late, twice or for another call moves nothing.
#[test]
fn an_answer_that_no_longer_fits_does_nothing() {
    let mut person = Person::new(FLOW);
    person.say("order", 0);
    let call = request(&person.say("a", 1)).call;
    let before = person.session.clone();
    let answer = answered(200, r#"{"total": 1}"#);
    let later = call.at.saturating_add(SignedDuration::from_millis(1)).unwrap();
    for other in [
        CallId { flow: "other".to_owned(), ..call.clone() },
        CallId { step: "OTHER".to_owned(), ..call.clone() },
        CallId { at: later, ..call.clone() },
    ] {
        let turn = person.answer(&other, &answer, 2);
        assert_eq!((turn.session, turn.effects), (before.clone(), Vec::new()));
    }
    let turn = person.answer(&call, &answer, 3);
    assert_eq!(turn.session.state, State::Ended("END_OK".to_owned()));
    assert_eq!(turn.effects.len(), 1);
    let ended = person.session.clone();
    assert_eq!(person.answer(&call, &answer, 4).session, ended);
    // Silence before the time limit changes nothing, either.
    let mut person = Person::new(FLOW);
    person.say("order", 0);
    let call = request(&person.say("a", 1)).call;
    let before = person.session.clone();
    assert_eq!(person.silence(20).session, before);
    assert_eq!(person.silence(21).session.state, State::Ended("END_SLOW".to_owned()));
    assert!(person.answer(&call, &answer, 22).effects.is_empty());
}

#[test]
fn a_call_is_as_old_as_it_is_whatever_is_on_its_way() {
    let mut person = Person::new(FLOW);
    person.say("order", 0);
    person.say("a", 1);
    let later = Timestamp::from_second(9).unwrap();
    assert_eq!(question_asked_at(&person.flows, &person.session, later), person.session);
}

#[test]
fn calls_may_follow_each_other_and_sub_flows_may_call() {
    let text = r#"
flow: order
start: [order]
steps:
  NAME: {ask: Name?, max: 20}
  ONE: {call: "GET https://shop.example/one", keep: {a: ""}, timeout: 5s, when: {failed: BAD}}
  SAY: {say: "One {{ a }}"}
  TWO: {call: "DELETE https://shop.example/{{ a }}?b={{ a }}", timeout: 1s, when: {failed: BAD}}
  MORE: {ask: "Two?", max: 20}
  BAD: {say: Bad.}
"#;
    let flows = flows(text);
    goes(
        &flows,
        "> order\n< Name?\n@call ONE 200 after 4s x y\n@call TWO 200\n> a\n! GET https://shop.example/one\n! DELETE https://shop.example/x%20y?b=x%20y\n< One x y\n< Two?\n> b\n< Bad.\n",
    );
    goes(
        &flows,
        "> order\n< Name?\n@call ONE refused\n> a\n! GET https://shop.example/one\n< Bad.\n",
    );
    let inner = Source {
        name: "price.yaml".to_owned(),
        text: "flow: price\nsteps:\n  GET: {call: \"GET https://shop.example/\", keep: {total: /t}, when: {failed: NONE}, end: END_KNOWN}\n  NONE: {end: UNKNOWN}\n".to_owned(),
    };
    let outer = Source {
        name: "shop.yaml".to_owned(),
        text: "flow: shop\nstart: [shop]\nsteps:\n  PIZZA: {ask: Which?, max: 20}\n  PRICE: {run: price, keep: {total: total}, when: {UNKNOWN: NONE}}\n  DONE: {say: \"{{ total }}\", end: END_DONE}\n  NONE: {say: None., end: END_NONE}\n".to_owned(),
    };
    let flows =
        Flows::load(&[inner, outer]).unwrap_or_else(|f| panic!("{}", f.render(false))).flows;
    goes(
        &flows,
        "> shop\n< Which?\n@call price/GET 200 after 9s {\"t\": 3}\n> a\n= @price/GET\n@wait 9s\n< 3\n",
    );
    goes(&flows, "> shop\n< Which?\n@call GET 500\n> a\n< None.\n");
}

#[test]
fn a_form_is_sent_as_browsers_send_it() {
    let text = FLOW.replace(
        r#"body: {pizza: "{{ PIZZA }}", n: [1, -2.50, true, null, "3", "{{ 4 }}", "{{ 4 }}!"], m: {}}"#,
        r#"form: {a b: "{{ PIZZA }} & co", n: 1}"#,
    );
    goes(
        &flows(&text),
        &format!(
            "{BEGINNING}@call QUOTE 404\n> a+b ü\n! POST https://shop.example/quotes/a%2Bb%20%C3%BC/x?a%20b=a%2Bb%20%C3%BC&key=***\n! a+b=a%2Bb+%C3%BC+%26+co&n=1\n< Gone.\n"
        ),
    );
}
