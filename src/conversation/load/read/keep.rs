//! Reads `keep` and `may_keep`: what a step keeps of JSON that it gets.

use super::names;
use super::shape;
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::At;
use crate::conversation::load::syntax::keys::AskKeys;

/// A variable, a JSON pointer, and whether it must lead to something.
pub(super) type Kept = (At<String>, String, bool);

/// Reads both keys. `takes_whole` says whether an empty pointer can keep a text:
/// a result is always an object.
pub(super) fn read(report: &mut Report<'_>, keys: &AskKeys<'_>, takes_whole: bool) -> Vec<Kept> {
    let mut kept: Vec<Kept> = Vec::new();
    for (key, is_required) in [("keep", true), ("may_keep", false)] {
        let Some((_, node)) = keys.get(key) else { continue };
        for (name, node) in shape::map(report, key, node) {
            names::check_variable(report, name.value, name.span);
            let Some(pointer) = shape::any_text(report, name.value, node) else { continue };
            if !is_pointer(report, &pointer, takes_whole) {
                continue;
            }
            if !takes_whole && is_required && pointer.value.starts_with("/outcome/") {
                report
                    .found(
                        Code::BadValue,
                        pointer.span,
                        "the `outcome` of a result is a text, and has no members",
                    )
                    .help("write the place of another member, such as `/amount`");
                continue;
            }
            let is_inside = |one: &str, other: &str| {
                one.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'))
            };
            let clash = kept.iter().find(|(_, known, known_is_required)| {
                *known_is_required
                    && is_required
                    && !known.is_empty()
                    && (is_inside(known, &pointer.value) || is_inside(&pointer.value, known))
            });
            if let Some((first, known, _)) = clash {
                let (first, message) =
                    (first.span, format!("`{known}` and `{}` cannot both be kept", pointer.value));
                report
                    .found(Code::BadValue, pointer.span, message)
                    .label(first, "the other one is here")
                    .help("a member is either a value or has members itself: keep one of the two, or write one of them below `may_keep`");
                continue;
            }
            if let Some((first, ..)) = kept.iter().find(|(known, ..)| known.value == name.value) {
                let first = first.span;
                report
                    .found(Code::Duplicate, name.span, format!("`{}` is kept twice", name.value))
                    .label(first, "first here")
                    .help("keep it below `keep` or below `may_keep`");
                continue;
            }
            let variable = At { value: name.value.to_owned(), span: name.span };
            kept.push((variable, pointer.value, is_required));
        }
    }
    kept
}

/// Returns whether a text is a JSON pointer (RFC 6901), and reports it otherwise.
fn is_pointer(report: &mut Report<'_>, pointer: &At<String>, takes_whole: bool) -> bool {
    let text = &pointer.value;
    if text.is_empty() {
        if !takes_whole {
            report
                .found(
                    Code::BadValue,
                    pointer.span,
                    "a result is an object, and cannot be kept whole",
                )
                .help("write `/` and the name of a member, such as `/amount`");
        }
        return takes_whole;
    }
    let is_escaped = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    if text.starts_with('/') && is_escaped {
        return true;
    }
    let fields = text.trim_start_matches(['$', '.']).replace(['.', '['], "/");
    let fields = fields.replace(']', "").replace('~', "~0");
    report
        .found(Code::BadValue, pointer.span, format!("`{text}` is not a JSON pointer"))
        .help(format!("write `/{}`: a `/` before each name", fields.trim_start_matches('/')));
    false
}
