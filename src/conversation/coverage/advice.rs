//! Describes a branch that no chat file takes, and what to write to take it.

use crate::conversation::attachment::Attachment;
use crate::conversation::duration;
use crate::conversation::flow::{
    AFTER_FAILURE, Ask, Branch, CommandTarget, FAILED, Flow, Kind, Run, Step, StepId, Target, Verb,
    WaitFor,
};

/// Returns what never happened.
pub(super) fn what(flow: &Flow, step: Option<&Step>, branch: Branch) -> String {
    let condition = |index: usize| {
        let branch = step.and_then(|step| step.branches.get(index));
        branch.map(|(condition, _)| condition.text().to_owned()).unwrap_or_default()
    };
    let what = match branch {
        Branch::Reached => "is never reached".to_owned(),
        Branch::Answered => "is never answered".to_owned(),
        Branch::Error => "never says its `error`".to_owned(),
        Branch::Attachment(index) => match attachment_of(step, index) {
            Some(kind) => format!("never says its `attachment.{}`", kind.name()),
            None => String::new(),
        },
        Branch::Skipped => "is never skipped".to_owned(),
        Branch::When(index) => match run_of(step) {
            Some(run) => {
                format!("never sees `{}` end with `{}`", run.flow, answer_of(step, index))
            }
            None if is_call(step) => format!("never goes by `{}`", answer_of(step, index)),
            None if callback_of(step).is_some() => {
                format!("is never called back with `{}`", answer_of(step, index))
            }
            None => format!("is never answered with `{}`", answer_of(step, index)),
        },
        Branch::If(index) => format!("never goes by `{}`", condition(index)),
        Branch::Next => match step {
            Some(step) if is_call(Some(step)) && step.branches.is_empty() => {
                "never succeeds".to_owned()
            }
            Some(step) if step.when.is_empty() => "never continues without its `if`".to_owned(),
            Some(step) if step.branches.is_empty() => {
                "never continues without its `when`".to_owned()
            }
            _ => "never continues without its `when` and `if`".to_owned(),
        },
        Branch::Failed => "is never given up after its `tries`".to_owned(),
        Branch::Nudge(index) => match nudge_of(step, index) {
            Some(time) => format!("never says its nudge after {time}"),
            None => String::new(),
        },
        Branch::TimedOut => "never times out".to_owned(),
        Branch::Meanwhile => "never says its `meanwhile`".to_owned(),
        Branch::OnExpire => "`on_expire` is never run".to_owned(),
        Branch::Command(index) => {
            let command = flow.commands.get(index);
            let target = command.map(|command| target_name(flow, command.target));
            format!("the command `{}` is never heard", target.unwrap_or_default())
        }
        Branch::Otherwise => "`otherwise` is never said".to_owned(),
        Branch::Ended => "`ended` is never said".to_owned(),
        Branch::Expired => "nobody is ever silent for longer than `expire`".to_owned(),
    };
    match step {
        Some(step) => format!("{} {what}", step.name),
        None => what,
    }
}

/// Returns what to write.
pub(super) fn advice(flow: &Flow, step: Option<&Step>, branch: Branch) -> String {
    let ask = step.and_then(|step| match &step.verb {
        Verb::Ask(ask) => Some(&**ask),
        _ => None,
    });
    let name = step.map(|step| step.name.as_str()).unwrap_or_default();
    match branch {
        Branch::Reached => path_to(flow, name),
        Branch::Answered => match ask {
            Some(ask) => format!("write {} below its question", sample(ask)),
            None => String::new(),
        },
        Branch::Error => "write an invalid answer below its question".to_owned(),
        Branch::Attachment(index) => {
            let file = match attachment_of(step, index) {
                Some(Attachment::Voice) => "audio/ogg",
                Some(Attachment::Picture) => "image/jpeg",
                Some(Attachment::Other) | None => "text/vcard",
            };
            format!("write `@media {file}` and `>` below its question")
        }
        Branch::Skipped => {
            let word = ask.and_then(|ask| ask.optional.first()).cloned().unwrap_or_default();
            format!("write `> {word}` below its question")
        }
        Branch::When(index) if run_of(step).is_some() => {
            format!("lead a chat through that flow to an end with `{}`", answer_of(step, index))
        }
        Branch::When(index) if is_call(step) => {
            let given = given(step, answer_of(step, index));
            format!("write `@call {name} {given}` above the message that leads there")
        }
        Branch::When(index) if callback_of(step).is_some() => {
            format!("write `{}` below it", called_back(step, answer_of(step, index)))
        }
        Branch::When(index) => {
            format!("write `> {}` below its question", sample_answer(ask, answer_of(step, index)))
        }
        Branch::If(_) if ask.is_some() => {
            "write an answer for which that holds, and no condition above it".to_owned()
        }
        Branch::If(_) => "lead a chat there so that it holds, and no condition above it".to_owned(),
        Branch::Next if is_call(step) && step.is_some_and(|step| step.branches.is_empty()) => {
            format!("write `@call {name} 200` with a body above the message that leads there")
        }
        Branch::Meanwhile if callback_of(step).is_some() => {
            "write a message above the `@callback` line".to_owned()
        }
        Branch::Meanwhile => format!(
            "write `@call {name} 200 after 7s` above the message that leads there, and another message below that"
        ),
        Branch::Next => match (ask, step) {
            (Some(ask), Some(step)) if step.branches.is_empty() => {
                format!("write {} below its question", other_answer(ask, step))
            }
            (Some(_), _) => "write an answer for which no condition holds".to_owned(),
            (None, Some(step)) if step.branches.is_empty() => other_outcome(step),
            (None, _) => "lead a chat there so that no condition holds".to_owned(),
        },
        Branch::Failed => {
            let tries = ask.and_then(|ask| ask.on_fail.as_ref()).map(|on_fail| on_fail.tries);
            let tries = tries.unwrap_or_default();
            format!("write {tries} invalid answers in a row")
        }
        Branch::Nudge(index) => {
            let time = nudge_of(step, index).unwrap_or_default();
            let place = below(step);
            format!("write `@wait {time}` {place}, and below that what it says")
        }
        Branch::TimedOut => {
            let timeout = step.and_then(Step::silence).and_then(|s| s.timeout.as_ref());
            let time = timeout.map(|(after, _)| duration::written(after.as_secs()));
            format!("write `@wait {}` {}", time.unwrap_or_default(), below(step))
        }
        Branch::OnExpire => {
            let time = duration::written(flow.expire.as_secs());
            format!("write `@wait {time}` below a question")
        }
        Branch::Command(index) => {
            let words = flow.commands.get(index).map(|command| command.words.as_slice());
            let word = words.and_then(<[String]>::first).cloned().unwrap_or_default();
            format!("write `> {word}` below a question")
        }
        Branch::Otherwise => "write a word that begins nothing, first of all".to_owned(),
        Branch::Ended => match flow.quiet_after.values().max() {
            None => "write another message below the end of a conversation".to_owned(),
            Some(quiet) => {
                let time = duration::written(quiet.as_secs());
                format!(
                    "write `@wait {time}` below the end of a conversation, and another message below that"
                )
            }
        },
        Branch::Expired => {
            let time = duration::written(flow.expire.as_secs());
            format!("write `@wait {time}` below a question, and a message below that")
        }
    }
}

/// Returns how a conversation gets to a step.
fn path_to(flow: &Flow, name: &str) -> String {
    let Some(id) = flow.step_named(name) else { return String::new() };
    if id == 0 {
        let word = flow.start.first();
        return match word {
            Some(word) => format!("begin a chat with `> {word}`"),
            None if flow.start_any => "begin a chat with any message".to_owned(),
            None => format!("lead a chat to a step with `run: {}`", flow.name),
        };
    }
    let by_command = flow.commands.iter().find(|command| command.target == CommandTarget::Step(id));
    if let Some(word) = by_command.and_then(|command| command.words.first()) {
        return format!("write `> {word}` below a question");
    }
    let mut paths = flow.steps.iter().filter_map(|step| path_from(step, id));
    match paths.next() {
        Some(path) => format!("lead a chat there: {path}"),
        None => "lead a chat there".to_owned(),
    }
}

/// Returns how a step leads to another one, if it does.
fn path_from(step: &Step, to: StepId) -> Option<String> {
    let to = Target::Step(to);
    let name = &step.name;
    if let Some((answer, _)) = step.when.iter().find(|(_, target)| *target == to) {
        return Some(match run_of(Some(step)) {
            Some(run) => format!("from {name}, where `{}` ends with `{answer}`", run.flow),
            None if is_call(Some(step)) => {
                format!("from {name}, with `@call {name} {}`", given(Some(step), answer))
            }
            None if callback_of(Some(step)).is_some() => {
                format!("from {name}, with `{}`", called_back(Some(step), answer))
            }
            None => format!("from {name}, with the answer `{answer}`"),
        });
    }
    if let Some((condition, _)) = step.branches.iter().find(|(_, target)| *target == to) {
        return Some(format!("from {name}, where `{}`", condition.text()));
    }
    if step.next == to {
        return Some(format!("it comes after {name}"));
    }
    match &step.verb {
        Verb::Ask(ask) if ask.on_fail.as_ref().is_some_and(|on_fail| on_fail.target == to) => {
            Some(format!("from {name}, {AFTER_FAILURE}"))
        }
        _ => {
            let (after, _) =
                step.silence()?.timeout.as_ref().filter(|(_, target)| *target == to)?;
            let time = duration::written(after.as_secs());
            Some(format!("from {name}, with `@wait {time}`"))
        }
    }
}

/// Returns the kind of the attachment with this index.
fn attachment_of(step: Option<&Step>, index: usize) -> Option<Attachment> {
    match &step?.verb {
        Verb::Ask(ask) => ask.attachments.get(index).map(|(kind, _)| *kind),
        _ => None,
    }
}

/// Returns the time of the nudge with this index.
fn nudge_of(step: Option<&Step>, index: usize) -> Option<String> {
    let (after, _) = step?.silence()?.nudges.get(index)?;
    Some(duration::written(after.as_secs()))
}

/// Returns the flow that a step runs, if it runs one.
fn run_of(step: Option<&Step>) -> Option<&Run> {
    match &step?.verb {
        Verb::Run(run) => Some(run),
        _ => None,
    }
}

/// Returns an outcome of the sub-flow for which `when` has no entry.
fn other_outcome(step: &Step) -> String {
    let decided = |outcome: &str| step.when.iter().any(|(key, _)| key == outcome);
    let mut outcomes = run_of(Some(step)).into_iter().flat_map(|run| &run.outcomes);
    match outcomes.find(|outcome| !decided(outcome) && !step.passes_on(outcome)) {
        Some(outcome) => format!("lead a chat through that flow to an end with `{outcome}`"),
        None => "lead a chat through that flow to another end".to_owned(),
    }
}

/// Returns whether a step makes a call.
fn is_call(step: Option<&Step>) -> bool {
    step.is_some_and(|step| matches!(step.verb, Verb::Call(_)))
}

/// Returns the wait of a step, if it waits for a callback.
fn callback_of(step: Option<&Step>) -> Option<&WaitFor> {
    match &step?.verb {
        Verb::WaitFor(wait) => Some(wait),
        _ => None,
    }
}

/// Returns what a chat file writes so that a third party calls back.
fn called_back(step: Option<&Step>, outcome: &str) -> String {
    let Some(wait) = callback_of(step) else { return String::new() };
    format!("@callback {} {}", wait.name, wait.sample(outcome))
}

/// Returns where a chat file waits for a silence at a step.
fn below(step: Option<&Step>) -> &'static str {
    if callback_of(step).is_some() { "where it waits" } else { "below its question" }
}

/// Returns what a chat file writes so that a call goes by this entry of `when`.
fn given(step: Option<&Step>, key: &str) -> String {
    let is_named = |status: &String| {
        step.is_some_and(|step| step.when.iter().any(|(known, _)| known == status))
    };
    match (key, key.strip_suffix("xx")) {
        (FAILED, _) => "refused".to_owned(),
        (_, Some(class)) => {
            let mut statuses = (0..100).map(|rest| format!("{class}{rest:02}"));
            statuses.find(|status| !is_named(status)).unwrap_or_default()
        }
        (status, None) => status.to_owned(),
    }
}

fn answer_of(step: Option<&Step>, index: usize) -> &str {
    step.and_then(|step| step.when.get(index)).map_or("", |(answer, _)| answer)
}

/// Returns an answer for which `when` has no entry: an option, or a word that
/// skips.
fn other_answer(ask: &Ask, step: &Step) -> String {
    let answers = ask.answer.kind.answers().unwrap_or_default();
    let decided = |answer: &&&str| step.when.iter().any(|(key, _)| key == **answer);
    let other = answers.iter().find(|answer| !decided(answer));
    let other = other.map(|answer| sample_answer(Some(ask), answer));
    let word = other.or_else(|| ask.optional.first().cloned());
    word.map_or_else(|| "another answer".to_owned(), |word| format!("`> {word}`"))
}

/// Returns an answer as a person writes it. An option is written as its number,
/// which is shortest.
fn sample_answer(ask: Option<&Ask>, answer: &str) -> String {
    match ask.map(|ask| &ask.answer.kind) {
        Some(Kind::Options(choices)) => {
            let index = choices.iter().position(|choice| choice.id == answer);
            index.map_or_else(|| answer.to_owned(), |index| (index + 1).to_string())
        }
        _ => answer.to_owned(),
    }
}

/// Returns an answer that a question takes, as a chat file writes it.
fn sample(ask: &Ask) -> String {
    match &ask.answer.kind {
        Kind::Options(_) => "`> 1`".to_owned(),
        Kind::YesNo { .. } => "`> yes`".to_owned(),
        Kind::Media => "`@media image/jpeg` and `>`".to_owned(),
        Kind::Integer { min, max } => format!("`> {}`", 1.clamp(*min, *max)),
        _ => "a valid answer".to_owned(),
    }
}

/// Returns the target of a command, as the file names it.
fn target_name(flow: &Flow, target: CommandTarget) -> String {
    match target {
        CommandTarget::Step(id) => {
            flow.steps.get(id).map(|step| step.name.clone()).unwrap_or_default()
        }
        CommandTarget::Restart => "restart".to_owned(),
        CommandTarget::Repeat => "repeat".to_owned(),
        CommandTarget::Stop => "stop".to_owned(),
    }
}
