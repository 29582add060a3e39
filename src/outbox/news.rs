//! What becomes of a text by the provider's answer, or by a later report.

use std::time::Duration;

use jiff::Timestamp;

use super::state::State;
use super::text::Text;
use crate::conversation::TextKind;
use crate::message::Sender;

/// Why a text is unknown that was claimed and of which nobody heard again.
pub(super) const CUT_OFF: &str = "cut_off";

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
                let is_failure = |state| matches!(state, State::Failed | State::Undelivered);
                let is_first = state.replaces(self.state);
                let sequel = match (is_failure(*state), is_first || is_failure(self.state)) {
                    (true, true) => {
                        self.code = self.code.or(*code);
                        let sequel = self.sequel(*fate, now);
                        // A second report of the failure may say more, but not ask for more.
                        let again_at = sequel.again_at.filter(|_| is_first);
                        Sequel { again_at, ..sequel }
                    }
                    _ => Sequel::default(),
                };
                let accepted = self.accepted(Some(sid), *state, now);
                Sequel { is_asked_now: accepted.is_asked_now && !is_failure(*state), ..sequel }
            }
            News::NotSent { .. } | News::Unknown { .. } | News::Refused { .. } => Sequel::default(),
        }
    }

    /// Returns whether a report is about this text. After a database was restored,
    /// a number stands for another text than the provider reports about.
    fn is_meant(&self, sid: &str, to: Option<&str>) -> bool {
        let is_same =
            |to: &str| Sender::from_address(to).ok() == Sender::from_address(&self.route.them).ok();
        // Providers may write a number in another way; their own id decides.
        match &self.sid {
            Some(known) => known == sid,
            None => self.tries > 0 && to.is_none_or(is_same),
        }
    }

    /// Returns whether this attempt is the last one, and nothing is known of it.
    /// News of an earlier one can come late, after somebody else has claimed the
    /// text again. News of one that was given up for cut off are welcome.
    fn is_at(&self, attempt: u32) -> bool {
        let is_cut_off = self.state == State::Unknown && self.reason.as_deref() == Some(CUT_OFF);
        (self.state == State::Claimed || is_cut_off) && self.tries == attempt
    }

    /// Takes the word that the provider has it, in this state at least.
    fn accepted(&mut self, sid: Option<&str>, state: State, now: Timestamp) -> Sequel {
        if self.state.rank().is_none() {
            return Sequel::default();
        }
        if self.sid.is_none() {
            self.sid = sid.map(str::to_owned);
        }
        // The clock of a question of which nobody knew counts from its commit.
        let is_asked_now = self.accepted_at.is_none()
            && self.state != State::Unknown
            && self.kind == TextKind::Question;
        self.accepted_at = self.accepted_at.or(Some(now));
        if state.replaces(self.state) {
            self.turn_into(state, None, now);
        }
        Sequel { is_asked_now, ..Sequel::default() }
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

    /// The answer was in hand, but the database was away for a minute.
    #[test]
    fn an_answer_to_a_text_that_was_cut_off_counts() {
        let cut_off = || {
            let mut text = claimed(TextKind::Statement, 1);
            text.turn_into(State::Unknown, Some(CUT_OFF), at(60));
            text
        };
        let mut text = cut_off();
        text.hear(&News::NotSent { attempt: 1, reason: "busy", wait: None }, at(61));
        assert_eq!(text.state, State::Pending);
        let mut text = cut_off();
        let fate = Fate::OptedOut;
        assert!(
            text.hear(&News::Refused { attempt: 1, code: Some(1), fate }, at(61)).has_opted_out
        );
        let mut text = cut_off();
        text.turn_into(State::Unknown, Some("lost"), at(60));
        text.hear(&News::NotSent { attempt: 1, reason: "busy", wait: None }, at(61));
        assert_eq!(text.state, State::Unknown);
    }

    #[test]
    fn a_second_report_of_a_failure_may_say_why() {
        let failed = |code, fate| News::Reported {
            sid: "SM1".to_owned(),
            to: None,
            state: State::Failed,
            code,
            fate,
        };
        let mut text = claimed(TextKind::Statement, 1);
        let again = Fate::Again(Duration::from_mins(1));
        assert_eq!(text.hear(&failed(None, Fate::GivenUp), at(1)), Sequel::default());
        assert!(text.hear(&failed(Some(21_610), Fate::OptedOut), at(2)).has_opted_out);
        assert_eq!(text.code, Some(21_610));
        assert_eq!(text.hear(&failed(Some(30_008), again), at(3)).again_at, None);
        assert_eq!(text.code, Some(21_610));
        // What reached the phone was not refused.
        text.hear(&reported("SM1", None, State::Delivered), at(4));
        assert!(!text.hear(&failed(Some(21_610), Fate::OptedOut), at(5)).has_opted_out);
    }

    #[test]
    fn the_clock_of_a_question_counts_from_when_it_was_taken() {
        let taken = News::Accepted { sid: None, state: State::Accepted };
        for (kind, is_unknown, expected) in [
            (TextKind::Question, false, true),
            (TextKind::Question, true, false),
            (TextKind::Statement, false, false),
        ] {
            let mut text = claimed(kind, 1);
            if is_unknown {
                text.turn_into(State::Unknown, Some("lost"), at(1));
            }
            assert_eq!(text.hear(&taken, at(2)).is_asked_now, expected, "{kind:?} {is_unknown}");
            assert!(!text.hear(&taken, at(3)).is_asked_now);
        }
    }
}
