//! Twilio's own answers to STOP, START and HELP, unless others are set in its
//! console (Twilio support, article 223134027). The service does not see these
//! texts, so the page shows them as Twilio's.

use crate::message::Wish;

/// Returns the text that Twilio sends to a person who expresses this wish.
pub(super) fn provider_words(wish: Wish) -> &'static str {
    match wish {
        Wish::Stop => {
            "You have successfully been unsubscribed. You will not receive any more messages from \
             this number. Reply START to resubscribe."
        }
        Wish::Start => {
            "You have successfully been re-subscribed to messages from this number. Reply HELP \
             for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
        }
        Wish::Help => "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    }
}
