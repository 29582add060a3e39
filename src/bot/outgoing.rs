//! Texts that answer no message: what news of them changes, and which of them are
//! claimed to be sent. One transaction for the texts of several people.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::number_hash::NumberHash;
use super::parts::Sending;
use super::text_log;
use super::turn::to_millisecond;
use super::versions::Versions;
use crate::conversation::{
    Flows, Session, State as Place, aged, hastened, question_asked_at, stop,
};
use crate::message::{Channel, Sender};
use crate::outbox::news::News;
use crate::outbox::order::{Mode, Standing, as_stored, line_up, look};
use crate::outbox::pace::{AHEAD, Paces, Plan};
use crate::outbox::state::State;
use crate::outbox::text::Text;
use crate::store::{Changes, Person};
use crate::telemetry;

/// How long a plan holds. A text that comes back much later, as after a stop of the
/// service, has to queue again.
const PLAN_HOLDS: SignedDuration = SignedDuration::from_secs(1);

/// Work on texts.
#[derive(Clone, Debug, Default)]
pub struct TextWork {
    /// What is heard about texts, by their numbers.
    pub news: Vec<(i64, News)>,
    /// Senders of whom a text has to be looked at, the longest due first.
    pub senders: Vec<Sender>,
    /// How many texts may be claimed.
    pub room: usize,
    /// A sender whose conversation is shifted, for tests by hand.
    pub shifted: Option<(Sender, Shift)>,
}

/// How the conversation of one person is shifted. The clock stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// The next thing that silence does is due now.
    Next,
    /// This much time passes.
    By(SignedDuration),
    /// It is as if the person had never written. Opt-outs stay.
    Anew,
}

impl TextWork {
    /// Returns the sender whose conversation is shifted.
    pub(super) fn shifted(&self) -> Option<&Sender> {
        self.shifted.as_ref().map(|(sender, _)| sender)
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct TextsDone {
    /// Texts that the caller must send now, each once.
    pub claimed: Vec<Text>,
    /// News of people who are locked: the caller brings them again.
    pub later: Vec<(i64, News)>,
    /// Whether the sender who was to be shifted could be served.
    pub shifted: bool,
    /// How many of the senders still have a text that is due: they are locked,
    /// or nothing more may be claimed.
    pub left_due: usize,
}

/// Work on texts in the worker's queue, and who waits for it.
#[derive(Debug)]
pub(super) struct TextJob {
    pub(super) work: TextWork,
    /// `None` if the database did not do it.
    pub(super) done: oneshot::Sender<Option<TextsDone>>,
}

/// The people of some work, as they are loaded and locked.
#[derive(Debug, Default)]
pub(super) struct LoadedTexts {
    pub(super) people: HashMap<Sender, Person>,
    /// Their texts that are not over, and those of the news, oldest first.
    pub(super) texts: HashMap<Sender, Vec<Text>>,
    pub(super) paces: Paces,
}

/// The changes of some work, before they are saved.
#[derive(Debug, Default)]
pub(super) struct OutgoingTexts {
    pub(super) changes: Changes,
    pub(super) claimed: Vec<Text>,
    pub(super) left_due: usize,
    /// Whether the sender who was to be shifted could be served.
    pub(super) shifted: bool,
    /// The texts whose state has changed.
    moved: Vec<Text>,
}

impl OutgoingTexts {
    pub(super) fn of(
        versions: &Versions,
        LoadedTexts { mut people, mut texts, mut paces }: LoadedTexts,
        work: &TextWork,
        (sending, plan): (&Sending, &mut Plan),
        now: Timestamp,
    ) -> Self {
        let now = to_millisecond(now);
        let changes = Changes { now, ..Changes::default() };
        let mut own = Self { changes, ..Self::default() };
        let mut news: BTreeMap<i64, Vec<&News>> = BTreeMap::new();
        for (id, one) in &work.news {
            news.entry(*id).or_default().push(one);
        }
        // The longest due are first; people of whom there is only news come last.
        let others = texts.keys().filter(|sender| !work.senders.contains(sender));
        let mut order: Vec<Sender> =
            work.senders.iter().chain(others).chain(work.shifted()).cloned().collect();
        // Somebody waits for a reply; for all others nobody does.
        order.sort_by_key(|sender| {
            !texts.get(sender).is_some_and(|texts| texts.iter().any(Text::is_held))
        });
        for sender in order {
            let Some(mut person) = people.remove(&sender) else { continue };
            if let Some((_, shift)) = work.shifted.as_ref().filter(|(who, _)| *who == sender) {
                own.shift(versions, &sender, &mut person, *shift);
            }
            let Some(texts) = texts.remove(&sender) else {
                // What was due has been settled meanwhile, or cannot be read.
                own.left_due += usize::from(work.senders.contains(&sender));
                continue;
            };
            let may_claim = own.claimed.len() < work.room && work.senders.contains(&sender);
            let pace = (sending, &mut paces, &mut *plan);
            own.serve(versions, (sender, person, texts), &news, may_claim, pace);
        }
        own.changes.people.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        as_stored(&mut own.changes.texts);
        own.changes.paces = paces.into_changed();
        own
    }

    /// Shifts the conversation of a person.
    fn shift(&mut self, versions: &Versions, sender: &Sender, person: &mut Person, shift: Shift) {
        let known = versions.known(person).map(|(flows, _)| flows);
        let now = self.changes.now;
        let session = match (shift, known) {
            (Shift::Next, Some(flows)) => hastened(flows, &person.session, now),
            (Shift::By(time), Some(flows)) => Some(aged(flows, &person.session, time)),
            // A conversation in flows that are not known can begin anew as well.
            (Shift::Anew, flows) => {
                let stopped = stop(flows.unwrap_or(&Flows::NONE), &person.session, now);
                let channel = person.reach.as_ref().map_or(Channel::Other, |r| r.route.channel);
                let ended = stopped.ended.into_iter();
                self.changes.ended.extend(ended.map(|ended| (sender.clone(), channel, ended)));
                person.flow_version = None;
                Some(Session::default())
            }
            (Shift::Next | Shift::By(_), None) => return,
        };
        self.shifted = true;
        if let Some(session) = session.filter(|session| *session != person.session) {
            person.session = session;
            self.changes.people.push((sender.clone(), person.clone()));
        }
    }

    fn serve(
        &mut self,
        versions: &Versions,
        (sender, person, before): (Sender, Person, Vec<Text>),
        news: &BTreeMap<i64, Vec<&News>>,
        may_claim: bool,
        (sending, paces, plan): (&Sending, &mut Paces, &mut Plan),
    ) {
        let now = self.changes.now;
        let mut one = One { person: person.clone(), texts: before.clone(), ended: Vec::new() };
        one.hear(versions, news, now);
        let standing = Standing {
            exists: person != Person::default(),
            turns: one.person.turns,
            asked_at: one.person.session.asked.map(|asked| asked.at),
            is_waiting: matches!(one.person.session.state, Place::Waiting(_)),
        };
        let One { person: changed, mut texts, ended } = one;
        let is_stopped = |text: &Text| changed.opt_outs.contains(text.route.line());
        let next = look(&mut texts, standing, is_stopped, sending.policy, now);
        if let Some(text) = next.and_then(|place| texts.get_mut(place))
            && sending.policy.mode == Mode::On
        {
            let (segments, us) = (text.segments(), text.route.us.clone());
            let free_at = paces.free_at(&us, now);
            let is_free = free_at.is_some_and(|at| at.duration_since(now) <= ahead());
            if let (Some(free_at), false) = (free_at, is_free) {
                let soon = |at: Timestamp| now.duration_since(at).abs() <= PLAN_HOLDS;
                let comes_soon = text.is_held() || text.slot_at.is_some_and(soon);
                let times = (free_at, now);
                let place = if comes_soon {
                    free_at
                } else {
                    plan.place(&sending.rates, &us, segments, times)
                };
                text.slot_at = Some(place);
            // One that was only just added has no number yet.
            } else if !may_claim || text.id.is_none() || free_at.is_none() {
                self.left_due += 1;
            } else {
                paces.take(&sending.rates, &us, segments, now);
                text.turn_into(State::Claimed, None, now);
                text.slot_at = free_at;
                text.claimed_at = Some(now);
                text.tries += 1;
                self.claimed.push(text.clone());
            }
            let _ = line_up(&mut texts, now);
        } else if next.is_some() {
            self.left_due += 1;
        }
        let known: HashMap<Option<i64>, &Text> =
            before.iter().map(|text| (text.id, text)).collect();
        for text in texts {
            let known = known.get(&text.id);
            if known.is_none_or(|known| known.state != text.state) {
                self.moved.push(text.clone());
            }
            if known.is_none_or(|known| **known != text) {
                self.changes.texts.push(text);
            }
        }
        let channel = changed.reach.as_ref().map_or(Channel::Other, |reach| reach.route.channel);
        let ended = ended.into_iter().map(|ended| (sender.clone(), channel, ended));
        self.changes.ended.extend(ended);
        if changed != person {
            self.changes.people.retain(|(other, _)| *other != sender);
            self.changes.people.push((sender, changed));
        }
    }

    /// Returns whether there is anything to save.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.texts.is_empty()
            && self.changes.people.is_empty()
            && self.changes.paces.is_empty()
    }

    /// Returns whose texts have gone further.
    pub(super) fn whose_moved(&self) -> impl Iterator<Item = &Sender> {
        self.moved.iter().map(|text| &text.sender)
    }

    /// Returns whether a text has become due that nobody looked at.
    pub(super) fn has_due(&self) -> bool {
        let now = self.changes.now;
        let mut texts = self.changes.texts.iter();
        texts.any(|text| text.state == State::Pending && text.due_at.is_some_and(|at| at <= now))
    }

    /// Logs and counts what became of texts, once it is saved.
    pub(super) fn log(&self, number_hash: &NumberHash) {
        for text in &self.moved {
            text_log::tell(text, number_hash);
        }
        for (_, _, ended) in &self.changes.ended {
            telemetry::conversation_ended(&ended.flow, &ended.outcome);
        }
    }
}

/// How long before its turn a text is claimed.
fn ahead() -> SignedDuration {
    SignedDuration::try_from(AHEAD).unwrap_or_default()
}

/// One person with their texts.
struct One {
    person: Person,
    texts: Vec<Text>,
    ended: Vec<crate::conversation::Ended>,
}

impl One {
    /// Takes the news of this person's texts.
    fn hear(&mut self, versions: &Versions, news: &BTreeMap<i64, Vec<&News>>, now: Timestamp) {
        for place in 0..self.texts.len() {
            let all = self.texts[place].id.and_then(|id| news.get(&id));
            for one in all.into_iter().flatten() {
                self.hear_one(versions, place, one, now);
            }
        }
    }

    fn hear_one(&mut self, versions: &Versions, place: usize, news: &News, now: Timestamp) {
        let Some(text) = self.texts.get_mut(place) else { return };
        let sequel = text.hear(news, now);
        if matches!(text.state, State::Accepted | State::Sent | State::Delivered | State::Read) {
            let id = text.id;
            for again in self.texts.iter_mut().filter(|again| again.again_of == id) {
                if again.state == State::Pending {
                    again.turn_into(State::Dropped, Some("first_was_sent"), now);
                }
            }
        }
        let Some(text) = self.texts.get_mut(place) else { return };
        if sequel.is_asked_now {
            let is_same = self.person.session.asked.map(|asked| asked.at) == text.asked_at;
            if let (true, true, Some((flows, _))) =
                (is_same, text.asked_at.is_some(), versions.known(&self.person))
            {
                self.person.session = question_asked_at(flows, &self.person.session, now);
                text.asked_at = Some(now);
            }
        }
        if let Some(at) = sequel.again_at {
            let again = text.again(at, now);
            self.texts.push(again);
        }
        if sequel.has_opted_out {
            let line = self.texts[place].route.clone();
            self.person.opt_outs.stop(line.line(), now);
            let known = versions.known(&self.person);
            let flows = match known {
                Some((flows, _)) => flows,
                None => &Flows::NONE,
            };
            let turn = stop(flows, &self.person.session, now);
            self.person.session = turn.session;
            self.ended.extend(turn.ended);
        }
        if sequel.is_unreachable {
            for text in self.texts.iter_mut().filter(|text| text.state == State::Pending) {
                text.turn_into(State::Dropped, Some("unreachable"), now);
            }
        }
    }
}
