//! A flow as the engine runs it: checked, compiled, every jump resolved.
//!
//! Only `load` makes one, so whatever is here holds: targets exist, names
//! parse, patterns are compiled, every path to a template captures its
//! variables. How it is written is `flows.md`'s and `load`'s matter.

mod branch;
mod origin;
mod question;
mod target;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;

pub use self::branch::Branch;
pub(super) use self::branch::{AFTER_FAILURE, by_command};
pub use self::origin::Origin;
pub(super) use self::origin::Origins;
pub use self::question::{Answer, Ask, Choice, Kind, OnFail};
pub(super) use self::question::{NO, YES, label_of};
pub use self::target::{Command, CommandTarget, StepId, Target};
use super::expression::Expression;
use super::session::outcome;
use super::template::Template;

/// All flows that one service runs: at least one.
#[derive(Clone, Debug)]
pub struct Flows {
    /// The flows, in the order of their files' names.
    pub(super) flows: Vec<Flow>,
}

impl Flows {
    /// For who asks nothing of any flow.
    pub const NONE: Self = Self { flows: Vec::new() };

    /// The flow of this name.
    pub fn get(&self, name: &str) -> Option<&Flow> {
        self.flows.iter().find(|flow| flow.name == name)
    }

    /// All of them, in the order of their files' names.
    pub fn iter(&self) -> impl Iterator<Item = &Flow> {
        self.flows.iter()
    }
}

/// One flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its name, unique.
    pub name: String,
    /// The words that begin it, normalised by [`words::normalise`](super::words::normalise).
    pub(super) start: Vec<String>,
    /// Whether any message begins it (`"*"`); at most one flow of all.
    pub(super) start_any: bool,
    /// The reply where nothing begins; at most one flow of all has it.
    pub(super) otherwise: Option<Template>,
    /// The reply after this flow has ended, where nothing begins.
    pub(super) ended: Option<Template>,
    /// Said to who cannot go on in it, since it is another one than when they began.
    pub(super) changed: Option<Template>,
    /// Said to a person who writes after a silence that was longer than `expire`, before
    /// all else.
    pub(super) expired: Option<Template>,
    /// Silence after which a waiting conversation is over.
    pub(super) expire: Duration,
    /// Outcomes after which it is quiet, and for how long.
    pub(super) quiet_after: BTreeMap<String, Duration>,
    /// Words heard at every question, before the answer is.
    pub(super) commands: Vec<Command>,
    /// The zone of `now` and `today`.
    pub(super) timezone: TimeZone,
    /// The languages that it speaks, that of `steps` first; none where it does
    /// not say.
    pub(super) languages: Vec<String>,
    /// What it says and hears in the others, as far as they have a file.
    pub(super) translations: Vec<Translation>,
    /// Former names of steps, for people who wait there since an earlier version.
    pub(super) renamed: Vec<(String, StepId)>,
    /// Variables that bore such a name, and what they are called now.
    pub(super) moved: Vec<(String, String)>,
    /// The steps in file order; the first is where the flow begins. At least one.
    pub steps: Vec<Step>,
    /// Where its parts are written.
    pub(super) origins: Origins,
}

/// A flow in another language: the same steps, with other texts and words.
#[derive(Clone, Debug)]
pub(super) struct Translation {
    /// The language.
    pub(super) language: String,
    /// The words that begin the flow in it.
    pub(super) start: Vec<String>,
    pub(super) otherwise: Option<Template>,
    pub(super) ended: Option<Template>,
    pub(super) changed: Option<Template>,
    pub(super) expired: Option<Template>,
    pub(super) commands: Vec<Command>,
    pub(super) steps: Vec<Step>,
}

impl Flow {
    /// The file that it is written in, by its name in findings.
    pub fn file(&self) -> &str {
        &self.origins.file
    }

    /// The words that begin it, in all its languages, as they are compared.
    /// None: any message, or none.
    pub fn start_words(&self) -> impl Iterator<Item = &String> {
        let others = self.translations.iter().flat_map(|other| &other.start);
        self.start.iter().chain(others.filter(|word| !self.start.contains(word)))
    }

    /// The step of this name.
    pub fn step_named(&self, name: &str) -> Option<StepId> {
        self.steps.iter().position(|step| step.name == name)
    }

    /// Whether a step bore this name in an earlier version.
    pub fn is_former_name(&self, name: &str) -> bool {
        self.renamed.iter().any(|(old, _)| old == name)
    }

    /// The step that bears this name, or did in an earlier version.
    pub(super) fn step_once_named(&self, name: &str) -> Option<StepId> {
        let renamed = || self.renamed.iter().find(|(old, _)| old == name).map(|(_, step)| *step);
        self.step_named(name).or_else(renamed)
    }
}

/// The most steps that one turn passes, the question that it ends at included.
/// A flow with a longer way between two questions does not load.
pub(super) const MAX_TURN_STEPS: usize = 100;

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name: the state while it waits.
    pub name: String,
    /// What it does.
    pub verb: Verb,
    /// Pictures and files that go out with its text, one template each.
    pub(super) media: Vec<Template>,
    /// Asks again what was being asked, once this step is done, if a command led here.
    pub(super) resume: bool,
    /// Answer (an option's id, or `yes`/`no`) or outcome -> where to go.
    pub(super) when: Vec<(String, Target)>,
    /// The first true one decides, where `when` did not.
    pub(super) branches: Vec<(Expression, Target)>,
    /// Where to go where nothing else decided: `go`, `end`, the next step, or `COMPLETED`.
    pub(super) next: Target,
    /// Variables that every path to this step has captured (sorted): what a
    /// stored session must hold to wait here.
    pub(super) known: Vec<String>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Verb {
    /// Says a text and waits for the answer.
    Ask(Box<Ask>),
    /// Says a text and goes on.
    Say(Template),
    /// Sets variables, in file order, and goes on.
    Set(Vec<(String, Template)>),
    /// Runs another flow and goes on by its outcome.
    Run(Run),
    /// Only decides where to go.
    Branch,
}

/// Another flow as a part of this one, with variables of its own.
#[derive(Clone, Debug)]
pub struct Run {
    /// The flow's name.
    pub flow: String,
    /// What it hands back when it ends: our variable, and its own.
    pub keep: Vec<(String, String)>,
    /// How it can end.
    pub outcomes: Vec<String>,
}

impl Step {
    /// Whether an outcome of the flow that this step runs ends its own flow,
    /// too: who cancels a part cancels the whole, unless `when` knows better.
    pub(super) fn passes_on(&self, outcome: &str) -> bool {
        outcome == outcome::CANCELLED && !self.when.iter().any(|(key, _)| key == outcome)
    }
}
