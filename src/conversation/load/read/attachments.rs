//! Reads `attachment`: what people hear if they send a file where words are asked for.

use super::shape;
use crate::conversation::Kind;
use crate::conversation::attachment::Attachment;
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{DraftAsk, Text};
use crate::conversation::load::syntax::keys::AskKeys;

/// Reads the texts by the kind of attachment.
pub(super) fn read(
    report: &mut Report<'_>,
    ask: &DraftAsk,
    keys: &AskKeys<'_>,
) -> Vec<(Attachment, Text)> {
    let Some((span, node)) = keys.get("attachment") else { return Vec::new() };
    if matches!(ask.answer.as_ref().map(|answer| &answer.kind), Some(Kind::Media)) {
        report
            .found(
                Code::MisplacedKey,
                span,
                "`attachment` does not go with `type: media`: any file is an answer there",
            )
            .help("leave `attachment` out");
    }
    let names = Attachment::ALL.map(Attachment::name);
    let mut texts = Vec::new();
    for (name, node) in shape::map(report, "attachment", node) {
        let Some(kind) = Attachment::ALL.into_iter().find(|kind| kind.name() == name.value) else {
            let near = report.did_you_mean(name.value, names);
            report
                .found(
                    Code::BadValue,
                    name.span,
                    format!("`{}` is not a kind of attachment", name.value),
                )
                .help(format!("the kinds are `{}`", names.join("`, `")))
                .maybe_help(near);
            continue;
        };
        texts.extend(shape::template(report, name.value, node).map(|text| (kind, text)));
    }
    texts
}
