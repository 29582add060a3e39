//! The end of a reply that was left open for a call.

use crate::conversation::joined;
use crate::message::Reply;
use crate::twilio::twiml;

/// What an open reply says in the end.
#[derive(Debug)]
pub(super) struct Closing {
    pub(super) bytes: Vec<u8>,
    /// How many of the texts that follow the call it says.
    pub(super) taken: usize,
    /// Whether it says anything.
    pub(super) says: bool,
}

impl Closing {
    /// Joins what a reply has said before the call with what follows it. If not
    /// all of that fits behind what was said, nothing of it is taken.
    pub(super) fn of(said: &[Reply], texts: Vec<Reply>) -> Self {
        let count = texts.len();
        if said.is_empty() {
            let twiml = twiml::write(&texts);
            let taken = count - twiml.dropped;
            return Self { bytes: twiml.bytes, taken, says: taken > 0 };
        }
        let (all, dropped) = joined(said.to_vec(), texts);
        let twiml = twiml::write(&all);
        if dropped == 0 && twiml.dropped == 0 {
            return Self { bytes: twiml.bytes, taken: count, says: true };
        }
        Self { bytes: twiml::write(said).bytes, taken: 0, says: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replies(texts: &[&str]) -> Vec<Reply> {
        let reply = |text: &&str| Reply { text: (*text).to_owned(), media: Vec::new() };
        texts.iter().map(reply).collect()
    }

    fn closed(said: &[&str], texts: &[&str]) -> (Vec<String>, usize, bool) {
        let Closing { bytes, taken, says } = Closing::of(&replies(said), replies(texts));
        let read = twiml::read(&bytes).unwrap();
        (read.into_iter().map(|reply| reply.text).collect(), taken, says)
    }

    #[test]
    fn it_says_what_fits() {
        let long = "x".repeat(1_600);
        let many = vec![long.as_str(); 10];
        for (said, texts, expected, taken, says) in [
            (&[][..], &[][..], &[][..], 0, false),
            (&[], &["a", "b"], &["a", "b"], 2, true),
            (&["One moment."], &[], &["One moment."], 0, true),
            // One turn says all of it, in one message.
            (&["One moment."], &["3 euros."], &["One moment.\n3 euros."], 1, true),
            (&["One moment."], &many, &["One moment."], 0, true),
        ] {
            let expected: Vec<String> = expected.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(closed(said, texts), (expected, taken, says), "{said:?}");
        }
    }
}
