//! The content of a YAML text, as a tree with the place of each part. Every scalar
//! is the text that was written (`yes`, `409`, `~`).

use crate::conversation::finding::Span;

/// One value of the file.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) data: Data,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    /// A text; empty where nothing was written.
    Text {
        value: String,
        /// Written without quotes, on one or several lines.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file, each key once.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The value of a key, where this is a mapping that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let Data::Map(entries) = &self.data else { return None };
        entries.iter().find(|(name, _)| name.says(key)).map(|(_, value)| value)
    }

    /// Whether this is that text.
    pub(crate) fn says(&self, text: &str) -> bool {
        matches!(&self.data, Data::Text { value, .. } if value == text)
    }

    /// The text, where this is one.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.data {
            Data::Text { value, .. } => Some(value.clone()),
            Data::List(_) | Data::Map(_) => None,
        }
    }

    /// The keys of a mapping.
    pub(crate) fn keys(&self) -> Vec<&str> {
        let Data::Map(entries) = &self.data else { return Vec::new() };
        let names = entries.iter().filter_map(|(name, _)| match &name.data {
            Data::Text { value, .. } => Some(value.as_str()),
            Data::List(_) | Data::Map(_) => None,
        });
        names.collect()
    }

    /// Removes a key and its value.
    pub(crate) fn remove(&mut self, key: &str) {
        if let Data::Map(entries) = &mut self.data {
            entries.retain(|(name, _)| !name.says(key));
        }
    }

    /// Puts a value where these keys lead. Missing keys are added with the place `span`.
    pub(crate) fn set(&mut self, path: &[&str], span: Span, value: Self) {
        let Some((key, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        let Data::Map(entries) = &mut self.data else { return };
        let at = entries.iter().position(|(name, _)| name.says(key));
        let at = at.unwrap_or_else(|| {
            let key = Data::Text { value: (*key).to_owned(), plain: false };
            entries.push((Self { span, data: key }, Self { span, data: Data::Map(Vec::new()) }));
            entries.len() - 1
        });
        if let Some((_, node)) = entries.get_mut(at) {
            node.set(rest, span, value);
        }
    }

    /// Every text in it, keys included.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match &self.data {
            Data::Text { value, .. } => vec![value],
            Data::List(items) => items.iter().flat_map(Self::texts).collect(),
            Data::Map(entries) => entries
                .iter()
                .flat_map(|(key, value)| [key.texts(), value.texts()].concat())
                .collect(),
        }
    }
}
