//! `ringback explain`: what a finding means, from `docs/findings.md`.

use crate::conversation::finding::Code;
use crate::conversation::nearest;

/// The document that has a section for each code.
const FINDINGS: &str = include_str!("../../docs/findings.md");

/// The number of codes that are suggested for an unknown name.
const MAX_NEAR: usize = 5;

/// Reads a code from the command line: in any case, and also as `check` prints
/// it, such as `warning[ucs2]`.
pub(super) fn code(written: &str) -> Result<Code, String> {
    let name = written.to_lowercase();
    let bare = name.strip_prefix("error").or(name.strip_prefix("warning")).unwrap_or(&name);
    let bare = bare.strip_prefix('[').and_then(|bare| bare.strip_suffix(']')).unwrap_or(&name);
    Code::named(bare).ok_or_else(|| {
        let near = near(bare);
        let what = "no finding has this code";
        if near.is_empty() {
            return format!("{what}; `ringback explain` lists all");
        }
        format!("{what}; did you mean `{}`?", near.join("`, `"))
    })
}

/// Returns codes that are similar to a name, or contain it.
fn near(written: &str) -> Vec<&'static str> {
    let names = || Code::ALL.iter().map(|code| code.name());
    let part = written.trim_matches(|c: char| !c.is_alphanumeric());
    let holds = |name: &&str| part.len() > 2 && name.contains(part);
    let mut near: Vec<&str> = nearest(written, names()).into_iter().collect();
    near.extend(names().filter(holds).filter(|name| nearest(written, names()) != Some(name)));
    near.truncate(MAX_NEAR);
    near
}

/// Returns the explanation of a code, or the list of all.
pub(super) fn text(code: Option<Code>) -> String {
    code.map_or_else(list, |code| {
        let kind = code.severity().name();
        let section = section(FINDINGS, code.name()).unwrap_or_default();
        format!("{kind}[{code}]: {}\n\n{section}\n", code.summary())
    })
}

/// Returns the text below the heading of a code, up to the next heading.
fn section<'a>(document: &'a str, code: &str) -> Option<&'a str> {
    let (_, section) = document.split_once(&format!("\n### `{code}`\n"))?;
    let end = ["\n## ", "\n### "].iter().filter_map(|heading| section.find(heading)).min();
    Some(section[..end.unwrap_or(section.len())].trim())
}

/// Returns every code with its summary, below its topic.
fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or_default();
    let mut lines = Vec::new();
    let mut topic = "";
    for code in Code::ALL {
        if code.topic() != topic {
            if !topic.is_empty() {
                lines.push(String::new());
            }
            topic = code.topic();
            lines.push(topic.to_owned());
        }
        let severity = code.severity().name();
        lines.push(format!("  {:width$}  {severity:7}  {}", code.name(), code.summary()));
    }
    lines.join("\n") + "\n"
}
