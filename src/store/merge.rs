//! Merges two people into one, once they are known to be the same person.

use jiff::Timestamp;

use super::Person;
use super::form::{AsRead, Form};
use crate::conversation::{Ended, Session, State, outcome};

impl Person {
    /// Takes over what was kept of the same person under another name. Returns
    /// the conversation that was broken off by this, if there was one.
    ///
    /// A person who wants no messages under either name wants none. Of two
    /// conversations the own one continues if it waits, otherwise the other,
    /// unless both have ended and the own one ended later.
    pub(super) fn absorb(&mut self, other: Self, now: Timestamp) -> Option<Ended> {
        self.turns += other.turns;
        // The values of the row are not those of this person any more.
        self.as_read = AsRead(Form::Whole);
        self.opt_outs.add(other.opt_outs);
        let (own, others) = (&self.session, &other.session);
        let is_others = !waits(own, now)
            && (waits(others, now)
                || (!is_waiting(own)
                    && *others != Session::default()
                    && !ended_later(own, others)));
        let mut left = other.session;
        // Texts to both of them now are texts to this person.
        let texts_until = [&self.reach, &other.reach].into_iter().flatten();
        let texts_until = texts_until.filter_map(|reach| reach.texts_until).max();
        if is_others || self.reach.is_none() {
            self.reach = other.reach.or(self.reach.take());
        }
        if let Some(reach) = &mut self.reach {
            reach.texts_until = texts_until;
        }
        if is_others {
            std::mem::swap(&mut self.session, &mut left);
            self.flow_version = other.flow_version;
        }
        if self.session.language.is_none() {
            self.session.language.clone_from(&left.language);
        }
        is_waiting(&left).then(|| Ended {
            flow: left.outermost_flow().unwrap_or_default().to_owned(),
            outcome: outcome::EXPIRED.to_owned(),
            answers: left.outermost_answers().clone(),
            began_at: left.since,
            ended_at: left.expires_at.map_or(now, |at| at.min(now)),
        })
    }
}

fn is_waiting(session: &Session) -> bool {
    matches!(session.state, State::Waiting(_))
}

/// Returns whether both have ended, and this one later.
fn ended_later(session: &Session, than: &Session) -> bool {
    let has_ended = |session: &Session| matches!(session.state, State::Ended(_));
    has_ended(session) && has_ended(than) && session.since > than.since
}

/// Returns whether it waits for an answer, and has not expired.
fn waits(session: &Session, now: Timestamp) -> bool {
    is_waiting(session) && session.expires_at.is_none_or(|at| at > now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::time::parse_time;

    fn at(hour: u32) -> Timestamp {
        parse_time(&format!("2026-11-23 {hour:02}:00:00.000")).unwrap()
    }

    /// Returns a person whose conversation is `begun` (`-`: none, a step with
    /// its expiry, or an outcome); `flow` identifies it afterwards.
    fn person(begun: &str, flow: &str) -> Person {
        let (state, expires_at) = match begun.split_once(' ') {
            Some((step, hour)) => {
                (State::Waiting(step.to_owned()), Some(at(hour.parse().unwrap())))
            }
            None if begun == "-" => return Person { turns: 2, ..Person::default() },
            None => (State::Ended(begun.to_owned()), None),
        };
        let session =
            Session { flow: Some(flow.to_owned()), state, expires_at, ..Session::default() };
        Person { session, turns: 3, flow_version: Some(7), ..Person::default() }
    }

    #[test]
    fn the_conversation_that_waits_goes_on() {
        for (own, other, goes_on, ended) in [
            ("-", "-", None, None),
            ("-", "ask 13", Some("other"), None),
            ("-", "ask 11", Some("other"), None),
            ("-", "DONE", Some("other"), None),
            ("ask 13", "-", Some("own"), None),
            ("ask 13", "DONE", Some("own"), None),
            ("ask 13", "ask 14", Some("own"), Some(("other", 12))),
            ("ask 13", "ask 11", Some("own"), Some(("other", 11))),
            ("ask 11", "ask 13", Some("other"), Some(("own", 11))),
            ("ask 11", "ask 10", Some("own"), Some(("other", 10))),
            ("ask 11", "DONE", Some("own"), None),
            ("ask 11", "-", Some("own"), None),
            ("DONE", "ask 13", Some("other"), None),
            ("DONE", "DONE", Some("other"), None),
            ("DONE", "-", Some("own"), None),
        ] {
            let (mut person, other_person) = (person(own, "own"), person(other, "other"));
            let turns = person.turns + other_person.turns;
            let left = person.absorb(other_person, at(12));
            let case = format!("{own} and {other}");
            assert_eq!(person.session.flow.as_deref(), goes_on, "{case}");
            assert_eq!(person.turns, turns, "{case}");
            assert_eq!(person.flow_version, goes_on.map(|_| 7), "{case}");
            let left = left.map(|left| {
                assert_eq!(left.outcome, "EXPIRED", "{case}");
                (left.flow, left.ended_at)
            });
            assert_eq!(left, ended.map(|(flow, hour)| (flow.to_owned(), at(hour))), "{case}");
        }
    }

    #[test]
    fn of_two_that_have_ended_the_later_end_counts() {
        for (own, other, counts) in [
            (Some(11), Some(10), "own"),
            (Some(11), None, "own"),
            (Some(10), Some(11), "other"),
            (Some(10), Some(10), "other"),
            (None, Some(10), "other"),
        ] {
            let ended = |hour: Option<u32>, flow| {
                let mut person = person("DONE", flow);
                person.session.since = hour.map(at);
                person
            };
            let mut person = ended(own, "own");
            assert_eq!(person.absorb(ended(other, "other"), at(12)), None);
            assert_eq!(person.session.flow.as_deref(), Some(counts), "{own:?} and {other:?}");
        }
    }

    #[test]
    fn a_language_that_was_chosen_is_kept() {
        let speaks = |language: Option<&str>, begun: &str| {
            let mut person = person(begun, "flow");
            person.session.language = language.map(str::to_owned);
            person
        };
        for (own, other, kept) in [
            (None, None, None),
            (Some("de"), None, Some("de")),
            (None, Some("es"), Some("es")),
            (Some("de"), Some("es"), Some("es")),
        ] {
            let mut person = speaks(own, "DONE");
            person.absorb(speaks(other, "ask 13"), at(12));
            assert_eq!(person.session.language.as_deref(), kept, "{own:?} and {other:?}");
        }
    }
}
