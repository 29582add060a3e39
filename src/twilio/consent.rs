//! Whether a message is a STOP, START or HELP, according to the provider.

use crate::message::{Channel, Consent, Wish, consent};

/// Returns the wish in a message, if there is one.
///
/// `opt_out_type` is the parameter `OptOutType`. Twilio's Advanced Opt-Out
/// sends it on every channel, and then also answers the message (Twilio docs,
/// "Advanced Opt-Out"). Without it [the words](consent) decide.
pub fn classify(channel: Channel, body: &str, opt_out_type: Option<&str>) -> Option<Consent> {
    let declared = match opt_out_type {
        Some("STOP") => Wish::Stop,
        Some("START") => Wish::Start,
        Some("HELP") => Wish::Help,
        _ => return consent::of_text(channel, body),
    };
    Some(Consent { wish: declared, answered_by_provider: true, is_declared: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_knows_best() {
        let classified = |body, opt_out_type| classify(Channel::Whatsapp, body, Some(opt_out_type));
        let by_provider =
            |wish| Some(Consent { wish, answered_by_provider: true, is_declared: true });
        let by_word =
            |wish| Some(Consent { wish, answered_by_provider: false, is_declared: false });
        assert_eq!(classified("stop", "STOP"), by_provider(Wish::Stop));
        assert_eq!(classified("arrêt", "STOP"), by_provider(Wish::Stop));
        assert_eq!(classified("hola", "START"), by_provider(Wish::Start));
        assert_eq!(classified("ayuda", "HELP"), by_provider(Wish::Help));
        assert_eq!(classified("stop", "HELP"), by_provider(Wish::Help));
        assert_eq!(classified("stop", "something new"), by_word(Wish::Stop));
        assert_eq!(classified("hello", "something new"), None);
    }
}
