//! The lines with `!`: the requests that were made.

use serde_json::Value;

use super::line::ExpectedRequest;
use crate::conversation::request::Request;
use crate::conversation::shown::in_one_line;

/// Returns whether the text of a line is a method and a URL, and not a body.
pub(super) fn is_target(text: &str) -> bool {
    let method = text.split_once(' ').map(|(method, _)| method).unwrap_or_default();
    !method.is_empty() && method.bytes().all(|b| b.is_ascii_uppercase())
}

/// Writes requests line by line.
#[must_use]
pub fn written_requests(requests: &[Request]) -> Vec<String> {
    requests.iter().flat_map(|request| [Some(target(request)), body(request)]).flatten().collect()
}

fn target(request: &Request) -> String {
    format!("! {}", request.shown())
}

fn body(request: &Request) -> Option<String> {
    let body = request.body.as_ref().filter(|body| !body.content.is_empty())?;
    Some(format!("! {}", in_one_line(&body.content)))
}

/// Returns the lines of the file, and those of the requests that were made as
/// far as the file has them. They are the same if the requests are.
pub(super) fn compared(
    expected: &[ExpectedRequest],
    made: &[Request],
) -> (Vec<(usize, String)>, Vec<String>) {
    let lines = expected.iter().flat_map(|request| [Some(&request.target), request.body.as_ref()]);
    let lines = lines.flatten().map(|line| (line.number, line.written.clone())).collect();
    let mut came = Vec::new();
    let mut expected = expected.iter();
    for request in made {
        let expected = expected.next();
        came.push(target(request));
        match (body(request), expected.map(|expected| &expected.body)) {
            (_, Some(None)) => {}
            (Some(body), Some(Some(line))) if means_the_same(&line.written, &body) => {
                came.push(line.written.clone());
            }
            (body, _) => came.extend(body),
        }
    }
    (lines, came)
}

/// Returns whether two lines have the same JSON, in whatever form.
fn means_the_same(left: &str, right: &str) -> bool {
    let json =
        |line: &str| serde_json::from_str::<Value>(line.strip_prefix("! ").unwrap_or(line)).ok();
    json(left).zip(json(right)).is_some_and(|(left, right)| is_same(&left, &right))
}

fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || left.as_f64().is_some() && left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| is_same(l, r))
        }
        (Value::Object(left), Value::Object(right)) => {
            let has = |(name, left)| right.get(name).is_some_and(|right| is_same(left, right));
            left.len() == right.len() && left.iter().all(has)
        }
        (left, right) => left == right,
    }
}
