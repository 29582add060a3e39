//! A question of a flow, and the answers that it accepts.

use regex::Regex;

use super::branch::Branch;
use super::silence::Silence;
use super::target::Target;
use crate::conversation::answer::{Country, Days, Times};
use crate::conversation::attachment::Attachment;
use crate::conversation::template::Template;

/// A question.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The text of the question, without its options.
    pub text: Template,
    /// The answers that it accepts.
    pub answer: Answer,
    /// The variable that gets the answer. The label of an option or a location
    /// goes to `NAME_label`.
    pub save: String,
    /// Words that skip the question, normalised.
    pub optional: Vec<String>,
    /// The text after an invalid answer, in place of the question.
    pub error: Option<Template>,
    /// The texts after a file without a text, by its kind, in place of the
    /// question.
    pub attachments: Vec<(Attachment, Template)>,
    /// The limit of invalid answers, and the target after it.
    pub on_fail: Option<OnFail>,
    /// What happens while no answer comes.
    pub silence: Silence,
}

/// Returns the variable for the label of an answer that goes to this variable.
pub(in crate::conversation) fn label_of(variable: &str) -> String {
    format!("{variable}_label")
}

impl Ask {
    /// Returns the text after a message with only a file of this kind: the one
    /// of that kind, or the one for all others.
    pub(in crate::conversation) fn attachment_text(
        &self,
        kind: Attachment,
    ) -> Option<(Branch, &Template)> {
        let at = |kind| self.attachments.iter().position(|(known, _)| *known == kind);
        let at = at(kind).or_else(|| at(Attachment::Other))?;
        self.attachments.get(at).map(|(_, text)| (Branch::Attachment(at), text))
    }
}

/// The limit at which a question is given up.
#[derive(Clone, Debug)]
pub struct OnFail {
    /// The number of invalid answers that is one too many; at least 1.
    pub tries: u32,
    /// The target after that.
    pub target: Target,
}

/// The answers that a question accepts.
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
    /// Any text that is not empty, with a length in characters within these
    /// limits.
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
        /// The country of a number without a country's code.
        country: Option<Country>,
    },
    /// One of these days.
    Date(Days),
    /// One of these times of day.
    Time(Times),
    /// A location; its name goes to `NAME_label`.
    Location,
}

impl Kind {
    /// Returns `yes` or `no` with the words of every such question and these
    /// further ones.
    pub(in crate::conversation) fn yes_no(yes: Vec<String>, no: Vec<String>) -> Self {
        let with = |known: &[&str], words| {
            [known.iter().map(|&word| word.to_owned()).collect(), words].concat()
        };
        Self::YesNo { yes: with(&YES, yes), no: with(&NO, no) }
    }

    /// Returns the list of possible answers, if there is one.
    pub(in crate::conversation) fn answers(&self) -> Option<Vec<&str>> {
        match self {
            Self::YesNo { .. } => Some(vec!["yes", "no"]),
            Self::Options(choices) => {
                Some(choices.iter().map(|choice| choice.id.as_str()).collect())
            }
            _ => None,
        }
    }

    /// Returns whether an answer also has a text for people, which goes to
    /// `NAME_label`.
    pub(in crate::conversation) fn has_label(&self) -> bool {
        matches!(self, Self::Options(_) | Self::Location)
    }
}

/// Words for yes at every question of this kind.
pub(in crate::conversation) const YES: [&str; 4] = ["yes", "y", "yeah", "yep"];

/// Words for no at every question of this kind.
pub(in crate::conversation) const NO: [&str; 3] = ["no", "n", "nope"];

/// One entry of `options`.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The stored value.
    pub id: String,
    /// The shown text.
    pub label: String,
    /// Further words that mean it, normalised.
    pub synonyms: Vec<String>,
}
