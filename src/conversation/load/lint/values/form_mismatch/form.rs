//! The form that the text of a variable has, such as that of a date.

use crate::conversation::Kind;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::comparisons::{Part, Side};
use crate::conversation::load::analysis::variables::Definition;

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

impl Form {
    /// The form of a variable that always has the same one.
    pub(crate) fn of(definitions: &[Definition<'_>]) -> Self {
        let forms = definitions.iter().filter_map(Self::of_value);
        forms.reduce(|one, other| if one == other { one } else { Self::Any }).unwrap_or(Self::Any)
    }

    fn of_value(definition: &Definition<'_>) -> Option<Self> {
        Some(match definition {
            Definition::Answer(_, ask) => match ask.answer.as_ref().map(|answer| &answer.kind) {
                Some(Kind::Date(_)) => Self::Date,
                Some(Kind::Time(_)) => Self::Time,
                _ => Self::Any,
            },
            Definition::Set(_, text) => match text.template.side() {
                Some(Side::Variable { name, part, .. }) if name == BuiltIn::Now.name() => {
                    Self::Moment.part(part)
                }
                _ => Self::Any,
            },
            Definition::BuiltIn(_) => return None,
            Definition::Label(_)
            | Definition::Kept { .. }
            | Definition::Called { .. }
            | Definition::Language
            | Definition::Unread => Self::Any,
        })
    }

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
