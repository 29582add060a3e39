//! Which text of a person may be sent now, which waits for which, and which is
//! never sent.
//!
//! Of one person only the oldest text that waits may be claimed. The next one
//! follows once that one is on its way to the phone.

use std::time::Duration;

use jiff::Timestamp;

use super::news::CUT_OFF;
use super::pace::AHEAD;
use super::state::State;
use super::text::Text;
use crate::conversation::TextKind;

/// How long the next text waits for the report that the one before was sent.
const GAP: Duration = Duration::from_secs(3);

/// How long a claimed text may take. No request lasts that long, so nobody is
/// sending it any more: what became of it is not known.
const CLAIMED_FOR: Duration = Duration::from_mins(1);

/// How long a text is unknown before its question may be sent once more.
const UNKNOWN_FOR: Duration = Duration::from_mins(15);

/// Why a text stays unknown of which there is a second attempt.
const RESENT: &str = "resent";

/// What becomes of texts here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are sent.
    On,
    /// They wait.
    Paused,
    /// They are dropped.
    Off,
}

/// How texts are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether they are sent at all.
    pub mode: Mode,
    /// Whether a question that may have been sent is sent once more.
    pub resends: bool,
}

/// What is known of the person of some texts.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Whether anything is kept of them.
    pub exists: bool,
    /// The number of their messages that were taken.
    pub turns: i64,
    /// When the question was asked at which they are.
    pub asked_at: Option<Timestamp>,
    /// Whether they are at a question.
    pub is_waiting: bool,
}

/// Looks at the texts of one person, oldest first. Gives up what is too late or
/// no longer wanted, and says of each when somebody has to look at it next.
/// Returns the place of the text that may be claimed, if there is one.
///
/// A question that became unknown may be followed by a second attempt, which is
/// added.
pub fn look(
    texts: &mut Vec<Text>,
    person: Standing,
    is_stopped: impl Fn(&Text) -> bool,
    policy: Policy,
    now: Timestamp,
) -> Option<usize> {
    for text in &mut *texts {
        if text.state == State::Claimed && deadline(text) <= now {
            text.turn_into(State::Unknown, Some(CUT_OFF), now);
        }
        let why = (text.state == State::Pending)
            .then(|| why_dropped(text, person, is_stopped(text), policy.mode, now));
        if let Some(reason) = why.flatten() {
            text.turn_into(State::Dropped, Some(reason), now);
        }
    }
    let mut again = Vec::new();
    for text in texts.iter_mut().filter(|text| text.state == State::Unknown) {
        let may_go = may_go_again(text, person, policy);
        text.due_at = may_go.then(|| resend_at(text));
        if may_go && resend_at(text) <= now {
            again.push(text.again(now, now));
            text.turn_into(State::Unknown, Some(RESENT), now);
        }
    }
    texts.extend(again);
    line_up(texts, now)
}

/// Says of each text of a person when somebody has to look at it next, and
/// returns the place of the one that may be claimed now.
#[must_use]
pub fn line_up(texts: &mut [Text], now: Timestamp) -> Option<usize> {
    let mut free_at = Some(Timestamp::MIN);
    let mut next = None;
    for (place, text) in texts.iter_mut().enumerate() {
        match text.state {
            State::Claimed => {
                text.due_at = Some(deadline(text));
                free_at = None;
            }
            State::Accepted => {
                let passes_at = text.accepted_at.map_or(Timestamp::MIN, |at| after(at, GAP));
                free_at = free_at.map(|at| at.max(passes_at));
            }
            State::Pending => {
                let slot_at = text.slot_at.and_then(|at| at.checked_sub(AHEAD).ok());
                let ready_at = slot_at.unwrap_or(Timestamp::MIN).max(text.not_before);
                text.due_at = free_at.map(|at| at.max(ready_at));
                if text.due_at.is_some_and(|at| at <= now) {
                    next = next.or(Some(place));
                }
                // The others follow it, unless it is a second attempt at a later time.
                if text.again_of.is_none() || text.not_before <= now {
                    free_at = None;
                }
            }
            _ => {}
        }
    }
    next
}

/// Gives up, for an operator, the texts of one person that wait and were said
/// before a time. Those behind them follow what is left. Returns how many.
pub fn give_up(texts: &mut [Text], before: Timestamp, now: Timestamp) -> usize {
    let mut given_up = 0;
    for text in &mut *texts {
        if text.state == State::Pending && text.created_at < before {
            text.turn_into(State::Dropped, Some("operator"), now);
            given_up += 1;
        }
    }
    // Nothing is claimed here: a service finds what may be sent now.
    let _ = line_up(texts, now);
    given_up
}

/// Brings the texts of a transaction into the order in which they are stored:
/// known ones by their numbers, as every process locks them. New ones follow and
/// keep their order, since they get their numbers by it.
pub fn as_stored(texts: &mut [Text]) {
    texts.sort_by_key(|text| text.id.unwrap_or(i64::MAX));
}

/// Returns whether a text of the person is on its way at this moment, so that
/// nothing must overtake it.
#[must_use]
pub fn is_in_flight(texts: &[Text], now: Timestamp) -> bool {
    texts.iter().any(|text| match text.state {
        State::Claimed => deadline(text) > now,
        State::Accepted => text.accepted_at.is_some_and(|at| after(at, GAP) > now),
        _ => false,
    })
}

/// Returns why a text that waits is given up, if it is.
fn why_dropped(
    text: &Text,
    person: Standing,
    is_stopped: bool,
    mode: Mode,
    now: Timestamp,
) -> Option<&'static str> {
    let is_nudge = text.kind == TextKind::Nudge;
    let is_about_another = person.asked_at.is_some() && person.asked_at != text.asked_at;
    if !person.exists {
        Some("gone")
    } else if is_stopped {
        Some("opted_out")
    } else if mode == Mode::Off {
        Some("off")
    } else if (is_nudge || text.again_of.is_some()) && person.turns != text.turns {
        Some("answered")
    } else if is_nudge && (!person.is_waiting || is_about_another) {
        Some("over")
    } else if text.good_until <= now {
        Some("late")
    } else {
        None
    }
}

fn may_go_again(text: &Text, person: Standing, policy: Policy) -> bool {
    policy.resends
        && policy.mode != Mode::Off
        && text.state == State::Unknown
        && text.kind == TextKind::Question
        && text.again_of.is_none()
        && text.reason.as_deref() != Some(RESENT)
        && person.is_waiting
        && person.turns == text.turns
        && text.good_until > resend_at(text)
}

fn deadline(text: &Text) -> Timestamp {
    text.claimed_at.map_or(Timestamp::MIN, |at| after(at, CLAIMED_FOR))
}

fn resend_at(text: &Text) -> Timestamp {
    text.claimed_at.map_or(Timestamp::MAX, |at| after(at, UNKNOWN_FOR))
}

fn after(at: Timestamp, pause: Duration) -> Timestamp {
    at.saturating_add(pause).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Channel, Reply, Route, Sender};
    use crate::outbox::text::Occasion;

    fn text(id: Option<i64>, says: usize) -> Text {
        let them = "+14155552671".to_owned();
        let sender = Sender::from_address(&them).unwrap();
        let us = "+15005550006".to_owned();
        let route = Route { channel: Channel::Sms, us, them, service: None };
        let reply = Reply { text: says.to_string(), media: Vec::new() };
        let now = Timestamp::UNIX_EPOCH;
        let kind = TextKind::Statement;
        let occasion = Occasion { kind, turns: 1, asked_at: None, good_until: now, now };
        Text { id, ..Text::new(sender, route, reply, occasion) }
    }

    #[test]
    fn new_texts_keep_their_order_however_many_there_are() {
        let mut texts: Vec<Text> = (0..200).map(|n| text(None, n)).collect();
        texts.extend((0..50).rev().map(|id| text(Some(id), 0)));
        as_stored(&mut texts);
        let ids: Vec<i64> = texts.iter().filter_map(|text| text.id).collect();
        assert_eq!(ids, (0..50).collect::<Vec<_>>());
        let new = texts[50..].iter().map(|text| text.reply.text.parse().unwrap());
        assert_eq!(new.collect::<Vec<usize>>(), (0..200).collect::<Vec<_>>());
    }
}
