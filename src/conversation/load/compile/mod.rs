//! A draft without errors becomes a flow.

pub(crate) mod costs;
pub(crate) mod origins;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::conversation::flow::{
    Ask, Call, Command, Content, DEFAULT_TIMEOUT, Flow, Json, Kept, OnExpire, OnFail, Origins, Run,
    Silence, Step, Target, Translation, Verb, WaitFor,
};
use crate::conversation::load::analysis::algorithms::flood;
use crate::conversation::load::analysis::assigned::Assigned;
use crate::conversation::load::analysis::graph::Graph;
use crate::conversation::load::analysis::subflow::Subflows;
use crate::conversation::load::analysis::unasked::{DEFAULT_EXPIRE, Unasked};
use crate::conversation::load::draft::{
    At, Draft, DraftAsk, DraftCall, DraftContent, DraftJson, DraftSilence, DraftStep, DraftVerb,
    DraftWait, Text, answer_forms, normal_forms,
};
use crate::conversation::load::link::renamed;
use crate::conversation::load::link::targets::Targets;
use crate::conversation::template::Template;
use crate::conversation::{StepId, outcome};

/// The flow; `None` where a part of it could not be read, which is in the report.
pub(crate) fn flow(draft: &Draft, subflows: &Subflows) -> Option<Flow> {
    let targets = Targets::new(draft);
    let graph = Graph::new(draft, &targets, subflows)?;
    let known = Assigned::new(draft, &graph);
    let steps = (0..draft.steps.len())
        .map(|id| step(draft, id, &targets, &graph, known.at_step(&graph, id)))
        .collect::<Option<Vec<Step>>>()?;
    let commands = draft
        .commands
        .iter()
        .map(|command| {
            let target = targets.command(&command.target)?;
            Some(Command { words: normal_forms(&command.words), target })
        })
        .collect::<Option<Vec<Command>>>()?;
    let on_expire = on_expire(draft, &targets, &graph);
    let says_at_expiry = on_expire.is_some_and(|on_expire| on_expire.says);
    Some(Flow {
        name: draft.name.as_ref()?.value.clone(),
        start: normal_forms(&draft.start),
        start_any: draft.start_any.is_some(),
        otherwise: template(draft.otherwise.as_ref()),
        ended: template(draft.ended.as_ref()),
        changed: template(draft.changed.as_ref()),
        expired: template(draft.expired.as_ref()),
        expire: draft.expire.as_ref().map_or(DEFAULT_EXPIRE, |expire| expire.value),
        on_expire,
        // What follows a slow call or a callback is sent by itself, too.
        sends: says_at_expiry
            || draft.steps.iter().any(|step| step.call().is_some() || step.wait_for().is_some())
            || Unasked::of(draft, &graph).silence.most > 0,
        waits_for_callbacks: draft.steps.iter().any(|step| step.wait_for().is_some()),
        quiet: draft.quiet,
        quiet_after: quiet_after(draft),
        commands,
        languages: draft.languages.iter().map(|language| language.value.clone()).collect(),
        translations: draft
            .translations
            .iter()
            .map(|(language, draft)| Some(translation(language, flow(draft, subflows)?)))
            .collect::<Option<_>>()?,
        renamed: renamed::steps(draft, &targets),
        moved: renamed::variables(draft, &targets),
        secrets: draft.secrets.iter().map(|secret| secret.value.clone()).collect(),
        timezone: draft.timezone.clone().unwrap_or(TimeZone::UTC),
        steps,
        origins: Origins::default(),
    })
}

/// Where `on_expire` leads, and whether anything is said there.
fn on_expire(draft: &Draft, targets: &Targets<'_>, graph: &Graph<'_>) -> Option<OnExpire> {
    let step = targets.step(draft.on_expire.as_ref()?)?;
    let passed = flood(graph.len(), &[step], |node| graph.edges(node).iter().map(|edge| edge.to));
    let says = |step: &DraftStep| matches!(step.verb, DraftVerb::Say(_));
    let mut steps = draft.steps.iter().enumerate();
    let says = steps.any(|(id, step)| passed[id] && says(step));
    Some(OnExpire { step, says })
}

/// Steps that end with the same outcome agree on it.
fn quiet_after(draft: &Draft) -> BTreeMap<String, Duration> {
    let ends = draft.steps.iter().filter_map(|step| Some((step.end.as_ref()?, &step.quiet_after)));
    ends.filter_map(|(end, quiet)| Some((end.value.clone(), quiet.as_ref()?.value))).collect()
}

/// The parts of a flow that differ in this language.
fn translation(language: &str, flow: Flow) -> Translation {
    let Flow { start, otherwise, ended, changed, expired, commands, steps, .. } = flow;
    let language = language.to_owned();
    Translation { language, start, otherwise, ended, changed, expired, commands, steps }
}

fn step(
    draft: &Draft,
    id: StepId,
    targets: &Targets<'_>,
    graph: &Graph<'_>,
    known: Vec<String>,
) -> Option<Step> {
    let step = draft.steps.get(id)?;
    let to = |name: &At<String>| targets.step(name).map(Target::Step);
    let verb = match &step.verb {
        DraftVerb::Ask(ask) => Verb::Ask(Box::new(self::ask(ask, targets)?)),
        DraftVerb::Say(text) => Verb::Say(template(text.as_ref())?),
        DraftVerb::Set(entries) => Verb::Set(
            entries
                .iter()
                .map(|(name, text)| Some((name.value.clone(), template(text.as_ref())?)))
                .collect::<Option<_>>()?,
        ),
        DraftVerb::Run(run) => {
            let keep = run.keep.iter();
            let endings = &graph.subflow(id)?.endings;
            Verb::Run(Run {
                flow: run.flow.as_ref()?.value.clone(),
                keep: keep
                    .map(|(ours, theirs)| (ours.value.clone(), theirs.value.clone()))
                    .collect(),
                outcomes: endings.iter().map(|ending| ending.outcome.clone()).collect(),
            })
        }
        DraftVerb::Call(call) => Verb::Call(Box::new(self::call(call)?)),
        DraftVerb::WaitFor(wait) => Verb::WaitFor(Box::new(self::wait_for(step, wait, targets)?)),
        DraftVerb::Branch => Verb::Branch,
    };
    let when = step.when.iter().map(|(answer, target)| Some((answer.value.clone(), to(target)?)));
    let branches = step
        .branches
        .iter()
        .map(|(condition, target)| Some((condition.as_ref()?.expression.clone(), to(target)?)));
    Some(Step {
        name: step.name.value.clone(),
        verb,
        media: step.media.iter().map(|text| text.template.clone()).collect(),
        resume: step.resume.is_some(),
        when: when.collect::<Option<_>>()?,
        branches: branches.collect::<Option<_>>()?,
        next: next(draft, id, step, targets)?,
        known,
    })
}

fn next(draft: &Draft, id: StepId, step: &DraftStep, targets: &Targets<'_>) -> Option<Target> {
    Some(if let Some(go) = &step.go {
        Target::Step(targets.step(go)?)
    } else if let Some(end) = &step.end {
        Target::End(end.value.clone())
    } else if id + 1 < draft.steps.len() {
        Target::Step(id + 1)
    } else {
        Target::End(outcome::COMPLETED.to_owned())
    })
}

fn ask(ask: &DraftAsk, targets: &Targets<'_>) -> Option<Ask> {
    let on_fail = match &ask.on_fail {
        Some((tries, target)) => {
            Some(OnFail { tries: *tries, target: Target::Step(targets.step(target)?) })
        }
        None => None,
    };
    Some(Ask {
        text: template(ask.text.as_ref())?,
        answer: ask.answer.clone()?,
        save: ask.save.value.clone(),
        optional: answer_forms(&ask.optional),
        error: template(ask.error.as_ref()),
        attachments: ask
            .attachments
            .iter()
            .map(|(kind, text)| (*kind, text.template.clone()))
            .collect(),
        on_fail,
        silence: silence(&ask.silence, targets)?,
    })
}

fn call(call: &DraftCall) -> Option<Call> {
    let target = call.target.as_ref()?;
    Some(Call {
        method: target.method,
        url: target.url.clone(),
        query: fields(&call.query),
        headers: fields(&call.headers),
        content: match &call.content {
            DraftContent::Nothing => Content::Nothing,
            DraftContent::Form(form) => Content::Form(fields(form)),
            DraftContent::Json(json) => Content::Json(self::json(json)),
        },
        timeout: call.timeout.as_ref().map_or(DEFAULT_TIMEOUT, |timeout| timeout.value),
        attempts: call.attempts.as_ref().map_or(1, |attempts| attempts.value),
        keep: kept(&call.keep),
        meanwhile: template(call.meanwhile.as_ref()),
    })
}

fn wait_for(step: &DraftStep, wait: &DraftWait, targets: &Targets<'_>) -> Option<WaitFor> {
    Some(WaitFor {
        name: wait.name.as_ref()?.value.clone(),
        keep: kept(step.keep()),
        meanwhile: template(wait.meanwhile.as_ref()),
        silence: silence(&wait.silence, targets)?,
    })
}

fn kept(keep: &[(At<String>, String, bool)]) -> Vec<Kept> {
    let keep = keep.iter().map(|(name, pointer, is_required)| Kept {
        variable: name.value.clone(),
        pointer: pointer.clone(),
        is_required: *is_required,
    });
    keep.collect()
}

fn fields(fields: &[(At<String>, Text)]) -> Vec<(String, Template)> {
    fields.iter().map(|(name, text)| (name.value.clone(), text.template.clone())).collect()
}

fn json(draft: &DraftJson) -> Json {
    match draft {
        DraftJson::Literal(literal) => Json::Literal(literal.clone()),
        DraftJson::Text(text) => Json::Text(text.template.clone()),
        DraftJson::List(items) => Json::List(items.iter().map(json).collect()),
        DraftJson::Map(entries) => {
            Json::Map(entries.iter().map(|(name, value)| (name.clone(), json(value))).collect())
        }
    }
}

fn silence(silence: &DraftSilence, targets: &Targets<'_>) -> Option<Silence> {
    let nudges = silence.nudges.iter();
    Some(Silence {
        nudges: nudges.map(|(after, text)| (after.value, text.template.clone())).collect(),
        timeout: match &silence.timeout {
            Some((after, target)) => Some((after.value, Target::Step(targets.step(target)?))),
            None => None,
        },
    })
}

fn template(text: Option<&Text>) -> Option<Template> {
    text.map(|text| text.template.clone())
}
