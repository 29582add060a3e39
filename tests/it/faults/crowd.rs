//! People who write until they are answered, and a book of what they were
//! answered: whatever fails meanwhile, at the end the database must agree.
//!
//! They are as Twilio with `#rc` is: what got no answer is sent again. Some
//! also send what was answered long ago, or the same message twice at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, StatusCode};
use ringback::twilio::twiml;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::chance::Chance;
use super::watched::{Address, SECRET_NUMBERS};
use crate::support::database::select;
use crate::support::ringback::DEADLINE;
use crate::support::twilio::{Answer, Form, client, sid};

/// Conversations of one number: few enough to be no flood, repeats included.
const CONVERSATIONS: u64 = 3;

/// How long Twilio waits for an answer.
const TWILIO_WAITS: Duration = Duration::from_secs(15);

/// People who write until they are told to stop.
pub(super) struct Crowd {
    address: Address,
    counted: Counted,
    stopping: watch::Sender<bool>,
    people: JoinSet<Book>,
}

/// What all of them together met so far.
#[derive(Clone, Debug, Default)]
struct Counted {
    answered: Arc<watch::Sender<usize>>,
    /// Refusals since the last answer.
    refused: Arc<watch::Sender<usize>>,
}

/// What was answered, by message id, and how often the same id went out.
#[derive(Debug, Default)]
pub(super) struct Book {
    replies: BTreeMap<String, String>,
    /// Messages and conversations of each number.
    numbers: BTreeMap<String, (usize, usize)>,
    pub(super) unanswered: usize,
    pub(super) repeats: usize,
}

impl Crowd {
    /// So many people, each on its way through one conversation after another.
    pub(super) fn start(people: u64, at: SocketAddr, chance: &mut Chance) -> Self {
        Self::of(0..people, at, chance)
    }

    /// The people with these numbers, beside others. A number is below 100.
    pub(super) fn of(people: Range<u64>, at: SocketAddr, chance: &mut Chance) -> Self {
        let (address, _) = watch::channel(Some(at));
        let (stopping, _) = watch::channel(false);
        let counted = Counted::default();
        let people = people
            .map(|number| Person {
                number,
                client: client(),
                address: address.subscribe(),
                stopping: stopping.subscribe(),
                counted: counted.clone(),
                chance: chance.split(),
                book: Book::default(),
            })
            .map(Person::live)
            .collect();
        Self { address, counted, stopping, people }
    }

    /// Waits until so many further messages are answered.
    pub(super) async fn answered(&self, more: usize) {
        let mut answered = self.counted.answered.subscribe();
        let goal = *answered.borrow() + more;
        let reached = timeout(DEADLINE, answered.wait_for(|answered| *answered >= goal)).await;
        assert!(reached.is_ok(), "the crowd is not answered any more");
    }

    /// Waits until so many messages in a row were refused.
    pub(super) async fn refused(&self, in_a_row: usize) {
        let mut refused = self.counted.refused.subscribe();
        let reached = timeout(DEADLINE, refused.wait_for(|refused| *refused >= in_a_row)).await;
        assert!(reached.is_ok(), "the crowd is answered all the same");
    }

    /// How many messages were answered since the beginning, and each change of it.
    pub(super) fn count(&self) -> watch::Receiver<usize> {
        self.counted.answered.subscribe()
    }

    /// From now on whoever gets no answer waits.
    pub(super) fn hold(&self) {
        self.address.send_replace(None);
    }

    /// Whoever waits writes again, to here.
    pub(super) fn go_on(&self, at: SocketAddr) {
        self.address.send_replace(Some(at));
    }

    /// Lets everybody finish the conversation they are in; what they were answered.
    pub(super) async fn finish(self) -> Book {
        self.stopping.send_replace(true);
        let books = timeout(2 * DEADLINE, self.people.join_all()).await;
        let mut whole = Book::default();
        for book in books.expect("the crowd does not come to an end") {
            whole.add(book);
        }
        whole
    }
}

struct Person {
    number: u64,
    client: Client,
    address: watch::Receiver<Option<SocketAddr>>,
    stopping: watch::Receiver<bool>,
    counted: Counted,
    chance: Chance,
    book: Book,
}

impl Person {
    async fn live(mut self) -> Book {
        for life in 0.. {
            let from = format!("{SECRET_NUMBERS}{:02}{life:04}", self.number);
            let mut said: Vec<(Form, Answer)> = Vec::new();
            for conversation in 0..CONVERSATIONS {
                self.converse(&from, conversation, &mut said).await;
                if *self.stopping.borrow() {
                    return self.book;
                }
            }
        }
        self.book
    }

    /// One conversation to its end, each reply as it must be.
    async fn converse(&mut self, from: &str, number: u64, said: &mut Vec<(Form, Answer)>) {
        let (name, song) = (format!("Xylophon {number}"), format!("Quetzal {number}"));
        let turns = [
            ("hello", "What is your name?".to_owned()),
            (&name, format!("Hello {name}, what is your favorite song?")),
            (&song, format!("Playing {song}")),
        ];
        for (turn, (says, expected)) in turns.into_iter().enumerate() {
            let id = format!("SM{}-{number}-{turn}", from.trim_start_matches(SECRET_NUMBERS));
            // Most ids are whole ones; the others have their signatures claimed.
            let id = if number.is_multiple_of(8) { id } else { sid(&id) };
            let form = Form::new(&id, from, says);
            let answer = if self.chance.once_in(8) {
                let (answer, again) =
                    tokio::join!(self.until_answered(&form), self.until_answered(&form));
                assert_eq!(answer.0, again.0, "{id}: two deliveries at a time");
                self.book.repeats += 1;
                answer
            } else {
                self.until_answered(&form).await
            };
            self.book.unanswered += answer.1;
            let answer = answer.0;
            let replies = twiml::read(answer.body.as_bytes()).unwrap();
            let texts: Vec<String> = replies.into_iter().map(|reply| reply.text).collect();
            assert_eq!(texts, [expected], "{id}");
            self.counted.answered.send_modify(|answered| *answered += 1);
            self.book.replies.insert(id, answer.body.clone());
            said.push((form, answer));
            self.book.numbers.entry(from.to_owned()).or_default().0 += 1;
            if self.chance.once_in(4) {
                let place = self.chance.of(0..said.len() as u64);
                let (form, first) = &said[usize::try_from(place).unwrap()];
                let again = self.until_answered(form).await.0;
                assert_eq!(&again, first, "a repeat, {} messages later", said.len());
                self.book.repeats += 1;
            }
        }
        self.book.numbers.entry(from.to_owned()).or_default().1 += 1;
    }

    /// Sends it until it is answered, and counts how often it was not.
    async fn until_answered(&self, form: &Form) -> (Answer, usize) {
        let mut address = self.address.clone();
        for unanswered in 0.. {
            let at = *address.wait_for(Option::is_some).await.expect("the test goes on");
            let answer = timeout(TWILIO_WAITS, form.post(&self.client, at.unwrap())).await;
            // No answer at all, or one that asks to come again.
            if let Ok(answer) = answer.expect("neither an answer nor a refusal in time")
                && answer.status != StatusCode::SERVICE_UNAVAILABLE
            {
                assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
                self.counted.refused.send_replace(0);
                return (answer, unanswered);
            }
            self.counted.refused.send_modify(|refused| *refused += 1);
            // A refusal comes at once: leave the machine to whoever mends it.
            tokio::task::yield_now().await;
        }
        unreachable!("there is no last number")
    }
}

impl Book {
    /// Adds what other people were answered.
    pub(super) fn add(&mut self, other: Self) {
        self.replies.extend(other.replies);
        self.numbers.extend(other.numbers);
        self.unanswered += other.unanswered;
        self.repeats += other.repeats;
    }

    /// Zero lost, zero doubled, and nothing but what was answered.
    pub(super) async fn agrees_with(&self, database_url: &str) {
        let rows = "SELECT CONCAT_WS('|', message_id, CAST(reply AS CHAR)) FROM messages";
        let kept = select(database_url, rows).await;
        let is_twice = kept.len();
        let kept: BTreeMap<String, String> = kept
            .iter()
            .map(|row| row.split_once('|').unwrap())
            .map(|(id, reply)| (id.to_owned(), reply.to_owned()))
            .collect();
        assert_eq!(kept.len(), is_twice, "a message is there twice");
        let (ids, answered): (BTreeSet<_>, BTreeSet<_>) =
            (kept.keys().collect(), self.replies.keys().collect());
        assert_eq!(ids, answered, "messages that are kept, and that were answered");
        for (id, reply) in &self.replies {
            assert_eq!(reply, &kept[id], "{id}: answered, and kept");
        }

        // The counter of turns has no gap, the state is the last one, and
        // nothing ended twice.
        let rows = "SELECT CONCAT_WS('|', s.phone_number, s.conversation_state, s.turns, \
             (SELECT COUNT(DISTINCT turn) FROM messages m WHERE m.phone_number = s.phone_number), \
             (SELECT COUNT(*) FROM conversations c WHERE c.phone_number = s.phone_number)) \
             FROM user_sessions s ORDER BY s.phone_number";
        let expected: Vec<String> = self
            .numbers
            .iter()
            .map(|(number, (messages, ended))| {
                format!("{number}|COMPLETED|{messages}|{messages}|{ended}")
            })
            .collect();
        assert_eq!(select(database_url, rows).await, expected);
    }

    /// How many messages were answered.
    pub(super) fn len(&self) -> usize {
        self.replies.len()
    }
}
