//! Comparisons of `now`, of dates and of times with what has another form: they
//! are true of all moments, or of none, whatever the clock says.

use jiff::civil::Date;

use super::form::Form;
use crate::conversation::answer;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::calendar;
use crate::conversation::expression::comparisons::{Compares, Side};
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::analysis::variables::Variables;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, Use};
use crate::conversation::load::sites::Site;
use crate::conversation::load::syntax::fitting_quotes::quoted;

/// Reports comparisons whose two sides never have the same form.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft) {
    let variables = Variables::new(draft);
    for site in draft.sites() {
        for compares in site.comparisons() {
            look_at(report, &variables, &compares, site);
        }
    }
}

/// A side with its form, as it is written.
struct Formed<'a> {
    form: Form,
    /// The text, where it is one; the variable otherwise.
    text: Option<&'a str>,
    name: &'a str,
}

impl<'a> Formed<'a> {
    fn of(side: &Side<'a>, variables: &Variables<'_>) -> Option<Self> {
        match side {
            Side::Text(text) => Some(Self { form: Form::Any, text: Some(text), name: "" }),
            Side::Variable { name, part, has_fallback, .. } => {
                let form = match *name {
                    now if now == BuiltIn::Now.name() => Form::Moment,
                    _ if *has_fallback => Form::Any,
                    name => Form::of(variables.of(name)),
                };
                let form = form.part(*part);
                (form != Form::Any).then_some(Self { form, text: None, name })
            }
            Side::Other => None,
        }
    }
}

/// How both sides are to be written, each without quotes where it is a text.
type Mended = (Written, Written);

#[derive(Clone, PartialEq)]
enum Written {
    Text(String),
    Variable(String),
}

fn look_at(
    report: &mut Report<'_>,
    variables: &Variables<'_>,
    compares: &Compares<'_>,
    site: Site<'_>,
) {
    let Some(left) = Formed::of(&compares.left, variables) else { return };
    let order = !compares.is_equality();
    let mut mended: Vec<Option<Mended>> = Vec::new();
    let mut fault: Option<(Form, String, String)> = None;
    for side in &compares.right {
        let Some(right) = Formed::of(side, variables) else { return };
        if is_sound(&left, &right, order) {
            mended.push(None);
            continue;
        }
        let (formed, other) = if left.text.is_some() { (&right, &left) } else { (&left, &right) };
        let shown = other.text.unwrap_or(other.name).to_owned();
        fault.get_or_insert((formed.form, formed.name.to_owned(), shown));
        mended.push(mend(&left, &right, order));
    }
    let Some((form, name, other)) = fault else { return };
    let at = |side: &Side<'_>| match side {
        Side::Variable { at, .. } => site.use_at(at),
        Side::Text(_) | Side::Other => None,
    };
    let sides = std::iter::once(&compares.left).chain(&compares.right);
    let Some(variable) = sides.into_iter().find_map(at) else { return };
    let write = |side: &Written| match side {
        Written::Text(text) => quoted(report, variable.value, text),
        Written::Variable(text) => text.clone(),
    };
    let first = mended.first().and_then(Option::as_ref).map(|(left, _)| left.clone());
    let whole: Option<Vec<String>> = mended
        .iter()
        .map(|pair| pair.as_ref().filter(|(left, _)| Some(left) == first.as_ref()))
        .map(|pair| pair.map(|(_, right)| write(right)))
        .collect();
    let help = match (whole, first) {
        (Some(right), Some(left)) => {
            let right = right.join(", ");
            let list = compares.operator.ends_with("in");
            let right = if list { format!("[{right}]") } else { right };
            format!("write `{} {} {right}`", write(&left), compares.operator)
        }
        _ => form.advice(|text| quoted(report, variable.value, text)),
    };
    let (what, example) = form.shown();
    report
        .found(
            Code::FormMismatch,
            place(report, variable, compares),
            format!(
                "`{name}` is {what}, as in `{example}`: compared with `{other}` it says nothing"
            ),
        )
        .help(help);
}

/// Where the comparison stands, as far as the file has it as it was read.
fn place(report: &Report<'_>, used: &Use, compares: &Compares<'_>) -> Span {
    if report.text(used.span) != used.name {
        return used.span;
    }
    let move_to = |at: usize| used.span.start + at - used.at.start.min(used.span.start + at);
    let span = Span::new(move_to(compares.at.start), move_to(compares.at.end));
    if report.text(span).contains(&used.name) { span } else { used.span }
}

/// Whether a comparison can be true of some moments and false of others.
/// [`stored`](super::stored) looks at those of an answer with a text.
fn is_sound(left: &Formed<'_>, right: &Formed<'_>, order: bool) -> bool {
    let (formed, text) = match (left.text, right.text) {
        (Some(_), Some(_)) => return true,
        (Some(text), None) => (right, text),
        (None, Some(text)) => (left, text),
        (None, None) => {
            return match (left.form, right.form) {
                (Form::Moment, Form::Moment) => left.name != right.name,
                (Form::Moment, Form::Date) | (Form::Date, Form::Moment) => order,
                (Form::Long, Form::Long) => !order,
                (left, right) => left == right,
            };
        }
    };
    let is_now = formed.name == BuiltIn::Now.name();
    match formed.form {
        Form::Moment => is_moment(text, order),
        Form::Time if is_now => {
            answer::plain_time(text).is_some_and(|time| answer::stored_time(time) == text)
        }
        Form::Long => {
            !order && answer::whole_date(text).is_none_or(|day| calendar::show(day) == text)
        }
        Form::Date | Form::Time | Form::Any => true,
    }
}

/// Whether a text is a moment as it is kept, or for an order begins one.
fn is_moment(text: &str, order: bool) -> bool {
    const WHOLE: &str = "2000-01-01T00:00";
    let is_like = |(c, like): (char, char)| {
        if like.is_ascii_digit() { c.is_ascii_digit() } else { c == like }
    };
    let completed = || format!("{text}{}", WHOLE.get(text.len()..).unwrap_or_default());
    text.chars().zip(WHOLE.chars()).all(is_like)
        && (text.len() == WHOLE.len() || order && matches!(text.len(), 4 | 7 | 10 | 13))
        && completed().parse::<jiff::civil::DateTime>().is_ok()
}

/// What was meant.
fn mend(left: &Formed<'_>, right: &Formed<'_>, order: bool) -> Option<Mended> {
    if left.text.is_some() {
        return mend(right, left, order).map(|(left, right)| (right, left));
    }
    let part = |side: &Formed<'_>, part: &str| Written::Variable(format!("{}{part}", side.name));
    let Some(text) = right.text else {
        let has = |form| left.form == form || right.form == form;
        return match () {
            () if left.name == right.name => None,
            () if has(Form::Time) && has(Form::Moment) => {
                let time =
                    |side| part(side, if side.form == Form::Moment { " | time" } else { "" });
                Some((time(left), time(right)))
            }
            () if has(Form::Time) => None,
            () if order => Some((part(left, ""), part(right, ""))),
            () => Some((part(left, " | date"), part(right, " | date"))),
        };
    };
    if let Some(moment) = moment(text).filter(|_| left.form == Form::Moment) {
        return Some((part(left, ""), Written::Text(moment)));
    }
    let time = answer::on_24_hours(text).or_else(|| answer::plain_time(text));
    if let Some(time) = time.filter(|_| matches!(left.form, Form::Moment | Form::Time)) {
        return Some((part(left, " | time"), Written::Text(answer::stored_time(time))));
    }
    let day = answer::whole_date(text).filter(|_| left.form != Form::Time)?;
    Some(if order {
        (part(left, ""), Written::Text(day.to_string()))
    } else {
        (part(left, " | date"), Written::Text(calendar::show(day)))
    })
}

/// A day and a time that are written nearly as they are kept.
fn moment(text: &str) -> Option<String> {
    let (day, time) = text.split_once(['T', 't', ' '])?;
    let day = answer::stored_date(day)?;
    let time = time.trim_end_matches('Z');
    let time = match time.split(':').count() {
        3 => time.rsplit_once(':').map(|(minutes, _)| minutes)?,
        _ => time,
    };
    let time = answer::on_24_hours(time).or_else(|| answer::plain_time(time))?;
    Some(format!("{}T{}", Date::to_string(&day), answer::stored_time(time)))
}
