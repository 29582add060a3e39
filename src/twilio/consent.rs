//! Tells a STOP or START from ordinary text.
//!
//! What it does to the conversation is decided elsewhere; a START from anyone
//! who is not stopped, for one, is ordinary text.

use crate::message::{Channel, Consent, Wish, keywords};

/// The wish in a message, if it is one.
///
/// `opt_out_type` is the parameter `OptOutType`, which Twilio's Advanced
/// Opt-Out sends on every channel and then also answers (Twilio docs,
/// "Advanced Opt-Out"). Without it, the whole body must be one of the
/// default words of [`keywords`]; `STOP PLEASE` is none, as at Twilio.
pub fn classify(channel: Channel, body: &str, opt_out_type: Option<&str>) -> Option<Consent> {
    match opt_out_type {
        Some("STOP") => return Some(Consent { wish: Wish::Stop, answered_by_provider: true }),
        Some("START") => return Some(Consent { wish: Wish::Start, answered_by_provider: true }),
        Some("HELP") => return None,
        _ => {}
    }
    let (stop, start, answered_by_provider) = match channel {
        Channel::Sms | Channel::Rcs => (keywords::SMS_STOP, keywords::SMS_START, true),
        Channel::Whatsapp | Channel::Messenger | Channel::Other => {
            (keywords::OTHER_STOP, keywords::OTHER_START, false)
        }
    };
    // Quotes, a full stop or an emoji around the word leave the wish as it is.
    let word = body.trim_matches(|c: char| !c.is_alphanumeric());
    let is_one_of = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    let wish = if is_one_of(stop) {
        Wish::Stop
    } else if is_one_of(start) {
        Wish::Start
    } else {
        return None;
    };
    Some(Consent { wish, answered_by_provider })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOP: Option<Wish> = Some(Wish::Stop);
    const START: Option<Wish> = Some(Wish::Start);

    fn wish(channel: Channel, body: &str) -> Option<Wish> {
        classify(channel, body, None).map(|consent| consent.wish)
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
    fn the_provider_answers_where_it_acts() {
        let answered = |channel, opt_out_type| {
            classify(channel, "stop", opt_out_type).map(|consent| consent.answered_by_provider)
        };
        assert_eq!(answered(Channel::Sms, None), Some(true));
        assert_eq!(answered(Channel::Rcs, None), Some(true));
        assert_eq!(answered(Channel::Whatsapp, None), Some(false));
        assert_eq!(answered(Channel::Messenger, None), Some(false));
        assert_eq!(answered(Channel::Whatsapp, Some("STOP")), Some(true));
    }

    #[test]
    fn the_provider_knows_best() {
        let by_type = |body, opt_out_type| {
            classify(Channel::Whatsapp, body, Some(opt_out_type)).map(|consent| consent.wish)
        };
        assert_eq!(by_type("arrêt", "STOP"), STOP);
        assert_eq!(by_type("hola", "START"), START);
        assert_eq!(by_type("stop", "HELP"), None);
        assert_eq!(by_type("stop", "something new"), STOP);
        assert_eq!(by_type("hello", "something new"), None);
    }
}
