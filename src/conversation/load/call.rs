//! A step that makes an HTTP call, as it was read.

use std::time::Duration;

use super::placed::{At, Text};
use crate::conversation::flow::CallUrl;
use crate::conversation::request::Method;

/// An HTTP call.
#[derive(Debug)]
pub(super) struct DraftCall {
    /// Method and URL as they are written, with what they read.
    pub(super) line: Option<Text>,
    pub(super) target: Option<DraftTarget>,
    pub(super) headers: Vec<(At<String>, Text)>,
    pub(super) query: Vec<(At<String>, Text)>,
    pub(super) content: DraftContent,
    pub(super) timeout: Option<At<Duration>>,
    pub(super) attempts: Option<At<u8>>,
    /// What is kept of an answer: the variable, the JSON pointer, and whether
    /// the call fails without it.
    pub(super) keep: Vec<(At<String>, String, bool)>,
    pub(super) meanwhile: Option<Text>,
}

/// Where a call goes.
#[derive(Debug)]
pub(super) struct DraftTarget {
    pub(super) method: Method,
    pub(super) url: CallUrl,
}

/// What a call sends.
#[derive(Debug)]
pub(super) enum DraftContent {
    Nothing,
    Form(Vec<(At<String>, Text)>),
    Json(DraftJson),
}

/// A JSON value with texts that are filled in.
#[derive(Debug)]
pub(super) enum DraftJson {
    /// A number, `true`, `false` or `null`, as it is written.
    Literal(String),
    Text(Text),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl DraftJson {
    /// All of its texts.
    fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Literal(_) => Vec::new(),
            Self::Text(text) => vec![text],
            Self::List(items) => items.iter().flat_map(Self::texts).collect(),
            Self::Map(entries) => entries.iter().flat_map(|(_, value)| value.texts()).collect(),
        }
    }
}

impl DraftCall {
    /// The texts that may show secrets.
    pub(super) fn texts_with_secrets(&self) -> impl Iterator<Item = &Text> {
        self.headers.iter().chain(&self.query).map(|(_, text)| text)
    }

    /// All of its texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Text> {
        let content = match &self.content {
            DraftContent::Nothing => Vec::new(),
            DraftContent::Form(fields) => fields.iter().map(|(_, text)| text).collect(),
            DraftContent::Json(json) => json.texts(),
        };
        let line = self.line.iter().chain(&self.meanwhile);
        line.chain(content).chain(self.texts_with_secrets())
    }
}
