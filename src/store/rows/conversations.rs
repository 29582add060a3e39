//! The rows of `conversations`: the result of each that ended.

use super::{Row, answers_size};
use crate::conversation::Ended;
use crate::message::{Channel, Sender};
use crate::store::ascii::Ascii;
use crate::store::either::Binds;
use crate::store::person::answers_text;
use crate::store::time::time_text;

impl Row for (Sender, Channel, Ended) {
    const TABLE: &'static str = "conversations";

    const COLUMNS: &'static [&'static str] =
        &["phone_number", "channel", "flow", "outcome", "answers", "began_at", "ended_at"];

    fn size(&self) -> usize {
        answers_size(&self.2.answers)
    }

    fn bind<Q: Binds>(&self, query: Q, _now: &str) -> Q {
        let (sender, channel, ended) = self;
        query
            .with(Ascii(sender.as_str()))
            .with(Ascii(channel.as_str()))
            .with(Ascii(ended.flow.as_str()))
            .with(Ascii(ended.outcome.as_str()))
            .with(answers_text(&ended.answers))
            .with(ended.began_at.map(time_text).map(Ascii))
            .with(Ascii(time_text(ended.ended_at)))
    }
}
