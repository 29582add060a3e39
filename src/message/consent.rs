//! Recognizes STOP, START and HELP by their words, and says what the provider
//! does on its own.
//!
//! The effect on the conversation is decided elsewhere. For example, a START
//! from a person who has not stopped is ordinary text.

use std::collections::BTreeSet;
use std::sync::LazyLock;

pub use super::opt_out_words::{OptOutWords, WordFault};
pub use super::word_forms::MAX_WORD;
use super::word_forms::{is_one_of, joined};
use super::{Channel, Consent, Wish, keywords};

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
        let mut further = OptOutWords::default();
        further.add("baja").unwrap();
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
}
