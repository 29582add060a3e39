//! One file as it was read: every part with its place, jumps still by name.
//!
//! What could not be read is missing here and is in the report. A draft
//! without errors compiles to a [`Flow`](crate::conversation::Flow).

use std::collections::HashSet;
use std::time::Duration;

use jiff::tz::TimeZone;

pub(super) use super::call::{DraftCall, DraftContent, DraftJson, DraftTarget};
pub(super) use super::placed::{At, Condition, Text, Use};
pub(super) use super::silence::DraftSilence;
pub(super) use super::wait_for::DraftWait;
use crate::conversation::attachment::Attachment;
use crate::conversation::daytime::Daytime;
use crate::conversation::finding::Span;
use crate::conversation::flow::label_of;
use crate::conversation::signs::is_doubtful;
use crate::conversation::translation::LANGUAGE;
use crate::conversation::{Answer, Kind, words};

/// The fewest characters, and the most; `None` if there is no limit.
pub(super) type Characters = (u64, Option<u64>);

/// One file.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) name: Option<At<String>>,
    /// Its probable name, if the name could not be read.
    pub(super) meant_name: Option<String>,
    /// The words as written and normalised.
    pub(super) start: Vec<Word>,
    pub(super) start_any: Option<Span>,
    /// Where to report that `start` is missing, if it is.
    pub(super) no_start: Option<Span>,
    pub(super) otherwise: Option<Text>,
    pub(super) ended: Option<Text>,
    pub(super) changed: Option<Text>,
    pub(super) expired: Option<Text>,
    pub(super) expire: Option<At<Duration>>,
    /// The step that is run when silence has ended the conversation.
    pub(super) on_expire: Option<At<String>>,
    /// Hours in which silence causes nothing.
    pub(super) quiet: Option<Daytime>,
    pub(super) commands: Vec<DraftCommand>,
    /// The names of the secrets that calls may send.
    pub(super) secrets: Vec<At<String>>,
    pub(super) timezone: Option<TimeZone>,
    /// The languages that it speaks, that of its own file first; empty if it has no
    /// `languages`.
    pub(super) languages: Vec<At<String>>,
    /// The whole flow in each further language that has a file.
    pub(super) translations: Vec<(String, Self)>,
    /// Former names of steps, each with a later one.
    pub(super) renamed: Vec<(At<String>, At<String>)>,
    pub(super) steps: Vec<DraftStep>,
    /// Names that steps with errors may set.
    pub(super) may_be_set: HashSet<String>,
    /// Whether every step and every jump could be read, so that paths can be followed.
    pub(super) paths_are_whole: bool,
}

impl Draft {
    /// Whether `language` is the language of the conversation, not an ordinary variable.
    pub(super) fn has_languages(&self) -> bool {
        !self.languages.is_empty()
    }

    /// Whether a name is that of the conversation's language.
    pub(super) fn is_language(&self, name: &str) -> bool {
        self.has_languages() && name == LANGUAGE
    }

    /// Whether this is the name of a secret.
    pub(super) fn is_secret(&self, name: &str) -> bool {
        self.secrets.iter().any(|secret| secret.value == name)
    }

    /// Whether some step gives a variable of this name a value.
    pub(super) fn captures(&self, name: &str) -> bool {
        let names = self.steps.iter().flat_map(DraftStep::captures);
        self.may_be_set.contains(name) || names.into_iter().any(|known| known == name)
    }

    /// The places of the texts that may show secrets.
    pub(super) fn places_of_secrets(&self) -> impl Iterator<Item = Span> {
        let calls = self.steps.iter().filter_map(DraftStep::call);
        calls.flat_map(DraftCall::texts_with_secrets).map(|text| text.span)
    }

    /// The texts that no step says.
    pub(super) fn texts_outside(&self) -> impl Iterator<Item = &Text> {
        self.otherwise.iter().chain(&self.ended).chain(&self.changed).chain(&self.expired)
    }

    /// The flow in each of its languages.
    pub(super) fn in_each_language(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.translations.iter().map(|(_, draft)| draft))
    }
}

/// Whether a name has the form of a secret's.
pub(super) fn looks_like_secret(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// A word that is compared with what people write.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) written: String,
    pub(super) normal: String,
    pub(super) span: Span,
}

/// The normalised forms of words.
pub(super) fn normal_forms(words: &[Word]) -> Vec<String> {
    words.iter().map(|word| word.normal.clone()).collect()
}

/// The same for words of answers. A word with a question mark, such as `what?`, has
/// the form with that mark, too, since otherwise such a mark shows that a message
/// is not an answer.
pub(super) fn answer_forms(answers: &[Word]) -> Vec<String> {
    let asking = |word: &Word| words::fold(&word.written);
    let asks = |form: &String| form.contains(is_doubtful);
    let asking = answers.iter().map(asking).filter(asks);
    normal_forms(answers).into_iter().chain(asking).collect()
}

/// One entry of `commands`.
#[derive(Debug)]
pub(super) struct DraftCommand {
    pub(super) target: At<String>,
    pub(super) words: Vec<Word>,
}

/// One step.
#[derive(Debug)]
pub(super) struct DraftStep {
    pub(super) name: At<String>,
    pub(super) verb: DraftVerb,
    pub(super) media: Vec<Text>,
    pub(super) resume: Option<Span>,
    pub(super) when: Vec<(At<String>, At<String>)>,
    pub(super) branches: Vec<(Option<Condition>, At<String>)>,
    pub(super) go: Option<At<String>>,
    pub(super) end: Option<At<String>>,
    /// For how long it is quiet after that end, and where that is written.
    pub(super) quiet_after: Option<At<Duration>>,
}

/// What a step does.
#[derive(Debug)]
pub(super) enum DraftVerb {
    Ask(Box<DraftAsk>),
    Say(Option<Text>),
    Set(Vec<(At<String>, Option<Text>)>),
    Run(DraftRun),
    Call(Box<DraftCall>),
    WaitFor(Box<DraftWait>),
    Branch,
}

/// A flow that is run as a part.
#[derive(Debug)]
pub(super) struct DraftRun {
    pub(super) flow: Option<At<String>>,
    /// This flow's variable, and that of the flow that is run.
    pub(super) keep: Vec<(At<String>, At<String>)>,
}

/// A question.
#[derive(Debug)]
pub(super) struct DraftAsk {
    pub(super) text: Option<Text>,
    pub(super) answer: Option<Answer>,
    /// Where the limit of the answer's length is written, or the question.
    pub(super) limit: Span,
    /// What a text answer must match.
    pub(super) pattern: Option<DraftPattern>,
    /// The options' places: id, then every word that chooses it.
    pub(super) choices: Vec<DraftChoice>,
    /// The further words of a `yes_no`.
    pub(super) yes_no_words: Vec<Word>,
    pub(super) save: At<String>,
    pub(super) optional: Vec<Word>,
    pub(super) error: Option<Text>,
    /// What is said to an attachment that is not an answer, by its kind.
    pub(super) attachments: Vec<(Attachment, Text)>,
    pub(super) on_fail: Option<(u32, At<String>)>,
    /// What happens while no answer comes.
    pub(super) silence: DraftSilence,
}

/// A regular expression as it is written.
#[derive(Debug)]
pub(super) struct DraftPattern {
    pub(super) text: String,
    pub(super) span: Span,
    /// The length of the texts that it matches, once that is known.
    pub(super) characters: Option<Characters>,
}

impl DraftPattern {
    pub(super) fn new(at: At<String>) -> Self {
        Self { text: at.value, span: at.span, characters: None }
    }
}

impl DraftAsk {
    /// All of its texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Text> {
        let attachments = self.attachments.iter().map(|(_, text)| text);
        let texts = self.text.iter().chain(&self.error).chain(attachments);
        texts.chain(self.silence.texts())
    }

    /// Whether its answer has a label beside it.
    pub(super) fn has_label(&self) -> bool {
        let kind = self.answer.as_ref().map(|answer| &answer.kind);
        !self.choices.is_empty() || kind.is_some_and(Kind::has_label)
    }
}

/// The places of one option.
#[derive(Debug)]
pub(super) struct DraftChoice {
    pub(super) id: Word,
    pub(super) label: Word,
    pub(super) synonyms: Vec<Word>,
}

impl DraftChoice {
    /// Every word that chooses it, except its number.
    pub(super) fn words(&self) -> impl Iterator<Item = &Word> {
        [&self.id, &self.label].into_iter().chain(&self.synonyms)
    }
}

impl DraftStep {
    /// The question, if the step is one.
    pub(super) fn ask(&self) -> Option<&DraftAsk> {
        match &self.verb {
            DraftVerb::Ask(ask) => Some(ask),
            _ => None,
        }
    }

    /// The call, if the step makes one.
    pub(super) fn call(&self) -> Option<&DraftCall> {
        match &self.verb {
            DraftVerb::Call(call) => Some(call),
            _ => None,
        }
    }

    /// The wait for a callback, if the step is one.
    pub(super) fn wait_for(&self) -> Option<&DraftWait> {
        match &self.verb {
            DraftVerb::WaitFor(wait) => Some(wait),
            _ => None,
        }
    }

    /// What it does while nothing comes, if it waits for something.
    pub(super) fn silence(&self) -> Option<&DraftSilence> {
        match &self.verb {
            DraftVerb::Ask(ask) => Some(&ask.silence),
            DraftVerb::WaitFor(wait) => Some(&wait.silence),
            _ => None,
        }
    }

    /// What it says to a message that comes while it waits for something else.
    pub(super) fn meanwhile(&self) -> Option<&Text> {
        match &self.verb {
            DraftVerb::Call(call) => call.meanwhile.as_ref(),
            DraftVerb::WaitFor(wait) => wait.meanwhile.as_ref(),
            _ => None,
        }
    }

    /// What it keeps of the JSON that it gets.
    pub(super) fn keep(&self) -> &[(At<String>, String, bool)] {
        match &self.verb {
            DraftVerb::Call(call) => &call.keep,
            DraftVerb::WaitFor(wait) => &wait.keep,
            _ => &[],
        }
    }

    /// Its conditions.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.branches.iter().filter_map(|(condition, _)| condition.as_ref())
    }

    /// Its texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Text> {
        let texts: Vec<&Text> = match &self.verb {
            DraftVerb::Ask(ask) => ask.texts().collect(),
            DraftVerb::Say(text) => text.iter().collect(),
            DraftVerb::Set(entries) => entries.iter().filter_map(|(_, t)| t.as_ref()).collect(),
            DraftVerb::Call(call) => call.texts().collect(),
            DraftVerb::WaitFor(wait) => wait.texts().collect(),
            DraftVerb::Run(_) | DraftVerb::Branch => Vec::new(),
        };
        texts.into_iter().chain(&self.media)
    }

    /// The variables that this step gives a value.
    pub(super) fn captures(&self) -> Vec<String> {
        match &self.verb {
            DraftVerb::Ask(ask) if ask.has_label() => {
                vec![ask.save.value.clone(), label_of(&ask.save.value)]
            }
            DraftVerb::Ask(ask) => vec![ask.save.value.clone()],
            DraftVerb::Set(entries) => entries.iter().map(|(name, _)| name.value.clone()).collect(),
            DraftVerb::Run(run) => run.keep.iter().map(|(ours, _)| ours.value.clone()).collect(),
            DraftVerb::Call(_) | DraftVerb::WaitFor(_) => {
                self.keep().iter().map(|(name, ..)| name.value.clone()).collect()
            }
            DraftVerb::Say(_) | DraftVerb::Branch => Vec::new(),
        }
    }

    /// Whether the `when` of a question lists every answer that it takes.
    pub(super) fn when_decides_all(&self) -> bool {
        let Some(ask) = self.ask() else { return false };
        let decided = |answer: &&str| self.when.iter().any(|(key, _)| key.value == *answer);
        let answers = ask.answer.as_ref().and_then(|answer| answer.kind.answers());
        ask.optional.is_empty() && answers.is_some_and(|answers| answers.iter().all(decided))
    }

    /// The flow that it runs, if any.
    pub(super) fn runs(&self) -> Option<&At<String>> {
        match &self.verb {
            DraftVerb::Run(run) => run.flow.as_ref(),
            _ => None,
        }
    }
}
