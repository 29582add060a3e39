//! What becomes of a text by the provider's answer, or by a later report.

use std::time::Duration;

use jiff::Timestamp;

use super::state::State;
use super::text::Text;
use crate::conversation::TextKind;
use crate::message::Sender;

/// The longest pause before the next attempt at a text that was not sent.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// What is heard about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The provider has it.
    Accepted {
        /// The provider's id of it.
        sid: Option<String>,
        /// Its state so far.
        state: State,
    },
    /// It was proven not to be sent.
    NotSent {
        /// Which attempt that was, from 1.
        attempt: u32,
        /// Why, as a word.
        reason: &'static str,
        /// How long the provider asks to wait.
        wait: Option<Duration>,
    },
    /// Nobody knows whether it was sent.
    Unknown {
        /// Which attempt that was, from 1.
        attempt: u32,
        /// Why, as a word.
        reason: &'static str,
    },
    /// The provider refuses it.
    Refused {
        /// Which attempt that was, from 1.
        attempt: u32,
        /// The provider's error code.
        code: Option<u32>,
        /// What the code asks of us.
        fate: Fate,
    },
    /// A report of the provider. One of a state that is not known here is the
    /// report that the provider has it.
    Reported {
        /// The provider's id of it.
        sid: String,
        /// The person's address, if the report names it.
        to: Option<String>,
        /// The state that is reported.
        state: State,
        /// The provider's error code.
        code: Option<u32>,
        /// What the code asks of us.
        fate: Fate,
    },
}

/// What an error code asks of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// This text is given up.
    GivenUp,
    /// One more text with the same words may go after this time.
    Again(Duration),
    /// The person cannot be reached: what waits for them is given up.
    Unreachable,
    /// The person has opted out at the provider.
    OptedOut,
}

/// What follows from news, beside the text itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sequel {
    /// The time at which the same words may go once more.
    pub again_at: Option<Timestamp>,
    /// Whether what waits for the person is given up.
    pub is_unreachable: bool,
    /// Whether the person has opted out.
    pub has_opted_out: bool,
    /// Whether the question has only now gone to the person.
    pub is_asked_now: bool,
}

impl Text {
    /// Takes news. Nothing happens if it is older than what is known.
    pub fn hear(&mut self, news: &News, now: Timestamp) -> Sequel {
        match news {
            News::Accepted { sid, state } => self.accepted(sid.as_deref(), *state, now),
            News::NotSent { attempt, reason, wait } if self.is_at(*attempt) => {
                let pause = wait.unwrap_or(Duration::ZERO).max(pause(self.tries));
                self.turn_into(State::Pending, Some(reason), now);
                self.not_before = now.saturating_add(pause).unwrap_or(Timestamp::MAX);
                self.slot_at = None;
                Sequel::default()
            }
            News::Unknown { attempt, reason } if self.is_at(*attempt) => {
                self.turn_into(State::Unknown, Some(reason), now);
                Sequel::default()
            }
            News::Refused { attempt, code, fate } if self.is_at(*attempt) => {
                self.code = *code;
                self.turn_into(State::Failed, Some("refused"), now);
                self.sequel(*fate, now)
            }
            News::Reported { sid, to, state, code, fate } => {
                if !self.is_meant(sid, to.as_deref()) {
                    return Sequel::default();
                }
                let is_failure = matches!(state, State::Failed | State::Undelivered);
                if !is_failure || !state.replaces(self.state) {
                    return self.accepted(Some(sid), *state, now);
                }
                let sequel = self.sequel(*fate, now);
                self.accepted(Some(sid), *state, now);
                self.code = self.code.or(*code);
                sequel
            }
            News::NotSent { .. } | News::Unknown { .. } | News::Refused { .. } => Sequel::default(),
        }
    }

    /// Returns whether a report is about this text. After a database was restored,
    /// a number stands for another text than the provider reports about.
    fn is_meant(&self, sid: &str, to: Option<&str>) -> bool {
        let is_same =
            |to: &str| Sender::from_address(to).ok() == Sender::from_address(&self.route.them).ok();
        self.tries > 0
            && self.sid.as_ref().is_none_or(|known| known == sid)
            && to.is_none_or(is_same)
    }

    /// Returns whether this attempt is under way. News of an earlier one can come
    /// late, after somebody else has claimed the text again.
    fn is_at(&self, attempt: u32) -> bool {
        self.state == State::Claimed && self.tries == attempt
    }

    /// Takes the word that the provider has it, in this state at least.
    fn accepted(&mut self, sid: Option<&str>, state: State, now: Timestamp) -> Sequel {
        if self.state.rank().is_none() {
            return Sequel::default();
        }
        if self.sid.is_none() {
            self.sid = sid.map(str::to_owned);
        }
        let is_first = self.accepted_at.is_none();
        if is_first {
            self.accepted_at = Some(now);
        }
        if state.replaces(self.state) {
            self.turn_into(state, None, now);
        }
        Sequel { is_asked_now: is_first && self.kind == TextKind::Question, ..Sequel::default() }
    }

    fn sequel(&self, fate: Fate, now: Timestamp) -> Sequel {
        let again_at = match fate {
            Fate::Again(after) if self.kind != TextKind::Nudge && self.again_of.is_none() => {
                now.checked_add(after).ok().filter(|at| *at < self.good_until)
            }
            _ => None,
        };
        Sequel {
            again_at,
            is_unreachable: fate == Fate::Unreachable,
            has_opted_out: fate == Fate::OptedOut,
            is_asked_now: false,
        }
    }
}

/// Returns the pause after so many attempts: 1, 2, 4 … 60 s.
fn pause(tries: u32) -> Duration {
    let doubled = 1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX);
    Duration::from_secs(1).saturating_mul(doubled).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Channel, Reply, Route};
    use crate::outbox::text::Occasion;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// A text that is being sent for this time.
    fn claimed(kind: TextKind, tries: u32) -> Text {
        let them = "whatsapp:+14155552671".to_owned();
        let sender = Sender::from_address(&them).unwrap();
        let us = "whatsapp:+15005550006".to_owned();
        let route = Route { channel: Channel::Whatsapp, us, them, service: None };
        let good_until = at(86_400);
        let occasion = Occasion { kind, turns: 1, asked_at: None, good_until, now: at(0) };
        let mut text = Text::new(sender, route, Reply::default(), occasion);
        text.id = Some(7);
        text.turn_into(State::Claimed, None, at(0));
        text.claimed_at = Some(at(0));
        text.tries = tries;
        text
    }

    fn reported(sid: &str, to: Option<&str>, state: State) -> News {
        let (sid, to) = (sid.to_owned(), to.map(str::to_owned));
        News::Reported { sid, to, state, code: None, fate: Fate::GivenUp }
    }

    #[test]
    fn the_pause_doubles_up_to_a_minute() {
        for (tries, wait, seconds) in [
            (1, None, 1),
            (2, None, 2),
            (4, None, 8),
            (7, None, 60),
            (200, None, 60),
            (1, Some(7), 7),
            (4, Some(7), 8),
            (1, Some(600), 600),
        ] {
            let mut text = claimed(TextKind::Nudge, tries);
            let wait = wait.map(Duration::from_secs);
            text.hear(&News::NotSent { attempt: tries, reason: "busy", wait }, at(100));
            assert_eq!((text.state, text.not_before), (State::Pending, at(100 + seconds)));
        }
    }

    /// After somebody else has claimed the text again, late news would let it be
    /// sent twice.
    #[test]
    fn news_of_an_earlier_attempt_are_forgotten() {
        for news in [
            News::NotSent { attempt: 1, reason: "busy", wait: None },
            News::Unknown { attempt: 1, reason: "lost" },
            News::Refused { attempt: 1, code: None, fate: Fate::GivenUp },
        ] {
            let mut text = claimed(TextKind::Statement, 2);
            text.hear(&news, at(1));
            assert_eq!(text, claimed(TextKind::Statement, 2), "{news:?}");
            let mut text = claimed(TextKind::Statement, 1);
            text.hear(&news, at(1));
            assert_ne!(text.state, State::Claimed, "{news:?}");
        }
    }

    /// A number may stand for another text after a database was restored.
    #[test]
    fn a_report_about_another_text_is_forgotten() {
        let ours = Some("whatsapp:+14155552671");
        for (tries, known, sid, to, counts) in [
            (1, None, "SM1", None, true),
            (1, None, "SM1", ours, true),
            (1, None, "SM1", Some("+14155552671"), true),
            (1, None, "SM1", Some("+14155552672"), false),
            (1, Some("SM1"), "SM1", ours, true),
            (1, Some("SM1"), "SM2", ours, false),
            (0, None, "SM1", ours, false),
        ] {
            let mut text = claimed(TextKind::Statement, tries);
            text.sid = known.map(str::to_owned);
            text.hear(&reported(sid, to, State::Delivered), at(1));
            let is_delivered = text.state == State::Delivered;
            assert_eq!(is_delivered, counts, "{tries} {known:?} {sid} {to:?}");
        }
    }

    #[test]
    fn only_the_first_attempt_at_a_text_that_is_no_nudge_goes_again() {
        let fate = Fate::Again(Duration::from_mins(10));
        let refused = News::Refused { attempt: 1, code: Some(21_611), fate };
        for (kind, again_of, expected) in [
            (TextKind::Question, None, Some(at(601))),
            (TextKind::Statement, None, Some(at(601))),
            (TextKind::Nudge, None, None),
            (TextKind::Question, Some(3), None),
        ] {
            let mut text = claimed(kind, 1);
            text.again_of = again_of;
            assert_eq!(text.hear(&refused, at(1)).again_at, expected, "{kind:?} {again_of:?}");
            assert_eq!(text.state, State::Failed);
        }
        let mut late = claimed(TextKind::Question, 1);
        late.good_until = at(600);
        assert_eq!(late.hear(&refused, at(1)).again_at, None);
    }
}
