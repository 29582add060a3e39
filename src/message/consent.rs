//! Recognizes STOP, START and HELP by their words, and says what the provider
//! does on its own.
//!
//! The effect on the conversation is decided elsewhere. For example, a START
//! from a person who has not stopped is ordinary text.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

use super::{Channel, Consent, Message, Wish, keywords};

/// The longest opt-out word in characters, including the separators between its parts.
pub const MAX_WORD: usize = 40;

/// Words that stop where the provider acts, without the separators between their parts.
static SMS_STOP: LazyLock<BTreeSet<String>> = LazyLock::new(|| joined_all(keywords::SMS_STOP));

/// Words that stop where only Ringback acts, in the same form.
static OTHER_STOP: LazyLock<BTreeSet<String>> = LazyLock::new(|| joined_all(keywords::OTHER_STOP));

fn joined_all(words: &[&str]) -> BTreeSet<String> {
    words.iter().filter_map(|word| joined(word)).collect()
}

/// Returns the wish in a text. The whole text must be one of the words of
/// [`keywords`]: `STOP PLEASE` is not a wish, as at Twilio. Words that stop may
/// have spaces and hyphens between their parts, such as `opt out` and
/// `STOP-ALL`. Twilio lets these pass, so Ringback answers them.
pub fn of_text(channel: Channel, body: &str) -> Option<Consent> {
    let is_joined =
        |words: &BTreeSet<String>| joined(body).is_some_and(|word| words.contains(&word));
    let (wish, answered_by_provider) = match channel {
        Channel::Sms | Channel::Rcs => match provider_s_wish(body) {
            Some(wish) => (wish, true),
            None if is_joined(&SMS_STOP) => (Wish::Stop, false),
            None => return None,
        },
        Channel::Whatsapp | Channel::Messenger | Channel::Other => {
            if is_joined(&OTHER_STOP) {
                (Wish::Stop, false)
            } else if is_one_of(body, keywords::OTHER_START) {
                (Wish::Start, false)
            } else {
                return None;
            }
        }
    };
    Some(Consent { wish, answered_by_provider, is_declared: false })
}

/// Returns the wish of an SMS on which the provider acts.
fn provider_s_wish(body: &str) -> Option<Wish> {
    let wishes = [
        (keywords::SMS_STOP, Wish::Stop),
        (keywords::SMS_START, Wish::Start),
        (keywords::SMS_HELP, Wish::Help),
    ];
    wishes.into_iter().find(|(words, _)| is_one_of(body, words)).map(|(_, wish)| wish)
}

/// What a text causes by itself, whatever a flow says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Over SMS the provider blocks the sender and answers; the conversation is over.
    Blocks,
    /// Over SMS the provider lifts a block and answers; without a block this is
    /// ordinary text.
    Unblocks,
    /// Over SMS the provider answers with a text of its own, and does nothing else.
    Answers,
    /// Ringback takes the text as a wish to stop, on every channel.
    Stops,
    /// Ringback takes the text as a wish to stop where the provider does not
    /// act, as over WhatsApp.
    StopsElsewhere,
}

/// Returns what this text causes by itself, if anything.
pub fn effect(body: &str, further: &OptOutWords) -> Option<Effect> {
    let over = |channel| of_text(channel, body).map(|consent| consent.wish);
    match provider_s_wish(body) {
        Some(Wish::Stop) => Some(Effect::Blocks),
        Some(Wish::Start) => Some(Effect::Unblocks),
        Some(Wish::Help) => Some(Effect::Answers),
        None if over(Channel::Sms) == Some(Wish::Stop) => Some(Effect::Stops),
        None => (over(Channel::Whatsapp) == Some(Wish::Stop) || further.has(body))
            .then_some(Effect::StopsElsewhere),
    }
}

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

    fn has(&self, text: &str) -> bool {
        !self.0.is_empty() && joined(text).is_some_and(|word| self.0.contains(&word))
    }
}

/// Returns whether a text is one of these words, compared as the provider
/// compares them. Quotes, a full stop or an emoji around the word do not
/// matter.
fn is_one_of(body: &str, words: &[&str]) -> bool {
    let word = without_around(body);
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn without_around(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Returns a text in the form in which opt-out words are compared: in lower
/// case, without accents, and without the separators between its words. Returns
/// `None` if the text is longer than any of them, or spelled out: `s-t-o-p` is
/// not a word.
fn joined(text: &str) -> Option<String> {
    let text = without_around(text);
    // No character takes more than four bytes.
    if text.is_empty() || text.len() > 4 * MAX_WORD {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return (text.len() > 1).then(|| text.to_ascii_lowercase());
    }
    let mut joined = String::with_capacity(text.len());
    for part in text.split(is_between) {
        let before = joined.len();
        if part.is_ascii() {
            joined.push_str(&part.to_ascii_lowercase());
        } else {
            let seen = part.nfkd().filter(|c| !is_accent(*c) && !is_unseen(*c));
            joined.extend(seen.default_case_fold());
        }
        // A letter of an alphabet has two bytes at most; a Chinese word may be one character.
        if (1..3).contains(&(joined.len() - before)) && joined[before..].chars().count() == 1 {
            return None;
        }
    }
    Some(joined)
}

/// Returns whether a character is a separator between the parts of a word.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '\u{ad}' | '‐'..='―' | '−' | '－')
}

/// Returns whether a character is an accent, or a mark that Arabic sets above and below its letters.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{655}')
}

/// Returns whether a character is an invisible mark.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOP: Option<Wish> = Some(Wish::Stop);
    const START: Option<Wish> = Some(Wish::Start);
    const HELP: Option<Wish> = Some(Wish::Help);

    fn wish(channel: Channel, body: &str) -> Option<Wish> {
        of_text(channel, body).map(|consent| consent.wish)
    }

    #[test]
    fn default_words_depend_on_the_channel() {
        for (body, sms, other) in [
            ("STOP", STOP, STOP),
            ("STOPALL", STOP, STOP),
            ("UNSUBSCRIBE", STOP, STOP),
            ("OPTOUT", STOP, STOP),
            ("CANCEL", STOP, None),
            ("END", STOP, None),
            ("QUIT", STOP, None),
            ("REVOKE", STOP, None),
            ("START", START, START),
            ("UNSTOP", START, START),
            ("YES", START, None),
            ("HELP", HELP, None),
            ("INFO", HELP, None),
            ("hello", None, None),
            ("", None, None),
        ] {
            for channel in [Channel::Sms, Channel::Rcs] {
                assert_eq!(wish(channel, body), sms, "{body} by {channel:?}");
            }
            for channel in [Channel::Whatsapp, Channel::Messenger, Channel::Other] {
                assert_eq!(wish(channel, body), other, "{body} by {channel:?}");
            }
        }
    }

    #[test]
    fn the_word_must_stand_alone() {
        for (body, expected) in [
            ("stop", STOP),
            ("Stop", STOP),
            ("  stop \r\n", STOP),
            ("STOP.", STOP),
            ("“Stop!”", STOP),
            ("stop 🛑", STOP),
            ("STOP PLEASE", None),
            ("please stop", None),
            ("stop stop", None),
            ("STOPP", None),
            ("stop1", None),
            ("don't stop", None),
            ("s-t-o-p", None),
            ("yes!", START),
            ("yes please", None),
        ] {
            assert_eq!(wish(Channel::Sms, body), expected, "{body:?}");
        }
    }

    #[test]
    fn what_the_provider_does_by_itself() {
        for (words, expected) in [
            (keywords::SMS_STOP, Effect::Blocks),
            (keywords::SMS_START, Effect::Unblocks),
            (keywords::SMS_HELP, Effect::Answers),
        ] {
            for word in words {
                let written = format!("¡{}! 🙂", word.to_lowercase());
                assert_eq!(effect(&written, &OptOutWords::default()), Some(expected), "{written}");
            }
        }
        let further = words(&["baja"]);
        for (text, expected) in [
            ("help me", None),
            ("opt out", Some(Effect::Stops)),
            ("STOP-ALL", Some(Effect::Stops)),
            ("退订", Some(Effect::StopsElsewhere)),
            ("Baja", Some(Effect::StopsElsewhere)),
            ("low", None),
        ] {
            assert_eq!(effect(text, &further), expected, "{text}");
        }
    }

    #[test]
    fn the_provider_answers_where_it_acts() {
        let answered =
            |channel| of_text(channel, "stop").map(|consent| consent.answered_by_provider);
        assert_eq!(answered(Channel::Sms), Some(true));
        assert_eq!(answered(Channel::Rcs), Some(true));
        assert_eq!(answered(Channel::Whatsapp), Some(false));
        assert_eq!(answered(Channel::Messenger), Some(false));
    }

    fn words(list: &[&str]) -> OptOutWords {
        let mut words = OptOutWords::default();
        for word in list {
            words.add(word).unwrap();
        }
        words
    }

    #[test]
    fn the_parts_of_a_word_that_stops_may_stand_apart() {
        for (body, expected) in [
            ("opt out", STOP),
            ("Opt-Out!", STOP),
            ("OPT  OUT", STOP),
            ("opt\u{2011}out", STOP),
            ("opt – out", STOP),
            ("opt\u{a0}out", STOP),
            ("opt_out", STOP),
            ("opt\nout", STOP),
            ("*opt-out*", STOP),
            ("op\u{200b}tout", STOP),
            ("stop all", STOP),
            ("STOP-ALL", STOP),
            ("un subscribe", STOP),
            ("un-subscribe.", STOP),
            ("ＳＴＯＰ", STOP),
            ("s-t-o-p", None),
            ("s t o p", None),
            ("opt out please", None),
            ("how do I opt out?", None),
            ("opt in or opt out", None),
            ("opt out opt out", None),
            ("opt/out", None),
            ("non stop", None),
            ("stop-over", None),
            ("don't stop", None),
        ] {
            for channel in [Channel::Sms, Channel::Rcs, Channel::Whatsapp, Channel::Messenger] {
                assert_eq!(wish(channel, body), expected, "{body:?} by {channel:?}");
            }
        }
        // Twilio does not know these.
        let by_us = of_text(Channel::Sms, "opt out").unwrap();
        assert!(!by_us.answered_by_provider);
    }

    #[test]
    fn other_channels_know_the_usual_words_of_other_languages() {
        for body in [
            "退订",
            "取消 订阅",
            "स्टॉप",
            "Desuscribirme",
            "إلغاء الاشتراك",
            "الغاء الاشتراك",
            "Désabonner",
            "DESABONNER",
            "স্টপ",
            "descadastrar",
            "СТОП",
            "Стоп!",
            "отписаться",
            "UNREG",
            "berhenti berlangganan",
            "سٹاپ",
        ] {
            assert_eq!(wish(Channel::Whatsapp, body), STOP, "{body}");
            assert_eq!(wish(Channel::Sms, body), None, "{body}");
        }
        for body in ["baja", "arrêt", "alto", "parar", "нет", "с т о п", "不", "توقف", "取消", "बंद"]
        {
            assert_eq!(wish(Channel::Whatsapp, body), None, "{body}");
        }
        assert_eq!(OTHER_STOP.len(), keywords::OTHER_STOP.len(), "each is a word of its own");
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
