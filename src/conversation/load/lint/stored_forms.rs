//! Dates and times are stored in one form each, `2026-12-31` and `09:30`, which
//! texts compare by. Beside a text of another form a comparison says nothing:
//! `TIME < "9:00"` holds at every hour, since every hour begins with 0, 1 or 2.

use crate::conversation::Kind;
use crate::conversation::answer;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::comparisons::{Part, Side};
use crate::conversation::expression::literals::Compared;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::variables::{Definition, Variables};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep, Use};
use crate::conversation::load::syntax::fitting_quotes::quoted_at;

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

/// Reports comparisons of a date or a time with a text that is none as they are stored.
pub(crate) fn check(report: &mut Report<'_>, draft: &Draft) {
    let variables = Variables::new(draft);
    let mut look = |compared: Vec<Compared<'_>>, uses: &[Use]| {
        for compared in compared {
            let form = Form::of(variables.of(compared.name));
            if let Some(used) = uses.iter().find(|used| used.at == compared.at) {
                form.check(report, draft, &compared, used);
            }
        }
    };
    let outside = draft.texts_outside();
    for text in draft.steps.iter().flat_map(DraftStep::texts).chain(outside) {
        look(text.template.compared(), &text.uses);
    }
    for condition in draft.steps.iter().flat_map(DraftStep::conditions) {
        look(condition.expression.compared(), &condition.uses);
    }
}

impl Form {
    /// The form of a variable that always has the same one.
    pub(super) fn of(definitions: &[Definition<'_>]) -> Self {
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

    fn check(self, report: &mut Report<'_>, draft: &Draft, compared: &Compared<'_>, used: &Use) {
        let text = compared.text;
        let (what, example, is_stored, meant) = match self {
            Self::Date => {
                let meant = answer::whole_date(text).map(|date| date.to_string());
                ("date", "2026-12-31", answer::stored_date(text).is_some(), meant)
            }
            Self::Time => {
                let time = answer::on_24_hours(text).or_else(|| answer::plain_time(text));
                let meant = time.map(answer::stored_time);
                ("time", "09:30", meant.as_deref() == Some(text), meant)
            }
            Self::Moment | Self::Long | Self::Any => return,
        };
        // The answer of a skipped question is the empty text.
        if is_stored || text.is_empty() {
            return;
        }
        let quoted = |text: &str| quoted_at(report, draft, used, text);
        let help = match meant {
            Some(meant) => format!("write `{}`", quoted(&meant)),
            None => format!("write a {what} in this form, such as `{}`", quoted(example)),
        };
        report
            .found(
                Code::FormMismatch,
                used.span,
                format!("`{}` is a {what}, kept as in `{example}`: compared with `{text}` it says nothing", used.name),
            )
            .help(help);
    }
}
