//! The rows of `user_sessions`: the session of each sender.

use super::{Row, answers_size};
use crate::message::Sender;
use crate::store::ascii::Ascii;
use crate::store::either::Binds;
use crate::store::person::{Person, SessionColumns};

impl Row for (Sender, Person) {
    const TABLE: &'static str = "user_sessions";

    const COLUMNS: &'static [&'static str] = &[
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
        "opt_outs",
        "stack",
        "language",
        "flow_version",
        "waits",
        "wakes_at",
        "contact",
        "callback",
    ];

    /// Some answers have columns of their own.
    fn size(&self) -> usize {
        let session = &self.1.session;
        let around = session.stack.iter().map(|caller| answers_size(&caller.answers));
        2 * answers_size(&session.answers) + around.sum::<usize>()
    }

    fn bind<Q: Binds>(&self, query: Q, now: &str) -> Q {
        let (sender, person) = self;
        let columns = SessionColumns::from(person);
        query
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
            .with(columns.opt_outs.map(Ascii))
            .with(columns.stack)
            .with(columns.language.map(Ascii))
            .with(columns.flow_version)
            .with(columns.waits.map(Ascii))
            .with(columns.wakes_at.map(Ascii))
            .with(columns.contact)
            .with(columns.callback)
    }
}
