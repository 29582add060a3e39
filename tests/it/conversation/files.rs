//! What is said to a file where words are asked for, and after a silence that
//! ended a conversation.

use ringback::conversation::{Flows, Source};

use super::{check, written};

const ATTACHMENTS: &str = "flow: a\nstart: [a]\nsteps:\n  STREET:\n    ask: Where?\n    error: Please write it.\n    \
    attachment: {voice: I cannot listen., picture: I cannot see.}\n    tries: 4\n    on_fail: LATER\n  \
    SIZE:\n    ask: Which?\n    options: {s: Small, l: Large}\n    attachment: {other: Please choose.}\n  \
    PHOTO: {ask: A photo?, type: media}\n  DONE: {say: Thanks., end: DONE_WELL}\n  LATER: {say: Later., end: LATE}\n";

#[test]
fn a_file_without_a_text_gets_the_text_of_its_kind() {
    let flows = written(&[ATTACHMENTS]);
    for chat in [
        "> a\n< Where?\n@media audio/ogg\n>\n< I cannot listen.\n= @STREET\n@media image/png\n>\n< I cannot see.\n",
        // Without a text of its own or of all others, `error` is said.
        "> a\n< Where?\n@media text/vcard\n>\n< Please write it.\n@media video/mp4\n>\n< Please write it.\n",
        "> a\n< Where?\n@media AUDIO/amr\n>\n< I cannot listen.\n",
        // A text is the answer, whatever comes with it.
        "> a\n< Where?\n@media audio/ogg\n> Main Street\n< Which?\n< 1. Small\n< 2. Large\n",
        "> a\n< Where?\n>\n< Please write it.\n",
        // They count as tries.
        "> a\n< Where?\n@media audio/ogg\n>\n< I cannot listen.\n@media audio/ogg\n>\n< I cannot listen.\n\
         @media audio/ogg\n>\n< I cannot listen.\n@media audio/ogg\n>\n< Later.\n= LATE\n",
        "> a\n< Where?\n> x\n< Which?\n< 1. Small\n< 2. Large\n@media audio/ogg\n>\n< Please choose.\n< 1. Small\n< 2. Large\n\
         @media image/png\n> what?\n< Which?\n< 1. Small\n< 2. Large\n> 1\n< A photo?\n@media image/png\n>\n< Thanks.\n",
    ] {
        check(&flows, chat).unwrap_or_else(|fault| panic!("{chat}\n{fault}"));
    }
}

#[test]
fn after_a_silence_it_is_said_once_and_before_all_else() {
    let flow = "flow: a\nstart: [a]\nexpire: 1h\nexpired: That was long ago.\notherwise: Write A.\nended: Over.\n\
                steps:\n  Q: {ask: Q?}\n  D: {say: Done.}\n";
    let plain = "flow: a\nstart: [a]\nexpire: 1h\nexpired: That was long ago.\nsteps:\n  Q: {ask: Q?}\n  D: {say: Done.}\n";
    for (flow, chat) in [
        (
            flow,
            "> a\n< Q?\n@wait 2h\n> x\n< That was long ago.\n< Write A.\n= INITIAL\n> x\n< Write A.\n",
        ),
        (
            flow,
            "> a\n< Q?\n@wait 2h\n> a\n< That was long ago.\n< Q?\n= @Q\n> x\n< Done.\n@wait 25h\n> x\n< Over.\n",
        ),
        (flow, "> a\n< Q?\n@wait 59m\n> x\n< Done.\n"),
        (plain, "> a\n< Q?\n@wait 2h\n> x\n< That was long ago.\n> x\n<\n"),
    ] {
        check(&written(&[flow]), chat).unwrap_or_else(|fault| panic!("{chat}\n{fault}"));
    }
}

#[test]
fn both_are_said_in_the_language_of_the_person() {
    let texts = [
        (
            "flows/a.yaml",
            "flow: a\nstart: [a]\nlanguages: [en, de]\nexpired: Too late.\nsteps:\n  Q: {ask: Q?, attachment: {voice: Write.}}\n  D: {say: Done.}\n",
        ),
        (
            "flows/a.de.yaml",
            "start: [b]\nexpired: Zu spät.\nQ.ask: F?\nQ.attachment.voice: Schreib.\nD.say: Fertig.\n",
        ),
    ];
    let source =
        |(name, text): (&str, &str)| Source { name: name.to_owned(), text: text.to_owned() };
    let sources = texts.map(source);
    let loaded = Flows::load(&sources).expect("flows that load");
    assert!(loaded.warnings.is_empty(), "{}", loaded.warnings);
    let chat = "> b\n< F?\n@media audio/ogg\n>\n< Schreib.\n@wait 25h\n> b\n< Zu spät.\n< F?\n";
    check(&loaded.flows, chat).unwrap_or_else(|fault| panic!("{fault}"));
    let [flow, german] = sources;
    let lacking = german
        .text
        .replace("expired: Zu spät.\n", "")
        .replace("Q.attachment.voice: Schreib.\n", "");
    let lacking = [flow, Source { text: lacking, ..german }];
    let warnings = Flows::load(&lacking).expect("flows that load").warnings;
    let told: Vec<&str> = warnings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "`flows/a.de.yaml` has no `expired`: people who speak `de` hear it in `en`",
            "`flows/a.de.yaml` has no `Q.attachment.voice`: people who speak `de` hear it in `en`",
        ]
    );
}
