//! Tells a STOP or START from ordinary text, by its words, and what the
//! provider does by itself.
//!
//! What it does to the conversation is decided elsewhere; a START from anyone
//! who is not stopped, for one, is ordinary text.

use super::{Channel, Consent, Wish, keywords};

/// The wish in a text, if it is one: the whole of it must be one of the words
/// of [`keywords`]; `STOP PLEASE` is none, as at Twilio.
pub fn of_text(channel: Channel, body: &str) -> Option<Consent> {
    let (stop, start, answered_by_provider) = match channel {
        Channel::Sms | Channel::Rcs => (keywords::SMS_STOP, keywords::SMS_START, true),
        Channel::Whatsapp | Channel::Messenger | Channel::Other => {
            (keywords::OTHER_STOP, keywords::OTHER_START, false)
        }
    };
    let wish = if is_one_of(body, stop) {
        Wish::Stop
    } else if is_one_of(body, start) {
        Wish::Start
    } else {
        return None;
    };
    Some(Consent { wish, answered_by_provider })
}

/// What the provider does by itself with an SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It blocks the sender and says so: the conversation is over.
    Blocks,
    /// It takes a block away and says so; without one it is ordinary text.
    Unblocks,
    /// It answers with a text of its own, and nothing else.
    Answers,
}

/// What the provider does by itself with this text, if anything.
pub fn effect_over_sms(body: &str) -> Option<Effect> {
    match of_text(Channel::Sms, body).map(|consent| consent.wish) {
        Some(Wish::Stop) => Some(Effect::Blocks),
        Some(Wish::Start) => Some(Effect::Unblocks),
        None => is_one_of(body, keywords::SMS_HELP).then_some(Effect::Answers),
    }
}

/// Whether a text is one of these words. Quotes, a full stop or an emoji around
/// it leave it as it is.
fn is_one_of(body: &str, words: &[&str]) -> bool {
    let word = body.trim_matches(|c: char| !c.is_alphanumeric());
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOP: Option<Wish> = Some(Wish::Stop);
    const START: Option<Wish> = Some(Wish::Start);

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
            ("HELP", None, None),
            ("INFO", None, None),
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
        for (words, effect) in [
            (keywords::SMS_STOP, Effect::Blocks),
            (keywords::SMS_START, Effect::Unblocks),
            (keywords::SMS_HELP, Effect::Answers),
        ] {
            for word in words {
                let written = format!("¡{}! 🙂", word.to_lowercase());
                assert_eq!(effect_over_sms(&written), Some(effect), "{written}");
            }
        }
        assert_eq!(effect_over_sms("help me"), None);
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
}
