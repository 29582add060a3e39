//! Reads a step that makes an HTTP call: what it asks for, what it keeps, and
//! where it goes after each answer.

use std::time::Duration;

use super::call_url;
use super::json;
use super::keep;
use super::shape;
use super::values;
use crate::conversation::duration;
use crate::conversation::finding::{Code, Span};
use crate::conversation::flow::{FAILED, TIMEOUT};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, DraftCall, DraftContent, Text};
use crate::conversation::load::syntax::keys::AskKeys;
use crate::conversation::load::syntax::node::Node;
use crate::conversation::request::Method;

/// The longest time for a call. It is also that of the client.
const LONGEST: Duration = Duration::from_mins(1);

/// The most requests of a call.
const MOST_ATTEMPTS: u8 = 5;

/// Headers that belong to the connection, or that are set for each request.
const OURS: [&str; 13] = [
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "idempotency-key",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Returns the call of this line, without its other keys.
pub(super) fn line(report: &mut Report<'_>, node: &Node) -> DraftCall {
    let (line, target) = call_url::read(report, node).unzip();
    DraftCall {
        line,
        target: target.flatten(),
        headers: Vec::new(),
        query: Vec::new(),
        content: DraftContent::Nothing,
        timeout: None,
        attempts: None,
        keep: Vec::new(),
        meanwhile: None,
    }
}

/// Reads the other keys into it, and returns its `when`. `span` is the key `call`.
pub(super) fn read(
    report: &mut Report<'_>,
    call: &mut DraftCall,
    keys: &AskKeys<'_>,
    span: Span,
) -> Vec<(At<String>, At<String>)> {
    if let Some((_, node)) = keys.get("headers") {
        call.headers = fields(report, "headers", node);
        call.headers.retain(|(name, _)| is_header(report, name));
    }
    if let Some((span, node)) = keys.get("query") {
        call.query = fields(report, "query", node);
        let has_search = |target| call_url::has_search(target);
        if call.target.as_ref().is_some_and(has_search) {
            report
                .found(Code::MisplacedKey, span, "`query` stands beside a `?` in the URL")
                .help("write all parameters below `query`, or all of them in the URL");
        }
    }
    content(report, call, keys);
    call.timeout = keys.get("timeout").and_then(|(_, node)| timeout(report, node));
    call.attempts = keys.get("attempts").and_then(|(_, node)| attempts(report, node));
    call.keep = keep::read(report, keys, true);
    call.meanwhile =
        keys.get("meanwhile").and_then(|(_, node)| shape::template(report, "meanwhile", node));
    let when = keys.get("when").map(|(_, node)| when(report, node)).unwrap_or_default();
    if !when.iter().any(|(key, _)| key.value == FAILED) {
        let (span, help) = match keys.get("when") {
            Some((span, _)) => (span, "write `failed: STEP` below it, with the step to go to"),
            None => (span, "write `when: {failed: STEP}` with the step to go to"),
        };
        report
            .found(Code::MissingKey, span, "nothing says where to go if this call fails")
            .help(help);
    }
    when
}

/// Reads names with texts.
fn fields(report: &mut Report<'_>, key: &str, node: &Node) -> Vec<(At<String>, Text)> {
    let entries = shape::map(report, key, node).into_iter();
    let fields = entries.filter_map(|(name, node)| {
        let text = shape::any_template(report, name.value, node)?;
        Some((At { value: name.value.to_owned(), span: name.span }, text))
    });
    fields.collect()
}

/// Returns whether a flow may set a header, and reports it otherwise.
fn is_header(report: &mut Report<'_>, name: &At<String>) -> bool {
    let is_token = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c);
    if !name.value.bytes().all(is_token) {
        report
            .found(
                Code::BadName,
                name.span,
                format!("`{}` cannot be the name of a header", name.value),
            )
            .help("use letters, digits and `-`");
        return false;
    }
    let small = name.value.to_ascii_lowercase();
    if OURS.contains(&small.as_str()) {
        let help = match small.as_str() {
            "content-type" => "leave it out: `body` is sent as JSON, and `form` as a form",
            "idempotency-key" => "leave it out: each call has a key of its own",
            _ => "leave it out: it belongs to the connection",
        };
        report
            .found(
                Code::BadName,
                name.span,
                format!("a flow cannot set the header `{}`", name.value),
            )
            .help(help);
        return false;
    }
    true
}

/// Reads `form` or `body`.
fn content(report: &mut Report<'_>, call: &mut DraftCall, keys: &AskKeys<'_>) {
    let method = call.target.as_ref().map(|target| target.method);
    for key in ["form", "body"] {
        if let (Some((span, _)), Some(Method::Get)) = (keys.get(key), method) {
            report
                .found(Code::MisplacedKey, span, format!("a GET request has no `{key}`"))
                .help("write `query` in its place, or call with POST");
        }
    }
    match (keys.get("form"), keys.get("body")) {
        (Some((first, _)), Some((second, _))) => {
            report
                .found(Code::MisplacedKey, second, "a request has a `form` or a `body`, not both")
                .label(first, "the form is here")
                .help("keep one of the two: `body` is sent as JSON");
        }
        (Some((_, node)), None) => call.content = DraftContent::Form(fields(report, "form", node)),
        (None, Some((_, node))) => {
            if let Some(json) = json::read(report, node) {
                call.content = DraftContent::Json(json);
            }
        }
        (None, None) => {}
    }
}

fn timeout(report: &mut Report<'_>, node: &Node) -> Option<At<Duration>> {
    let at = shape::text(report, "timeout", node)?;
    let Some(seconds) = duration::seconds(&at.value) else {
        values::not_a_duration(report, &at);
        return None;
    };
    let value = Duration::from_secs(seconds);
    if value.is_zero() || value > LONGEST {
        report
            .found(
                Code::OutOfRange,
                at.span,
                format!("`{}` is out of range for the `timeout` of a call", at.value),
            )
            .help("write at least `1s` and at most `60s`: people wait for what follows");
        return None;
    }
    Some(At { value, span: at.span })
}

fn attempts(report: &mut Report<'_>, node: &Node) -> Option<At<u8>> {
    let at = shape::text(report, "attempts", node)?;
    match at.value.parse() {
        Ok(value) if (1..=MOST_ATTEMPTS).contains(&value) => Some(At { value, span: at.span }),
        _ => {
            report
                .found(
                    Code::OutOfRange,
                    at.span,
                    format!("`{}` is not a number of attempts", at.value),
                )
                .help(format!("write a number from 1 to {MOST_ATTEMPTS}"));
            None
        }
    }
}

/// Reads where each answer leads.
fn when(report: &mut Report<'_>, node: &Node) -> Vec<(At<String>, At<String>)> {
    let mut when = Vec::new();
    for (key, node) in shape::map(report, "when", node) {
        let target = shape::text(report, key.value, node);
        if !is_outcome(key.value) {
            let near =
                report.did_you_mean(key.value, [TIMEOUT, FAILED, "2xx", "3xx", "4xx", "5xx"]);
            report
                .found(Code::BadValue, key.span, format!("a call never ends with `{}`", key.value))
                .help("write a status such as `404`, or one of `2xx`, `3xx`, `4xx`, `5xx`, `timeout` and `failed`")
                .maybe_help(near);
            continue;
        }
        when.extend(
            target.map(|target| (At { value: key.value.to_owned(), span: key.span }, target)),
        );
    }
    when
}

fn is_outcome(key: &str) -> bool {
    let is_class = key.len() == 3 && key.starts_with(['2', '3', '4', '5']);
    let rest = key.get(1..).unwrap_or_default();
    let is_status = is_class && (rest == "xx" || rest.bytes().all(|b| b.is_ascii_digit()));
    is_status || key == TIMEOUT || key == FAILED
}
