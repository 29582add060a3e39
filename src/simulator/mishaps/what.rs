//! All mishaps, and everything that the page says about them.

use serde::{Deserialize, Serialize};

/// Something that can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// Twilio delivers the last message again.
    Repeat,
    /// Two messages arrive at the same time.
    Twice,
    /// A stranger signs a message.
    WrongSignature,
    /// A recorded request is sent again.
    StaleSignature,
    /// A recorded request is cut into another message.
    Recut,
    /// A message is very long.
    Long,
    /// A message has no text parameter.
    NoBody,
    /// A message names another account.
    OtherAccount,
    /// A sender does not stop.
    Burst,
    /// A message arrives while the database is away.
    DatabaseAway,
}

/// What is said about a mishap.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Words {
    pub(super) what: What,
    /// The button.
    label: &'static str,
    /// What happens when it is pressed.
    does: &'static str,
    /// Why the answer that the service should give is right.
    #[serde(skip)]
    pub(super) right: &'static str,
}

const TABLE: [Words; 10] = [
    Words {
        what: What::Repeat,
        label: "The last message again",
        does: "Twilio delivers the last message a second time, with the same id.",
        right: "The id is known, so the first reply comes again, byte for byte, and the \
                conversation does not move.",
    },
    Words {
        what: What::Twice,
        label: "Two messages at once",
        does: "Two different messages of this phone arrive at the same time.",
        right: "The messages of one sender are handled one after the other, so each moved the \
                conversation by one step and got a reply of its own.",
    },
    Words {
        what: What::WrongSignature,
        label: "A wrong signature",
        does: "A stranger sends a message in the name of this phone, and signs it with another \
               token.",
        right: "Nothing proves that Twilio sent it, so nothing in it is read. The stranger learns \
                only the word “forbidden”.",
    },
    Words {
        what: What::StaleSignature,
        label: "An old request again",
        does: "Somebody who recorded an old request of this phone sends it again, under its old \
               signature.",
        right: "A signature has no date, so the old one is still right. But the id in it is \
                known: the first reply comes again, and the conversation does not move.",
    },
    Words {
        what: What::Recut,
        label: "A request cut differently",
        does: "This phone sends a text that reads like further parameters. Somebody who recorded \
               the request cuts the same signed bytes into a START from another number.",
        right: "The signed bytes have no marks between names and values, so the signature fits \
                both. It belongs to the message that came with it first; the other one is refused \
                as if it were not signed.",
    },
    Words {
        what: What::Long,
        label: "A message of 2,000 characters",
        does: "A message arrives that is longer than any SMS.",
        right: "A message may be as long as its form allows, which has at most 64 KiB; only \
                replies are limited to 1,600 characters. The flow decides what it makes of the \
                text.",
    },
    Words {
        what: What::NoBody,
        label: "A message without a text",
        does: "A signed request arrives without the parameter “Body”.",
        right: "Twilio sends “Body” with every message, even if it is empty. The request is \
                authentic but not a message, so it is refused with the reason, and changes \
                nothing.",
    },
    Words {
        what: What::OtherAccount,
        label: "Another account",
        does: "A signed message arrives that names another Twilio account.",
        right: "TWILIO_ACCOUNT_SID admits one account only, so the message is refused although \
                its signature is right. It changes nothing.",
    },
    Words {
        what: What::Burst,
        label: "Messages without end",
        does: "This phone sends one message after the other, up to 80, until the service falls \
               silent. After that it gets no reply for a while.",
        right: "A sender who is faster than people meets silence, which ends a conversation \
                between two bots. The first 60 messages are answered, then one every 5 seconds. \
                Nobody else notices.",
    },
    Words {
        what: What::DatabaseAway,
        label: "A message while the database is away",
        does: "A message arrives. Stop the database first: the page does not do that, since it \
               would affect everybody.",
        right: "Nothing is answered that is not kept, so the service answers 503. Twilio then \
                tries the fallback URL, which is the same address, and the message is answered \
                there if the database is back.",
    },
];

impl What {
    /// Returns what is said about a mishap.
    pub(super) fn words(self) -> &'static Words {
        let [first, ..] = &TABLE;
        TABLE.iter().find(|words| words.what == self).unwrap_or(first)
    }
}

/// Returns all mishaps, in the order of the menu.
pub(super) fn table() -> &'static [Words] {
    &TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mishap_has_its_words() {
        for words in table() {
            assert_eq!(words.what.words().what, words.what);
            for text in [words.does, words.right] {
                assert!(text.ends_with('.') && !text.contains("  "), "{text}");
            }
        }
    }
}
