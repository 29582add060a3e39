//! Reads the line of a call, `METHOD url`, and takes it apart.
//!
//! Scheme, host and port are literal, so no answer of a person decides where a
//! call goes.

use url::Url;

use super::shape;
use crate::conversation::finding::Code;
use crate::conversation::flow::CallUrl;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{DraftTarget, Text};
use crate::conversation::load::syntax::node::Node;
use crate::conversation::request::{Method, encoded};
use crate::conversation::template::Template;

/// Returns the whole line, and what it says if that could be read.
pub(super) fn read(report: &mut Report<'_>, node: &Node) -> Option<(Text, Option<DraftTarget>)> {
    let at = shape::text(report, "call", node)?;
    let text = shape::template(report, "call", node)?;
    let target = match target(&at.value) {
        Ok(target) => Some(target),
        Err(Fault { message, help }) => {
            report.found(Code::CallUrl, at.span, message).help(help);
            None
        }
    };
    Some((text, target))
}

/// Returns whether a URL has a `?`.
pub(super) fn has_search(target: &DraftTarget) -> bool {
    target.url.search.is_some()
}

struct Fault {
    message: String,
    help: String,
}

fn fault(message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { message: message.into(), help: help.into() }
}

fn target(line: &str) -> Result<DraftTarget, Fault> {
    let methods = "`GET`, `POST`, `PUT`, `PATCH` or `DELETE`";
    let Some((name, url)) = line.trim().split_once(char::is_whitespace) else {
        let (method, url) = match Method::named(line.trim()) {
            Some(method) => (method.as_str(), "https://shop.example/orders"),
            None => ("GET", line.trim()),
        };
        return Err(fault(
            "a call consists of a method and a URL",
            format!("write `call: {method} {url}`, with {methods}"),
        ));
    };
    let url = url.trim();
    let Some(method) = Method::named(name) else {
        let help = match Method::named(&name.to_ascii_uppercase()) {
            Some(method) => format!("capitals count: write `{method}`"),
            None => format!("write {methods}"),
        };
        return Err(fault(format!("`{name}` is not a method of calls"), help));
    };
    let authority_at = match url.find("://") {
        Some(at) if ["http", "https"].contains(&&url[..at]) => at + 3,
        _ if url.starts_with("{{") => return Err(not_literal()),
        _ => {
            let help = format!("write the whole URL: `{method} https://…`");
            return Err(fault("the URL does not begin with `https://` or `http://`", help));
        }
    };
    let path_at =
        url[authority_at..].find(['/', '?', '#']).map_or(url.len(), |at| authority_at + at);
    let path_at = match url.find("{{") {
        Some(open) if open < path_at => return Err(not_literal()),
        _ => path_at,
    };
    let origin = origin(&url[..path_at], &url[authority_at..path_at])?;
    let rest = &url[path_at..];
    check_literals(rest)?;
    let (path, search) = match outside(rest, '?') {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let path = if path.is_empty() { "/" } else { path };
    let parsed = |text: &str| {
        Template::parse(text).map_err(|error| fault(error.message, "write `{{ name }}`"))
    };
    let search = search.map(parsed).transpose()?;
    Ok(DraftTarget { method, url: CallUrl { origin, path: parsed(path)?, search } })
}

fn not_literal() -> Fault {
    fault(
        "scheme, host and port of a call cannot be filled in",
        "write them as they are: `{{ }}` can stand in the path and behind the `?`, and `if` can choose between calls",
    )
}

/// Returns scheme, host and port as they are sent.
fn origin(written: &str, authority: &str) -> Result<String, Fault> {
    if authority.contains('@') {
        return Err(fault(
            "the URL of a call has no user name and no password",
            "write `headers: {Authorization: \"Basic {{ NAME }}\"}`, with the secret `NAME`",
        ));
    }
    let bad = || {
        let message = match authority {
            "" => "the URL names no host".to_owned(),
            _ => format!("`{authority}` is not a host"),
        };
        fault(message, "write a name or an address, and a port if it is not the usual one")
    };
    let url = Url::parse(written).map_err(|_| bad())?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(bad)?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Ok(format!("{}://{host}{port}", url.scheme()))
}

/// Reports characters that a URL cannot have, in what the flow itself writes.
fn check_literals(rest: &str) -> Result<(), Fault> {
    if outside(rest, '#').is_some() {
        return Err(fault(
            "what follows a `#` is never sent",
            "leave out the `#` and what follows it",
        ));
    }
    let mut own = String::new();
    let mut left = rest;
    while let Some((before, after)) = left.split_once("{{") {
        // What is filled in takes no part.
        own.push_str(before);
        own.push('x');
        left = after.split_once("}}").map_or("", |(_, after)| after);
    }
    own.push_str(left);
    let is_fine = |c: &char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?%".contains(*c);
    if let Some(wrong) = own.chars().find(|c| !is_fine(c)) {
        let encoded = encoded(&wrong.to_string());
        return Err(fault(
            format!("a URL cannot have the character `{wrong}`"),
            format!("write `{encoded}` in its place"),
        ));
    }
    let path = own.split('?').next().unwrap_or_default();
    if path.split('/').any(|part| matches!(part, "." | "..")) {
        return Err(fault("a part of the path is `.` or `..`", "write the path to which it leads"));
    }
    Ok(())
}

/// Returns where a sign stands outside of `{{ }}`.
fn outside(text: &str, sign: char) -> Option<usize> {
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let found = rest.find(sign)?;
        match rest.find("{{") {
            Some(open) if open < found => at += rest.get(open..)?.find("}}")? + open + 2,
            _ => return Some(at + found),
        }
    }
    None
}
