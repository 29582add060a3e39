//! What holds for the texts of a person, whatever happens in whatever order.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use ringback::conversation::TextKind;
use ringback::message::{Channel, Reply, Route, Sender};
use ringback::outbox::news::{Fate, News};
use ringback::outbox::order::{Mode, Policy, Standing, is_in_flight, line_up, look};
use ringback::outbox::reply::{Answered, along};
use ringback::outbox::state::State;
use ringback::outbox::text::{Occasion, Text};

/// Something that happens.
#[derive(Clone, Debug)]
enum Happens {
    /// The bot says something by itself.
    Said(TextKind),
    /// So many seconds pass.
    Passed(u64),
    /// Somebody looks for a text to send.
    Looked,
    /// The request for the claimed text ends like this; the process may have died.
    Answered(Answer),
    /// The provider reports a state of the text at this place.
    Reported(usize, State, Fate),
    /// The person writes, and the turn says so much.
    Wrote(usize),
}

#[derive(Clone, Copy, Debug)]
enum Answer {
    Taken,
    NotSent,
    Unknown,
    Refused(Fate),
    Died,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::GivenUp),
        Just(Fate::Again(Duration::from_mins(1))),
        Just(Fate::Unreachable),
    ]
}

fn happens() -> impl Strategy<Value = Happens> {
    let kind =
        prop_oneof![Just(TextKind::Nudge), Just(TextKind::Question), Just(TextKind::Statement)];
    let answer = prop_oneof![
        3 => Just(Answer::Taken),
        1 => Just(Answer::NotSent),
        1 => Just(Answer::Unknown),
        1 => fate().prop_map(Answer::Refused),
        1 => Just(Answer::Died),
    ];
    prop_oneof![
        3 => kind.prop_map(Happens::Said),
        2 => (0..5_u64).prop_map(Happens::Passed),
        1 => (60..2_000_u64).prop_map(Happens::Passed),
        5 => Just(Happens::Looked),
        5 => answer.prop_map(Happens::Answered),
        2 => (0..9_usize, prop::sample::select(State::ALL.to_vec()), fate())
            .prop_map(|(place, state, fate)| Happens::Reported(place, state, fate)),
        1 => (0..3_usize).prop_map(Happens::Wrote),
    ]
}

/// One person, a provider, and what it got.
struct World {
    texts: Vec<Text>,
    now: Timestamp,
    turns: i64,
    policy: Policy,
    /// Requests for each row that may have sent it.
    maybe_sent: BTreeMap<i64, usize>,
    claims: Vec<i64>,
}

impl World {
    fn new(resends: bool) -> Self {
        Self {
            texts: Vec::new(),
            now: Timestamp::from_second(1_800_000_000).unwrap(),
            turns: 1,
            policy: Policy { mode: Mode::On, resends },
            maybe_sent: BTreeMap::new(),
            claims: Vec::new(),
        }
    }

    fn occasion(&self, kind: TextKind) -> Occasion {
        let good_until = self.now + Duration::from_mins(20);
        Occasion { kind, turns: self.turns, asked_at: None, good_until, now: self.now }
    }

    /// Stores what has no number yet.
    fn store(&mut self) {
        let next = self.texts.iter().filter_map(|text| text.id).max().unwrap_or(0) + 1;
        let new = self.texts.iter_mut().filter(|text| text.id.is_none());
        for (id, text) in (next..).zip(new) {
            text.id = Some(id);
        }
    }

    fn standing(&self) -> Standing {
        Standing { exists: true, turns: self.turns, asked_at: None, is_waiting: true }
    }

    fn open(&self) -> Vec<Text> {
        let is_open = |state| {
            matches!(state, State::Pending | State::Claimed | State::Accepted | State::Unknown)
        };
        self.texts.iter().filter(|text| is_open(text.state)).cloned().collect()
    }

    /// Puts texts back among the others.
    fn keep(&mut self, changed: Vec<Text>) {
        for text in changed {
            match self.texts.iter_mut().find(|known| text.id.is_some() && known.id == text.id) {
                Some(known) => *known = text,
                None => self.texts.push(text),
            }
        }
        self.store();
    }

    fn happen(&mut self, happens: &Happens) {
        match *happens {
            Happens::Said(kind) => {
                let sender = Sender::from_address("+14155552671").unwrap();
                let reply = Reply { text: format!("text {}", self.texts.len()), media: Vec::new() };
                let text = Text::new(sender, route(), reply, self.occasion(kind));
                let mut open = self.open();
                open.push(text);
                let _ = line_up(&mut open, self.now);
                self.keep(open);
            }
            Happens::Passed(seconds) => self.now += Duration::from_secs(seconds),
            Happens::Looked => self.look(true),
            Happens::Answered(answer) => self.answered(answer),
            Happens::Reported(place, state, fate) => {
                let Some(text) = self.texts.get_mut(place) else { return };
                let (Some(id), before) = (text.id, text.state) else { return };
                // Only of what the provider may have.
                if self.maybe_sent.contains_key(&id) {
                    let sid = format!("SM{id}");
                    let news = News::Reported { sid, to: None, state, code: None, fate };
                    let sequel = text.hear(&news, self.now);
                    let after = text.state;
                    assert!(after == before || after.replaces(before), "{before:?} {after:?}");
                    let again = sequel.again_at.map(|at| text.again(at, self.now));
                    self.keep(again.into_iter().collect());
                    self.look(false);
                }
            }
            Happens::Wrote(count) => {
                self.turns += 1;
                let mut open = self.open();
                let was_in_flight = is_in_flight(&open, self.now);
                let sender = Sender::from_address("+14155552671").unwrap();
                let replies = (0..count).map(|n| Reply {
                    text: format!("reply {} {n}", self.turns),
                    media: Vec::new(),
                });
                let answered = Answered {
                    sender: &sender,
                    route: &route(),
                    occasion: self.occasion(TextKind::Question),
                    is_stopped: false,
                };
                let waiting: Vec<String> = open
                    .iter()
                    .filter(|text| text.state == State::Pending && text.kind != TextKind::Nudge)
                    .filter(|text| text.again_of.is_none())
                    .filter(|text| text.good_until > self.now)
                    .map(|text| text.reply.text.clone())
                    .collect();
                let said = along(&mut open, replies.collect(), answered, |_| false);
                let said: Vec<String> = said.into_iter().map(|reply| reply.text).collect();
                if was_in_flight {
                    assert_eq!(said, [""; 0]);
                } else {
                    assert_eq!(said.len(), (waiting.len() + count).min(10));
                    let expected = waiting.iter().take(10);
                    assert!(said.iter().zip(expected).all(|(said, text)| said == text));
                }
                let _ = line_up(&mut open, self.now);
                self.keep(open);
            }
        }
    }

    /// What the bot does in each transaction with texts.
    fn look(&mut self, may_claim: bool) {
        let mut open = self.open();
        let next = look(&mut open, self.standing(), |_| false, self.policy, self.now);
        if let Some(text) = next.and_then(|place| open.get_mut(place))
            && let (true, Some(id)) = (may_claim, text.id)
        {
            text.turn_into(State::Claimed, None, self.now);
            text.claimed_at = Some(self.now);
            text.tries += 1;
            self.claims.push(id);
            let before = open.iter().take_while(|text| text.id != Some(id));
            let before = before.filter(|text| text.again_of.is_none());
            let overtaken =
                before.filter(|text| matches!(text.state, State::Pending | State::Claimed));
            assert_eq!(overtaken.count(), 0, "a text overtakes another");
            let _ = line_up(&mut open, self.now);
        }
        self.keep(open);
    }

    fn answered(&mut self, answer: Answer) {
        let now = self.now;
        let Some(text) = self.texts.iter_mut().find(|text| text.state == State::Claimed) else {
            return;
        };
        let (id, attempt) = (text.id.unwrap(), text.tries);
        let sid = Some(format!("SM{id}"));
        let news = match answer {
            Answer::Taken => News::Accepted { sid, state: State::Accepted },
            Answer::NotSent => News::NotSent { attempt, reason: "busy", wait: None },
            Answer::Unknown => News::Unknown { attempt, reason: "lost" },
            Answer::Refused(fate) => News::Refused { attempt, code: Some(1), fate },
            Answer::Died => {
                // Nobody tells; after a minute it is unknown.
                *self.maybe_sent.entry(id).or_default() += 1;
                self.now += Duration::from_secs(61);
                return self.look(false);
            }
        };
        if matches!(answer, Answer::Taken | Answer::Unknown) {
            *self.maybe_sent.entry(id).or_default() += 1;
        }
        let sequel = text.hear(&news, now);
        let again = sequel.again_at.map(|at| text.again(at, now));
        self.keep(again.into_iter().collect());
        self.look(false);
    }

    /// What holds after everything that happens.
    fn check(&self) {
        for (id, times) in &self.maybe_sent {
            assert!(*times <= 1, "text {id} may have been sent {times} times");
        }
        for text in &self.texts {
            let id = text.id.unwrap();
            if matches!(text.state, State::Replied | State::Dropped | State::Pending) {
                assert!(!self.maybe_sent.contains_key(&id), "{text:?} may have been sent");
            }
            if let Some(first) = text.again_of {
                let first = self.texts.iter().find(|text| text.id == Some(first)).unwrap();
                assert!(text.kind != TextKind::Nudge && first.again_of.is_none());
                let others = self.texts.iter().filter(|other| other.again_of == first.id);
                assert!(others.count() <= 1, "{first:?}");
            }
        }
        let open = self.texts.iter().filter(|text| text.state == State::Pending);
        let open: Vec<&Text> = open.collect();
        assert!(
            open.is_empty()
                || self.texts.iter().any(|text| text.due_at.is_some())
                || self.texts.iter().any(|text| text.state == State::Claimed),
            "nobody will look at {open:?}"
        );
        let is_first = |id: &&i64| {
            self.texts.iter().any(|text| text.id == Some(**id) && text.again_of.is_none())
        };
        let mut first: Vec<i64> = self.claims.iter().filter(is_first).copied().collect();
        first.dedup();
        assert!(first.is_sorted(), "claimed in the order {first:?}");
    }
}

fn route() -> Route {
    Route {
        channel: Channel::Sms,
        us: "+15005550006".to_owned(),
        them: "+14155552671".to_owned(),
        service: None,
    }
}

proptest! {
    #[test]
    fn no_text_is_sent_twice_and_none_overtakes_another(
        all in prop::collection::vec(happens(), 1..80),
        resends: bool,
    ) {
        let mut world = World::new(resends);
        for one in &all {
            world.happen(one);
            world.check();
        }
    }
}
