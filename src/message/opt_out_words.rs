//! Further opt-out words, which the operator adds for channels on which the
//! provider does nothing.

use std::collections::BTreeSet;

use super::word_forms::{MAX_WORD, is_one_of, joined};
use super::{Channel, Consent, Message, Wish, keywords};

/// Further words that stop where only Ringback acts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptOutWords(BTreeSet<String>);

/// Why a word cannot be one of [`OptOutWords`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordFault {
    /// Nothing, or nothing but punctuation and single letters.
    #[error("has an entry without a word of two letters")]
    NoWord,
    /// More than [`MAX_WORD`] characters.
    #[error("has a word of more than {MAX_WORD} characters")]
    TooLong,
    /// A word with which people come back.
    #[error("has `START`, `UNSTOP` or `YES`, by which people come back")]
    ComesBack,
}

impl OptOutWords {
    /// Adds a word.
    pub fn add(&mut self, word: &str) -> Result<(), WordFault> {
        let word = word.trim();
        if word.chars().count() > MAX_WORD {
            return Err(WordFault::TooLong);
        }
        if is_one_of(word, keywords::SMS_START) {
            return Err(WordFault::ComesBack);
        }
        let joined = joined(word).ok_or(WordFault::NoWord)?;
        let has_letters = joined.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        if !has_letters {
            return Err(WordFault::NoWord);
        }
        self.0.insert(joined);
        Ok(())
    }

    /// Makes a message a wish to stop if it is one of these words and only
    /// Ringback acts on it.
    #[must_use]
    pub fn heed(&self, message: Message) -> Message {
        let by_provider = matches!(message.channel, Channel::Sms | Channel::Rcs);
        if message.consent.is_some() || by_provider || !self.has(&message.body) {
            return message;
        }
        let stop = Consent { wish: Wish::Stop, answered_by_provider: false, is_declared: false };
        Message { consent: Some(stop), ..message }
    }

    pub(super) fn has(&self, text: &str) -> bool {
        !self.0.is_empty() && joined(text).is_some_and(|word| self.0.contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> OptOutWords {
        let mut words = OptOutWords::default();
        for word in list {
            words.add(word).unwrap();
        }
        words
    }

    #[test]
    fn further_words_count_where_nobody_but_we_acts() {
        let words = words(&["baja", "PARAR", "no molestar", "不要"]);
        for (body, stops) in [
            ("Baja", true),
            ("¡BAJA!", true),
            ("parar", true),
            ("no-molestar", true),
            ("不要", true),
            ("baja por favor", false),
            ("la baja", false),
            ("b a j a", false),
            ("", false),
        ] {
            for (from, heeds) in
                [("whatsapp:+15551234567", true), ("messenger:1", true), ("+15551234567", false)]
            {
                let message = words.heed(Message::text("SM1", from, "+1", body).unwrap());
                assert_eq!(message.consent.is_some(), stops && heeds, "{body:?} from {from}");
            }
        }
        for (word, fault) in [
            ("", WordFault::NoWord),
            ("-", WordFault::NoWord),
            ("12", WordFault::NoWord),
            ("n", WordFault::NoWord),
            ("b a j a", WordFault::NoWord),
            ("Start", WordFault::ComesBack),
            ("yes!", WordFault::ComesBack),
            (&"a".repeat(MAX_WORD + 1), WordFault::TooLong),
        ] {
            assert_eq!(OptOutWords::default().add(word), Err(fault), "{word:?}");
        }
    }
}
