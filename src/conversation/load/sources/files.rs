//! Which files belong together: a flow's own and those of its further
//! languages, which are beside `NAME.yaml` as `NAME.LANG.yaml`.

use std::collections::HashMap;

use super::outline::Glance;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::source_map::Bundle;
use crate::conversation::load::syntax::names::is_tag;
use crate::conversation::load::syntax::node::{Data, Node};
use crate::conversation::source::{Source, stem};

/// The files of one flow.
pub(crate) struct Files<'a> {
    pub(crate) bundle: Bundle<'a>,
    /// The languages of the files after the first.
    pub(crate) languages: Vec<&'a str>,
    /// Whether this is a language file without its flow.
    pub(crate) is_orphan: bool,
    sources: Vec<&'a Source>,
    /// The right names of misnamed language files.
    should_be: Vec<String>,
}

impl<'a> Files<'a> {
    /// The files of each flow.
    pub(crate) fn of_each(sources: &'a [Source]) -> Vec<Self> {
        let should_be: Vec<String> = sources.iter().filter_map(name_of_misnamed).collect();
        let mut own: Vec<(&Source, bool)> = Vec::new();
        // The language files of each flow, by the name of its file.
        let mut others: HashMap<&str, Vec<(&str, &Source)>> = HashMap::new();
        for source in sources {
            let Some((base, language)) = language_file(source) else {
                own.push((source, false));
                continue;
            };
            let is_flow =
                |flow: &&Source| stem(&flow.name) == base && language_file(flow).is_none();
            match sources.iter().find(is_flow) {
                Some(flow) => others.entry(&flow.name).or_default().push((language, source)),
                None => own.push((source, true)),
            }
        }
        own.into_iter()
            .map(|(source, is_orphan)| {
                let others = others.remove(source.name.as_str()).unwrap_or_default();
                let (languages, files): (Vec<&str>, Vec<&Source>) = others.into_iter().unzip();
                let sources: Vec<&Source> = std::iter::once(source).chain(files).collect();
                let bundle = Bundle::new(sources.iter().copied());
                Self { bundle, languages, is_orphan, sources, should_be: should_be.clone() }
            })
            .collect()
    }

    /// The files themselves, the flow's own first.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &'a Source> {
        self.sources.iter().copied()
    }

    /// The probable name of the flow, by a glance at its file.
    pub(crate) fn meant_name(&self) -> Option<String> {
        Glance::at(self.sources.first()?).name
    }

    /// Whether there is a misnamed file that should have this name.
    pub(crate) fn is_misnamed(&self, name: &str) -> bool {
        self.should_be.iter().any(|other| other == name)
    }

    /// Reports a misnamed language file. Returns whether this is one.
    pub(crate) fn report_misnamed(&self, report: &mut Report<'_>) -> bool {
        let own = self.sources.first().filter(|own| !self.is_orphan && Glance::at(own).is_of_texts);
        let Some(own) = own else { return false };
        let help = match name_of_misnamed(own) {
            Some(name) => format!("call it `{name}`"),
            None => {
                "call it `NAME.LANG.yaml`, such as `order.de.yaml` beside `order.yaml`".to_owned()
            }
        };
        report
            .found(Code::StrayLanguageFile, report.line(1), "this looks like a language file")
            .help(help);
        true
    }

    /// Reports a language file without its flow.
    pub(crate) fn report_orphan(&self, report: &mut Report<'_>) {
        let name = self.bundle.name(0);
        let base = stem(name).rsplit_once('.').map_or(name, |(base, _)| base);
        report
            .found(
                Code::StrayLanguageFile,
                Span::default(),
                format!("these texts belong to no flow: there is no `{base}.yaml`"),
            )
            .help("put a language file beside its flow; begin a flow with `flow: ` and its name");
    }
}

/// The stem of the flow that a language file belongs to, and its language; `None`
/// for any other file.
fn language_file(source: &Source) -> Option<(&str, &str)> {
    let (base, language) = stem(&source.name).rsplit_once('.')?;
    let is_name = !base.is_empty() && !base.ends_with(['/', '\\']);
    let is_language = is_name && is_tag(language);
    // A flow may have such a name as well.
    (is_language && !Glance::at(source).is_flow).then_some((base, language))
}

/// Whether `source` is a language file of the flow in the file `flow`.
pub(in crate::conversation) fn is_language_file_of(source: &Source, flow: &Source) -> bool {
    language_file(source).is_some_and(|(base, _)| base == stem(&flow.name))
}

/// The name of the language file of a flow.
pub(crate) fn name_of_language_file(flow: &str, language: &str) -> String {
    format!("{}.{language}.yaml", stem(flow))
}

/// The right name of a language file that has another character than a dot before
/// the language.
fn name_of_misnamed(source: &Source) -> Option<String> {
    let (base, language) = stem(&source.name).rsplit_once(['_', '-', ' '])?;
    let is_one = is_tag(language) && Glance::at(source).is_of_texts;
    is_one.then(|| name_of_language_file(base, language))
}

/// The tree of an empty language file, which has no texts.
pub(crate) fn no_texts(span: Span) -> Node {
    Node { span, data: Data::Map(Vec::new()) }
}
