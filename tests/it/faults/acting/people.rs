//! People who order, are reminded and wait for a price, and who insist as Twilio
//! does: what got no answer is sent again, to any process that is there.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, StatusCode};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::super::chance::Chance;
use super::super::watched::SECRET_NUMBERS;
use super::Scene;
use super::states::States;
use crate::support::ringback::DEADLINE;
use crate::support::twilio::{Form, client, sid};

/// How many people write at the same time.
const PEOPLE: u64 = 40;

/// Conversations of one number.
const CONVERSATIONS: u64 = 3;

/// How long Twilio waits for an answer.
const TWILIO_WAITS: Duration = Duration::from_secs(15);

/// How long it waits before it sends a message again.
const AGAIN: Duration = Duration::from_millis(100);

/// People who order until they are told to stop.
pub(super) struct People {
    answered: Arc<watch::Sender<usize>>,
    stopping: watch::Sender<bool>,
    lives: JoinSet<Log>,
}

/// What they were answered, and what they asked for.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) replies: BTreeMap<String, String>,
    /// The sender of each pizza, and whether they may have given up.
    pub(super) pizzas: BTreeMap<String, Order>,
    pub(super) unanswered: usize,
    pub(super) repeats: usize,
}

/// One conversation.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) from: String,
    pub(super) may_be_cancelled: bool,
}

impl People {
    pub(super) fn start(scene: &Scene, chance: &mut Chance) -> Self {
        let (stopping, _) = watch::channel(false);
        let answered = Arc::<watch::Sender<usize>>::default();
        let lives = (0..PEOPLE)
            .map(|number| Person {
                number,
                client: client(),
                addresses: scene.addresses.iter().map(watch::Sender::subscribe).collect(),
                states: scene.states.clone(),
                stopping: stopping.subscribe(),
                answered: answered.clone(),
                chance: chance.split(),
                log: Log::default(),
            })
            .map(Person::live)
            .collect();
        Self { answered, stopping, lives }
    }

    /// Waits until so many further messages are answered.
    pub(super) async fn answered(&self, more: usize) {
        let mut answered = self.answered.subscribe();
        let goal = *answered.borrow() + more;
        let reached = timeout(DEADLINE, answered.wait_for(|answered| *answered >= goal)).await;
        assert!(reached.is_ok(), "nobody is answered any more");
    }

    /// Lets everybody finish the conversation they are in.
    pub(super) async fn finish(self) -> Log {
        self.stopping.send_replace(true);
        let logs = timeout(2 * DEADLINE, self.lives.join_all()).await;
        let mut whole = Log::default();
        for log in logs.expect("the people do not come to an end") {
            whole.replies.extend(log.replies);
            whole.pizzas.extend(log.pizzas);
            whole.unanswered += log.unanswered;
            whole.repeats += log.repeats;
        }
        whole
    }
}

struct Person {
    number: u64,
    client: Client,
    addresses: Vec<watch::Receiver<Option<SocketAddr>>>,
    states: States,
    stopping: watch::Receiver<bool>,
    answered: Arc<watch::Sender<usize>>,
    chance: Chance,
    log: Log,
}

impl Person {
    async fn live(mut self) -> Log {
        for life in 0.. {
            let from = format!("{SECRET_NUMBERS}{:02}{life:04}", self.number);
            for conversation in 0..CONVERSATIONS {
                self.order(&from, conversation).await;
                if *self.stopping.borrow() {
                    return self.log;
                }
            }
        }
        self.log
    }

    /// One conversation to its end.
    async fn order(&mut self, from: &str, conversation: u64) {
        let suffix = from.trim_start_matches(SECRET_NUMBERS);
        let form = |name: &str, says: &str| {
            let id = sid(&format!("{suffix}-{conversation}-{name}"));
            (id.clone(), Form::new(&id, from, says))
        };
        let flow = if self.chance.once_in(4) { "slow" } else { "quick" };
        self.say(form("flow", flow)).await;
        if self.chance.once_in(2) {
            // They think about it, so that they are reminded.
            self.pause(2_500).await;
        }
        let pizza = format!("Xylophon-{suffix}-{conversation}");
        let asks = form("pizza", &pizza);
        let (states, kind) = (self.states.clone(), self.chance.of(0..6));
        let may_be_cancelled = kind == 0;
        match kind {
            0 | 1 => {
                // They write once more while the call runs, if it runs for so long.
                let further = if kind == 0 { "enough" } else { "Still no Quetzal?" };
                let (says, done) = (self.split(), Notify::new());
                let asked = async {
                    let answer = says.until_answered(&asks.1).await;
                    done.notify_one();
                    answer
                };
                let (answer, further) = tokio::join!(asked, async {
                    let is_calling = tokio::select! {
                        () = states.calls(from) => true,
                        () = done.notified() => false,
                    };
                    if !is_calling {
                        return None;
                    }
                    let further = form("further", further);
                    let answer = says.until_answered(&further.1).await;
                    Some((further.0, answer))
                });
                self.note(asks.0.clone(), answer);
                if let Some((id, answer)) = further {
                    self.note(id, answer);
                }
            }
            2 => {
                // Twilio sends it to two processes.
                let (one, two) = (self.split(), self.split());
                let both = tokio::join!(one.until_answered(&asks.1), two.until_answered(&asks.1));
                self.note(asks.0.clone(), both.0);
                self.note(asks.0.clone(), both.1);
            }
            _ => self.say(asks.clone()).await,
        }
        let order = Order { from: from.to_owned(), may_be_cancelled };
        self.log.pizzas.insert(pizza, order);
        if states.is_asked_after_call(from).await {
            self.say(form("yes", "Quetzal, yes")).await;
        }
        if self.chance.once_in(4) {
            self.say(asks).await;
        }
    }

    /// A random moment that is no more than so many milliseconds away.
    async fn pause(&mut self, most: u64) {
        tokio::time::sleep(Duration::from_millis(self.chance.of(0..most))).await;
    }

    /// Somebody who insists beside this one.
    fn split(&mut self) -> Insisting {
        Insisting {
            client: self.client.clone(),
            addresses: self.addresses.clone(),
            seed: self.chance.next(),
        }
    }

    async fn say(&mut self, (id, form): (String, Form)) {
        let answer = self.split().until_answered(&form).await;
        self.note(id, answer);
    }

    /// Keeps an answer. Each answer to a message is the same.
    fn note(&mut self, id: String, (reply, unanswered): (String, usize)) {
        self.answered.send_modify(|answered| *answered += 1);
        self.log.unanswered += unanswered;
        if let Some(first) = self.log.replies.get(&id) {
            assert_eq!(*first, reply, "{id}: a repeat");
            self.log.repeats += 1;
        }
        self.log.replies.insert(id, reply);
    }
}

/// Sends a message until it is answered.
struct Insisting {
    client: Client,
    addresses: Vec<watch::Receiver<Option<SocketAddr>>>,
    seed: u64,
}

impl Insisting {
    /// The answer, and how often there was none.
    async fn until_answered(&self, form: &Form) -> (String, usize) {
        let mut chance = Chance::new(self.seed);
        let mut unanswered = 0;
        loop {
            let place = usize::try_from(chance.of(0..self.addresses.len() as u64)).unwrap();
            let at = *self.addresses[place].borrow();
            if let Some(at) = at {
                let answer = timeout(TWILIO_WAITS, form.post(&self.client, at)).await;
                // No answer at all, or one that asks to come again.
                if let Ok(answer) = answer.expect("neither an answer nor a refusal in time")
                    && answer.status != StatusCode::SERVICE_UNAVAILABLE
                {
                    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
                    return (answer.body, unanswered);
                }
                unanswered += 1;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}
