//! The form that the text of a variable has, such as that of a date.

use std::collections::HashMap;

use crate::conversation::Kind;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::comparisons::{Part, Side};
use crate::conversation::load::draft::{Draft, DraftVerb};

/// What a variable's text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `2026-12-31`.
    Date,
    /// `09:30`.
    Time,
    /// `2026-12-31T09:30`, as `now` is.
    Moment,
    /// `31 December 2026`, by the filter `date`.
    Long,
    /// Not known, or different ones.
    Any,
}

/// The form of each variable that has only one.
pub(crate) fn forms(draft: &Draft) -> HashMap<&str, Form> {
    let mut forms: HashMap<&str, Form> =
        draft.may_be_set.iter().map(|name| (name.as_str(), Form::Any)).collect();
    let mut add = |name, form| {
        let known = forms.entry(name).or_insert(form);
        if *known != form {
            *known = Form::Any;
        }
    };
    for step in &draft.steps {
        match &step.verb {
            DraftVerb::Ask(ask) => {
                let form = match ask.answer.as_ref().map(|answer| &answer.kind) {
                    Some(Kind::Date(_)) => Form::Date,
                    Some(Kind::Time(_)) => Form::Time,
                    _ => Form::Any,
                };
                add(ask.save.value.as_str(), form);
            }
            DraftVerb::Set(entries) => {
                for (name, text) in entries {
                    let side = text.as_ref().and_then(|text| text.template.side());
                    let form = match side {
                        Some(Side::Variable { name, part, .. }) if name == BuiltIn::Now.name() => {
                            Form::Moment.part(part)
                        }
                        _ => Form::Any,
                    };
                    add(name.value.as_str(), form);
                }
            }
            DraftVerb::Run(run) => {
                for (ours, _) in &run.keep {
                    add(ours.value.as_str(), Form::Any);
                }
            }
            DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }
    forms
}

impl Form {
    /// What a filter makes of it.
    pub(crate) fn part(self, part: Part) -> Self {
        match (self, part) {
            (Self::Date | Self::Moment, Part::Date) => Self::Long,
            (Self::Moment, Part::Time) => Self::Time,
            (Self::Date | Self::Time | Self::Any, Part::Whole | Part::Time)
            | (Self::Time, Part::Date)
            | (Self::Moment | Self::Long, _) => self,
            (Self::Any, Part::Date) => Self::Any,
        }
    }

    /// What it is in words, and an example.
    pub(crate) fn shown(self) -> (&'static str, &'static str) {
        match self {
            Self::Date => ("a date", "2026-12-31"),
            Self::Time => ("a time", "09:30"),
            Self::Long => ("a day in words", "31 December 2026"),
            Self::Moment | Self::Any => ("a day and a time", "2026-12-31T09:30"),
        }
    }

    /// What to compare it with.
    pub(crate) fn advice(self, quoted: impl Fn(&str) -> String) -> String {
        match self {
            Self::Moment => format!(
                "compare it with a day and a time, such as `{}`; its parts are `now | date`, such as `{}`, and `now | time`, such as `{}`",
                quoted("2026-12-31T17:00"),
                quoted("31 December 2026"),
                quoted("17:00")
            ),
            form => format!(
                "compare it with {} in this form, such as `{}`",
                form.shown().0,
                quoted(form.shown().1)
            ),
        }
    }
}
