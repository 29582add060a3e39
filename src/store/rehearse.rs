//! Tests whether messages can be taken, before any arrives.
//!
//! People who cannot exist, one with the longest of every value, one with none, and
//! one who is only reminded, are written with the very statements of a message,
//! read back, and rolled back. A start therefore fails where every message would fail: at a
//! trigger, a check, a missing right, or a column that is too narrow.
//! [`adopt`](super::adopt) looks first, and explains better what a table must
//! be like.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};
use tokio::time::timeout;
use uuid::Uuid;

use super::adopt::shape::SESSIONS;
use super::callbacks::CallbackRow;
use super::changes::{Changes, Recorded};
use super::form::{AsRead, Form};
use super::opt_outs::OptOuts;
use super::person::Person;
use super::reach::{OpenReply, Reach};
use super::sql::Statement;
use super::{Loaded, Store, StoreError};
use crate::conversation::{
    Asked, COLUMNS, Callback, Caller, Ended, Session, State, TextKind, Value,
};
use crate::message::{
    Channel, Line, MAX_ADDRESS, MAX_MESSAGE_ID, Media, Message, Parameters, Reply, Route, Sender,
};
use crate::outbox;
use crate::outbox::text::{Occasion, Text};

/// How long it may take; a service at work proves the same.
const WITHIN: Duration = Duration::from_secs(5);

impl Store {
    /// Fails if no message could be taken, and says why. A database that is
    /// away, locked or read-only for the moment proves nothing.
    pub(super) async fn rehearse(&self) -> Result<(), StoreError> {
        match timeout(WITHIN, Box::pin(self.rehearsed())).await {
            Ok(Err(
                StoreError::Unavailable(_) | StoreError::Locked(_) | StoreError::Conflict(_),
            ))
            | Err(_) => Ok(()),
            Ok(rehearsed) => rehearsed,
        }
    }

    async fn rehearsed(&self) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        // Nothing may be committed.
        writer.takes_compounds = false;
        let people = people();
        let senders: BTreeSet<Sender> = people.iter().map(|(sender, _)| sender.clone()).collect();
        if let Err(error) = writer.load(&senders).await {
            return Err(self.why_refused(SESSIONS, error, "").await);
        }
        for (table, changes) in changes(&people) {
            if let Err(error) = writer.save_rows(&changes).await {
                let said = error.to_string();
                // The connection is dropped, and with it everything that was written.
                return Err(self.why_refused(table, error.into(), &said).await);
            }
        }
        let mut found = Loaded::default();
        let all: Vec<&Sender> = senders.iter().collect();
        writer.load_rows(&all, Statement::LoadSessions, &mut found).await?;
        writer.roll_back().await?;
        if people.iter().all(|(sender, person)| found.people.get(sender) == Some(person)) {
            return Ok(());
        }
        Err(self.why_changed(SESSIONS).await)
    }
}

/// Returns a person with every value at its longest; the same with the other
/// case of each letter; a person with what a reminder needs, and no more; and a
/// person without any value. Together they are written in each [`Form`].
fn people() -> Vec<(Sender, Person)> {
    let id = Uuid::new_v4().simple().to_string();
    let long = format!("rehearsal:{id}.{}", "x".repeat(MAX_ADDRESS))
        .chars()
        .take(MAX_ADDRESS)
        .collect::<String>();
    // No number begins with a zero. A column of numbers would lose the sign.
    let digits: String = id.bytes().take(12).map(|byte| char::from(b'0' + byte % 10)).collect();
    let now = Timestamp::now();
    let answers = COLUMNS.map(|(name, width)| (name.to_owned(), Value::Text("😀".repeat(width))));
    let mut opt_outs = OptOuts::default();
    let line = Line { channel: Channel::Sms, number: &long, service: None };
    opt_outs.stop(line, now);
    let early = Some(serde_json::json!({ "outcome": "x".repeat(50), "text": "😀" }));
    let callback = Some(Callback { name: format!("rehearsal{id}"), early });
    let said = vec![Reply { text: "😀".repeat(1_600), media: vec!["é".repeat(500)] }];
    let all = Person {
        as_read: AsRead(Form::Whole),
        known_callback: callback.clone(),
        session: Session {
            flow: Some("f".repeat(64)),
            state: State::Waiting("S".repeat(50)),
            answers: answers.clone().into(),
            stack: vec![Caller {
                flow: "f".repeat(64),
                step: "S".repeat(50),
                answers: answers.into(),
            }],
            language: Some("l".repeat(35)),
            tries: 1,
            since: Some(whole(now)),
            expires_at: Some(whole(now.saturating_add(24.hours()).unwrap_or(now))),
            asked: Some(Asked { at: whole(now), nudges: usize::MAX }),
            wakes_at: Some(whole(now)),
            callback: callback.clone(),
        },
        turns: 1,
        opt_outs,
        flow_version: Some(1),
        reach: Some(Reach {
            route: route(),
            profile_name: Some("😀".repeat(100)),
            texts_until: Some(whole(now)),
            open: Some(OpenReply::new(&"m".repeat(64), now, &said)),
            replied_at: Some(whole(now)),
        }),
    };
    let waiting = Person {
        session: Session {
            stack: Vec::new(),
            language: None,
            callback: None,
            ..all.session.clone()
        },
        opt_outs: OptOuts::default(),
        known_callback: None,
        as_read: AsRead::default(),
        ..all.clone()
    };
    let nothing = Person { turns: 1, ..Person::default() };
    vec![
        (Sender::from_key(long.to_uppercase()), all.clone()),
        (Sender::from_key(format!("+0{digits}")), nothing),
        (Sender::from_key(format!("+00{digits}")), waiting),
        (Sender::from_key(long), all),
    ]
}

/// Returns two ends with the longest of every value.
fn route() -> Route {
    let longest = || "x".repeat(MAX_ADDRESS);
    Route { channel: Channel::Messenger, us: longest(), them: longest(), service: Some(longest()) }
}

/// Returns a time as it is kept: to the millisecond.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// Returns what is written, table by table; the sessions twice in each of
/// their forms, since the second time changes the rows of the first.
fn changes(people: &[(Sender, Person)]) -> Vec<(&'static str, Changes)> {
    let now = Timestamp::now();
    let messages = people.iter().map(|(sender, person)| Recorded {
        message: Arc::new(message(sender)),
        turn: person.turns,
        received_at: now,
        state_before: "S".repeat(50),
        state_after: "S".repeat(50),
        reply: vec![0xFF; 2_000],
    });
    let ended = people.iter().map(|(sender, person)| {
        let ended = Ended {
            flow: "f".repeat(64),
            outcome: "O".repeat(50),
            answers: person.session.answers.clone(),
            began_at: person.session.since,
            ended_at: now,
        };
        (sender.clone(), Channel::Whatsapp, ended)
    });
    let texts = people.iter().map(|(sender, _)| text(sender, now));
    let pace = (people.first().map_or_else(String::new, |(key, _)| key.to_string()), now);
    let callbacks = people.iter().map(|(sender, _)| CallbackRow::longest(sender, now));
    let mut all =
        vec![("messages", Changes { messages: messages.collect(), now, ..Changes::default() })];
    for form in [Form::Plain, Form::Waiting, Form::Whole] {
        let of_form = people.iter().filter(|(_, person)| person.form() == form).cloned();
        let people: Vec<(Sender, Person)> = of_form.collect();
        let first = people.iter().map(|(sender, _)| {
            (sender.clone(), Person { as_read: AsRead(form), ..Person::default() })
        });
        let first = first.collect();
        all.push((SESSIONS, Changes { people: first, now, ..Changes::default() }));
        all.push((SESSIONS, Changes { people, now, ..Changes::default() }));
    }
    all.extend([
        ("conversations", Changes { ended: ended.collect(), now, ..Changes::default() }),
        ("outgoing", Changes { texts: texts.collect(), now, ..Changes::default() }),
        ("send_pace", Changes { paces: vec![pace], now, ..Changes::default() }),
        ("callbacks", Changes { callbacks: callbacks.collect(), now, ..Changes::default() }),
    ]);
    all
}

fn text(sender: &Sender, now: Timestamp) -> Text {
    let reply = Reply { text: "😀".repeat(800), media: vec!["é".repeat(500); 2] };
    let occasion = Occasion {
        kind: TextKind::Statement,
        turns: i64::MAX,
        asked_at: Some(now),
        good_until: now,
        now,
    };
    let mut text = Text::new(sender.clone(), route(), reply, occasion);
    text.turn_into(outbox::state::State::Undelivered, Some(&"r".repeat(40)), now);
    text.code = Some(99_999);
    text.sid = Some("x".repeat(MAX_MESSAGE_ID));
    text.tries = 100;
    text.again_of = Some(i64::MAX);
    Text {
        slot_at: Some(now),
        due_at: Some(now),
        claimed_at: Some(now),
        accepted_at: Some(now),
        ..text
    }
}

fn message(sender: &Sender) -> Message {
    let id = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    Message {
        id: id.chars().take(MAX_MESSAGE_ID).collect(),
        sender: sender.clone(),
        names: None,
        from: sender.as_str().to_owned(),
        to: "x".repeat(MAX_ADDRESS),
        channel: Channel::Messenger,
        body: "😀".repeat(1_600),
        media: vec![Media { url: "é".repeat(500), content_type: String::new() }],
        location: None,
        button: None,
        button_text: None,
        profile_name: None,
        consent: None,
        is_reaction: false,
        service: None,
        ambiguous_signature: None,
        parameters: Parameters::default(),
    }
}
