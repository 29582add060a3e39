//! Dates and times are stored in one form each, `2026-12-31` and `09:30`, which
//! texts compare by. Beside a text of another form a comparison says nothing:
//! `TIME < "9:00"` holds at every hour, since every hour begins with 0, 1 or 2.

use super::form::Form;
use crate::conversation::answer;
use crate::conversation::expression::literals::Compared;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::variables::Variables;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, Use};
use crate::conversation::load::syntax::fitting_quotes;

/// Reports comparisons of a date or a time with a text that no date or time is stored as.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft) {
    let variables = Variables::new(draft);
    for site in draft.sites() {
        for compared in site.compared() {
            let form = Form::of(variables.of(compared.name));
            if let Some(used) = site.use_at(&compared.at) {
                look_at(report, form, &compared, used);
            }
        }
    }
}

fn look_at(report: &mut Report<'_>, form: Form, compared: &Compared<'_>, used: &Use) {
    let text = compared.text;
    let (what, example, is_stored, meant) = match form {
        Form::Date => {
            let meant = answer::whole_date(text).map(|date| date.to_string());
            ("date", "2026-12-31", answer::stored_date(text).is_some(), meant)
        }
        Form::Time => {
            let time = answer::on_24_hours(text).or_else(|| answer::plain_time(text));
            let meant = time.map(answer::stored_time);
            ("time", "09:30", meant.as_deref() == Some(text), meant)
        }
        Form::Moment | Form::Long | Form::Any => return,
    };
    // The answer of a skipped question is the empty text.
    if is_stored || text.is_empty() {
        return;
    }
    let quoted = |text: &str| fitting_quotes::quoted(report, used.value, text);
    let help = match meant {
        Some(meant) => format!("write `{}`", quoted(&meant)),
        None => format!("write a {what} in this form, such as `{}`", quoted(example)),
    };
    report
        .found(
            Code::FormMismatch,
            used.span,
            format!(
                "`{}` is a {what}, kept as in `{example}`: compared with `{text}` it says nothing",
                used.name
            ),
        )
        .help(help);
}
