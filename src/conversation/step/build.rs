//! Builds the request of a call from what is known in a turn.

use super::scope::TurnScope;
use crate::conversation::Value;
use crate::conversation::flow::{Call, CallUrl, Content, Flow, Json};
use crate::conversation::request::{Body, CallId, Request, Sealed, encoded, without_controls};
use crate::conversation::template::{Filled, Template};

/// The largest body of a request, and the longest URL, in bytes.
const LARGEST: usize = 64 << 10;

/// Why a request cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// A part of the path would be `.` or `..`, and lead elsewhere.
    Path,
    /// It would be too large.
    Size,
}

impl Unfit {
    /// Returns the reason in words.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Path => "a part of the path would be `.` or `..`",
            Self::Size => "the request would have more than 64 KiB",
        }
    }
}

/// Returns the request of a call.
pub(super) fn request(call: &Call, id: CallId, scope: &TurnScope<'_>) -> Result<Request, Unfit> {
    let headers = call.headers.iter().map(|(name, value)| {
        let mut sealed = Sealed::default();
        fill(&mut sealed, value, scope, without_controls);
        (name.clone(), sealed)
    });
    let headers: Vec<(String, Sealed)> = headers.collect();
    let url = url(call, scope)?;
    let body = body(&call.content, scope);
    let is_large = headers.iter().map(|(_, value)| value.len()).sum::<usize>() > LARGEST
        || url.len() > LARGEST
        || body.as_ref().is_some_and(|body| body.content.len() > LARGEST);
    if is_large {
        return Err(Unfit::Size);
    }
    Ok(Request {
        call: id,
        method: call.method,
        url,
        headers,
        body,
        timeout: call.timeout,
        attempts: call.attempts,
    })
}

fn url(call: &Call, scope: &TurnScope<'_>) -> Result<Sealed, Unfit> {
    let CallUrl { origin, path, search } = &call.url;
    let path = filled(path, scope);
    if path.split('/').any(leads_elsewhere) {
        return Err(Unfit::Path);
    }
    let mut url = Sealed::default();
    url.push(origin);
    url.push(&path);
    if let Some(search) = search {
        url.push("?");
        url.push(&filled(search, scope));
    }
    for ((name, value), sign) in
        call.query.iter().zip(std::iter::once("?").chain(std::iter::repeat("&")))
    {
        url.push(sign);
        url.push(&encoded(name));
        url.push("=");
        fill(&mut url, value, scope, encoded);
    }
    Ok(url)
}

/// Returns whether a part of a path stands for the part itself or the one above
/// it, dots that are encoded included.
fn leads_elsewhere(part: &str) -> bool {
    matches!(part.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

fn body(content: &Content, scope: &TurnScope<'_>) -> Option<Body> {
    match content {
        Content::Nothing => None,
        Content::Form(fields) => {
            let encoded = |text: &str| encoded(text).replace("%20", "+");
            let mut content = String::new();
            for (name, value) in fields {
                if content.len() > LARGEST {
                    break;
                }
                content.push_str(if content.is_empty() { "" } else { "&" });
                content.push_str(&encoded(name));
                content.push('=');
                content.push_str(&encoded(&value.render(scope, LARGEST)));
            }
            Some(Body { content_type: "application/x-www-form-urlencoded", content })
        }
        Content::Json(json) => {
            let mut content = String::new();
            write(&mut content, json, scope);
            Some(Body { content_type: "application/json", content })
        }
    }
}

/// Writes JSON, in the order in which the flow has it. What is too large in any
/// case is not written to its end.
fn write(to: &mut String, json: &Json, scope: &TurnScope<'_>) {
    if to.len() > LARGEST {
        return;
    }
    match json {
        Json::Literal(literal) => to.push_str(literal),
        Json::Text(text) => match text.value(scope, LARGEST) {
            Value::Text(text) => to.push_str(&quoted(&text)),
            number => to.push_str(&number.to_string()),
        },
        Json::List(items) => {
            to.push('[');
            for (at, item) in items.iter().enumerate() {
                to.push_str(if at > 0 { "," } else { "" });
                write(to, item, scope);
            }
            to.push(']');
        }
        Json::Map(entries) => {
            to.push('{');
            for (at, (name, value)) in entries.iter().enumerate() {
                to.push_str(if at > 0 { "," } else { "" });
                to.push_str(&quoted(name));
                to.push(':');
                write(to, value, scope);
            }
            to.push('}');
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Appends a text to one with places for secrets, changed by `change`.
fn fill(to: &mut Sealed, text: &Template, scope: &TurnScope<'_>, change: impl Fn(&str) -> String) {
    for part in text.filled(scope) {
        if to.len() > LARGEST {
            break;
        }
        match part {
            Filled::Own(own) => to.push(&change(own)),
            Filled::Value(Some(name), _) if is_secret(scope.flow, name) => to.push_secret(name),
            Filled::Value(_, value) => to.push(&change(&value.to_string())),
        }
    }
}

/// Returns a part of a URL in which the values are encoded. What the flow writes
/// is taken as it is.
fn filled(text: &Template, scope: &TurnScope<'_>) -> String {
    let mut url = String::new();
    for part in text.filled(scope) {
        if url.len() > LARGEST {
            break;
        }
        match part {
            Filled::Own(own) => url.push_str(own),
            Filled::Value(_, value) => url.push_str(&encoded(&value.to_string())),
        }
    }
    url
}

fn is_secret(flow: &Flow, name: &str) -> bool {
    flow.secrets.iter().any(|secret| secret == name)
}
