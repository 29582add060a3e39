//! A flow as the engine runs it: checked, compiled, every jump resolved.
//!
//! Only `load` makes one, so whatever is here holds: targets exist, names
//! parse, patterns are compiled, every path to a template captures its
//! variables. How it is written is `flows.md`'s and `load`'s matter.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use regex::Regex;

use super::answer::{Country, Days, Times};
use super::attachment::Attachment;
use super::coverage::Way;
use super::expression::Expression;
use super::session::outcome;
use super::template::Template;
use super::translation::Translation;

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

/// Where something of a flow is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, by its name in findings.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Where the ways through a flow are written: line and column, by the step, if
/// it is one's, and the way. The engine does not ask.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins {
    pub(super) file: String,
    pub(super) places: BTreeMap<(Option<String>, Way), (usize, usize)>,
}

impl Origins {
    /// Where this way is written.
    pub(super) fn of(&self, step: Option<&str>, way: Way) -> Option<Origin> {
        let (line, column) = *self.places.get(&(step.map(str::to_owned), way))?;
        Some(Origin { file: self.file.clone(), line, column })
    }
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

/// A step's place in [`Flow::steps`].
pub type StepId = usize;

/// Words that do something at every question.
#[derive(Clone, Debug)]
pub struct Command {
    /// The words, normalised.
    pub words: Vec<String>,
    /// What they do.
    pub target: CommandTarget,
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandTarget {
    /// Goes to a step.
    Step(StepId),
    /// Begins again at the first step, answers forgotten.
    Restart,
    /// Asks the question again.
    Repeat,
    /// Ends the conversation with `CANCELLED`.
    Stop,
}

/// Where to go from a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To another step.
    Step(StepId),
    /// The flow is over, with this outcome.
    End(String),
}

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

/// A question.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What is asked, options not included.
    pub text: Template,
    /// What is accepted.
    pub answer: Answer,
    /// The variable that gets the answer; the label of a choice or a place goes to `NAME_label`.
    pub save: String,
    /// Words that skip the question, normalised.
    pub optional: Vec<String>,
    /// Said in place of the question after an invalid answer.
    pub error: Option<Template>,
    /// Said in place of it to a file that comes without a text, by its kind.
    pub attachments: Vec<(Attachment, Template)>,
    /// After so many invalid answers, go there.
    pub on_fail: Option<OnFail>,
}

/// The variable that gets the label of an answer that goes to this one.
pub(super) fn label_of(variable: &str) -> String {
    format!("{variable}_label")
}

/// When to give up a question.
#[derive(Clone, Debug)]
pub struct OnFail {
    /// How many invalid answers are one too many; at least 1.
    pub tries: u32,
    /// Where to go then.
    pub target: Target,
}

/// What a question accepts.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The kind of value.
    pub kind: Kind,
    /// A pattern for the whole answer (already anchored at both ends).
    pub pattern: Option<Regex>,
}

/// The kinds of answers.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Any text that is not empty, its length in characters within these limits.
    Text {
        /// Fewest characters; at least 1.
        min: u64,
        /// Most characters.
        max: u64,
    },
    /// A whole number within these limits.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A decimal number within these limits.
    Number {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// `yes` or `no`; `Kind::yes_no` makes one.
    YesNo {
        /// The words for yes, normalised.
        yes: Vec<String>,
        /// The words for no, normalised.
        no: Vec<String>,
    },
    /// One of a list.
    Options(Vec<Choice>),
    /// Pictures or files.
    Media,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone {
        /// Of which country a number is that does not say it.
        country: Option<Country>,
    },
    /// A day, one of these.
    Date(Days),
    /// A time of day, one of these.
    Time(Times),
    /// A place; what it is called goes to `NAME_label`.
    Location,
}

impl Kind {
    /// `yes` or `no`, by the words that every such question knows and these further ones.
    pub(super) fn yes_no(yes: Vec<String>, no: Vec<String>) -> Self {
        let with = |known: &[&str], words| {
            [known.iter().map(|&word| word.to_owned()).collect(), words].concat()
        };
        Self::YesNo { yes: with(&YES, yes), no: with(&NO, no) }
    }

    /// The answers, where there is a list of them.
    pub(super) fn answers(&self) -> Option<Vec<&str>> {
        match self {
            Self::YesNo { .. } => Some(vec!["yes", "no"]),
            Self::Options(choices) => {
                Some(choices.iter().map(|choice| choice.id.as_str()).collect())
            }
            _ => None,
        }
    }

    /// Whether an answer has a text for people beside it, which goes to `NAME_label`.
    pub(super) fn has_label(&self) -> bool {
        matches!(self, Self::Options(_) | Self::Location)
    }
}

/// Words for yes that every question of this kind knows.
pub(super) const YES: [&str; 4] = ["yes", "y", "yeah", "yep"];

/// Words for no that every question of this kind knows.
pub(super) const NO: [&str; 3] = ["no", "n", "nope"];

/// One entry of `options`.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is stored.
    pub id: String,
    /// What is shown.
    pub label: String,
    /// Further words that mean it, normalised.
    pub synonyms: Vec<String>,
}
