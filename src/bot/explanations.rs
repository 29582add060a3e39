//! The newest turns with what explains them, for the phone page. They are in memory
//! only, and only while the page is on.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::conversation::{Explained, Happened, Request, Session, Value};
use crate::message::Sender;

/// The most turns that are kept.
const MOST: usize = 2_000;

/// The most bytes that they may have, roughly.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The turns. Cloning it is cheap.
#[derive(Clone, Debug, Default)]
pub struct Explanations(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    /// Oldest first, each with its size.
    turns: VecDeque<(Arc<Explained>, usize)>,
    bytes: usize,
}

impl Explanations {
    /// Keeps turns that are committed. The oldest ones are forgotten for them.
    pub(super) fn keep(&self, turns: Vec<Explained>) {
        let mut kept = self.kept();
        for turn in turns {
            let bytes = size(&turn);
            kept.bytes += bytes;
            kept.turns.push_back((Arc::new(turn), bytes));
        }
        while kept.turns.len() > MOST || kept.bytes > MOST_BYTES {
            let Some((_, bytes)) = kept.turns.pop_front() else { break };
            kept.bytes -= bytes;
        }
    }

    /// Returns the turns of a sender, oldest first.
    pub(super) fn of(&self, sender: &Sender) -> Vec<Arc<Explained>> {
        let kept = self.kept();
        let own = kept.turns.iter().filter(|(turn, _)| turn.sender == *sender);
        own.map(|(turn, _)| Arc::clone(turn)).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // A panic elsewhere leaves a list that can still be read.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns roughly how many bytes a turn has.
fn size(turn: &Explained) -> usize {
    let Explained { happened, before, after, trace, replies, requests, .. } = turn;
    let happened = match happened {
        Happened::Message(message) => message.body.len(),
        Happened::Silence => 0,
        Happened::CalledBack { result, .. } => result.to_string().len(),
        Happened::Called { answer, .. } => answer.size(),
    };
    let trace = trace.path.len() + trace.rules.iter().map(String::len).sum::<usize>();
    let replies = replies.iter().map(|reply| reply.text.len()).sum::<usize>();
    let requests = requests.iter().map(Request::size).sum::<usize>();
    1_024 + happened + answers(before) + answers(after) + trace + replies + requests
}

fn answers(session: &Session) -> usize {
    let around = session.stack.iter().map(|caller| &caller.answers);
    let all = std::iter::once(&session.answers).chain(around).flatten();
    let size = |value: &Value| match value {
        Value::Text(text) => text.len(),
        Value::Integer(_) | Value::Number(_) => 8,
    };
    all.map(|(name, value)| name.len() + size(value)).sum()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::conversation::Trace;
    use crate::message::Channel;

    fn turn(sender: &str, value: usize) -> Explained {
        let answers = [("text".to_owned(), Value::Text("x".repeat(value)))].into();
        Explained {
            sender: Sender::from_key(sender.to_owned()),
            at: Timestamp::UNIX_EPOCH,
            channel: Channel::Sms,
            happened: Happened::Silence,
            before: Session::default(),
            after: Session { answers, ..Session::default() },
            trace: Trace::default(),
            replies: Vec::new(),
            requests: Vec::new(),
        }
    }

    #[test]
    fn the_oldest_turns_are_forgotten() {
        let ann = Sender::from_key("+1".to_owned());
        let explanations = Explanations::default();
        explanations.keep(vec![turn("+1", 1)]);
        explanations.keep((1..MOST).map(|_| turn("+2", 1)).collect());
        assert_eq!(explanations.of(&ann).len(), 1);
        explanations.keep(vec![turn("+2", 1)]);
        assert!(explanations.of(&ann).is_empty());
    }

    #[test]
    fn large_turns_are_fewer() {
        let explanations = Explanations::default();
        explanations.keep((0..100).map(|_| turn("+1", 1024 * 1024)).collect());
        let kept = explanations.of(&Sender::from_key("+1".to_owned())).len();
        assert!((20..32).contains(&kept), "{kept}");
    }
}
