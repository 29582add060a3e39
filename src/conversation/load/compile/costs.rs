//! What each text of a flow costs, in each of its languages.

use crate::conversation::costs::Cost;
use crate::conversation::flow::Origin;
use crate::conversation::load::analysis::lengths::Lengths;
use crate::conversation::load::analysis::outputs;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;

/// The costs of a flow whose lengths are known.
pub(crate) fn of(report: &Report<'_>, flow: &str, draft: &Draft, lengths: &Lengths) -> Vec<Cost> {
    let languages = std::iter::once(None).chain(draft.translations.iter().map(|(l, _)| Some(l)));
    let mut costs = Vec::new();
    for (language, draft) in languages.zip(draft.in_each_language()) {
        for said in outputs::all(draft) {
            let (line, column) = report.place(said.text.span);
            let (file, _) = report.in_file(said.text.span);
            let of = (flow, language.map(String::as_str), said.name());
            let length = said.length(lengths);
            let origin = Origin { file, line, column };
            costs.push(Cost::new(of, origin, said.has_media, &said.own(), length));
        }
    }
    costs
}
