//! Where each branch of a flow is written, so that it can be named later.

use crate::conversation::finding::Span;
use crate::conversation::flow::{Branch, Origins};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep};

/// The places of a draft.
pub(crate) fn of(report: &Report<'_>, draft: &Draft) -> Origins {
    let expired = draft.expire.as_ref().map(|expire| expire.span);
    let expired = expired.or(draft.expired.as_ref().map(|text| text.span));
    let of_flow = [
        (Branch::Otherwise, draft.otherwise.as_ref().map(|text| text.span)),
        (Branch::Ended, draft.ended.as_ref().map(|text| text.span)),
        (Branch::Expired, expired),
        (Branch::OnExpire, draft.on_expire.as_ref().map(|target| target.span)),
    ];
    let of_flow = of_flow.into_iter().filter_map(|(way, span)| Some((None, way, span?)));
    let of_commands =
        (0..).zip(&draft.commands).map(|(at, c)| (None, Branch::Command(at), c.target.span));
    let of_steps = draft.steps.iter().flat_map(|step| {
        ways(step).into_iter().map(|(way, span)| (Some(step.name.value.clone()), way, span))
    });
    let places = of_flow
        .chain(of_commands)
        .chain(of_steps)
        .map(|(step, way, span)| ((step, way), report.place(span)))
        .collect();
    Origins { file: report.name().to_owned(), places }
}

fn ways(step: &DraftStep) -> Vec<(Branch, Span)> {
    let name = step.name.span;
    let next = step.go.as_ref().or(step.end.as_ref()).map_or(name, |target| target.span);
    let mut ways = vec![(Branch::Reached, name), (Branch::Next, next)];
    if let Some(ask) = step.ask() {
        ways.push((Branch::Answered, name));
        ways.extend(ask.error.as_ref().map(|error| (Branch::Error, error.span)));
        let attachments = ask.attachments.iter();
        ways.extend(
            (0..).zip(attachments).map(|(at, (_, text))| (Branch::Attachment(at), text.span)),
        );
        ways.extend(ask.optional.first().map(|word| (Branch::Skipped, word.span)));
        ways.extend(ask.on_fail.as_ref().map(|(_, target)| (Branch::Failed, target.span)));
    }
    if let Some(silence) = step.silence() {
        let nudges = (0..).zip(&silence.nudges);
        ways.extend(nudges.map(|(at, (after, _))| (Branch::Nudge(at), after.span)));
        let timeout = silence.timeout.as_ref();
        ways.extend(timeout.map(|(_, target)| (Branch::TimedOut, target.span)));
    }
    ways.extend(step.meanwhile().map(|text| (Branch::Meanwhile, text.span)));
    ways.extend((0..).zip(&step.when).map(|(at, (answer, _))| (Branch::When(at), answer.span)));
    let conditions = (0..).zip(&step.branches).map(|(at, (condition, target))| {
        (Branch::If(at), condition.as_ref().map_or(target.span, |condition| condition.span))
    });
    ways.extend(conditions);
    ways
}
