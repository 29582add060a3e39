//! `@deploy`: the flow changes in the middle of a conversation.

use std::collections::BTreeMap;
use std::path::Path;

use crate::conversation::flow::Flows;
use crate::conversation::load::{flow_in, is_language_file_of};
use crate::conversation::source::Source;

/// The flows after each `@deploy`, by the file that the line names, as it is
/// written there.
pub type Deployments = BTreeMap<String, Flows>;

/// Returns the flow files with a new version of a flow and of its sub-flows.
/// The new files replace the flow that the chat file lies beside (`order.yaml`
/// for `order.chat` and `order.late.chat`) and flows of the same names, with
/// their language files. `None` means that the chat file lies beside none of
/// them.
#[must_use]
pub fn replaced(sources: &[Source], chat: &str, files: Vec<Source>) -> Option<Vec<Source>> {
    let is_flow = |file: &&Source| !sources.iter().any(|flow| is_language_file_of(file, flow));
    let flows: Vec<Source> = sources.iter().filter(is_flow).cloned().collect();
    let own = flows.get(own_file(&flows, chat)?)?;
    let deployed: Vec<String> = files.iter().filter_map(flow_in).collect();
    let goes =
        |flow: &&Source| *flow == own || flow_in(flow).is_some_and(|name| deployed.contains(&name));
    let gone: Vec<&Source> = flows.iter().filter(goes).collect();
    let stays =
        |file: &&Source| !gone.iter().any(|flow| flow == file || is_language_file_of(file, flow));
    Some(sources.iter().filter(stays).cloned().chain(files).collect())
}

/// Returns the flow file that a chat file belongs to. If several may be meant,
/// it is the one with the longest name.
fn own_file(sources: &[Source], chat: &str) -> Option<usize> {
    let name = |path: &str| Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned());
    let chat = name(chat)?;
    let stem = |source: &Source| {
        Path::new(&source.name).file_stem().map(|stem| stem.to_string_lossy().into_owned())
    };
    (0..)
        .zip(sources)
        .filter_map(|(index, source)| Some((index, stem(source)?)))
        .filter(|(_, stem)| chat.strip_prefix(stem.as_str()).is_some_and(|r| r.starts_with('.')))
        .max_by_key(|(_, stem)| stem.len())
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source { name: name.to_owned(), text: text.to_owned() }
    }

    /// Returns the names of the files that run after a deployment.
    fn names(sources: &[Source], chat: &str, files: &[Source]) -> Option<String> {
        let replaced = replaced(sources, chat, files.to_vec())?;
        Some(replaced.iter().map(|source| source.name.clone()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_chat_file_belongs_to_the_flow_of_its_name() {
        let sources = [
            source("flows/order.yaml", "flow: order"),
            source("flows/order.de.yaml", "A.ask: x"),
            source("flows/order.late.yml", "flow: late"),
            source("flows/other.yaml", "flow: other"),
        ];
        let file = source("flows/next/order.yaml", "new");
        let order = "flows/order.late.yml flows/other.yaml flows/next/order.yaml";
        let late = "flows/order.yaml flows/order.de.yaml flows/other.yaml flows/next/order.yaml";
        for (chat, left) in [
            ("flows/order.chat", Some(order)),
            ("flows/order.case.chat", Some(order)),
            ("flows/order.de.chat", Some(order)),
            ("flows/order.late.chat", Some(late)),
            ("flows/order.late.case.chat", Some(late)),
            ("flows/orders.chat", None),
            ("flows/chat", None),
            ("", None),
        ] {
            assert_eq!(
                names(&sources, chat, std::slice::from_ref(&file)).as_deref(),
                left,
                "{chat}"
            );
        }
    }

    #[test]
    fn what_a_new_version_brings_takes_the_place_of_what_bears_its_name() {
        let sources = [
            source("address.yaml", "flow: address"),
            source("address.de.yaml", "A.ask: x"),
            source("order.yaml", "flow: order"),
            source("other.yaml", "flow: other"),
        ];
        let files = [
            source("next/order.yaml", "flow: order"),
            source("next/street.yaml", "flow: address"),
            source("next/pay.yaml", "flow: pay"),
        ];
        let left = "other.yaml next/order.yaml next/street.yaml next/pay.yaml";
        assert_eq!(names(&sources, "order.chat", &files).as_deref(), Some(left));
    }
}
