//! Translates the labels of chosen options when a conversation changes its
//! language. The id of an option is the same in each language.

use crate::conversation::flow::{Flow, Kind, Verb, label_of};
use crate::conversation::{Answers, Value};

/// Translates the labels of a flow's answers. A label that was changed since
/// the answer stays as it is.
pub(super) fn relabel(flow: &Flow, answers: &mut Answers, from: Option<&str>, to: Option<&str>) {
    for (before, after) in flow.steps_in(from).iter().zip(flow.steps_in(to)) {
        let (Verb::Ask(before), Verb::Ask(after)) = (&before.verb, &after.verb) else { continue };
        let (Kind::Options(old), Kind::Options(new)) = (&before.answer.kind, &after.answer.kind)
        else {
            continue;
        };
        let label = label_of(&before.save);
        let holds = |variable: &str, text: &str| matches!(answers.get(variable), Some(Value::Text(held)) if held == text);
        let chosen = old
            .iter()
            .position(|choice| holds(&before.save, &choice.id) && holds(&label, &choice.label));
        if let Some(choice) = chosen.and_then(|at| new.get(at)) {
            answers.insert(label, Value::from(choice.label.as_str()));
        }
    }
}
