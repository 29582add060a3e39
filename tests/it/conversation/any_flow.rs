//! Flows that nobody wrote: three at random, that may run each other. Whatever
//! of them loads goes through any conversation without a lost place, a name
//! that means nothing, or a turn without an end. So what is checked before a
//! flow runs is what it needs when it runs.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use ringback::conversation::finding::{Finding, Severity};
use ringback::conversation::{Caller, Flows, Session, Source, State, Turn, Verb, step};
use ringback::message::Message;

const NOW: Timestamp = Timestamp::constant(1_795_405_200, 0);

const FLOWS: [&str; 3] = ["a", "b", "c"];
const VARIABLES: [&str; 2] = ["x", "y"];
const OUTCOMES: [&str; 4] = ["COMPLETED", "CANCELLED", "OUT", "FAR"];

/// So often no step of flows as small as these speaks in one turn, unless it
/// goes round without an end.
const OFTEN: usize = 12;

#[derive(Clone, Debug)]
enum Do {
    Ask { kind: u8, save: Option<&'static str>, reads: Reads, on_fail: Option<Index> },
    Say { reads: Reads, resume: bool },
    Set { variable: &'static str, reads: Reads },
    Run { flow: Index, keep: Vec<(&'static str, &'static str)> },
    Speak { language: &'static str, resume: bool },
    Branch,
}

/// A variable, and whether `default` stands by.
type Reads = (&'static str, bool);

#[derive(Clone, Debug)]
struct Written {
    does: Do,
    when: Vec<(Index, Index)>,
    branch: Option<(Reads, Index)>,
    go: Option<Index>,
    end: Option<&'static str>,
    /// What its text reads in the other language, if there is one.
    other: Option<Reads>,
}

#[derive(Clone, Debug)]
struct File {
    steps: Vec<Written>,
    /// What a command does, and its word.
    commands: Vec<(Index, u8)>,
    renamed: Vec<bool>,
}

fn variable() -> impl Strategy<Value = &'static str> {
    select(&VARIABLES[..])
}

fn reads() -> impl Strategy<Value = Reads> {
    (variable(), prop::bool::weighted(0.25))
}

fn does() -> impl Strategy<Value = Do> {
    let index = any::<Index>;
    let maybe = |p| prop::option::weighted(p, index());
    let save = prop::option::weighted(0.8, variable());
    prop_oneof![
        4 => (0..3_u8, save, reads(), maybe(0.2))
            .prop_map(|(kind, save, reads, on_fail)| Do::Ask { kind, save, reads, on_fail }),
        2 => (reads(), prop::bool::weighted(0.3)).prop_map(|(reads, resume)| Do::Say { reads, resume }),
        1 => (variable(), reads()).prop_map(|(variable, reads)| Do::Set { variable, reads }),
        3 => (index(), prop::collection::vec((variable(), variable()), 0..3))
            .prop_map(|(flow, keep)| Do::Run { flow, keep }),
        1 => (select(&["en", "de"][..]), any::<bool>())
            .prop_map(|(language, resume)| Do::Speak { language, resume }),
        1 => Just(Do::Branch),
    ]
}

fn written() -> impl Strategy<Value = Written> {
    let index = any::<Index>;
    let maybe = |p| prop::option::weighted(p, index());
    (
        does(),
        prop::collection::vec((index(), index()), 0..2),
        prop::option::weighted(0.3, (reads(), index())),
        maybe(0.2),
        prop::option::weighted(0.3, select(&OUTCOMES[..])),
        prop::option::of(reads()),
    )
        .prop_map(|(does, when, branch, go, end, other)| Written {
            does,
            when,
            branch,
            go,
            end,
            other,
        })
}

fn file() -> impl Strategy<Value = File> {
    (
        prop::collection::vec(written(), 1..6),
        prop::collection::vec((any::<Index>(), 0..3_u8), 0..3),
        prop::collection::vec(any::<bool>(), 5),
    )
        .prop_map(|(steps, commands, renamed)| File { steps, commands, renamed })
}

fn read((name, has_default): Reads) -> String {
    if has_default { format!("{name} | default(\"none\")") } else { name.to_owned() }
}

/// The file as a person would write it; keys that would be a slip are left out.
fn text(place: usize, file: &File) -> String {
    let mut text = format!("flow: {0}\nstart: [{0}, {0}{0}]\nlanguages: [en, de]\n", FLOWS[place]);
    let to = |target: &Index| format!("s{}", target.index(file.steps.len()));
    // Sorted and each once, as a mapping wants its keys.
    let commands: BTreeMap<String, u8> = file
        .commands
        .iter()
        .map(|(target, word)| match target.index(file.steps.len() + 3) {
            0 => ("restart".to_owned(), *word),
            1 => ("repeat".to_owned(), *word),
            2 => ("stop".to_owned(), *word),
            step => (format!("s{}", step - 3), *word),
        })
        .collect();
    if !commands.is_empty() {
        let commands = commands.iter().map(|(target, word)| format!("{target}: [k{word}]"));
        writeln!(text, "commands: {{{}}}", commands.collect::<Vec<_>>().join(", ")).unwrap();
    }
    let waits = file.steps.iter().map(|step| matches!(step.does, Do::Ask { .. } | Do::Run { .. }));
    let renamed = waits.zip(&file.renamed).enumerate().filter(|(_, (waits, is))| *waits && **is);
    let renamed: Vec<String> = renamed.map(|(at, _)| format!("old{at}: s{at}")).collect();
    if !renamed.is_empty() {
        writeln!(text, "renamed: {{{}}}", renamed.join(", ")).unwrap();
    }
    text.push_str("steps:\n");
    for (at, step) in file.steps.iter().enumerate() {
        let says = |reads| format!("'{}.s{at} [{{{{ {} }}}}]'", FLOWS[place], read(reads));
        write!(text, "  s{at}: {{").unwrap();
        let answers: &[&str] = match &step.does {
            Do::Ask { kind, save, reads, on_fail } => {
                write!(text, "ask: {}, ", says(*reads)).unwrap();
                if let Some(save) = save {
                    write!(text, "save: {save}, ").unwrap();
                }
                if let Some(target) = on_fail {
                    write!(text, "tries: 2, on_fail: {}, ", to(target)).unwrap();
                }
                match kind {
                    0 => &[],
                    1 => {
                        text.push_str("options: {o: One, t: Two}, ");
                        &["o", "t"]
                    }
                    _ => {
                        text.push_str("type: yes_no, ");
                        &["yes", "no"]
                    }
                }
            }
            Do::Say { reads, resume } => {
                write!(text, "say: {}, resume: {resume}, ", says(*reads)).unwrap();
                &[]
            }
            Do::Set { variable, reads } => {
                write!(text, "set: {{{variable}: {}}}, ", says(*reads)).unwrap();
                &[]
            }
            Do::Run { flow, keep } => {
                // Mostly a later one, so that they seldom run in a circle.
                let flow = FLOWS[(place + 1 + flow.index(2)).min(2)];
                let keep: BTreeMap<_, _> = keep.iter().copied().collect();
                let keep = keep.iter().map(|(ours, theirs)| format!("{ours}: {theirs}"));
                let keep = keep.collect::<Vec<_>>().join(", ");
                let keep = if keep.is_empty() { keep } else { format!("keep: {{{keep}}}, ") };
                write!(text, "run: {flow}, {keep}").unwrap();
                &OUTCOMES
            }
            Do::Speak { language, resume } => {
                write!(text, "set: {{language: {language}}}, resume: {resume}, ").unwrap();
                &[]
            }
            Do::Branch => &[],
        };
        let when = step.when.first().filter(|_| !answers.is_empty());
        if let Some((answer, target)) = when {
            write!(text, "when: {{\"{}\": {}}}, ", answer.get(answers), to(target)).unwrap();
        }
        if let Some((reads, target)) = &step.branch {
            write!(text, "if: [{{is: '{} == \"1\"', go: {}}}], ", read(*reads), to(target))
                .unwrap();
        }
        match (&step.go, step.end) {
            (Some(target), _) => write!(text, "go: {}", to(target)).unwrap(),
            (None, Some(end)) => write!(text, "end: {end}").unwrap(),
            (None, None) => {}
        }
        text.push_str("}\n");
    }
    text
}

/// The file's texts in the other language, one a line.
fn other_language(place: usize, file: &File) -> String {
    let mut text = format!("start: [d{0}, {0}{0}]\n", FLOWS[place]);
    for (at, step) in file.steps.iter().enumerate() {
        let key = match step.does {
            Do::Ask { .. } => "ask",
            Do::Say { .. } => "say",
            _ => continue,
        };
        let Some(reads) = step.other else { continue };
        writeln!(text, "s{at}.{key}: 'd{}.s{at} [{{{{ {} }}}}]'", FLOWS[place], read(reads))
            .unwrap();
        if matches!(step.does, Do::Ask { kind: 1, .. }) {
            writeln!(text, "s{at}.options.t: Zwei").unwrap();
        }
    }
    text
}

/// Flows that load: what is wrong with those at random is put right, a few times.
fn flows() -> impl Strategy<Value = (String, Flows)> {
    prop::collection::vec(file(), 1..4).prop_filter_map("they do not load", |mut files| {
        for _ in 0..30 {
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
                    return Some(([texts, others].concat().join("\n"), loaded.flows));
                }
                Err(findings) => {
                    let mut errors = findings.iter().filter(|f| f.severity == Severity::Error);
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
        return Some(());
    };
    let is_one_of_many = file.steps.len() > 1;
    let step = file.steps.get_mut(at)?;
    let is = |words: &str| finding.message.contains(words);
    let new_reads = if is("nothing gives") { Some(("channel", true)) } else { None };
    let mend = |reads: &mut Reads| *reads = new_reads.unwrap_or((reads.0, true));
    if is("is not known on") || is("nothing gives") {
        match &mut step.does {
            Do::Ask { reads, .. } | Do::Say { reads, .. } | Do::Set { reads, .. } => mend(reads),
            Do::Run { .. } | Do::Speak { .. } | Do::Branch => {}
        }
        step.branch.iter_mut().for_each(|(reads, _)| mend(reads));
    } else if is("never ends with") {
        step.when.clear();
    } else if is("nothing in the flow") {
        let Do::Run { keep, .. } = &mut step.does else { return None };
        keep.clear();
    } else if is("nothing leads to") && is_one_of_many {
        file.steps.remove(at);
    } else if is("no way leads from") || is("does nothing") {
        step.end = Some("OUT");
        step.go = None;
    } else if is("resume") {
        let (Do::Say { resume, .. } | Do::Speak { resume, .. }) = &mut step.does else {
            return None;
        };
        *resume = false;
    } else if is("a loop without") && (step.branch.is_some() || step.go.is_some()) {
        step.branch = None;
        step.go = None;
    } else {
        let reads = ("channel", true);
        step.does = Do::Ask { kind: 1, save: Some("x"), reads, on_fail: None };
    }
    Some(())
}

fn said() -> impl Strategy<Value = &'static str> {
    select(
        &["a", "da", "b", "db", "cc", "1", "2", "yes", "no", "o", "word", "k0", "k1", "k2", ""][..],
    )
}

/// The session as an earlier version would have left it, in which steps had
/// other names.
fn of_old(flows: &Flows, session: &Session) -> Session {
    let rename = |flow: Option<&str>, name: &mut String, answers: &mut _| {
        let Some(flow) = flow.and_then(|flow| flows.get(flow)) else { return };
        let old = |name: &str| name.replacen('s', "old", 1);
        if flow.is_former_name(&old(name)) {
            *name = old(name);
        }
        let answers: &mut ringback::conversation::Answers = answers;
        for asked in &flow.steps {
            let Verb::Ask(ask) = &asked.verb else { continue };
            if ask.save != asked.name || !flow.is_former_name(&old(&ask.save)) {
                continue;
            }
            for end in ["", "_label"] {
                if let Some(answer) = answers.remove(&format!("{}{end}", ask.save)) {
                    answers.insert(format!("{}{end}", old(&ask.save)), answer);
                }
            }
        }
    };
    let mut session = session.clone();
    if let State::Waiting(name) = &mut session.state {
        rename(session.flow.as_deref(), name, &mut session.answers);
        for caller in &mut session.stack {
            let flow = caller.flow.clone();
            rename(Some(&flow), &mut caller.step, &mut caller.answers);
        }
    }
    session
}

/// The flow that began the conversation.
fn whole(session: &Session) -> Option<&str> {
    session.stack.first().map(|outermost| outermost.flow.as_str()).or(session.flow.as_deref())
}

fn say(flows: &Flows, session: &Session, text: &str) -> Turn {
    let message = Message::text("SM1", "+14155550100", "+14155550199", text).expect("an address");
    step(flows, session, &message, NOW)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2 * ProptestConfig::default().cases, max_local_rejects: 10_000_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn what_loads_goes_through_any_conversation(
        (text, flows) in flows(), messages in prop::collection::vec(said(), 1..40),
    ) {
        let mut session = Session::default();
        for message in messages {
            let turn = say(&flows, &session, message);
            prop_assert_eq!(&turn.notes, &vec![], "{}", text);
            prop_assert_eq!(&turn, &say(&flows, &of_old(&flows, &session), message), "{}", text);
            for reply in &turn.replies {
                prop_assert!(!reply.text.contains("[]"), "{}\n{}", text, reply.text);
            }
            let lines = turn.replies.iter().flat_map(|reply| reply.text.lines());
            let mut times = BTreeMap::<&str, usize>::new();
            lines.for_each(|line| *times.entry(line).or_default() += 1);
            prop_assert!(times.values().all(|times| *times < OFTEN), "{}", text);
            for ended in &turn.ended {
                prop_assert!(OUTCOMES.contains(&ended.outcome.as_str()), "{}", text);
                prop_assert!(turn.session.stack.is_empty());
            }
            if let State::Waiting(name) = &turn.session.state {
                let flow = turn.session.flow.as_deref().and_then(|name| flows.get(name));
                let place = flow.and_then(|flow| Some(&flow.steps[flow.step_named(name)?]));
                prop_assert!(place.is_some_and(|step| matches!(step.verb, Verb::Ask(_))));
                let goes_on = matches!(session.state, State::Waiting(_)) && turn.ended.is_empty();
                prop_assert!(!goes_on || whole(&session) == whole(&turn.session), "{}", text);
            }
            let stack = serde_json::to_string(&turn.session.stack).expect("JSON");
            prop_assert_eq!(&serde_json::from_str::<Vec<Caller>>(&stack).expect("a stack"), &turn.session.stack);
            session = turn.session;
        }
    }
}

/// The test above is about flows in flows, or it is worth little.
#[test]
fn flows_that_load_by_chance_run_others() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut runs = 0;
    for _ in 0..100 {
        let (_, flows) = flows().new_tree(&mut runner).expect("flows").current();
        let mut steps = flows.iter().flat_map(|flow| &flow.steps);
        runs += usize::from(steps.any(|step| matches!(step.verb, Verb::Run(_))));
    }
    assert!(runs > 20, "{runs} of 100");
}
