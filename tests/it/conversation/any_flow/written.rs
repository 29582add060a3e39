//! Flows at random, as a person would write them: what there is in the format,
//! and a text in each step that shows a variable between brackets.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;
use proptest::sample::{Index, select};

pub(crate) const FLOWS: [&str; 3] = ["a", "b", "c"];

/// What questions and `set` give a value. A skipped question's is empty, and
/// only `z` is that of such.
const VARIABLES: [&str; 2] = ["x", "y"];

pub(super) const OUTCOMES: [&str; 4] = ["COMPLETED", "CANCELLED", "OUT", "FAR"];

/// What a question asks for, by its number, and its answers that `when` knows.
pub(super) const KINDS: [(&str, &[&str]); 14] = [
    ("", &[]),
    ("max: 20, ", &[]),
    ("min: 2, max: 700, ", &[]),
    ("match: '[a-z]{1,3}[0-9]?', ", &[]),
    ("options: {o: One, t: Two}, words: {t: [zwo]}, ", &["o", "t"]),
    ("type: yes_no, words: {\"yes\": [sure]}, ", &["yes", "no"]),
    ("type: integer, min: -5, max: 2000, ", &[]),
    ("type: number, ", &[]),
    ("type: email, ", &[]),
    ("type: phone, country: US, ", &[]),
    ("type: date, min: today, ", &[]),
    ("type: time, ", &[]),
    ("type: media, ", &[]),
    ("type: location, ", &[]),
];

const OPTIONS: usize = 4;

#[derive(Clone, Debug)]
pub(super) enum Do {
    Ask(Asked),
    Say { reads: Reads, resume: bool, has_media: bool },
    Set { variable: &'static str, reads: Reads, form: u8 },
    Run { flow: Index, keep: Vec<(&'static str, &'static str)> },
    Call { keep: &'static str, reads: Reads, failed: Index, is_slow: bool },
    Speak { language: &'static str, resume: bool },
    Branch,
}

#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) kind: usize,
    pub(super) save: Option<&'static str>,
    pub(super) reads: Reads,
    pub(super) on_fail: Option<Index>,
    pub(super) error: Option<Reads>,
    pub(super) is_optional: bool,
    pub(super) has_media: bool,
}

/// A variable, and whether `default` stands by.
pub(super) type Reads = (&'static str, bool);

#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) does: Do,
    pub(super) when: Vec<(Index, Index)>,
    pub(super) branch: Option<(Reads, u8, Index)>,
    pub(super) go: Option<Index>,
    pub(super) end: Option<&'static str>,
    /// What its text reads in the other language, if there is one.
    pub(super) other: Option<Reads>,
}

#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(super) steps: Vec<Written>,
    /// What a command does, and its word.
    pub(super) commands: Vec<(Index, u8)>,
    pub(super) renamed: Vec<bool>,
    pub(super) says_ended: bool,
    /// Whether a command leads to the first step that resumes.
    pub(super) has_help: bool,
}

fn variable() -> impl Strategy<Value = &'static str> {
    select(&VARIABLES[..])
}

fn reads() -> impl Strategy<Value = Reads> {
    prop_oneof![
        4 => (variable(), prop::bool::weighted(0.25)),
        1 => Just(("z", true)),
        1 => Just(("profile_name", true)),
    ]
}

fn asked() -> impl Strategy<Value = Do> {
    let save = prop::option::weighted(0.8, variable());
    let on_fail = prop::option::weighted(0.2, any::<Index>());
    let error = prop::option::weighted(0.3, reads());
    let media = prop::bool::weighted(0.05);
    let is_optional = prop::bool::weighted(0.2);
    (0..KINDS.len(), save, reads(), on_fail, error, is_optional, media).prop_map(
        |(kind, save, reads, on_fail, error, is_optional, has_media)| {
            let save = if is_optional { Some("z") } else { save };
            Do::Ask(Asked { kind, save, reads, on_fail, error, is_optional, has_media })
        },
    )
}

/// What is handed back: of a skipped question only as one.
fn kept() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop_oneof![
        4 => (variable(), variable()),
        1 => Just(("z", "z")),
        1 => Just(("z", "x")),
    ]
}

fn does() -> impl Strategy<Value = Do> {
    let resumes = || prop::bool::weighted(0.3);
    prop_oneof![
        9 => asked(),
        4 => (reads(), resumes(), prop::bool::weighted(0.1))
            .prop_map(|(reads, resume, has_media)| Do::Say { reads, resume, has_media }),
        3 => (variable(), reads(), 0..4_u8)
            .prop_map(|(variable, reads, form)| Do::Set { variable, reads, form }),
        5 => (any::<Index>(), prop::collection::vec(kept(), 0..3))
            .prop_map(|(flow, keep)| Do::Run { flow, keep }),
        2 => (variable(), reads(), any::<Index>(), any::<bool>())
            .prop_map(|(keep, reads, failed, is_slow)| Do::Call { keep, reads, failed, is_slow }),
        2 => (select(&["en", "de"][..]), any::<bool>())
            .prop_map(|(language, resume)| Do::Speak { language, resume }),
        2 => Just(Do::Branch),
    ]
}

fn written() -> impl Strategy<Value = Written> {
    let index = any::<Index>;
    (
        does(),
        prop::collection::vec((index(), index()), 0..2),
        prop::option::weighted(0.3, (reads(), 0..5_u8, index())),
        prop::option::weighted(0.2, index()),
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

pub(crate) fn file() -> impl Strategy<Value = File> {
    (
        prop::collection::vec(written(), 1..7),
        prop::collection::vec((any::<Index>(), 0..3_u8), 0..3),
        prop::collection::vec(any::<bool>(), 6),
        prop::bool::weighted(0.3),
        prop::bool::weighted(0.8),
    )
        .prop_map(|(steps, commands, renamed, says_ended, has_help)| File {
            steps,
            commands,
            renamed,
            says_ended,
            has_help,
        })
}

fn read((name, has_default): Reads) -> String {
    if has_default { format!("{name} | default(\"none\")") } else { name.to_owned() }
}

/// A condition in one of the ways to write one.
fn condition(reads: Reads, form: u8) -> String {
    let read = read(reads);
    match form {
        // With a filter, since a choice is refused that is compared with no id of its own.
        0 => format!("{read} | lower == \"1\""),
        1 => format!("{read} | lower in [\"yes\", \"no\"]"),
        2 => format!("not ({read} | length > 3)"),
        3 => format!("{read} | upper == \"WORD\" or channel == \"sms\""),
        _ => format!("{read} == 7"),
    }
}

/// The file as a person would write it; keys that would be a slip are left out.
pub(crate) fn text(place: usize, file: &File) -> String {
    let name = FLOWS[place];
    let mut text = format!("flow: {name}\nstart: [{name}, {name}{name}]\nlanguages: [en, de]\n");
    if place == 0 {
        text.push_str("otherwise: 'Say a.'\nexpire: 1h\n");
    }
    if file.says_ended {
        text.push_str("ended: 'Over [{{ x | default(\"none\") }}]'\n");
    }
    let to = |target: &Index| format!("s{}", target.index(file.steps.len()));
    // Sorted and each once, as a mapping wants its keys.
    let mut commands: BTreeMap<String, u8> = file
        .commands
        .iter()
        .map(|(target, word)| match target.index(file.steps.len() + 3) {
            0 => ("restart".to_owned(), *word),
            1 => ("repeat".to_owned(), *word),
            2 => ("stop".to_owned(), *word),
            step => (format!("s{}", step - 3), *word),
        })
        .collect();
    let resumes = |step: &Written| {
        matches!(step.does, Do::Say { resume: true, .. } | Do::Speak { resume: true, .. })
    };
    if let Some(help) = file.steps.iter().position(resumes).filter(|_| file.has_help) {
        commands.insert(format!("s{help}"), 3);
    }
    if !commands.is_empty() {
        let commands = commands.iter().map(|(target, word)| format!("{target}: [k{word}]"));
        writeln!(text, "commands: {{{}}}", commands.collect::<Vec<_>>().join(", ")).unwrap();
    }
    let waits = file
        .steps
        .iter()
        .map(|step| matches!(step.does, Do::Ask(_) | Do::Run { .. } | Do::Call { .. }));
    let renamed = waits.zip(&file.renamed).enumerate().filter(|(_, (waits, is))| *waits && **is);
    let renamed: Vec<String> = renamed.map(|(at, _)| format!("old{at}: s{at}")).collect();
    if !renamed.is_empty() {
        writeln!(text, "renamed: {{{}}}", renamed.join(", ")).unwrap();
    }
    text.push_str("steps:\n");
    for (at, step) in file.steps.iter().enumerate() {
        write!(text, "  s{at}: {{").unwrap();
        let answers = verb(&mut text, place, at, &step.does, &to);
        let when = step.when.first().filter(|_| !answers.is_empty());
        if let Some((answer, target)) = when {
            write!(text, "when: {{\"{}\": {}}}, ", answer.get(answers), to(target)).unwrap();
        }
        if let Some((reads, form, target)) = &step.branch {
            write!(text, "if: [{{is: '{}', go: {}}}], ", condition(*reads, *form), to(target))
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

/// Writes the verb and its keys; the answers that `when` knows.
fn verb(
    text: &mut String,
    place: usize,
    at: usize,
    does: &Do,
    to: &dyn Fn(&Index) -> String,
) -> &'static [&'static str] {
    const MEDIA: &str = "media: [\"https://example.com/{{ channel }}.jpg\"], ";
    let says = |reads| format!("'{}.s{at} [{{{{ {} }}}}]'", FLOWS[place], read(reads));
    match does {
        Do::Ask(asked) => {
            write!(text, "ask: {}, ", says(asked.reads)).unwrap();
            if let Some(save) = asked.save {
                write!(text, "save: {save}, ").unwrap();
            }
            if let Some(target) = &asked.on_fail {
                write!(text, "tries: 2, on_fail: {}, ", to(target)).unwrap();
            }
            if let Some(reads) = asked.error {
                write!(text, "error: {}, ", says(reads)).unwrap();
            }
            text.push_str(if asked.is_optional { "optional: [skip], " } else { "" });
            text.push_str(if asked.has_media { MEDIA } else { "" });
            let (kind, answers) = KINDS[asked.kind];
            text.push_str(kind);
            answers
        }
        Do::Say { reads, resume, has_media } => {
            write!(text, "say: {}, resume: {resume}, ", says(*reads)).unwrap();
            text.push_str(if *has_media { MEDIA } else { "" });
            &[]
        }
        Do::Set { variable, reads, form } => {
            let read = read(*reads);
            let value = match form {
                0 => says(*reads),
                1 => format!("'{{{{ {read} }}}}'"),
                2 => format!("'{{{{ {read} | title }}}}'"),
                _ => format!("'{{{{ {read} | length }}}}'"),
            };
            write!(text, "set: {{{variable}: {value}}}, ").unwrap();
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
        Do::Call { keep, reads, failed, is_slow } => {
            let (read, failed) = (read(*reads), to(failed));
            write!(text, "call: 'GET https://shop.test/{{{{ {read} }}}}', keep: {{{keep}: /v}}, ")
                .unwrap();
            write!(text, "when: {{404: s0, failed: {failed}}}, ").unwrap();
            text.push_str(if *is_slow { "meanwhile: Wait., " } else { "timeout: 1s, " });
            &[]
        }
        Do::Speak { language, resume } => {
            write!(text, "set: {{language: {language}}}, resume: {resume}, ").unwrap();
            &[]
        }
        Do::Branch => &[],
    }
}

/// The file's texts in the other language, one a line.
pub(crate) fn other_language(place: usize, file: &File) -> String {
    let mut text = format!("start: [d{0}, {0}{0}]\n", FLOWS[place]);
    for (at, step) in file.steps.iter().enumerate() {
        let key = match step.does {
            Do::Ask(_) => "ask",
            Do::Say { .. } => "say",
            _ => continue,
        };
        let Some(reads) = step.other else { continue };
        writeln!(text, "s{at}.{key}: 'd{}.s{at} [{{{{ {} }}}}]'", FLOWS[place], read(reads))
            .unwrap();
        if matches!(step.does, Do::Ask(Asked { kind: OPTIONS, .. })) {
            writeln!(text, "s{at}.options.t: Zwei").unwrap();
        }
    }
    text
}
