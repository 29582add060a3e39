//! Reads one step: its verb, and where it goes.

use super::answer;
use super::call;
use super::if_block;
use super::misplaced::misplaced;
use super::names;
use super::run;
use super::shape;
use super::values;
use super::wait_for;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, Condition, DraftRun, DraftStep, DraftVerb, Text};
use crate::conversation::load::syntax::explain::levels;
use crate::conversation::load::syntax::keys::{self, AskKeys, unknown_key};
use crate::conversation::load::syntax::node::{Data, Node};
use crate::conversation::load::syntax::quote::quoted;
use crate::message::MAX_MEDIA;

/// Reads a step. Returns with it whether all of its jumps could be read.
pub(super) fn read(
    report: &mut Report<'_>,
    name: &At<&str>,
    node: &Node,
) -> Option<(DraftStep, bool)> {
    names::check_step_name(report, name);
    let before = report.errors();
    let entries = shape::map(report, name.value, node);
    if report.errors() > before && entries.is_empty() {
        return None;
    }
    let mut walk = Walk::new(name);
    let said = if_block::check(report, &entries);
    walk.is_whole &= said.is_none();
    let said = said.unwrap_or_default();
    for (key, node) in entries.into_iter().filter(|(key, _)| !said.contains(&key.value)) {
        walk.key(report, key, node);
    }
    walk.verb_keys(report);
    walk.whole_step(report);
    Some((walk.step, walk.is_whole))
}

/// A step of which some keys have been read.
struct Walk<'a> {
    step: DraftStep,
    verb: Option<(&'a str, Span)>,
    /// Whether its verb is not supported by this version.
    unsupported: bool,
    /// Whether it has an unknown key, which may have been meant as its verb.
    unknown: bool,
    /// Keys of a question or of `run`, which are read once the verb is known.
    verb_keys: Vec<(At<&'a str>, &'a Node)>,
    media: Option<Span>,
    quiet_after: Option<Span>,
    /// Whether everything that decides paths could be read.
    is_whole: bool,
}

impl<'a> Walk<'a> {
    fn new(name: &At<&str>) -> Self {
        let step = DraftStep {
            name: At { value: name.value.to_owned(), span: name.span },
            verb: DraftVerb::Branch,
            media: Vec::new(),
            resume: None,
            when: Vec::new(),
            branches: Vec::new(),
            go: None,
            end: None,
            quiet_after: None,
        };
        let verb_keys = Vec::new();
        Self {
            step,
            verb: None,
            unsupported: false,
            unknown: false,
            verb_keys,
            media: None,
            quiet_after: None,
            is_whole: true,
        }
    }

    fn key(&mut self, report: &mut Report<'_>, key: At<&'a str>, node: &'a Node) {
        let before = report.errors();
        match key.value {
            _ if keys::VERBS.contains(&key.value) => return self.verb(report, &key, node),
            "media" => {
                self.media = Some(key.span);
                self.step.media = media(report, node);
                return;
            }
            // It decides no path.
            "quiet_after" => {
                self.quiet_after = Some(key.span);
                let quiet = values::duration(report, key.value, node);
                self.step.quiet_after = quiet.map(|value| At { value, span: node.span });
                return;
            }
            _ if [&keys::OF_ASK[..], &keys::OF_RUN, &keys::OF_CALL, &keys::OF_WAIT_FOR]
                .iter()
                .any(|keys| keys.contains(&key.value)) =>
            {
                self.verb_keys.push((key, node));
                return;
            }
            "resume" => {
                let is_on = values::switch(report, key.value, node) == Some(true);
                self.step.resume = is_on.then_some(key.span);
            }
            "if" => self.step.branches = branches(report, node),
            "go" => self.step.go = shape::text(report, key.value, node),
            "end" => self.step.end = values::outcome(report, key.value, node),
            _ if levels::is_step_inside(key.value, node, &self.step.name.value) => {
                let (name, own) = (key.value, &self.step.name.value);
                report
                    .found(
                        Code::Indentation,
                        key.span,
                        format!("`{name}` is inside the step `{own}`, not beside it"),
                    )
                    .help(format!("indent `{name}` only as far as `{own}`"));
            }
            _ => {
                self.unsupported |= keys::VERBS_NOT_YET.contains(&key.value);
                self.unknown = true;
                unknown_key(report, &key, &keys::of_step(), &keys::OF_STEP_NOT_YET, "a step");
            }
        }
        self.is_whole &= report.errors() == before;
    }

    fn verb(&mut self, report: &mut Report<'_>, key: &At<&'a str>, node: &Node) {
        let Some((first, span)) = self.verb else {
            self.verb = Some((key.value, key.span));
            self.step.verb = verb(report, &self.step.name, key, node);
            return;
        };
        report
            .found(
                Code::TwoVerbs,
                key.span,
                format!("a step does one thing, but this one has `{first}` and `{}`", key.value),
            )
            .label(span, "first here")
            .help("split it into two steps");
        self.is_whole = false;
    }

    /// Reads the keys that go with the verb, and reports those that do not.
    fn verb_keys(&mut self, report: &mut Report<'_>) {
        let before = report.errors();
        let keys = AskKeys::new(&self.verb_keys);
        match &mut self.step.verb {
            DraftVerb::Ask(ask) => {
                self.step.when = answer::read(report, ask, &keys);
                self.is_whole &= report.errors() == before || !keys.decide_paths();
            }
            DraftVerb::Run(run) => {
                self.step.when = run::read(report, run, &keys);
                self.is_whole &= report.errors() == before && run.flow.is_some();
            }
            DraftVerb::Call(call) => {
                let span = self.verb.map_or(self.step.name.span, |(_, span)| span);
                self.step.when = call::read(report, call, &keys, span);
                self.is_whole &= report.errors() == before;
            }
            DraftVerb::WaitFor(wait) => {
                let span = self.verb.map_or(self.step.name.span, |(_, span)| span);
                self.step.when = wait_for::read(report, wait, &keys, span);
                self.is_whole &= report.errors() == before;
            }
            DraftVerb::Say(_) | DraftVerb::Set(_) | DraftVerb::Branch => {}
        }
        if self.verb.is_none() && self.unknown {
            return;
        }
        let allowed: &[&str] = match self.step.verb {
            DraftVerb::Ask(_) => &keys::OF_ASK,
            DraftVerb::Run(_) => &keys::OF_RUN,
            DraftVerb::Call(_) => &keys::OF_CALL,
            DraftVerb::WaitFor(_) => &keys::OF_WAIT_FOR,
            DraftVerb::Say(_) | DraftVerb::Set(_) | DraftVerb::Branch => &[],
        };
        for (key, _) in self.verb_keys.iter().filter(|(key, _)| !allowed.contains(&key.value)) {
            let name = key.value;
            let (message, verb) = misplaced(name);
            let help = match (name, &self.step.verb) {
                ("on_timeout", DraftVerb::Call(_)) => {
                    "write `when: {timeout: STEP}` with the step to go to".to_owned()
                }
                _ => format!("write {verb} in this step or leave the key out"),
            };
            report.found(Code::MisplacedKey, key.span, message).help(help);
            self.is_whole = false;
        }
    }

    /// Reports keys that make no sense beside each other.
    fn whole_step(&mut self, report: &mut Report<'_>) {
        let step = &self.step;
        if let (Some(go), Some(end)) = (&step.go, &step.end) {
            report
                .found(
                    Code::MisplacedKey,
                    end.span,
                    "`end` never happens: `go` leads elsewhere before it",
                )
                .label(go.span, "goes here")
                .help("keep one of the two");
        }
        if let (Some(span), None, true) = (self.quiet_after, &step.end, self.is_whole) {
            report
                .found(
                    Code::MisplacedKey,
                    span,
                    "`quiet_after` belongs to `end`, but this step has no `end`",
                )
                .help("write `end` with an outcome in this step or leave the key out");
        }
        if let (Some(span), DraftVerb::Ask(_)) = (step.resume, &step.verb) {
            let message = "`resume` goes back to the open question, but this step asks one itself";
            report.found(Code::MisplacedKey, span, message).help("use it with `say` or `set`");
        }
        if let (Some(span), DraftVerb::Run(_)) = (step.resume, &step.verb) {
            let message =
                "`resume` goes back to the open question, but the flow of this step asks others";
            report.found(Code::MisplacedKey, span, message).help("use it with `say` or `set`");
        }
        if let (Some(span), DraftVerb::Call(_) | DraftVerb::WaitFor(_)) = (step.resume, &step.verb)
        {
            let message = "`resume` goes back to the open question, but this step waits itself";
            report.found(Code::MisplacedKey, span, message).help("use it with `say` or `set`");
        }
        if let (
            Some(span),
            DraftVerb::Set(_)
            | DraftVerb::Run(_)
            | DraftVerb::Call(_)
            | DraftVerb::WaitFor(_)
            | DraftVerb::Branch,
        ) = (self.media.filter(|_| self.verb.is_some() || !self.unknown), &step.verb)
        {
            report
                .found(
                    Code::MisplacedKey,
                    span,
                    "`media` is sent with a text, but this step says nothing",
                )
                .help("add `say: \"\"` to send it without a text");
        }
        if let (Some(span), Some(ask)) = (self.media, step.ask())
            && let Some((nudge, _)) = ask.silence.nudges.first()
        {
            report
                .found(
                    Code::MisplacedKey,
                    span,
                    "`media` does not go with `nudges`: they are texts",
                )
                .label(nudge.span, "the first nudge")
                .help("put the media into a step before the question");
        }
        if let DraftVerb::Say(Some(text)) = &step.verb
            && text.fixed_length == Some(0)
            && self.media.is_none()
        {
            let comment = shape::comment_after(report, text.span).map(|comment| {
                format!("if what follows `#` belongs to the text, write {}", quoted(comment))
            });
            report
                .found(Code::EmptyStep, text.span, "`say` has nothing to say")
                .help("write a text, or add `media` to send a picture without one")
                .maybe_help(comment);
        }
        self.is_whole &= !self.unsupported;
        let decides = step.go.is_some() || step.end.is_some() || !step.branches.is_empty();
        if self.verb.is_none() && !decides && self.media.is_none() && self.is_whole {
            report.found(Code::EmptyStep, step.name.span, format!("`{}` does nothing", step.name.value)).help(
                "give it `ask`, `say`, `set`, `run`, `call` or `wait_for`, or say with `if`, `go` or `end` where to go",
            );
        }
    }
}

fn verb(report: &mut Report<'_>, step: &At<String>, key: &At<&str>, node: &Node) -> DraftVerb {
    match key.value {
        "ask" => {
            let text = shape::template(report, key.value, node);
            DraftVerb::Ask(Box::new(answer::question(text, step, key.span)))
        }
        "say" => DraftVerb::Say(shape::any_template(report, key.value, node)),
        "run" => {
            let flow = shape::text(report, key.value, node);
            DraftVerb::Run(DraftRun { flow, keep: Vec::new() })
        }
        "call" => DraftVerb::Call(Box::new(call::line(report, node))),
        "wait_for" => DraftVerb::WaitFor(Box::new(wait_for::line(report, node))),
        _ => DraftVerb::Set(
            shape::map(report, key.value, node)
                .into_iter()
                .map(|(name, node)| {
                    names::check_variable(report, name.value, name.span);
                    let text = shape::any_template(report, name.value, node);
                    (At { value: name.value.to_owned(), span: name.span }, text)
                })
                .collect(),
        ),
    }
}

fn media(report: &mut Report<'_>, node: &Node) -> Vec<Text> {
    let items = shape::list(report, "media", node);
    if let Some(surplus) = items.get(MAX_MEDIA) {
        report
            .found(
                Code::LimitExceeded,
                surplus.span,
                format!("a message carries at most {MAX_MEDIA} media"),
            )
            .help("put the others into another step, which sends a message of its own");
    }
    let mut texts = Vec::new();
    for item in items.iter().take(MAX_MEDIA) {
        if let Data::Text { value, .. } = &item.data
            && !value.trim().is_empty()
            && !value.starts_with("{{")
            && !["https://", "http://"].iter().any(|scheme| value.starts_with(scheme))
        {
            report
                .found(
                    Code::BadValue,
                    item.span,
                    format!("`{value}` is not an address that a phone can fetch"),
                )
                .help("write a complete address that begins with `https://`");
            continue;
        }
        texts.extend(shape::template(report, "media", item));
    }
    texts
}

fn branches(report: &mut Report<'_>, node: &Node) -> Vec<(Option<Condition>, At<String>)> {
    let mut branches = Vec::new();
    for item in shape::list(report, "if", node) {
        let mut is = None;
        let mut go = None;
        let mut has_is = false;
        let mut has_go = false;
        let before = report.errors();
        for (key, node) in shape::map(report, "if", item) {
            match key.value {
                "is" => {
                    has_is = true;
                    is = shape::condition(report, key.value, node);
                }
                "go" => {
                    has_go = true;
                    go = shape::text(report, key.value, node);
                }
                _ => unknown_key(report, &key, &["is", "go"], &[], "an entry of `if`"),
            }
        }
        if report.errors() == before && !(has_is && has_go) {
            let missing = if has_is { "go" } else { "is" };
            report
                .found(
                    Code::MissingKey,
                    item.span,
                    format!("this entry of `if` has no `{missing}`"),
                )
                .help("write `- {is: size == \"large\", go: STEP}`");
        }
        branches.extend(go.map(|go| (is, go)));
    }
    branches
}
