//! What a batch writes, and in how many statements.
//!
//! Each statement is a round trip, for which the whole batch waits. `MariaDB`
//! accepts several statements as one, including the commit; other servers get
//! each alone.

use jiff::Timestamp;

use super::callbacks::CallbackRow;
use super::changes::{Changes, Recorded};
use super::either::Binds;
use super::form::Form;
use super::ladder::pieces;
use super::person::Person;
use super::rows::Row;
use super::rows::sessions::{Plain, Waiting};
use super::sql::Statement;
use crate::conversation::Ended;
use crate::message::{Channel, Sender};
use crate::outbox::text::Text;

/// The most values in a statement that is composed of several: the server
/// rewrites its text with all values in place. For more values, that costs as
/// much as the round trip.
const TOGETHER: usize = 760;

/// Defines [`Rows`] by the tables of a batch, one of them in several forms.
macro_rules! tables {
    ($($table:ident: $row:ty $(as $form:ty)? => $statement:ident,)+) => {
        /// Rows of one table, as many as one statement takes.
        #[derive(Clone, Copy)]
        pub(super) enum Rows<'a> {
            $($table(&'a [$row]),)+
        }

        impl<'a> Rows<'a> {
            /// Returns the statement that writes them, and how many rows it has.
            pub(super) fn statement(&self) -> (Statement, usize) {
                match self {
                    $(Self::$table(rows) => (Statement::$statement, rows.len()),)+
                }
            }

            /// Returns how many values they have.
            fn values(&self) -> usize {
                match self {
                    $(Self::$table(rows) => rows.len() * <$row as Row$(<$form>)?>::COLUMNS.len(),)+
                }
            }

            /// Returns roughly how many bytes these values have.
            fn size(&self) -> usize {
                match self {
                    $(Self::$table(rows) => rows.iter().map(<$row as Row$(<$form>)?>::size).sum(),)+
                }
            }

            /// Binds these values; `now` is the time of the batch.
            pub(super) fn bind<Q: Binds>(&self, query: Q, now: &str) -> Q {
                match self {
                    $(Self::$table(rows) => {
                        rows.iter().fold(query, |query, row| <$row as Row$(<$form>)?>::bind(row, query, now))
                    })+
                }
            }
        }
    };
}

tables! {
    Messages: Recorded => InsertMessages,
    Sessions: (Sender, Person) => SaveSessions,
    PlainSessions: (Sender, Person) as Plain => SavePlainSessions,
    WaitingSessions: (Sender, Person) as Waiting => SaveWaitingSessions,
    Conversations: (Sender, Channel, Ended) => InsertConversations,
    Texts: Text => SaveTexts,
    Paces: (String, Timestamp) => SavePaces,
    Callbacks: CallbackRow => SaveCallbacks,
}

impl<'a> Rows<'a> {
    /// Returns all rows of a batch in pieces with no more than `most` bytes of
    /// values, in the order in which they are written. Messages are first: their
    /// ids are the claim, so a batch with a repeated message has then done nothing.
    fn of(changes: &'a Changes, most: usize) -> Vec<Self> {
        fn add<'a, R: Row>(
            all: &mut Vec<Rows<'a>>,
            rows: &'a [R],
            most: usize,
            as_rows: fn(&'a [R]) -> Rows<'a>,
        ) {
            all.extend(pieces(rows, most, R::size).into_iter().map(as_rows));
        }
        let mut all = Vec::new();
        add(&mut all, &changes.messages, most, Self::Messages);
        add(&mut all, &changes.people, most, Self::sessions);
        add(&mut all, &changes.ended, most, Self::Conversations);
        add(&mut all, &changes.texts, most, Self::Texts);
        add(&mut all, &changes.paces, most, Self::Paces);
        add(&mut all, &changes.callbacks, most, Self::Callbacks);
        all
    }

    fn sessions(people: &'a [(Sender, Person)]) -> Self {
        match people.iter().map(|(_, person)| person.form()).max().unwrap_or_default() {
            Form::Plain => Self::PlainSessions(people),
            Form::Waiting => Self::WaitingSessions(people),
            Form::Whole => Self::Sessions(people),
        }
    }

    /// Returns the sessions, if these rows are sessions.
    fn people(&self) -> Option<&'a [(Sender, Person)]> {
        match self {
            Self::Sessions(people)
            | Self::PlainSessions(people)
            | Self::WaitingSessions(people) => Some(people),
            _ => None,
        }
    }

    /// Returns whether the two may be parts of one statement. Its texts stay
    /// prepared, and one for every mixture of row counts would be too many.
    fn may_precede(&self, next: &Self) -> bool {
        match (self, next) {
            (Rows::Messages(messages), next) => {
                next.people().is_some_and(|people| people.len() == messages.len())
            }
            (sessions, Rows::Conversations(_)) => sessions.people().is_some(),
            _ => false,
        }
    }
}

/// One statement of a batch.
pub(super) struct Write<'a> {
    /// The rows that it writes, in this order.
    pub(super) parts: Vec<Rows<'a>>,
    /// Whether it then commits.
    pub(super) commits: bool,
}

/// Returns all statements of a batch, each with at most `most` bytes of values.
/// With `compound`, the last one may have several parts, and may commit.
pub(super) fn writes(changes: &Changes, most: usize, compound: bool) -> Vec<Write<'_>> {
    let mut first = Rows::of(changes, most);
    let last = if compound { first.split_off(where_last_begins(&first, most)) } else { Vec::new() };
    let alone = |rows| Write { parts: vec![rows], commits: false };
    let mut writes: Vec<Write<'_>> = first.into_iter().map(alone).collect();
    if !last.is_empty() {
        writes.push(Write { parts: last, commits: true });
    }
    writes
}

fn where_last_begins(pieces: &[Rows<'_>], most: usize) -> usize {
    let (mut values, mut bytes) = (0, 0_usize);
    let mut next = None;
    let parts = pieces.iter().rev().take_while(|piece| {
        values += piece.values();
        bytes = bytes.saturating_add(piece.size());
        let next = next.replace(*piece);
        values <= TOGETHER && next.is_none_or(|next| bytes <= most && piece.may_precede(next))
    });
    pieces.len() - parts.count()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use super::*;
    use crate::conversation::Answers;
    use crate::message::Message;
    use crate::store::either::Value;
    use crate::store::form::AsRead;
    use crate::store::ladder::{MAX_BATCH, padded};
    use crate::store::sql::{Dialect, STATEMENT_CACHE};

    const ANY: usize = usize::MAX;

    /// Returns a batch with these numbers of messages, people and ended
    /// conversations. Everything that is kept of the people has this form.
    fn changes(messages: usize, people: usize, ended: usize, form: Form) -> Changes {
        let message = Arc::new(Message::text("SM", "+1", "+2", "").unwrap());
        let recorded = Recorded {
            message: Arc::clone(&message),
            turn: 1,
            received_at: Timestamp::UNIX_EPOCH,
            state_before: String::new(),
            state_after: String::new(),
            reply: Vec::new(),
        };
        let end = Ended {
            flow: String::new(),
            outcome: String::new(),
            answers: Answers::default(),
            began_at: None,
            ended_at: Timestamp::UNIX_EPOCH,
        };
        Changes {
            messages: vec![recorded; messages],
            people: vec![
                (
                    message.sender.clone(),
                    Person { as_read: AsRead(form), ..Person::default() }
                );
                people
            ],
            ended: vec![(message.sender.clone(), message.channel, end); ended],
            now: Timestamp::UNIX_EPOCH,
            ..Changes::default()
        }
    }

    /// As `M3 S3 C1!`: messages, sessions, conversations; `!` commits.
    fn shape(writes: &[Write<'_>]) -> Vec<String> {
        let part = |rows: &Rows<'_>| match rows {
            Rows::Messages(rows) => format!("M{}", rows.len()),
            Rows::Sessions(rows) => format!("S{}", rows.len()),
            Rows::PlainSessions(rows) => format!("P{}", rows.len()),
            Rows::WaitingSessions(rows) => format!("W{}", rows.len()),
            Rows::Conversations(rows) => format!("C{}", rows.len()),
            Rows::Texts(rows) => format!("T{}", rows.len()),
            Rows::Paces(rows) => format!("A{}", rows.len()),
            Rows::Callbacks(rows) => format!("B{}", rows.len()),
        };
        let one = |write: &Write<'_>| {
            let parts: Vec<String> = write.parts.iter().map(part).collect();
            format!("{}{}", parts.join(" "), if write.commits { "!" } else { "" })
        };
        writes.iter().map(one).collect()
    }

    #[test]
    fn what_goes_out_as_one() {
        let cases = [
            ((1, 1, 0), ANY, &["M1 S1!"][..]),
            ((1, 1, 1), ANY, &["M1 S1 C1!"]),
            ((20, 20, 5), ANY, &["M20 S20 C5!"]),
            // Two messages of one sender.
            ((3, 2, 1), ANY, &["M3", "S2 C1!"]),
            // More values than go together.
            ((24, 24, 16), ANY, &["M24", "S24 C16!"]),
            ((32, 32, 16), ANY, &["M32", "S32 C16!"]),
            ((32, 32, 24), ANY, &["M32", "S32", "C24!"]),
            ((40, 40, 0), ANY, &["M40", "S40!"]),
            ((48, 48, 0), ANY, &["M48", "S48"]),
            ((64, 64, 64), ANY, &["M64", "S64", "C64!"]),
            ((96, 96, 96), ANY, &["M96", "S96", "C96!"]),
            ((128, 128, 128), ANY, &["M128", "S128", "C128"]),
            // No step of the ladder, hence two pieces.
            ((20, 19, 19), ANY, &["M20", "S16", "S3", "C16", "C3!"]),
            ((20, 19, 16), ANY, &["M20", "S16", "S3 C16!"]),
            // More bytes than go out at once.
            ((2, 2, 0), 2_500, &["M2 S2!"]),
            ((2, 2, 0), 2_000, &["M2", "S2!"]),
            ((2, 2, 0), 100, &["M1", "M1", "S1", "S1!"]),
            ((0, 0, 0), ANY, &[]),
        ];
        for ((messages, people, ended), most, expected) in cases {
            let changes = changes(messages, people, ended, Form::Whole);
            let writes = writes(&changes, most, true);
            assert_eq!(shape(&writes), expected, "{messages}, {people}, {ended} in {most}");
        }
        for (form, expected) in [
            (Form::Plain, &["M24 P24 C16!"][..]),
            (Form::Waiting, &["M24", "W24 C16!"]),
            (Form::Whole, &["M24", "S24 C16!"]),
        ] {
            assert_eq!(shape(&writes(&changes(24, 24, 16, form), ANY, true)), expected);
        }
        let alone = changes(2, 2, 1, Form::Whole);
        assert_eq!(shape(&writes(&alone, ANY, false)), ["M2", "S2", "C1"]);
    }

    /// Counts the values that are bound.
    struct Bound(usize);

    impl Binds for Bound {
        fn with<'v>(self, _: impl Value<'v>) -> Self {
            Self(self.0 + 1)
        }
    }

    #[test]
    fn values_are_what_the_texts_have_placeholders_for() {
        for form in [Form::Plain, Form::Waiting, Form::Whole] {
            let changes = changes(3, 2, 5, form);
            let rows = writes(&changes, ANY, false).into_iter().flat_map(|write| write.parts);
            for rows in rows {
                assert_eq!(rows.bind(Bound(0), "").0, rows.values());
                let (statement, count) = rows.statement();
                for dialect in [Dialect::Sqlite, Dialect::MySql] {
                    let text = statement.text(dialect, count);
                    assert_eq!(text.matches('?').count(), rows.values(), "{text}");
                }
            }
        }
    }

    #[test]
    fn all_texts_stay_prepared_at_once() {
        let mut shapes = HashSet::new();
        let steps: Vec<usize> = (1..=MAX_BATCH).filter(|n| padded(*n) == *n).collect();
        for &messages in &steps {
            for people in [messages, messages - 1] {
                for ended in 0..=MAX_BATCH {
                    for form in [Form::Plain, Form::Waiting, Form::Whole] {
                        let changes = changes(messages, people, ended, form);
                        shapes.extend(shape(&writes(&changes, ANY, true)));
                    }
                }
            }
        }
        let all = Statement::ALL.iter();
        let texts = all.flat_map(|one| steps.iter().map(|&rows| one.text(Dialect::MySql, rows)));
        let others = texts.collect::<HashSet<_>>().len();
        assert!(shapes.len() + others < STATEMENT_CACHE, "{} and {others}", shapes.len());
    }
}
