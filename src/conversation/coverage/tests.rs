//! The description of branches that no chat file takes.

use std::fmt::Write;

use crate::conversation::chat_file::{ChatFile, Deployments, run};
use crate::conversation::testing::{flows, shop};
use crate::conversation::{Coverage, Flows, Share, Source};

fn covered(flows: &Flows, chats: &[&str]) -> Coverage {
    let mut coverage = Coverage::default();
    for chat in chats {
        let report = run(flows, &ChatFile::parse("test.chat", chat).unwrap(), &Deployments::new());
        assert_eq!(report.mismatch.map(|mismatch| mismatch.to_string()), None);
        coverage.merge(report.coverage);
    }
    coverage
}

/// The gaps that these chats leave, one a line.
fn gaps(flows: &Flows, chats: &[&str]) -> String {
    let mut shown = String::new();
    for gap in covered(flows, chats).gaps(flows) {
        let place = gap.origin.map(|origin| format!("{}:{} ", origin.line, origin.column));
        writeln!(shown, "{}{}: {}", place.unwrap_or_default(), gap.what, gap.advice).unwrap();
    }
    shown
}

const BEGUN: &str = "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n";

#[test]
fn each_way_that_no_chat_goes_is_named_once() {
    let flows = flows(vec![shop()]);
    insta::assert_snapshot!("no_chat", gaps(&flows, &[]));
    insta::assert_snapshot!("begun", gaps(&flows, &[BEGUN]));
    let order = format!(
        "{BEGUN}> 1\n< How many?\n> none\n< A number from 1 to 50, please.\n> 1\n\
         < Anything else? Say skip if not.\n> skip\n\
         < Is it a gift?\n> no\n< 1 x Small, 20 cm. No note.\n<---\n< Like this:\n\
         <media https://example.com/small.jpg\n> thanks\n< Your Small, 20 cm is on its way.\n"
    );
    let many = format!(
        "> hello\n< Say pizza to begin.\n{BEGUN}> 1\n< How many?\n> menu\n< We sell pizza.\n\
         < How many?\n> repeat\n< How many?\n> 10\n< So many! Please call us."
    );
    insta::assert_snapshot!("two_chats", gaps(&flows, &[&order, &many]));
}

/// A flow with every kind of branch, each on a line of its own.
const EVERY_WAY: &str = "\
flow: all
start: [go]
otherwise: Say go.
ended: That was all.
expire: 10m
commands:
  HELP: [what]
  restart: [anew]
steps:
  SIZE:
    ask: Which size?
    options: {s: Small, m: Medium, l: Large}
    optional: [any]
    error: \"One of these:\"
    tries: 2
    on_fail: LOST
    when:
      s: COUNT
      m: COUNT
  COLOUR:
    ask: Which colour?
  COUNT:
    ask: How many?
    type: integer
    if:
      - is: COUNT > 9
        go: LOST
      - go: COUNT
        is: COUNT < 1
  PRESENT:
    ask: A present?
    type: yes_no
    when: {\"yes\": WRAP, \"no\": DONE}
  WRAP:
    say: Wrapped.
  CHECK:
    if:
      - is: COUNT == 2
        go: LOST
    go: DONE
  DONE:
    say: Done.
    end: DONE_SO
  LOST:
    say: Lost.
  PICTURE:
    ask: A picture?
    type: media
    end: SEEN
  HELP:
    say: Help.
    resume: true
";

const EVERY_CHAT: &[&str] = &[
    "> hi\n< Say go.\n> go\n< Which size?\n< 1. Small\n< 2. Medium\n< 3. Large\n> what\n< Help.\n< Which size?\n< 1. Small\n< 2. Medium\n< 3. Large\n\
     > anew\n< Which size?\n< 1. Small\n< 2. Medium\n< 3. Large\n> x\n< One of these:\n< 1. Small\n< 2. Medium\n< 3. Large\n\
     > x\n< Lost.\n< A picture?\n@media image/png\n>\n= SEEN\n> so\n< That was all.",
    "> go\n< Which size?\n< 1. Small\n< 2. Medium\n< 3. Large\n> s\n< How many?\n> 0\n< How many?\n> 10\n< Lost.\n< A picture?\n@wait 10m\n> x\n< Say go.",
    "> go\n< Which size?\n< 1. Small\n< 2. Medium\n< 3. Large\n> m\n< How many?\n> 2\n< A present?\n> yes\n< Wrapped.\n< Lost.\n< A picture?",
    "> go\n< Which size?\n< 1. Small\n< 2. Medium\n< 3. Large\n> any\n< Which colour?\n> red\n< How many?\n> 1\n< A present?\n> no\n< Done.\n= DONE_SO",
    "> go\n< Which size?\n< 1. Small\n< 2. Medium\n< 3. Large\n> 3\n< Which colour?\n> red\n< How many?\n> 1\n< A present?\n> yes\n< Wrapped.\n< Done.\n= DONE_SO",
];

fn loaded(text: &str) -> Flows {
    let source = Source { name: "all.yaml".to_owned(), text: text.to_owned() };
    match Flows::load(&[source]) {
        Ok(loaded) => loaded.flows,
        Err(findings) => panic!("{findings}"),
    }
}

#[test]
fn a_way_is_named_with_its_place_and_what_to_write() {
    let flows = loaded(EVERY_WAY);
    let reached = "> go\n< Which size?\n< 1. Small\n< 2. Medium\n< 3. Large\n> 3\n< Which colour?\n> red\n< How many?\n> 1\n< A present?\n> no\n< Done.";
    insta::assert_snapshot!(
        "with_places",
        format!("{}---\n{}", gaps(&flows, &[]), gaps(&flows, &[reached]))
    );
}

#[test]
fn all_of_the_ways_are_a_hundred_percent() {
    let flows = loaded(EVERY_WAY);
    assert_eq!(gaps(&flows, EVERY_CHAT), "");
    let share = covered(&flows, EVERY_CHAT).share_of_all(&flows);
    assert_eq!((share.taken, share.percent()), (share.all, 100));
    for without in 0..EVERY_CHAT.len() {
        let mut others = EVERY_CHAT.to_vec();
        others.remove(without);
        let share = covered(&flows, &others).share_of_all(&flows);
        assert!(share.percent() < 100 && !gaps(&flows, &others).is_empty(), "without {without}");
    }
}

/// A flow with every kind of branch around a sub-flow, and the sub-flow.
const PARTS: [&str; 2] = [
    "\
flow: whole
start: [go]
steps:
  ALL:
    run: part
    when: {NEAR: SOME, FAR: LAST}
  SOME:
    run: part
    when:
      FAR: LAST
  LAST:
    run: part
    if:
      - is: channel == \"whatsapp\"
        go: SOME
",
    "\
flow: part
commands: {stop: [leave]}
steps:
  WHERE:
    ask: Where?
    if: [{is: WHERE == \"far\", go: LEFT}]
    end: NEAR
  LEFT: {end: FAR}
",
];

#[test]
fn the_outcomes_of_a_part_are_ways() {
    let files = PARTS.map(|text| Source {
        name: format!("{}.yaml", &text[6..11].trim_end()),
        text: text.to_owned(),
    });
    let flows = Flows::load(&files).unwrap_or_else(|findings| panic!("{findings}")).flows;
    let near = "> go\n< Where?\n> here\n< Where?\n= @part/WHERE";
    insta::assert_snapshot!(
        "parts",
        format!("{}---\n{}", gaps(&flows, &[]), gaps(&flows, &[near]))
    );
    // A person who cancels the sub-flow cancels the whole, which takes no
    // further branch.
    let all = [
        "> go\n< Where?\n> far\n< Where?\n> here\n= COMPLETED",
        "> go\n< Where?\n> here\n< Where?\n> far\n< Where?\n> leave\n= CANCELLED",
        "> go\n< Where?\n> here\n< Where?\n> here\n< Where?\n@whatsapp\n> far\n< Where?",
    ];
    assert_eq!(gaps(&flows, &all), "");
    for without in 0..all.len() - 1 {
        let mut others = all.to_vec();
        others.remove(without);
        assert_ne!(gaps(&flows, &others), "", "without {without}");
    }
}

/// A language has the branches of the flow, and no others.
#[test]
fn a_way_is_gone_in_whatever_language() {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    let files = [
        source(
            "poll.yaml",
            "flow: poll\nstart: [poll]\nlanguages: [en, de]\ncommands: {HELP: [help]}\nsteps:\n  \
             SURE: {ask: Sure?, type: yes_no, error: Yes or no?, when: {\"no\": SURE}}\n  \
             DONE: {say: Done., end: COMPLETED}\n  HELP: {say: Help., resume: true}\n",
        ),
        source(
            "poll.de.yaml",
            "start: [umfrage]\ncommands.HELP: [hilfe]\nSURE.ask: Sicher?\nSURE.words.yes: [ja]\n\
             SURE.words.no: [nein]\nSURE.error: Ja oder nein?\nDONE.say: Fertig.\nHELP.say: Hilfe.\n",
        ),
    ];
    let flows = Flows::load(&files).unwrap_or_else(|findings| panic!("{findings}")).flows;
    let english = "> poll\n< Sure?\n> hm\n< Yes or no?\n> help\n< Help.\n< Sure?\n> no\n< Sure?\n> yes\n< Done.";
    let german = "> umfrage\n< Sicher?\n> hm\n< Ja oder nein?\n> hilfe\n< Hilfe.\n< Sicher?\n> nein\n< Sicher?\n> ja\n< Fertig.";
    for chat in [english, german] {
        assert_eq!(gaps(&flows, &[chat]), "");
        assert_eq!(covered(&flows, &[chat]), covered(&flows, &[english]));
    }
}

#[test]
fn percent_are_rounded_down() {
    for (taken, all, percent) in [(0, 0, 100), (0, 7, 0), (2, 3, 66), (999, 1000, 99), (7, 7, 100)]
    {
        assert_eq!(Share { taken, all }.percent(), percent, "{taken} of {all}");
    }
}

/// Silence says neither `ended` nor `otherwise`, and the advice waits for its end.
#[test]
fn a_quiet_time_is_waited_for() {
    let flows = loaded(
        "flow: all\nstart: [go]\nended: That was all.\nsteps:\n  A: {ask: A?}\n  \
         B: {say: Soon., end: HANDED_OVER, quiet_after: 90m}\n",
    );
    let over = "> go\n< A?\n> x\n< Soon.\n> hm\n<\n";
    assert_eq!(
        gaps(&flows, &[over]),
        "3:8 `ended` is never said: write `@wait 90m` below the end of a conversation, and \
         another message below that\n"
    );
    assert_eq!(gaps(&flows, &[&format!("{over}@wait 90m\n> hm\n< That was all.")]), "");
}
