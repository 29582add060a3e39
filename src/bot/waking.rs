//! The turns that silence, the answers of calls and callbacks cause: one
//! transaction for several people.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::callbacks::{self, CalledBack, Verdict};
use super::calls::{Called, Wanted};
use super::cause::{Cause, happened};
use super::closing_reply::Closing;
use super::moved::{After, Moved};
use super::number_hash::NumberHash;
use super::parts::Parts;
use super::text_log;
use super::turn::{texts_until, to_millisecond};
use super::versions::Versions;
use crate::conversation::{
    Callbacks, Contact, Effect, Event, Explained, Flows, Happened, Moment, Note, Session, TextKind,
    Trace, Turn, is_asking, narration, question_asked_at, step_explained,
};
use crate::message::{Channel, MAX_REPLIES, Reply, Sender};
use crate::outbox::order::{Mode, line_up};
use crate::outbox::state::State;
use crate::outbox::text::{Occasion, Text};
use crate::store::{Changes, ClosedReply, Person};
use crate::telemetry;

/// The turns of people who did not write, and what they change.
#[derive(Debug, Default)]
pub(super) struct Wakings {
    pub(super) changes: Changes,
    /// The turns that moved something.
    moved: Vec<Moved>,
    /// Facts for the log.
    notes: Vec<(Sender, Note)>,
    /// What became of the results of callbacks.
    pub(super) verdicts: HashMap<Sender, Verdict>,
    /// Whether a text waits to be sent.
    pub(super) has_said: bool,
    /// People to whom a text cannot be sent.
    unreachable: Vec<Sender>,
    /// The calls to make once this is saved.
    pub(super) calls: Vec<Wanted>,
    /// People in flows that are not loaded.
    pub(super) left: Vec<Sender>,
    /// What explains each turn, if it is to be explained.
    pub(super) explained: Option<Vec<Explained>>,
}

/// How long after a reply the texts that follow a call are sent at the earliest,
/// so that they do not overtake it.
const AFTER_REPLY: SignedDuration = SignedDuration::from_secs(3);

/// A person at their turn.
struct Moving<'a> {
    sender: Sender,
    person: Person,
    channel: Channel,
    version: i64,
    /// The texts that are on their way to them.
    texts: Vec<Text>,
    /// What moves them; without a cause, silence does.
    cause: Option<Cause<'a>>,
}

impl Wakings {
    /// Lets time pass for these people, whose sessions are locked, or moves them by
    /// a cause. A person in flows that are not loaded is left
    /// to a process that has them. `texts` are those that are on their way to
    /// them.
    pub(super) fn of(
        versions: &Versions,
        (people, mut texts): (HashMap<Sender, Person>, HashMap<Sender, Vec<Text>>),
        causes: &HashMap<&Sender, Cause<'_>>,
        parts: &Parts,
        now: Timestamp,
    ) -> Self {
        let now = to_millisecond(now);
        let explained = parts.explanations.is_some().then(Vec::new);
        let mut wakings = Self { explained, ..Self::default() };
        wakings.changes.now = now;
        let explains = wakings.explained.is_some();
        let step = |flows: &Flows, session: &Session, event: Event<'_>, moment: Moment<'_>| {
            step_explained(flows, session, event, moment, explains)
        };
        for (sender, person) in people {
            let cause = causes.get(&sender).copied();
            if !is_kept(&person, cause, &mut wakings.verdicts) {
                continue;
            }
            if cause.is_none() && !may_be_due(&person, now) {
                continue;
            }
            let Some((flows, version)) = versions.known(&person) else {
                wakings.left.push(sender);
                continue;
            };
            let reach = person.reach.as_ref();
            let channel = reach.map_or(Channel::Other, |reach| reach.route.channel);
            let profile_name = reach.and_then(|reach| reach.profile_name.as_deref());
            let contact = Contact { sender: &sender, profile_name, channel };
            let mut texts = texts.remove(&sender).unwrap_or_default();
            let fresh = callbacks::offered(flows);
            let at = |now| Moment {
                now,
                callbacks: Callbacks { base: &parts.callback_base, fresh: &fresh },
            };
            let (turn, trace) = match cause {
                Some(Cause::Called(Called { call, answer, .. })) => {
                    let event = Event::Called { contact, call, answer };
                    let moment = at(after(&person.session, now));
                    let (turn, trace) = step(flows, &person.session, event, moment);
                    let has_moved = turn.session != person.session || !turn.ended.is_empty();
                    if !has_moved && turn.effects.is_empty() {
                        continue;
                    }
                    (turn, trace)
                }
                Some(Cause::CalledBack(called)) => {
                    let (verdict, moves) = callbacks::judge(flows, &person.session, called, now);
                    wakings.verdicts.insert(sender.clone(), verdict);
                    if !moves {
                        continue;
                    }
                    let CalledBack { name, result, .. } = called;
                    let event = Event::CalledBack { contact, callback: name, result };
                    let (turn, trace) = step(flows, &person.session, event, at(now));
                    if turn.session.state == person.session.state && turn.effects.is_empty() {
                        // The result came early, and nobody has to hear of that.
                        let happened = happened(cause, flows, &person.session);
                        let because = (&person.session, &turn, trace);
                        wakings.explain((&sender, channel), happened, because);
                        wakings.postpone((sender, person), turn.session, Vec::new());
                        continue;
                    }
                    (turn, trace)
                }
                None => {
                    if let Some(session) = not_asked_yet(flows, &person.session, &mut texts, now) {
                        wakings.postpone((sender, person), session, texts);
                        continue;
                    }
                    step(flows, &person.session, Event::Silence(contact), at(now))
                }
            };
            let has_moved = turn.session != person.session || !turn.ended.is_empty();
            if explains && (has_moved || !turn.effects.is_empty()) {
                let happened = happened(cause, flows, &person.session);
                wakings.explain((&sender, channel), happened, (&person.session, &turn, trace));
            }
            let moving = Moving { sender, person, channel, version, texts, cause };
            wakings.take(moving, turn, parts.sending.policy.mode);
        }
        // Rows are written in key order, as they were locked.
        wakings.changes.people.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        wakings
    }

    /// Keeps what explains a turn, if it is to be explained.
    fn explain(
        &mut self,
        (sender, channel): (&Sender, Channel),
        happened: Happened,
        (before, turn, trace): (&Session, &Turn, Trace),
    ) {
        let whose = (sender.clone(), self.changes.now, channel);
        if let Some(explained) = &mut self.explained {
            explained.push(Explained::new(whose, happened, (before, turn, trace)));
        }
    }

    fn take(
        &mut self,
        Moving { sender, mut person, channel, version, texts, cause }: Moving<'_>,
        turn: Turn,
        mode: Mode,
    ) {
        let before = person.session.state.as_str().to_owned();
        let after = turn.session.state.as_str().to_owned();
        let state_before = before.clone();
        let has_moved = before != after || !turn.ended.is_empty();
        if has_moved || !turn.effects.is_empty() {
            person.flow_version = Some(version);
            let came_after = match cause {
                None => After::Silence,
                Some(Cause::Called(_)) => After::Call,
                Some(Cause::CalledBack(_)) => After::Callback,
            };
            let (sender, states) = (sender.clone(), (before, after));
            self.moved.push(Moved { sender, states, after: came_after });
        }
        self.notes.extend(turn.notes.into_iter().map(|note| (sender.clone(), note)));
        for ended in turn.ended {
            self.changes.ended.push((sender.clone(), channel, ended));
        }
        person.session = turn.session;
        let mut effects = turn.effects;
        let takes_texts = cause.is_some() && texts.is_empty();
        let has_replied = self.reply(&mut person, &mut effects, (takes_texts, state_before));
        let replied_at = match cause {
            Some(Cause::Called(called)) => called.replied_at,
            Some(Cause::CalledBack(_)) | None => None,
        };
        let before = person.reach.as_ref().and_then(|reach| reach.replied_at);
        let replied_at = has_replied.then_some(self.changes.now).or(replied_at).or(before);
        let effects = self.call(&sender, &person, effects, replied_at);
        self.say(&sender, &mut person, effects, (texts, replied_at, mode));
        self.changes.people.push((sender, person));
    }

    /// Keeps a session whose question is still on its way to the person.
    fn postpone(&mut self, (sender, person): (Sender, Person), session: Session, texts: Vec<Text>) {
        self.changes.texts.extend(texts);
        self.changes.people.push((sender, Person { session, ..person }));
    }

    /// Closes the open reply to the person's last message, if there is one. If
    /// `takes_texts`, it says what the turn says, as far as it fits, and stays
    /// open if that is only a further call. Returns whether it says anything.
    fn reply(
        &mut self,
        person: &mut Person,
        effects: &mut Vec<Effect>,
        (takes_texts, state_before): (bool, String),
    ) -> bool {
        let Some(reach) = &mut person.reach else { return false };
        let Some(open) = reach.open.take() else { return false };
        let texts = effects.iter().filter_map(|effect| match effect {
            Effect::Text { reply, .. } => Some(reply.clone()),
            Effect::Call { .. } | Effect::Spend { .. } => None,
        });
        let texts: Vec<Reply> = texts.take(MAX_REPLIES).collect();
        let calls = effects.iter().any(|effect| matches!(effect, Effect::Call { .. }));
        if takes_texts && calls && texts.is_empty() {
            reach.open = Some(open);
            return false;
        }
        let texts = if takes_texts { texts } else { Vec::new() };
        let count = texts.len();
        let closed = Closing::of(&open.said(), texts);
        let mut taken = closed.taken;
        // Texts that go by REST belong to a later state.
        let leads_on = takes_texts && taken == count;
        let state = if leads_on { person.session.state.as_str().to_owned() } else { state_before };
        effects.retain(|effect| match effect {
            Effect::Text { .. } if taken > 0 => {
                taken -= 1;
                false
            }
            _ => true,
        });
        let (id, reply) = (open.id().to_owned(), closed.bytes);
        self.changes.closed.push(ClosedReply { id, reply, state });
        closed.says
    }

    /// Keeps the calls that a turn asks for and the callback that it has spent, and
    /// returns its texts.
    fn call(
        &mut self,
        sender: &Sender,
        person: &Person,
        effects: Vec<Effect>,
        replied_at: Option<Timestamp>,
    ) -> Vec<Effect> {
        let mut others = Vec::with_capacity(effects.len());
        for effect in effects {
            match effect {
                Effect::Call { request } => {
                    let (sender, turns) = (sender.clone(), person.turns);
                    self.calls.push(Wanted { sender, turns, request, replied_at });
                }
                Effect::Spend { callback, result } => self.changes.spent.push((callback, result)),
                text @ Effect::Text { .. } => others.push(text),
            }
        }
        others
    }

    /// Puts what a turn says into the outbox, behind the texts that are on their
    /// way already.
    fn say(
        &mut self,
        sender: &Sender,
        person: &mut Person,
        effects: Vec<Effect>,
        (mut texts, replied_at, mode): (Vec<Text>, Option<Timestamp>, Mode),
    ) {
        let now = self.changes.now;
        let Some(reach) = &mut person.reach else {
            if !effects.is_empty() {
                self.unreachable.push(sender.clone());
            }
            return;
        };
        if effects.is_empty() {
            return;
        }
        for effect in effects {
            let Effect::Text { reply, kind, good_until } = effect else { continue };
            let asked_at = person.session.asked.map(|asked| asked.at);
            let occasion = Occasion { kind, turns: person.turns, asked_at, good_until, now };
            let mut text = Text::new(sender.clone(), reach.route.clone(), reply, occasion);
            let earliest = replied_at.and_then(|at| at.checked_add(AFTER_REPLY).ok());
            text.not_before = text.not_before.max(earliest.unwrap_or(now));
            if mode == Mode::Off {
                text.turn_into(State::Dropped, Some("off"), now);
            }
            texts.push(text);
        }
        let _ = line_up(&mut texts, now);
        reach.texts_until = texts_until(reach.texts_until, &texts, now);
        self.has_said |= mode == Mode::On;
        self.changes.texts.extend(texts);
    }

    /// Returns whose conversations have moved.
    pub(super) fn whose_moved(&self) -> impl Iterator<Item = &Sender> {
        self.moved.iter().map(|moved| &moved.sender)
    }

    /// Logs and counts the turns, once they are saved.
    pub(super) fn log(&self, number_hash: &NumberHash) {
        self.moved.iter().for_each(|moved| moved.log(number_hash));
        for (sender, note) in &self.notes {
            let note = narration::note(note);
            tracing::warn!(
                sender.hash = number_hash.of(sender),
                note,
                "something was out of the ordinary in a turn"
            );
        }
        for sender in &self.unreachable {
            tracing::warn!(
                sender.hash = number_hash.of(sender),
                "a text cannot be sent: the row does not say how the person is reached"
            );
        }
        let by_silence = self.moved.iter().filter(|moved| moved.after == After::Silence);
        telemetry::woken(by_silence.count());
        for (_, _, ended) in &self.changes.ended {
            telemetry::conversation_ended(&ended.flow, &ended.outcome);
        }
        for text in self.changes.texts.iter().filter(|text| text.id.is_none()) {
            text_log::tell(text, number_hash);
        }
    }
}

/// Returns whether a person is there. One whose row was deleted meanwhile stays
/// deleted, and so does their callback.
fn is_kept(
    person: &Person,
    cause: Option<Cause<'_>>,
    verdicts: &mut HashMap<Sender, Verdict>,
) -> bool {
    let is_kept = *person != Person::default();
    if let (false, Some(Cause::CalledBack(called))) = (is_kept, cause) {
        verdicts.insert(called.sender.clone(), Verdict::Gone);
    }
    is_kept
}

/// Returns whether silence may be over here. A person whose wait cannot be read
/// has no time for it any more, and is woken once, so that the row becomes
/// readable.
fn may_be_due(person: &Person, now: Timestamp) -> bool {
    person.session.wakes_at.is_none_or(|at| at <= now)
}

/// Returns the time of a turn, at which no call of the session can have begun:
/// the next call of the same step must not have the same id.
fn after(session: &Session, now: Timestamp) -> Timestamp {
    let began_now = session.asked.is_some_and(|asked| asked.at == now);
    if began_now { now.checked_add(SignedDuration::from_millis(1)).unwrap_or(now) } else { now }
}

/// Returns the session with the clock of its question set back, if the question
/// still waits to be sent: nobody can answer what they have not been asked. The
/// end of the conversation does not wait for that.
fn not_asked_yet(
    flows: &Flows,
    session: &Session,
    texts: &mut [Text],
    now: Timestamp,
) -> Option<Session> {
    let asked_at = session.asked?.at;
    if !is_asking(flows, session) {
        return None;
    }
    let is_over = session.expires_at.is_some_and(|at| at <= now);
    let is_it = |text: &&mut Text| {
        let is_open = matches!(text.state, State::Pending | State::Claimed);
        is_open && text.kind == TextKind::Question && text.asked_at == Some(asked_at)
    };
    let text = texts.iter_mut().find(is_it).filter(|_| !is_over)?;
    text.asked_at = Some(now);
    Some(question_asked_at(flows, session, now))
}
