//! `@deploy`: the flow changes under a person's feet.

use std::collections::BTreeMap;
use std::path::Path;

use crate::conversation::flow::Flows;
use crate::conversation::source::Source;

/// The flows from each `@deploy` on, by the file that it names, as it is written there.
pub type Deployments = BTreeMap<String, Flows>;

/// The flow files with this one in the place of the flow that a chat file
/// lies beside: `order.yaml` for `order.chat` and `order.late.chat`. `None`
/// where it lies beside none of them.
#[must_use]
pub fn replaced(sources: &[Source], chat: &str, file: Source) -> Option<Vec<Source>> {
    let own = own_file(sources, chat)?;
    let mut sources = sources.to_vec();
    *sources.get_mut(own)? = file;
    Some(sources)
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
        let sources = ["flows/order.yaml", "flows/order.late.yml", "flows/other.yaml"]
            .map(|name| Source { name: name.to_owned(), text: String::new() });
        let file = Source { name: "flows/next/order.yaml".to_owned(), text: "new".to_owned() };
        for (chat, place) in [
            ("flows/order.chat", Some(0)),
            ("flows/order.case.chat", Some(0)),
            ("flows/order.late.chat", Some(1)),
            ("flows/order.late.case.chat", Some(1)),
            ("flows/orders.chat", None),
            ("flows/chat", None),
            ("", None),
        ] {
            let replaced = replaced(&sources, chat, file.clone());
            let at = replaced.and_then(|sources| sources.iter().position(|s| *s == file));
            assert_eq!(at, place, "{chat}");
        }
    }
}
