//! After an end with `quiet_after`: what is heard meanwhile, and when it is over.

use ringback::conversation::Flows;

use super::written;

const DESK: &str = "flow: desk
start: [desk, hello]
otherwise: Write DESK.
ended: Write DESK to begin again.
commands: {HUMAN: [human], restart: [anew], repeat: [again], stop: [never mind]}
steps:
  WHAT: {ask: What is it?, options: {person: A person, hours: Our hours}, when: {hours: HOURS}}
  ASK: {say: Someone will write to you soon., end: HANDED_OVER, quiet_after: 24h}
  HOURS: {say: From 9 to 17., end: TOLD}
  HUMAN: {say: Please wait., end: HANDED_OVER, quiet_after: 1d}
";

const ORDER: &str = "flow: order
start: [order]
steps:
  PIZZA: {ask: Which pizza?, max: 40, end: ORDERED}
";

const ANY: &str = "flow: any
start: [\"*\", any]
steps:
  WISH: {ask: What is your wish?, max: 40, end: WISHED, quiet_after: 10m}
";

const MENU: &str = "What is it?\n< 1. A person\n< 2. Our hours";

fn check(flows: &Flows, chat: &str) {
    super::check(flows, chat).unwrap_or_else(|mismatch| panic!("{mismatch}"));
}

/// A chat up to the end after which it is quiet.
fn handed_over() -> String {
    format!("> desk\n< {MENU}\n> 1\n< Someone will write to you soon.\n= HANDED_OVER\n")
}

#[test]
fn a_start_word_is_all_that_is_heard_in_the_quiet_time() {
    let flows = written(&[DESK, ORDER]);
    let menu = format!("> desk\n< {MENU}\n= @WHAT");
    for silent in [
        "> Thank you!",
        ">",
        "> 1",
        "> person",
        "> Our hours",
        "> yes",
        "> anew",
        "> human",
        "> again",
        "> never mind",
        "> I want to order",
        "> HELP",
        "> START",
        "@media image/jpeg\n>",
        "@media audio/ogg\n> Please listen",
        "@location 52.52,13.405\n>",
        "@button person\n>",
        "@whatsapp\n> HELP",
        "@whatsapp\n> hm",
    ] {
        let chat = format!("{}{silent}\n<\n= HANDED_OVER\n@redeliver\n<\n", handed_over());
        check(&flows, &format!("{chat}{menu}"));
    }
    for heard in [
        format!("> desk\n< {MENU}"),
        format!("> Hello!\n< {MENU}"),
        format!("@button hello\n>\n< {MENU}"),
        format!("@media image/jpeg\n> hello\n< {MENU}"),
        "> ORDER\n< Which pizza?\n= @PIZZA\n> Salami\n<\n= ORDERED\n> hm\n< Write DESK.".to_owned(),
    ] {
        check(&flows, &format!("{}{heard}", handed_over()));
    }
}

#[test]
fn stop_and_start_do_in_the_quiet_time_what_they_always_do() {
    let chat = format!(
        "@whatsapp\n{}> STOP\n\
         < You are unsubscribed and will get no more messages. Send START to hear from us again.\n\
         = HANDED_OVER\n> desk\n<\n> START\n\
         < You are subscribed again. Send STOP to unsubscribe.\n= HANDED_OVER\n\
         > hm\n<\n@wait 24h\n> hm\n< Write DESK to begin again.",
        handed_over()
    );
    check(&written(&[DESK]), &chat);
}

#[test]
fn the_quiet_time_is_over_to_the_second_whatever_is_written_in_it() {
    let flows = written(&[DESK, ORDER]);
    for chat in [
        "@wait 86399s\n> hm\n<\n@wait 1s\n> hm\n< Write DESK to begin again.\n= HANDED_OVER",
        "@wait 24h\n> hm\n< Write DESK to begin again.",
        "@wait 12h\n> hm\n<\n@wait 12h\n> never mind\n< Write DESK to begin again.",
    ] {
        check(&flows, &format!("{}{chat}", handed_over()));
    }
    // It counts from the end, not from the beginning.
    let late = format!(
        "> desk\n< {MENU}\n@wait 20h\n> 1\n< Someone will write to you soon.\n\
         @wait 23h\n> hm\n<\n@wait 1h\n> hm\n< Write DESK to begin again."
    );
    check(&flows, &late);
}

#[test]
fn only_the_outcome_decides() {
    let flows = written(&[DESK]);
    let told = format!("> desk\n< {MENU}\n> 2\n< From 9 to 17.\n= TOLD\n");
    check(&flows, &format!("{told}> hm\n< Write DESK to begin again."));
    let stopped = format!("> desk\n< {MENU}\n> never mind\n< Write DESK.\n= CANCELLED\n");
    check(&flows, &format!("{stopped}> hm\n< Write DESK to begin again."));
    let silent = format!("> desk\n< {MENU}\n@wait 24h\n> 1\n< Write DESK.\n= INITIAL\n> hm\n");
    check(&flows, &format!("{silent}< Write DESK."));
    let asked = format!("> desk\n< {MENU}\n> human\n< Please wait.\n= HANDED_OVER\n> hm\n<\n");
    check(&flows, &format!("{asked}@wait 24h\n> hm\n< Write DESK to begin again."));
    // However it comes about: by a command of that outcome, too.
    let cancelled = DESK.replace("HANDED_OVER", "CANCELLED");
    check(&written(&[&cancelled]), &format!("{stopped}> hm\n<\n> desk\n< {MENU}"));
}

#[test]
fn any_message_begins_nothing_in_the_quiet_time() {
    let flows = written(&[ANY, ORDER]);
    let wished = "> hm\n< What is your wish?\n> peace\n<\n= WISHED\n";
    for chat in [
        "> more\n<\n@wait 599s\n> more\n<\n@wait 1s\n> more\n< What is your wish?",
        "> any\n< What is your wish?",
        "> order\n< Which pizza?\n> x\n<\n> more\n< What is your wish?",
    ] {
        check(&flows, &format!("{wished}{chat}"));
    }
}

#[test]
fn of_flows_that_run_each_other_the_outermost_one_says_for_how_long() {
    let part = "flow: part\nsteps:\n  A: {ask: A?, max: 9, end: HANDED_OVER, quiet_after: 24h}\n";
    let whole = |end: &str| {
        format!(
            "flow: whole\nstart: [go]\notherwise: Say go.\nsteps:\n  RUN: {{run: part, {end}}}\n"
        )
    };
    let spoken = "> go\n< A?\n> x\n<\n> hm\n";
    check(&written(&[part, &whole("end: DONE")]), &format!("{spoken}< Say go."));
    check(&written(&[part, &whole("end: HANDED_OVER")]), &format!("{spoken}< Say go."));
    let quiet = whole("end: DONE, quiet_after: 1h");
    check(&written(&[part, &quiet]), &format!("{spoken}<\n@wait 1h\n> hm\n< Say go."));
    // One that has start words of its own is the outermost one where they began it.
    let own = part.replacen("steps", "start: [part]\nsteps", 1);
    let chat = format!("> part\n< A?\n> x\n<\n> hm\n<\n{spoken}< Say go.");
    check(&written(&[&own, &whole("end: DONE")]), &chat);
}
