//! How much a flow says to a person who does not write: nudges, what follows a
//! timeout or a callback, and `on_expire`.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use super::graph::{Cause, Graph, NodeId};
use super::subflow::SubflowSilence;
use crate::conversation::StepId;
use crate::conversation::finding::Span;
use crate::conversation::load::draft::{Draft, DraftSilence, DraftStep, DraftVerb};
use crate::conversation::load::link::targets::Targets;

/// The most messages in a row to a person who does not write.
pub(crate) const MOST: u64 = 3;

/// The silence after which a conversation is over, where the flow says nothing.
pub(crate) const DEFAULT_EXPIRE: Duration = Duration::from_hours(24);

/// How long before the end of a wait a third party calls back at the latest, as
/// far as the times of texts are concerned.
const BEFORE_THE_END: Duration = Duration::from_mins(1);

/// The time after a person's last message in which WhatsApp takes texts.
pub(crate) const WINDOW: Duration = Duration::from_hours(24);

/// What is said to people who do not write.
#[derive(Default)]
pub(crate) struct Unasked {
    /// Places at which it becomes more than [`MOST`], each with the questions
    /// before.
    pub(crate) excesses: Vec<(Span, Vec<StepId>)>,
    /// A loop in which only silence leads on, and which says nothing: where the
    /// flow leads back, and where it waits.
    pub(crate) endless: Option<(Span, Vec<StepId>)>,
    /// Texts that may come later than [`WINDOW`], each with the longest time.
    pub(crate) late: BTreeMap<(usize, usize), (Span, Duration)>,
    /// What the flows that run this one need of it.
    pub(crate) silence: SubflowSilence,
}

/// What is said on the way to a place where a conversation waits or ends.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    media: u64,
    has_text: bool,
}

impl Said {
    /// The texts share a message; each text with media is one of its own.
    fn messages(self) -> u64 {
        self.media + u64::from(self.has_text)
    }
}

/// Where a silence stands: the messages so far, the time, the questions passed.
#[derive(Clone, Default)]
struct Trail {
    messages: u64,
    time: Duration,
    questions: Vec<StepId>,
    /// Where it has waited, each with the messages until there.
    stops: Vec<(u64, NodeId)>,
}

impl Unasked {
    /// Follows every silence that can begin. The paths must be sound.
    pub(crate) fn of(draft: &Draft, graph: &Graph<'_>) -> Self {
        let mut walk = Walk {
            draft,
            graph,
            turns: HashMap::new(),
            longest: HashMap::new(),
            open: VecDeque::new(),
            found: Self::default(),
        };
        let first = walk.turn(0).into_iter().map(|(stop, said)| walk.messages_to(stop, said));
        walk.found.silence.first = first.max().unwrap_or_default();
        walk.found.silence.latest = draft.steps.iter().filter_map(latest).max();
        let waiting: Vec<NodeId> =
            (0..graph.steps()).filter(|step| graph.waits_long(*step)).collect();
        if draft.on_expire.is_none() && !waiting.iter().any(|step| walk.acts(*step)) {
            return walk.found;
        }
        for step in &waiting {
            walk.call_back(*step);
        }
        for step in waiting {
            let within = graph.subflow(step).map_or(0, |subflow| subflow.silence.most);
            walk.reach(step, Trail { messages: within, ..Trail::default() });
        }
        // This is the method of Bellman and Ford. It ends unless there is an endless loop.
        while let Some((node, trail)) = walk.open.pop_front() {
            let is_longest = walk.longest.get(&(trail.messages, node)) == Some(&trail.time);
            if walk.found.endless.is_some() {
                break;
            }
            if is_longest {
                walk.wait(node, trail);
            }
        }
        walk.found
    }

    fn exceeds(&mut self, span: Span, questions: &[StepId]) {
        if self.excesses.iter().all(|(known, _)| *known != span) {
            self.excesses.push((span, questions.to_vec()));
        }
    }

    fn is_late(&mut self, span: Span, time: Duration) {
        if time >= WINDOW {
            let (_, longest) = self.late.entry((span.start, span.end)).or_insert((span, time));
            *longest = time.max(*longest);
        }
    }
}

/// The last nudge or the timeout of a question.
fn latest(step: &DraftStep) -> Option<Duration> {
    let silence = step.silence()?;
    let timeout = silence.timeout.as_ref().map(|(after, _)| after.value);
    timeout.or(silence.nudges.last().map(|(after, _)| after.value))
}

struct Walk<'a> {
    draft: &'a Draft,
    graph: &'a Graph<'a>,
    /// The turns that begin at a node, as far as they were asked for.
    turns: HashMap<NodeId, BTreeMap<NodeId, Said>>,
    /// The longest time until a silence goes on at a place, by the messages until
    /// there.
    longest: HashMap<(u64, NodeId), Duration>,
    /// The places at which one goes on and that are not followed yet.
    open: VecDeque<(NodeId, Trail)>,
    found: Unasked,
}

impl Walk<'_> {
    /// The silence after which the conversation is over.
    fn over_after(&self) -> Duration {
        self.draft.expire.as_ref().map_or(DEFAULT_EXPIRE, |expire| expire.value)
    }

    /// Notes that something is said so long after the person wrote. Nothing is said
    /// once the conversation is over; of a flow that only others run, they say when.
    fn is_late(&mut self, span: Span, time: Duration) {
        let begins = !self.draft.start.is_empty() || self.draft.start_any.is_some();
        if !begins || time <= self.over_after() {
            self.found.is_late(span, time);
        }
    }

    /// Returns whether something happens while nobody answers here.
    fn acts(&self, node: NodeId) -> bool {
        let silence = self.draft.steps.get(node).and_then(DraftStep::silence);
        let acts = |silence: &DraftSilence| !silence.nudges.is_empty() || silence.timeout.is_some();
        let is_own = silence.is_some_and(acts) || self.graph.is_callback(node);
        let subflow = self.graph.subflow(node);
        is_own || subflow.is_some_and(|subflow| subflow.silence.acts())
    }

    /// Notes that a silence goes on at a place.
    fn reach(&mut self, node: NodeId, mut trail: Trail) {
        let place = (trail.messages, node);
        if self.longest.get(&place).is_none_or(|longest| trail.time > *longest) {
            self.longest.insert(place, trail.time);
            trail.questions.push(node);
            trail.stops.push(place);
            self.open.push_back((node, trail));
        }
    }

    /// Follows a silence at a place that waits.
    fn wait(&mut self, node: NodeId, mut trail: Trail) {
        if trail.messages > MOST {
            return;
        }
        self.found.silence.most = trail.messages.max(self.found.silence.most);
        let silence = self.draft.steps.get(node).and_then(DraftStep::silence);
        if let Some(silence) = silence {
            for (after, _) in &silence.nudges {
                trail.messages += 1;
                self.is_late(after.span, trail.time + after.value);
                if trail.messages > MOST {
                    self.found.silence.most = trail.messages;
                    self.found.exceeds(after.span, &trail.questions);
                    return;
                }
            }
            self.found.silence.most = trail.messages.max(self.found.silence.most);
        }
        self.expire(node, &trail);
        let edges = self.graph.edges(node).to_vec();
        if let Some((after, target)) = silence.and_then(|silence| silence.timeout.as_ref()) {
            trail.time += after.value;
            for edge in edges.iter().filter(|edge| edge.cause == Cause::Timeout) {
                self.go_on(edge.to, target.span, &trail);
            }
        }
        if let Some(subflow) = self.graph.subflow(node).filter(|subflow| subflow.silence.passes) {
            trail.time += subflow.silence.latest.unwrap_or_default();
            let span = self.draft.steps[node].name.span;
            for edge in edges.iter().filter(|edge| edge.cause == Cause::Done) {
                self.go_on(edge.to, span, &trail);
            }
        }
    }

    /// Follows what a third party's result leads to: the count of messages starts
    /// over there.
    fn call_back(&mut self, node: NodeId) {
        let Some(step) = self.draft.steps.get(node).filter(|_| self.graph.is_callback(node)) else {
            return;
        };
        let expire = self.over_after();
        let timeout = step.silence().and_then(|silence| silence.timeout.as_ref());
        // It comes before the wait is over.
        let latest = timeout.map_or(expire, |(after, _)| after.value.min(expire));
        let is_long = latest > WINDOW;
        let time = if is_long { latest } else { latest.saturating_sub(BEFORE_THE_END) };
        let targets = Targets::new(self.draft);
        for (_, target) in &step.when {
            let Some(to) = targets.step(target) else { continue };
            let trail = Trail { time, questions: vec![node], ..Trail::default() };
            self.go_on(to, target.span, &trail);
        }
    }

    /// Follows a turn that silence has begun. `span` is where the flow says so.
    fn go_on(&mut self, from: NodeId, span: Span, trail: &Trail) {
        for (stop, said) in self.turn(from) {
            let messages = trail.messages + self.messages_to(stop, said);
            if messages > trail.messages {
                self.is_late(span, trail.time);
            }
            if messages > MOST {
                self.found.silence.most = messages.max(self.found.silence.most);
                self.found.exceeds(span, &trail.questions);
            } else if let Some(at) = trail.stops.iter().position(|at| *at == (messages, stop)) {
                let steps = || trail.stops[at..].iter().map(|(_, node)| *node).collect();
                self.found.endless.get_or_insert_with(|| (span, steps()));
            } else if self.graph.waits_long(stop) {
                self.reach(stop, Trail { messages, ..trail.clone() });
            } else {
                self.found.silence.most = messages.max(self.found.silence.most);
                self.found.silence.passes = true;
            }
        }
    }

    /// Looks at what is said when the conversation expires here.
    fn expire(&mut self, node: NodeId, trail: &Trail) {
        let Some(target) = &self.draft.on_expire else { return };
        let edges = self.graph.edges(node).to_vec();
        for edge in edges.iter().filter(|edge| edge.cause == Cause::Expiry) {
            let said = self.turn(edge.to).into_values().map(Said::messages).max();
            let said = said.unwrap_or_default();
            if said == 0 {
                continue;
            }
            self.found.is_late(target.span, self.over_after());
            if trail.messages + said > MOST {
                self.found.exceeds(target.span, &trail.questions);
            }
        }
    }

    /// Returns the messages of a turn to a place, with those of a flow that is
    /// run there. A place that waits has said something.
    fn messages_to(&self, stop: NodeId, said: Said) -> u64 {
        let subflow = self.graph.subflow(stop);
        let inside = subflow.map_or(0, |subflow| subflow.silence.first.max(subflow.silence.most));
        let messages = said.messages() + inside;
        let has_asked = self.graph.stops(stop) && !self.graph.is_callback(stop);
        if has_asked { messages.max(1) } else { messages }
    }

    /// Returns where a turn that begins at a node can stop, and what is said
    /// until then at most.
    fn turn(&mut self, node: NodeId) -> BTreeMap<NodeId, Said> {
        if let Some(known) = self.turns.get(&node) {
            return known.clone();
        }
        let step = self.graph.step(node).and_then(|id| self.draft.steps.get(id));
        let own = step.map_or_else(Said::default, said_by);
        let mut stops = BTreeMap::new();
        // What follows a call that silence led to is said to the same silence.
        if step.is_none() || self.graph.waits_long(node) {
            stops.insert(node, own);
        } else {
            let edges = self.graph.edges(node).to_vec();
            for edge in edges.iter().filter(|edge| self.graph.is_by_itself(node, edge)) {
                for (stop, said) in self.turn(edge.to) {
                    let said = Said {
                        media: own.media + said.media,
                        has_text: own.has_text || said.has_text,
                    };
                    let most: &mut Said = stops.entry(stop).or_default();
                    *most = said.max(*most);
                }
            }
        }
        self.turns.insert(node, stops.clone());
        stops
    }
}

fn said_by(step: &DraftStep) -> Said {
    let has_media = !step.media.is_empty();
    let says = match &step.verb {
        DraftVerb::Ask(_) => true,
        DraftVerb::Say(text) => text.as_ref().is_none_or(|text| text.fixed_length != Some(0)),
        DraftVerb::Set(_)
        | DraftVerb::Run(_)
        | DraftVerb::Call(_)
        | DraftVerb::WaitFor(_)
        | DraftVerb::Branch => false,
    };
    Said { media: u64::from(has_media), has_text: says && !has_media }
}
