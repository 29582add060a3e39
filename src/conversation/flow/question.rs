//! A question of a flow, and what it accepts.

use regex::Regex;

use super::branch::Branch;
use super::target::Target;
use crate::conversation::answer::{Country, Days, Times};
use crate::conversation::attachment::Attachment;
use crate::conversation::template::Template;

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
pub(in crate::conversation) fn label_of(variable: &str) -> String {
    format!("{variable}_label")
}

impl Ask {
    /// What is said to a message that brings only a file: the text of its kind,
    /// or that of all others.
    pub(in crate::conversation) fn attachment_text(
        &self,
        kind: Attachment,
    ) -> Option<(Branch, &Template)> {
        let at = |kind| self.attachments.iter().position(|(known, _)| *known == kind);
        let at = at(kind).or_else(|| at(Attachment::Other))?;
        self.attachments.get(at).map(|(_, text)| (Branch::Attachment(at), text))
    }
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
    pub(in crate::conversation) fn yes_no(yes: Vec<String>, no: Vec<String>) -> Self {
        let with = |known: &[&str], words| {
            [known.iter().map(|&word| word.to_owned()).collect(), words].concat()
        };
        Self::YesNo { yes: with(&YES, yes), no: with(&NO, no) }
    }

    /// The answers, where there is a list of them.
    pub(in crate::conversation) fn answers(&self) -> Option<Vec<&str>> {
        match self {
            Self::YesNo { .. } => Some(vec!["yes", "no"]),
            Self::Options(choices) => {
                Some(choices.iter().map(|choice| choice.id.as_str()).collect())
            }
            _ => None,
        }
    }

    /// Whether an answer has a text for people beside it, which goes to `NAME_label`.
    pub(in crate::conversation) fn has_label(&self) -> bool {
        matches!(self, Self::Options(_) | Self::Location)
    }
}

/// Words for yes that every question of this kind knows.
pub(in crate::conversation) const YES: [&str; 4] = ["yes", "y", "yeah", "yep"];

/// Words for no that every question of this kind knows.
pub(in crate::conversation) const NO: [&str; 3] = ["no", "n", "nope"];

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
