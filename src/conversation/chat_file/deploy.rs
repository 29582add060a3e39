//! `@deploy`: the flow changes under a person's feet.

use std::collections::BTreeMap;
use std::path::Path;

use crate::conversation::flow::Flows;
use crate::conversation::load::is_language_file_of;
use crate::conversation::source::Source;

/// The flows from each `@deploy` on, by the file that it names, as it is written there.
pub type Deployments = BTreeMap<String, Flows>;

/// The flow files with these, a flow's and its language files, in the place of
/// those of the flow that a chat file lies beside: `order.yaml` for `order.chat`
/// and `order.late.chat`. `None` where it lies beside none of them.
#[must_use]
pub fn replaced(sources: &[Source], chat: &str, files: Vec<Source>) -> Option<Vec<Source>> {
    let is_flow = |file: &&Source| !sources.iter().any(|flow| is_language_file_of(file, flow));
    let flows: Vec<Source> = sources.iter().filter(is_flow).cloned().collect();
    let own = flows.get(own_file(&flows, chat)?)?;
    let stays = |file: &&Source| *file != own && !is_language_file_of(file, own);
    Some(sources.iter().filter(stays).cloned().chain(files).collect())
}

/// The flow file that a chat file belongs to, the one with the longest name
/// where several may be meant.
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

    #[test]
    fn a_chat_file_belongs_to_the_flow_of_its_name() {
        let source =
            |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
        let flow = |name| source(name, "flow: f");
        let sources = [
            flow("flows/order.yaml"),
            source("flows/order.de.yaml", "A.ask: x"),
            flow("flows/order.late.yml"),
            flow("flows/other.yaml"),
        ];
        let file = source("flows/next/order.yaml", "new");
        let names = |chat| {
            let replaced = replaced(&sources, chat, vec![file.clone()])?;
            Some(replaced.iter().map(|source| source.name.clone()).collect::<Vec<_>>().join(" "))
        };
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
            assert_eq!(names(chat).as_deref(), left, "{chat}");
        }
    }
}
