//! The content of a diagram: boxes, and lines between them.
//!
//! In a long flow, nobody can follow a line across many boxes. A jump back or
//! far ahead therefore ends at a flag with the name of the step, and each end
//! of the flow has a box of its own. Three or more steps in a row that only say
//! or set something are one box.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::exits::{self, Exit};
use super::label::shorten;
use crate::conversation::duration;
use crate::conversation::flow::{CallUrl, CommandTarget, Flow, Kind, Step, StepId, Target, Verb};

/// The longest text in a box, in characters.
const LONGEST_TEXT: usize = 44;

/// A flow with this many boxes or more is long.
const LONG: usize = 20;

/// The number of boxes that a line may lead ahead in a long flow.
const FAR: usize = 5;

/// The number of steps without a question or a decision that are drawn as one.
const CHAIN: usize = 3;

/// The id of the box with the commands.
pub(super) const COMMANDS: &str = "commands";

/// The id of the box with which a flow begins.
pub(super) const START: &str = "start";

/// All boxes and lines.
pub(super) struct Picture {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

/// A box.
pub(super) struct Node {
    pub(super) id: String,
    pub(super) shape: Shape,
    /// The name of a step; empty for other boxes.
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    /// The names of the steps that it stands for.
    pub(super) steps: Vec<String>,
}

/// The shape of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A question.
    Ask,
    /// A text.
    Say,
    /// Variables that are set.
    Set,
    /// Another flow that runs, a call, or a wait for a callback.
    Run,
    /// A decision.
    Decide,
    /// The beginning or an end of a flow.
    Terminal,
    /// The words that are heard at every question.
    Commands,
    /// The name of a step that is drawn elsewhere.
    Elsewhere,
}

/// A line.
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) labels: Vec<String>,
    pub(super) is_dotted: bool,
}

impl Picture {
    pub(super) fn of(flow: &Flow, with_texts: bool) -> Self {
        let exits = exits(flow);
        let chains = chains(flow, &exits);
        let mut drawing = Drawing {
            flow,
            with_texts,
            is_long: chains.len() > LONG,
            place: (0..)
                .zip(&chains)
                .flat_map(|(at, c)| c.iter().map(move |id| (*id, at)))
                .collect(),
            picture: Self { nodes: Vec::new(), edges: Vec::new() },
            ends: BTreeMap::new(),
            flags: 0,
        };
        drawing.start();
        for chain in &chains {
            drawing.chain(chain, &exits);
        }
        drawing.commands(&exits);
        drawing.picture
    }
}

/// Returns the exits of each step. A help text that only a command leads to has
/// none, since it leads back.
fn exits(flow: &Flow) -> Vec<Vec<Exit>> {
    let mut exits: Vec<Vec<Exit>> = flow.steps.iter().map(exits::exits).collect();
    for (id, step) in flow.steps.iter().enumerate() {
        // The order is that of the file, so that several in a row are all
        // found.
        if step.resume && !is_entered(id, &exits) {
            exits[id].clear();
        }
    }
    exits
}

/// Returns the steps in file order, grouped into boxes.
fn chains(flow: &Flow, exits: &[Vec<Exit>]) -> Vec<Vec<StepId>> {
    let mut entrances = vec![0_usize; flow.steps.len()];
    let by_command = flow.commands.iter().filter_map(|command| match command.target {
        CommandTarget::Step(id) => Some(id),
        _ => None,
    });
    let by_exit = exits.iter().flatten().filter_map(|exit| match &exit.target {
        Target::Step(id) => Some(*id),
        Target::End(_) => None,
    });
    let by_silence = flow.on_expire.map(|on_expire| on_expire.step);
    for id in by_command.chain(by_exit).chain(by_silence).chain([0]) {
        if let Some(count) = entrances.get_mut(id) {
            *count += 1;
        }
    }
    let is_plain = |step: &Step| {
        matches!(step.verb, Verb::Say(_) | Verb::Set(_)) && !step.resume && step.branches.is_empty()
    };
    let mut chains: Vec<Vec<StepId>> = Vec::new();
    for (id, step) in flow.steps.iter().enumerate() {
        let goes_on = chains.last().and_then(|chain| chain.last()).is_some_and(|last| {
            let before = &flow.steps[*last];
            is_plain(before) && is_plain(step) && before.next == Target::Step(id)
        });
        match chains.last_mut() {
            Some(chain) if goes_on && entrances[id] == 1 => chain.push(id),
            _ => chains.push(vec![id]),
        }
    }
    let parted = chains.into_iter().flat_map(|chain| {
        if chain.len() < CHAIN {
            chain.into_iter().map(|id| vec![id]).collect()
        } else {
            vec![chain]
        }
    });
    parted.collect()
}

struct Drawing<'a> {
    flow: &'a Flow,
    with_texts: bool,
    is_long: bool,
    /// The index of each step's box.
    place: BTreeMap<StepId, usize>,
    picture: Picture,
    /// The boxes of outcomes, by outcome and, in a long flow, by the box that leads there.
    ends: BTreeMap<(String, String), String>,
    flags: usize,
}

impl Drawing<'_> {
    fn start(&mut self) {
        let mut words: Vec<&str> = self.flow.start_words().map(String::as_str).collect();
        if self.flow.start_any {
            words.push("any message");
        }
        if words.is_empty() {
            words.push("another flow runs it");
        }
        self.node(
            START.to_owned(),
            Shape::Terminal,
            "",
            vec![shorten(&words.join(", "), LONGEST_TEXT)],
        );
        if !self.flow.steps.is_empty() {
            let to = self.id(0);
            self.edge(START.to_owned(), to, &[], false);
        }
    }

    /// Draws a box, and the lines that leave it.
    fn chain(&mut self, chain: &[StepId], exits: &[Vec<Exit>]) {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return };
        let Some(step) = self.flow.steps.get(*first) else { return };
        let id = self.id(*first);
        let (shape, lines) = if chain.len() == 1 { self.step(step) } else { self.steps(chain) };
        self.node(id.clone(), shape, &step.name, lines);
        if let Some(node) = self.picture.nodes.last_mut() {
            let steps = chain.iter().filter_map(|id| self.flow.steps.get(*id));
            node.steps = steps.map(|step| step.name.clone()).collect();
        }
        for exit in exits.get(*last).into_iter().flatten() {
            let to = self.target(&id, *last, &exit.target);
            self.edge(id.clone(), to, &exit.labels, exit.is_failure);
        }
    }

    fn step(&self, step: &Step) -> (Shape, Vec<String>) {
        let mut lines = Vec::new();
        let shape = match &step.verb {
            Verb::Ask(ask) => {
                lines.push(self.text(&ask.text.written()));
                lines.extend(nudges(step));
                if let Kind::Options(choices) = &ask.answer.kind
                    && step.when.is_empty()
                {
                    let labels: Vec<&str> = choices.iter().map(|c| c.label.as_str()).collect();
                    lines.push(self.text(&labels.join(" / ")));
                }
                Shape::Ask
            }
            Verb::Say(text) => {
                lines.push(self.text(&text.written()));
                Shape::Say
            }
            Verb::Set(entries) => {
                let set =
                    entries.iter().map(|(name, value)| format!("{name} = {}", value.written()));
                lines.push(self.text(&set.collect::<Vec<_>>().join(", ")));
                Shape::Set
            }
            Verb::Run(run) => {
                lines.push(format!("runs {}", run.flow));
                Shape::Run
            }
            Verb::Call(call) => {
                let CallUrl { origin, path, .. } = &call.url;
                lines.push(format!("{} {}", call.method, self.text(origin)).trim_end().to_owned());
                lines.push(self.text(&path.written()));
                Shape::Run
            }
            Verb::WaitFor(wait) => {
                lines.push(format!("waits for {}", wait.name));
                lines.extend(nudges(step));
                Shape::Run
            }
            Verb::Branch => Shape::Decide,
        };
        lines.retain(|line| !line.is_empty());
        (shape, lines)
    }

    /// Returns the box of several steps: the first with its text, and the names
    /// of the others.
    fn steps(&self, chain: &[StepId]) -> (Shape, Vec<String>) {
        let steps: Vec<&Step> = chain.iter().filter_map(|id| self.flow.steps.get(*id)).collect();
        let shape = if steps.iter().any(|step| matches!(step.verb, Verb::Say(_))) {
            Shape::Say
        } else {
            Shape::Set
        };
        let mut lines = steps.first().map(|step| self.step(step).1).unwrap_or_default();
        let others: Vec<&str> = steps.iter().skip(1).map(|step| step.name.as_str()).collect();
        let listed = format!("then {}", others.join(", "));
        lines.push(if listed.chars().count() > LONGEST_TEXT {
            format!("then {} more, up to {}", others.len(), others.last().unwrap_or(&""))
        } else {
            listed
        });
        (shape, lines)
    }

    /// Returns the box that a line leads to: that of a step, a flag with its
    /// name, or an end.
    fn target(&mut self, from: &str, from_step: StepId, target: &Target) -> String {
        match target {
            Target::Step(to) => {
                let place = |id: &StepId| self.place.get(id).copied().unwrap_or_default();
                let (here, there) = (place(&from_step), place(to));
                let is_near = (here + 1..=here + FAR).contains(&there);
                if !self.is_long || is_near { self.id(*to) } else { self.flag(*to) }
            }
            Target::End(outcome) => {
                let key =
                    (outcome.clone(), if self.is_long { from.to_owned() } else { String::new() });
                if let Some(id) = self.ends.get(&key) {
                    return id.clone();
                }
                let id = format!("end_{}", self.ends.len() + 1);
                self.node(id.clone(), Shape::Terminal, "", vec![outcome.clone()]);
                self.ends.insert(key, id.clone());
                id
            }
        }
    }

    /// Draws a flag with the name of a step that is drawn elsewhere.
    fn flag(&mut self, to: StepId) -> String {
        self.flags += 1;
        let id = format!("to_{}", self.flags);
        let name = self.flow.steps.get(to).map_or("", |step| step.name.as_str());
        self.node(id.clone(), Shape::Elsewhere, "", vec![name.to_owned()]);
        id
    }

    /// Draws the commands as one box. Lines lead from it only to steps that
    /// nothing else leads to.
    fn commands(&mut self, exits: &[Vec<Exit>]) {
        if self.flow.commands.is_empty() && self.flow.on_expire.is_none() {
            return;
        }
        let mut lines = Vec::new();
        let mut targets = BTreeSet::new();
        for command in &self.flow.commands {
            let does = match command.target {
                CommandTarget::Step(id) => {
                    let step = self.flow.steps.get(id);
                    let back = step.is_some_and(|step| step.resume);
                    if !is_entered(id, exits) {
                        targets.insert(id);
                    }
                    let name = step.map_or("", |step| step.name.as_str());
                    if back { format!("{name}, and back") } else { name.to_owned() }
                }
                CommandTarget::Restart => "from the beginning".to_owned(),
                CommandTarget::Repeat => "asks again".to_owned(),
                CommandTarget::Stop => "CANCELLED".to_owned(),
            };
            lines.push(format!("{} → {does}", shorten(&command.words.join(", "), LONGEST_TEXT)));
        }
        if let Some(on_expire) = self.flow.on_expire {
            if !is_entered(on_expire.step, exits) {
                targets.insert(on_expire.step);
            }
            let name = self.flow.steps.get(on_expire.step).map_or("", |step| step.name.as_str());
            let time = duration::written(self.flow.expire.as_secs());
            lines.push(format!("silent for {time} → {name}"));
        }
        self.node(COMMANDS.to_owned(), Shape::Commands, "at every question", lines);
        for id in targets {
            let to = self.id(id);
            self.edge(COMMANDS.to_owned(), to, &[], false);
        }
    }

    /// Returns the id of a step's box. A step may have a name that Mermaid
    /// reserves, such as `end`; the prefix prevents a conflict.
    fn id(&self, id: StepId) -> String {
        let name = self.flow.steps.get(id).map_or("", |step| step.name.as_str());
        format!("s_{name}")
    }

    fn text(&self, text: &str) -> String {
        if self.with_texts { shorten(text, LONGEST_TEXT) } else { String::new() }
    }

    fn node(&mut self, id: String, shape: Shape, title: &str, lines: Vec<String>) {
        let (title, steps) = (title.to_owned(), Vec::new());
        self.picture.nodes.push(Node { id, shape, title, lines, steps });
    }

    /// Draws a line. If the two boxes already have one, that line gets its
    /// words.
    fn edge(&mut self, from: String, to: String, labels: &[String], is_dotted: bool) {
        let labels: Vec<String> = labels.iter().map(|label| shorten(label, LONGEST_TEXT)).collect();
        let known = self
            .picture
            .edges
            .iter_mut()
            .find(|edge| edge.from == from && edge.to == to && edge.is_dotted == is_dotted);
        match known {
            Some(edge) => edge.labels.extend(labels),
            None => self.picture.edges.push(Edge { from, to, labels, is_dotted }),
        }
    }
}

/// Returns whether anything but a command leads to a step.
fn is_entered(id: StepId, exits: &[Vec<Exit>]) -> bool {
    let leads_there = |exit: &Exit| exit.target == Target::Step(id);
    let others = (0..).zip(exits).filter(|(from, _)| *from != id);
    id == 0 || others.flat_map(|(_, exits)| exits).any(leads_there)
}

/// Returns a line about the nudges of a step, if it has any.
fn nudges(step: &Step) -> Option<String> {
    let nudges = step.silence()?.nudges.iter();
    let times: Vec<String> = nudges.map(|(after, _)| duration::written(after.as_secs())).collect();
    (!times.is_empty()).then(|| format!("nudges after {}", times.join(", ")))
}
