//! Those flows at random that load: what is wrong with one is put right as a
//! person would, a few times.

use proptest::prelude::*;
use ringback::conversation::finding::{Finding, Severity};
use ringback::conversation::{Flows, Loaded, Source};

use super::written::{Asked, Do, FLOWS, File, Reads, file, other_language, text};

/// Flows that load, and their files' texts.
pub(crate) fn flows() -> impl Strategy<Value = (String, Loaded)> {
    prop::collection::vec(file(), 1..4).prop_filter_map("they do not load", |mut files| {
        for _ in 0..40 {
            let texts: Vec<String> =
                files.iter().enumerate().map(|(place, file)| text(place, file)).collect();
            let others: Vec<String> =
                files.iter().enumerate().map(|(at, file)| other_language(at, file)).collect();
            let source = |(text, name): (&String, String)| Source { name, text: text.clone() };
            let names = |ending: &'static str| FLOWS.map(move |name| format!("{name}{ending}"));
            let sources: Vec<Source> = texts
                .iter()
                .zip(names(".yaml"))
                .chain(others.iter().zip(names(".de.yaml")))
                .map(source)
                .collect();
            match Flows::load(&sources) {
                Ok(loaded) => {
                    return Some(([texts, others].concat().join("\n"), loaded));
                }
                Err(findings) => {
                    let mut errors = findings.iter().filter(|f| f.severity() == Severity::Error);
                    put_right(&mut files, &texts, &others, errors.next()?)?;
                }
            }
        }
        None
    })
}

/// What a person would do about a finding.
fn put_right(
    files: &mut [File],
    texts: &[String],
    others: &[String],
    finding: &Finding,
) -> Option<()> {
    if let Some(place) = FLOWS.iter().position(|name| finding.file == format!("{name}.de.yaml")) {
        let line = others[place].lines().nth(finding.line - 1)?;
        let step = line.strip_prefix('s')?.split_once('.')?.0.parse::<usize>().ok()?;
        files[place].steps[step].other = Some(("channel", true));
        return Some(());
    }
    let place = FLOWS.iter().position(|name| finding.file == format!("{name}.yaml"))?;
    let header = texts[place].lines().position(|line| line == "steps:")? + 2;
    let file = &mut files[place];
    let Some(at) = finding.line.checked_sub(header) else {
        file.commands.clear();
        file.has_help &= !finding.message.contains("two commands");
        file.says_ended = false;
        return Some(());
    };
    let is_one_of_many = file.steps.len() > 1;
    let step = file.steps.get_mut(at)?;
    let is = |words: &str| finding.message.contains(words);
    let new_reads = if is("nothing gives") { Some(("channel", true)) } else { None };
    let mend = |reads: &mut Reads| *reads = new_reads.unwrap_or((reads.0, true));
    if is("is not known on") || is("nothing gives") {
        match &mut step.does {
            Do::Ask(asked) => {
                mend(&mut asked.reads);
                asked.error.iter_mut().for_each(mend);
            }
            Do::Say { reads, .. } | Do::Set { reads, .. } | Do::Call { reads, .. } => mend(reads),
            Do::Run { .. } | Do::Speak { .. } | Do::Branch => {}
        }
        step.branch.iter_mut().for_each(|(reads, ..)| mend(reads));
    } else if is("never ends with") {
        step.when.clear();
    } else if is("nothing in the flow") {
        let Do::Run { keep, .. } = &mut step.does else { return None };
        keep.clear();
    } else if is("nothing leads to") && is_one_of_many {
        file.steps.remove(at);
    } else if is("no path leads from") || is("does nothing") {
        step.end = Some("OUT");
        step.go = None;
    } else if is("resume") {
        let (Do::Say { resume, .. } | Do::Speak { resume, .. }) = &mut step.does else {
            return None;
        };
        *resume = false;
    } else if is("is always a ") || is("it says nothing") {
        step.branch = None;
    } else if is("a loop without") && (step.branch.is_some() || step.go.is_some()) {
        step.branch = None;
        step.go = None;
    } else {
        step.does = Do::Ask(Asked {
            kind: 4,
            save: Some("x"),
            reads: ("channel", true),
            on_fail: None,
            error: None,
            is_optional: false,
            has_media: false,
        });
    }
    Some(())
}
