//! A flow as the engine runs it: checked, compiled, every jump resolved.
//!
//! Only `load` creates flows, so that these facts hold: targets exist, names
//! parse, patterns are compiled, and every path to a template sets its
//! variables. `docs/flows.md` describes how flows are written.

mod branch;
mod call;
mod origin;
mod question;
mod silence;
mod target;
mod wait_for;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;

pub use self::branch::Branch;
pub(super) use self::branch::{
    AFTER_EXPIRY, AFTER_FAILED_CALL, AFTER_FAILURE, AFTER_TIMEOUT, by_command,
};
pub use self::call::{Call, CallUrl, PATIENCE, PATIENCE_WITH_TEXT};
pub(super) use self::call::{Content, DEFAULT_TIMEOUT, FAILED, Json, Kept, TIMEOUT, is_success};
pub use self::origin::Origin;
pub(super) use self::origin::Origins;
pub use self::question::{Answer, Ask, Choice, Kind, OnFail};
pub(super) use self::question::{NO, YES, label_of};
pub(super) use self::silence::OnExpire;
pub use self::silence::Silence;
pub use self::target::{Command, CommandTarget, StepId, Target};
pub use self::wait_for::WaitFor;
use super::daytime::Daytime;
use super::expression::Expression;
use super::session::outcome;
use super::template::Template;

/// All flows that one service runs; at least one.
#[derive(Clone, Debug)]
pub struct Flows {
    /// The flows, in the order of their files' names.
    pub(super) flows: Vec<Flow>,
}

impl Flows {
    /// No flows, for a caller that needs none.
    pub const NONE: Self = Self { flows: Vec::new() };

    /// Returns the flow of this name.
    pub fn get(&self, name: &str) -> Option<&Flow> {
        self.flows.iter().find(|flow| flow.name == name)
    }

    /// Returns whether a conversation in them may wait for a callback.
    pub fn wait_for_callbacks(&self) -> bool {
        self.flows.iter().any(|flow| flow.waits_for_callbacks)
    }

    /// Returns all flows, in the order of their files' names.
    pub fn iter(&self) -> impl Iterator<Item = &Flow> {
        self.flows.iter()
    }
}

/// One flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its unique name.
    pub name: String,
    /// The words that begin it, normalised by [`words::normalise`](super::words::normalise).
    pub(super) start: Vec<String>,
    /// Whether any message begins it (`"*"`); true for at most one flow.
    pub(super) start_any: bool,
    /// The reply to a message that begins nothing; at most one flow has it.
    pub(super) otherwise: Option<Template>,
    /// The reply to a message that begins nothing after this flow has ended.
    pub(super) ended: Option<Template>,
    /// The text for a person who cannot continue, because the flow has changed
    /// since they began.
    pub(super) changed: Option<Template>,
    /// The text for a person who writes after a silence longer than `expire`,
    /// before anything else.
    pub(super) expired: Option<Template>,
    /// The silence after which a waiting conversation is over.
    pub(super) expire: Duration,
    /// The step that is run when silence has ended the conversation.
    pub(super) on_expire: Option<OnExpire>,
    /// Whether it can send texts that answer no message.
    pub(super) sends: bool,
    /// Whether a step waits for a callback.
    pub(super) waits_for_callbacks: bool,
    /// Hours in which silence causes nothing.
    pub(super) quiet: Option<Daytime>,
    /// Outcomes after which the flow is quiet, each with its duration.
    pub(super) quiet_after: BTreeMap<String, Duration>,
    /// Words that are heard at every question, before the answer.
    pub(super) commands: Vec<Command>,
    /// The names of the secrets that its calls may send.
    pub secrets: Vec<String>,
    /// The time zone of `now` and `today`.
    pub(super) timezone: TimeZone,
    /// The languages that it speaks, that of `steps` first; empty if it names
    /// none.
    pub(super) languages: Vec<String>,
    /// Its texts and words in the other languages, as far as they have a file.
    pub(super) translations: Vec<Translation>,
    /// Former names of steps, for people who have waited there since an earlier
    /// version.
    pub(super) renamed: Vec<(String, StepId)>,
    /// Variables with such a name, and their current names.
    pub(super) moved: Vec<(String, String)>,
    /// The steps in file order; at least one. The flow begins at the first.
    pub steps: Vec<Step>,
    /// The positions of its parts in the file.
    pub(super) origins: Origins,
}

/// A flow in another language: the same steps, with other texts and words.
#[derive(Clone, Debug)]
pub(super) struct Translation {
    /// The language.
    pub(super) language: String,
    /// The words that begin the flow in this language.
    pub(super) start: Vec<String>,
    pub(super) otherwise: Option<Template>,
    pub(super) ended: Option<Template>,
    pub(super) changed: Option<Template>,
    pub(super) expired: Option<Template>,
    pub(super) commands: Vec<Command>,
    pub(super) steps: Vec<Step>,
}

impl Flow {
    /// Returns the file of the flow, by its name in findings.
    pub fn file(&self) -> &str {
        &self.origins.file
    }

    /// Returns whether it can send texts that answer no message, such as nudges.
    pub fn sends_by_itself(&self) -> bool {
        self.sends
    }

    /// Returns the words that begin it, in all its languages, normalised.
    /// Without words, any message begins it, or no message does.
    pub fn start_words(&self) -> impl Iterator<Item = &String> {
        let others = self.translations.iter().flat_map(|other| &other.start);
        self.start.iter().chain(others.filter(|word| !self.start.contains(word)))
    }

    /// Returns the step of this name.
    pub fn step_named(&self, name: &str) -> Option<StepId> {
        self.steps.iter().position(|step| step.name == name)
    }

    /// Returns whether a step had this name in an earlier version.
    pub fn is_former_name(&self, name: &str) -> bool {
        self.renamed.iter().any(|(old, _)| old == name)
    }

    /// Returns the step that has this name, or had it in an earlier version.
    pub(super) fn step_once_named(&self, name: &str) -> Option<StepId> {
        let renamed = || self.renamed.iter().find(|(old, _)| old == name).map(|(_, step)| *step);
        self.step_named(name).or_else(renamed)
    }
}

/// The most steps that one turn passes, including the question at its end. A
/// flow with a longer path between two questions does not load.
pub(super) const MAX_TURN_STEPS: usize = 100;

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name, which is the state while it waits.
    pub name: String,
    /// What it does.
    pub verb: Verb,
    /// Pictures and files that are sent with its text, one template each.
    pub(super) media: Vec<Template>,
    /// Whether the question that a command led away from is asked again after
    /// this step.
    pub(super) resume: bool,
    /// Targets by answer (an option's id, or `yes`/`no`), outcome, or status.
    pub(super) when: Vec<(String, Target)>,
    /// Conditions with their targets. The first true one decides, if `when` did
    /// not.
    pub(super) branches: Vec<(Expression, Target)>,
    /// The target if nothing else decided: `go`, `end`, the next step, or
    /// `COMPLETED`.
    pub(super) next: Target,
    /// Variables that every path to this step sets, sorted. A stored session
    /// needs them to wait here.
    pub(super) known: Vec<String>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Verb {
    /// Says a text and waits for the answer.
    Ask(Box<Ask>),
    /// Says a text and continues.
    Say(Template),
    /// Sets variables, in file order, and continues.
    Set(Vec<(String, Template)>),
    /// Runs another flow and continues by its outcome.
    Run(Run),
    /// Makes an HTTP call, waits for the answer and continues by it.
    Call(Box<Call>),
    /// Waits for a third party's result and continues by its outcome.
    WaitFor(Box<WaitFor>),
    /// Only decides where to go.
    Branch,
}

/// A sub-flow of this flow, with variables of its own.
#[derive(Clone, Debug)]
pub struct Run {
    /// The flow's name.
    pub flow: String,
    /// The results that it returns when it ends: our variable, and its own.
    pub keep: Vec<(String, String)>,
    /// Its possible outcomes.
    pub outcomes: Vec<String>,
}

impl Step {
    /// Returns what it does while nothing comes, if it waits for something.
    pub(super) fn silence(&self) -> Option<&Silence> {
        match &self.verb {
            Verb::Ask(ask) => Some(&ask.silence),
            Verb::WaitFor(wait) => Some(&wait.silence),
            _ => None,
        }
    }

    /// Returns whether an outcome of the sub-flow also ends the flow of this
    /// step. A person who cancels a sub-flow cancels the whole, unless `when`
    /// has an entry for that.
    pub(super) fn passes_on(&self, outcome: &str) -> bool {
        outcome == outcome::CANCELLED && !self.when.iter().any(|(key, _)| key == outcome)
    }
}
