//! Further words that are a wish to receive no more messages.

use clap::Args;

use super::setting::{SettingError, given};
use crate::message::consent::OptOutWords;

const NAME: &str = "OPT_OUT_WORDS";

/// `OPT_OUT_WORDS` as it was given.
#[derive(Clone, Debug, Args)]
pub struct OptOutArgs {
    /// Further words that stop, as in `baja,parar`, on channels where Twilio does not act
    ///
    /// On WhatsApp, and on every other channel except SMS and RCS, a message
    /// that is one of these words is a STOP, like the usual words of the
    /// largest languages. Case, accents, spaces and hyphens do not matter.
    /// `ringback check` warns about flows that use such a word.
    #[arg(
        long,
        env = NAME,
        hide_env_values = true,
        value_name = "WORDS",
        help_heading = "Conversations"
    )]
    pub opt_out_words: Option<String>,
}

impl OptOutArgs {
    /// Returns the words.
    pub fn words(&self) -> Result<OptOutWords, SettingError> {
        let mut words = OptOutWords::default();
        let Some(text) = &self.opt_out_words else { return Ok(words) };
        for word in given(NAME, text)?.split(',') {
            words.add(word).map_err(|fault| {
                let hint = "write words separated by commas, such as `baja,parar`";
                SettingError::new(NAME, fault.to_string(), hint)
            })?;
        }
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_list_of_words() {
        for (text, sound) in [
            ("baja", true),
            (" baja , no molestar,不要\n", true),
            ("", false),
            (",", false),
            ("baja,", false),
            ("baja,,parar", false),
            ("baja,12", false),
            ("baja,Yes", false),
        ] {
            let args = OptOutArgs { opt_out_words: Some(text.to_owned()) };
            assert_eq!(args.words().is_ok(), sound, "{text:?}");
        }
        assert_eq!(OptOutArgs { opt_out_words: None }.words(), Ok(OptOutWords::default()));
    }
}
