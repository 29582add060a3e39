//! The rows of `user_sessions`: the session of each sender, in each of its forms.

use super::{Row, answers_size};
use crate::message::Sender;
use crate::store::ascii::Ascii;
use crate::store::either::Binds;
use crate::store::form::Form;
use crate::store::person::{Person, SessionColumns};

/// All columns. Each form has the columns up to some point.
const COLUMNS: &[&str] = &[
    "phone_number",
    "user_name",
    "favorite_song",
    "conversation_state",
    "last_interaction",
    "flow",
    "answers",
    "tries",
    "began_at",
    "expires_at",
    "turns",
    "flow_version",
    // These are used if the person gets texts that answer no message.
    "waits",
    "wakes_at",
    "contact",
    // These are used by few people.
    "opt_outs",
    "stack",
    "language",
    "callback",
];

/// A row with the columns that every session has.
pub(in crate::store) struct Plain;

/// A row that also has the columns of a person who gets texts that answer no
/// message.
pub(in crate::store) struct Waiting;

impl Row<Plain> for (Sender, Person) {
    const TABLE: &'static str = "user_sessions";

    const COLUMNS: &'static [&'static str] = COLUMNS.split_at(12).0;

    fn size(&self) -> usize {
        size(self)
    }

    fn bind<Q: Binds>(&self, query: Q, now: &str) -> Q {
        bind(self, query, now, Form::Plain)
    }
}

impl Row<Waiting> for (Sender, Person) {
    const TABLE: &'static str = "user_sessions";

    const COLUMNS: &'static [&'static str] = COLUMNS.split_at(15).0;

    fn size(&self) -> usize {
        size(self)
    }

    fn bind<Q: Binds>(&self, query: Q, now: &str) -> Q {
        bind(self, query, now, Form::Waiting)
    }
}

impl Row for (Sender, Person) {
    const TABLE: &'static str = "user_sessions";

    const COLUMNS: &'static [&'static str] = COLUMNS;

    fn size(&self) -> usize {
        size(self)
    }

    fn bind<Q: Binds>(&self, query: Q, now: &str) -> Q {
        bind(self, query, now, Form::Whole)
    }
}

/// Returns the bytes of a session's values. Some answers have columns of their own.
fn size((_, person): &(Sender, Person)) -> usize {
    let session = &person.session;
    let around = session.stack.iter().map(|caller| answers_size(&caller.answers));
    2 * answers_size(&session.answers) + around.sum::<usize>()
}

fn bind<Q: Binds>((sender, person): &(Sender, Person), query: Q, now: &str, form: Form) -> Q {
    let columns = SessionColumns::from(person);
    let query = query
        .with(Ascii(sender.as_str()))
        .with(columns.user_name)
        .with(columns.favorite_song)
        .with(columns.conversation_state)
        .with(Ascii(now))
        .with(columns.flow.map(Ascii))
        .with(columns.answers)
        .with(columns.tries)
        .with(columns.began_at.map(Ascii))
        .with(columns.expires_at.map(Ascii))
        .with(columns.turns)
        .with(columns.flow_version);
    if form == Form::Plain {
        return query;
    }
    let query = query
        .with(columns.waits.map(Ascii))
        .with(columns.wakes_at.map(Ascii))
        .with(columns.contact);
    if form == Form::Waiting {
        return query;
    }
    query
        .with(columns.opt_outs.map(Ascii))
        .with(columns.stack)
        .with(columns.language.map(Ascii))
        .with(columns.callback)
}
