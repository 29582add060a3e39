//! What chat files notice, and what is said of those that cannot be read.

use std::fmt::Write;

use proptest::prelude::*;

use super::{
    ChatFile, Deployments, Directive, Phone, Report, Said, run, written_message, written_reply,
    written_state,
};
use crate::conversation::testing::{TEXT, ask, favorite_song, flow, flows, say, shop, template};
use crate::conversation::{Branch, Flows, Kind};

fn run_alone(flows: &Flows, chat: &ChatFile) -> Report {
    run(flows, chat, &Deployments::new())
}

fn play(chat: &str) -> Report {
    let flows = flows(vec![favorite_song(), shop()]);
    run_alone(&flows, &ChatFile::parse("test.chat", chat).unwrap())
}

#[test]
fn a_chat_that_goes_as_written() {
    let chat = "# The built-in conversation.\n\n\
                > hello\r\n< What is your name?\n\
                @wait 23h\n@whatsapp\n\
                > John\n# A comment between.\n< Hello John, what is your favorite song?\n\
                @redeliver\n< Hello John, what is your favorite song?\n= @WAITING_FOR_SONG\n\
                @sms\n@redeliver\n@wait 90s\n\
                > A\\nB\n< Playing A\n< B\n= COMPLETED\n? favorite_song = A\\nB\n";
    assert_eq!(play(chat).mismatch, None);
}

#[test]
fn mismatches_name_the_line_and_both_sides() {
    let check = |chat: &str, line: usize, expected: &str, got: &str| {
        let mismatch = play(chat).mismatch.unwrap();
        let sides = (mismatch.line, mismatch.expected(), mismatch.got());
        assert_eq!(sides, (line, expected.to_owned(), got.to_owned()), "{chat}");
    };
    check("> hello\n< What's your name?", 2, "< What's your name?", "< What is your name?");
    check("> hello\n\n> John", 1, "", "< What is your name?");
    check("> hello\n<", 2, "<", "< What is your name?");
    check(
        "> hello\n< What is your name?\n< Well?",
        3,
        "< What is your name?\n< Well?",
        "< What is your name?",
    );
    check("> hello\n< What is your name? ", 2, "< What is your name?·", "< What is your name?");
    check("> hello\n< What is your name?\n= COMPLETED", 3, "= COMPLETED", "= @WAITING_FOR_NAME");
    check("> hello\n< What is your name?\n= @OTHER", 3, "= @OTHER", "= @WAITING_FOR_NAME");
    check("= COMPLETED", 1, "= COMPLETED", "= INITIAL");
    check("? size = small", 1, "? size = small", "");
    let pizza =
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n> 1\n< How many?\n> 2\n";
    check(
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 31 cm",
        4,
        "< Which size?\n< 1. Small, 20 cm\n< 2. Large, 31 cm",
        "< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm",
    );
    let note = "< Anything else? Say skip if not.\n";
    check(&format!("{pizza}{note}? count = 3"), 9, "? count = 3", "? count = 2");
    check(
        &format!("{pizza}{note}@redeliver\n< What?"),
        10,
        "< What?",
        "< Anything else? Say skip if not.",
    );
    check(
        &format!(
            "{pizza}{note}> skip\n< Is it a gift?\n> no\n< 2 x Small, 20 cm. No note.\n< Like this:"
        ),
        13,
        "< 2 x Small, 20 cm. No note.\n< Like this:",
        "< 2 x Small, 20 cm. No note.\n<---\n< Like this:\n<media https://example.com/small.jpg",
    );
}

#[test]
fn the_next_message_carries_what_stands_above_it() {
    let steps = vec![
        ask("photo", "A photo?", Kind::Media),
        ask(
            "size",
            "Size?",
            crate::conversation::testing::options(&[
                ("s", "Small", "little"),
                ("l", "Large", "big"),
            ]),
        ),
        ask("why", "Why?", TEXT),
        say("end", "{{ channel }}"),
    ];
    let flows = flows(vec![flow("photo", "go", steps)]);
    let chat = "> go\n< A photo?\n@location 52.5,13.4\n>\n< A photo?\n\
                @media image/jpeg\n>\n< Size?\n< 1. Small\n< 2. Large\n\
                ? photo = https://example.com/media\n\
                @button l\n> Whatever\n< Why?\n? size = l\n@whatsapp\n\
                @media image/png https://example.com/a.png\n> because\n< whatsapp\n? why = because";
    assert_eq!(run_alone(&flows, &ChatFile::parse("photo.chat", chat).unwrap()).mismatch, None);
}

#[test]
fn an_empty_line_of_a_message() {
    let mut song = favorite_song();
    song.otherwise = Some(template("One\n\nThree"));
    let chat = ChatFile::parse("song.chat", "> what\n< One\n<\n< Three").unwrap();
    assert_eq!(run_alone(&flows(vec![song]), &chat).mismatch, None);
}

#[test]
fn stop_and_start_are_heard_as_by_the_service() {
    let chat = "> hello\n< What is your name?\n> STOP\n= STOPPED\n> hello\n\
                @whatsapp\n> hello\n< What is your name?\n\
                > stop\n< You are unsubscribed and will get no more messages. Send START to hear from us again.\n\
                > stop\n@redeliver\n= STOPPED\n\
                > start\n< You are subscribed again. Send STOP to unsubscribe.\n\
                > hello\n< What is your name?\n@sms\n> cancel\n= STOPPED\n> start\n\
                > start\n< Say hello to begin.\n= STOPPED";
    assert_eq!(play(chat).mismatch, None);
}

#[test]
fn a_repeat_gets_the_recorded_reply_wherever_the_conversation_stands() {
    let chat = "> hello\n< What is your name?\n@redeliver\n= @WAITING_FOR_NAME\n\
                @redeliver\n< What is your name?\n@wait 25h\n@whatsapp\n\
                @redeliver\n< What is your name?\n= @WAITING_FOR_NAME\n\
                > John\n< Say hello to begin.\n@redeliver\n= INITIAL";
    assert_eq!(play(chat).mismatch, None);
}

#[test]
fn a_deploy_changes_the_flow_under_a_persons_feet() {
    let mut renamed = favorite_song();
    renamed.steps[1].name = "WAITING_FOR_TITLE".to_owned();
    renamed.changed = Some(template("So far."));
    let mut reworded = favorite_song();
    reworded.steps[2].verb = say("", "Now playing {{ favorite_song }}").verb;
    let deployments = Deployments::from([
        ("reworded.yaml".to_owned(), flows(vec![reworded])),
        ("renamed.yaml".to_owned(), flows(vec![renamed])),
    ]);
    let begun =
        "> hello\n< What is your name?\n> John\n< Hello John, what is your favorite song?\n";
    let played = |rest: &str| {
        let chat = ChatFile::parse("test.chat", &format!("{begun}{rest}")).unwrap();
        run(&flows(vec![favorite_song()]), &chat, &deployments)
    };
    let goes_on =
        "@deploy reworded.yaml\n= @WAITING_FOR_SONG\n> Hurt\n< Now playing Hurt\n= COMPLETED";
    let report = played(goes_on);
    assert_eq!(report.mismatch, None);
    assert!(
        !report.coverage.has("favorite-song", Some("PLAYING"), Branch::Reached),
        "that was another flow"
    );
    let again = "< So far.\n< What is your name?\n";
    let afresh = "@deploy renamed.yaml\n> Hurt\n{again}= @WAITING_FOR_NAME\n@redeliver\n{again}";
    assert_eq!(played(&afresh.replace("{again}", again)).mismatch, None);
    let unknown = played("@deploy other.yaml\n").mismatch.unwrap();
    assert_eq!(
        (unknown.line, unknown.message.as_str()),
        (5, "`other.yaml` was not given to this chat file")
    );
}

/// One of each kind, as a person reads it.
#[test]
fn a_mismatch_shows_what_led_there_and_both_sides() {
    let begun = "> hello\n< What is your name?\n";
    let pizza = "# An order.\n> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n";
    let ordered = format!("{pizza}> 1\n< How many?\n> 2\n< Anything else? Say skip if not.\n");
    let many = format!("{pizza}> help me\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n")
        .repeat(3);
    let painted = regex::Regex::new("\x1b\\[[0-9;]*m").unwrap();
    let mut shown = String::new();
    for (what, chat) in [
        ("a word", format!("{begun}> John\n< Hello John, what is your favourite song?\n")),
        ("all of it", format!("{begun}> John\n< Who?\n")),
        ("a line among others", pizza.replace("30 cm", "31 cm")),
        ("a line too many", pizza.replace("30 cm", "30 cm\n< 3. Huge")),
        ("a line too few", pizza.replace("< 1. Small, 20 cm\n", "")),
        ("the end is missing", pizza.replace("< 2. Large, 30 cm\n", "")),
        ("silence expected", begun.replace("< What is your name?", "<")),
        ("silence claimed", "> hello\n> John\n".to_owned()),
        ("silence came", format!("{begun}> stop\n< Bye.\n")),
        (
            "another picture",
            format!(
                "{ordered}> skip\n< Is it a gift?\n> no\n< 2 x Small, 20 cm. No note.\n<---\n< Like this:\n<media https://example.com/large.jpg\n"
            ),
        ),
        (
            "one message for two",
            format!(
                "{ordered}> skip\n< Is it a gift?\n> no\n< 2 x Small, 20 cm. No note.\n< Like this:\n<media https://example.com/small.jpg\n"
            ),
        ),
        ("what a message carried", format!("{begun}@media image/jpeg\n>\n< A nice picture!\n")),
        ("after many lines", format!("{many}> 7\n< Seven?\n")),
        ("after a repeat", format!("{begun}@redeliver\n< Your name?\n")),
        ("a place", format!("{begun}= COMPLETED\n")),
        ("a place misspelt", format!("{begun}= @WAITING_FOR_NAMES\n")),
        ("a place that asks nothing", format!("{begun}= @PLAYING\n")),
        ("a place that is no outcome", format!("{begun}= WAITING_FOR_NAME\n")),
        ("an outcome misspelt", format!("{begun}= CANCELED\n")),
        ("an outcome as a place", "= @ORDERED\n".to_owned()),
        (
            "no such outcome",
            "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n= HAPPY\n".to_owned(),
        ),
        ("a value", format!("{ordered}? count = 3\n")),
        ("not set", format!("{begun}? user_name = John\n")),
        ("no such variable", format!("{ordered}? sise = small\n")),
        ("another file", "@deploy other.yaml\n".to_owned()),
    ] {
        let mismatch = play(&chat).mismatch.unwrap_or_else(|| panic!("{what}"));
        writeln!(shown, "=== {what}\n{mismatch}").unwrap();
        assert!(!mismatch.render(false).contains('\x1b'));
        assert_eq!(painted.replace_all(&mismatch.render(true), ""), mismatch.render(false));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn differences_that_cannot_be_seen_are_shown() {
    let mut shown = String::new();
    for (what, said, written) in [
        ("a space at the end", "It's nice", "It's nice "),
        ("a no-break space", "10\u{a0}km", "10 km"),
        ("another apostrophe", "It’s nice", "It's nice"),
        ("another dash", "9 – 17", "9 - 17"),
        ("a zero width space", "a\u{200b}b", "ab"),
        ("an accent put together otherwise", "Cafe\u{301}", "Café"),
        ("another heart", "I ❤\u{fe0f} it", "I ❤ it"),
        ("two spaces", "so  nice", "so nice"),
        ("an ellipsis", "well…", "well..."),
        ("a line end", "end.", "end.\u{a0}"),
        ("an emoji in what can be seen", "👩\u{200d}💻 works", "👩\u{200d}💻 sleeps"),
    ] {
        let mut song = favorite_song();
        song.otherwise = Some(template(said));
        let chat = ChatFile::parse("song.chat", &format!("> what\n< {written}\n")).unwrap();
        let mismatch = run_alone(&flows(vec![song]), &chat).mismatch.unwrap();
        writeln!(shown, "=== {what}\n{mismatch}").unwrap();
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn lines_that_cannot_be_read() {
    let mut report = String::new();
    for chat in [
        "",
        "# Only a comment.\n\n",
        "hello",
        ">hello",
        "<hello",
        "  > hello",
        "< Nobody asked",
        "> hello\n= COMPLETED\n< What is your name?",
        "=",
        "= not a state",
        "= @",
        "? size",
        "? = small",
        "@wait",
        "@wait soon",
        "@wait 10",
        "@wait +5m",
        "@wait é",
        "@redeliver",
        "> hello\n@redeliver now",
        "@media",
        "@media picture\n>",
        "@location here\n>",
        "@button\n>",
        "@button l",
        "@deploy",
        "@restart",
        "@whatsapp please",
    ] {
        let findings = ChatFile::parse("test.chat", chat).unwrap_err();
        writeln!(report, "{chat}").unwrap();
        for finding in findings.iter() {
            let help = finding.help.as_deref().unwrap_or_default();
            writeln!(report, "  line {}: {}; {help}", finding.line, finding.message).unwrap();
        }
    }
    insta::assert_snapshot!(report);
}

/// Something that a person does at a phone, as a chat file writes it.
fn any_line() -> impl Strategy<Value = String> {
    let words = [
        "hello", "pizza", "small", "2", "7", "yes", "no", "skip", "menu", "again", "stop", "start",
    ];
    let others = [
        "@sms",
        "@whatsapp",
        "@redeliver",
        "@wait 2h",
        "@wait 25h",
        "@media image/png",
        "@button 1",
        "> ",
        "> \t x ",
    ];
    prop_oneof![
        4 => proptest::sample::select(words.to_vec()).prop_map(|word| format!("> {word}")),
        2 => "(> |>)?.{0,12}".prop_map(|text| format!("> {text}")),
        1 => proptest::sample::select(others.to_vec()).prop_map(str::to_owned),
    ]
}

proptest! {
    /// What is written of a talk, as `ringback chat --save` does, is a chat
    /// file that goes as it is written.
    #[test]
    fn what_is_written_of_a_talk_goes_as_written(lines in proptest::collection::vec(any_line(), 1..12)) {
        let mut song = favorite_song();
        song.otherwise = Some(template("{{ sender }}\r\n \nsays nothing. "));
        let flows = flows(vec![song, shop()]);
        let (mut phone, mut said, mut chat) = (Phone::default(), Said::default(), String::new());
        let mut attached = String::new();
        for line in lines {
            match Directive::read(&line) {
                Ok(Directive::Attach(attachment)) => {
                    said.attach(attachment);
                    writeln!(attached, "{line}").unwrap();
                }
                Ok(Directive::Redeliver) => {
                    let Some(heard) = phone.redeliver(&flows) else { continue };
                    writeln!(chat, "{line}\n{}", written_reply(&heard.replies).join("\n")).unwrap();
                }
                Ok(Directive::Wait(time)) => {
                    let (passed, _) = phone.wait_traced(&flows, phone.later(time));
                    writeln!(chat, "{line}").unwrap();
                    assert_eq!(passed.texts, []);
                }
                Ok(Directive::Switch(channel)) => {
                    phone.switch_to(channel);
                    writeln!(chat, "{line}").unwrap();
                }
                Ok(
                    Directive::Deploy(_)
                    | Directive::Clock(_)
                    | Directive::Call(_)
                    | Directive::CallBack(_),
                ) => unreachable!(),
                Err(_) => {
                    said.text = line.strip_prefix("> ").unwrap_or_default().replace("\\n", "\n");
                    let said = std::mem::take(&mut said);
                    let heard = phone.say(&flows, &said);
                    let attached = std::mem::take(&mut attached);
                    let reply = written_reply(&heard.replies).join("\n");
                    writeln!(chat, "{attached}{}\n{reply}", written_message(&said.text)).unwrap();
                    writeln!(chat, "{}", written_state(&phone.session().state)).unwrap();
                }
            }
        }
        // A repeat of nothing is not written, nor is what no message carries.
        prop_assume!(!chat.is_empty());
        let file = ChatFile::parse("talk.chat", &chat);
        let file = file.map_err(|findings| TestCaseError::fail(findings.to_string()))?;
        let mismatch = run_alone(&flows, &file).mismatch.map(|mismatch| mismatch.to_string());
        prop_assert_eq!(mismatch, None);
    }

    #[test]
    fn any_text_is_a_chat_file_or_its_faults(
        lines in proptest::collection::vec(r"(> |< |<|= |= @|\? a = |@wait |@media |@button |@redeliver|@call A |@call A 200 |@callback a |@callback a [{][}]|! |! GET |# )?\PC{0,12}", 0..12),
    ) {
        if let Ok(chat) = ChatFile::parse("any.chat", &lines.join("\n")) {
            let report = run_alone(&flows(vec![favorite_song(), shop()]), &chat);
            if let Some(mismatch) = report.mismatch {
                prop_assert!((1..=lines.len()).contains(&mismatch.line));
            }
        }
    }
}
