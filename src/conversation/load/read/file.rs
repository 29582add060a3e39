//! Reads a flow file: its keys, in any order.

use super::languages;
use super::renamed;
use super::secrets;
use super::shape;
use super::silence;
use super::step;
use super::step_list;
use super::values;
use crate::conversation::finding::Code;
use crate::conversation::flow::label_of;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, Draft, DraftCommand};
use crate::conversation::load::syntax::explain::levels;
use crate::conversation::load::syntax::keys::{self, unknown_key};
use crate::conversation::load::syntax::names::{MAX_NAME, is_name};
use crate::conversation::load::syntax::node::Node;

/// The most steps of a flow: more than a person can survey.
const MAX_STEPS: usize = 1000;

/// Reads a file's tree, and reports its faults.
pub(crate) fn read(report: &mut Report<'_>, root: &Node) -> Draft {
    let mut draft = Draft { paths_are_whole: true, ..Draft::default() };
    let mut started = false;
    let mut has_steps = false;
    let mut has_name = false;
    let entries = shape::map(report, "a flow file", root);
    for (key, node) in &entries {
        match key.value {
            "flow" => {
                has_name = true;
                draft.name = name(report, node);
            }
            "start" => {
                started = true;
                start(report, node, &mut draft);
            }
            "otherwise" => draft.otherwise = shape::template(report, key.value, node),
            "ended" => draft.ended = shape::template(report, key.value, node),
            "changed" => draft.changed = shape::template(report, key.value, node),
            "expired" => draft.expired = shape::template(report, key.value, node),
            "expire" => {
                let expire = values::duration(report, key.value, node);
                draft.expire = expire.map(|value| At { value, span: key.span });
            }
            "on_expire" => draft.on_expire = shape::text(report, key.value, node),
            "quiet" => draft.quiet = silence::quiet(report, node),
            "secrets" => draft.secrets = secrets::read(report, node),
            "timezone" => draft.timezone = values::time_zone(report, key.value, node),
            "languages" => draft.languages = languages::read(report, node),
            "renamed" => draft.renamed = renamed::read(report, node),
            "commands" => draft.commands = commands(report, node),
            "steps" => {
                has_steps = true;
                let is_beside = |(key, node): &(At<&str>, &Node)| levels::is_step(key.value, node);
                if node.says("") && entries.iter().any(is_beside) {
                    // Each of them is reported.
                    continue;
                }
                steps(report, node, &mut draft);
            }
            _ if levels::is_step(key.value, node) => {
                levels::not_indented(report, key.value, key.span);
                draft.paths_are_whole = false;
            }
            _ => unknown_key(report, key, &keys::OF_FILE, &keys::OF_FILE_NOT_YET, "a flow file"),
        }
    }
    if entries.is_empty() {
        return draft;
    }
    let top = report.line(report.line_of(root.span.start));
    if !has_name {
        report
            .found(Code::MissingKey, top, "this flow has no name")
            .help("write `flow: ` and its name at the top");
    }
    draft.no_start = (!started).then_some(top);
    if !has_steps {
        report
            .found(Code::MissingKey, top, "this flow has no steps")
            .help("write `steps:`, and below it each step with its name");
    }
    draft
}

fn name(report: &mut Report<'_>, node: &Node) -> Option<At<String>> {
    let at = shape::text(report, "flow", node)?;
    let is_name = at.value.len() <= MAX_NAME
        && at.value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if is_name {
        return Some(at);
    }
    report
        .found(Code::BadName, at.span, format!("`{}` cannot be the name of a flow", at.value))
        .help(format!(
            "use only lowercase letters, digits and `-`, at most {MAX_NAME} characters, such as `flow: favorite-song`"
        ));
    None
}

fn start(report: &mut Report<'_>, node: &Node, draft: &mut Draft) {
    for word in shape::word_list(report, "start", node) {
        if word.written == "*" {
            draft.start_any = Some(word.span);
        } else {
            draft.start.push(word);
        }
    }
}

fn commands(report: &mut Report<'_>, node: &Node) -> Vec<DraftCommand> {
    shape::map(report, "commands", node)
        .into_iter()
        .map(|(target, words)| DraftCommand {
            words: shape::word_list(report, target.value, words),
            target: At { value: target.value.to_owned(), span: target.span },
        })
        .collect()
}

fn steps(report: &mut Report<'_>, node: &Node, draft: &mut Draft) {
    if step_list::check(report, node) {
        draft.paths_are_whole = false;
        draft.may_be_set.extend(node.texts().into_iter().map(str::to_owned));
        return;
    }
    let entries = shape::map(report, "steps", node);
    if let Some((name, _)) = entries.get(MAX_STEPS) {
        report
            .found(Code::LimitExceeded, name.span, format!("a flow has at most {MAX_STEPS} steps"))
            .help("split it into several flows");
        draft.paths_are_whole = false;
    }
    for (place, (name, node)) in entries.into_iter().enumerate() {
        if place >= MAX_STEPS {
            draft.may_be_set.extend(may_set(&name, node));
            continue;
        }
        let before = report.errors();
        match step::read(report, &name, node) {
            Some((step, is_whole)) => {
                draft.paths_are_whole &= is_whole;
                draft.steps.push(step);
            }
            None => draft.paths_are_whole = false,
        }
        if report.errors() > before {
            draft.may_be_set.extend(may_set(&name, node));
        }
    }
}

/// The variables that an unreadable step may set: its own name, and any word in
/// it, since a misspelt key may have been `ask`, `save` or `set`.
fn may_set(name: &At<&str>, node: &Node) -> Vec<String> {
    let names = node.texts().into_iter().chain([name.value]).filter(|text| is_name(text));
    names.flat_map(|name| [name.to_owned(), label_of(name)]).collect()
}
