//! Flows that look as if something were wrong, and are right.

use ringback::conversation::Flows;

use super::one;

/// Why each looks wrong or is right, and the flow after its name and start.
pub(super) const ACCEPTED: &[(&str, &str)] = &[
    (
        "a person can wait for a third party, so such a step may have had another name",
        "renamed: {PAY: PAYMENT}\nsteps:\n  URL: {say: \"{{ callback }}\"}\n  \
             PAYMENT: {wait_for: payment, when: {paid: DONE}}\n  DONE: {say: Thanks.}\n",
    ),
    (
        "the URL is shown while the flow waits for it, after each result",
        "steps:\n  PAYMENT: {wait_for: payment, nudges: {1h: \"{{ callback }}\"}, when: {pending: PAYMENT, paid: DONE}}\n  \
             DONE: {say: Thanks.}\n",
    ),
    (
        "waits that say nothing may follow each other",
        "steps:\n  URL: {say: \"{{ callback }}\"}\n  \
             A: {wait_for: a, timeout: 1h, on_timeout: B, when: {paid: DONE}}\n  \
             B: {wait_for: b, timeout: 1h, on_timeout: C, when: {paid: DONE}}\n  \
             C: {wait_for: c, timeout: 1h, on_timeout: D, when: {paid: DONE}}\n  \
             D: {wait_for: d, timeout: 1h, on_timeout: DONE, when: {paid: DONE}}\n  DONE: {say: Thanks.}\n",
    ),
    (
        "the same length of time, written in two ways",
        "steps:\n  HOW: {ask: Now?, type: yes_no, when: {\"no\": LATER}}\n  \
             NOW: {say: Soon., end: HANDED_OVER, quiet_after: 1d}\n  \
             LATER: {say: Later., end: HANDED_OVER, quiet_after: 24h}\n",
    ),
    (
        "nobody completes the flow at its last step, which is a help text",
        "commands: {HELP: [what]}\nsteps:\n  NAME: {ask: Your name?, end: COMPLETED, quiet_after: 90m}\n  \
             HELP: {say: Your first name., resume: true}\n",
    ),
    (
        "nobody completes the flow at its last step, where every answer leads elsewhere",
        "steps:\n  NAME: {ask: Your name?, go: SURE}\n  DONE: {say: Soon., end: COMPLETED, quiet_after: 7d}\n  \
             SURE: {ask: Sure?, type: yes_no, when: {\"yes\": DONE, \"no\": NAME}}\n",
    ),
    (
        "a help text is reached by its command only, and what it leads to is the question",
        "commands: {HOURS: [hours]}\nsteps:\n  NAME: {ask: Your name?, end: NAMED}\n  \
             HOURS: {say: 9 to 5., resume: true}\n",
    ),
    (
        "a help text may read what every question before its command knows",
        "commands: {HOURS: [hours]}\nsteps:\n  NAME: {ask: Your name?, max: 100, end: NAMED}\n  \
             HOURS: {say: 'Dear {{ NAME | default(\"guest\") }}: 9 to 5.', resume: true}\n",
    ),
    (
        "every answer is in `when`, so the next step is reached by one of them",
        "steps:\n  SURE: {ask: Sure?, type: yes_no, when: {\"yes\": DONE, \"no\": SURE}}\n  \
             DONE: {say: Done.}\n",
    ),
    (
        "every answer is in `when`, so nobody comes to the next step without a place",
        "steps:\n  HOW: {ask: Fetch it?, type: yes_no, when: {\"yes\": SHOP, \"no\": HOME}}\n  \
             DONE: {say: 'At {{ place }}.', end: DONE_SO}\n  \
             HOME: {ask: Where to?, save: place, max: 200, go: DONE}\n  \
             SHOP: {set: {place: our shop}, go: DONE}\n",
    ),
    (
        "after a help text nobody comes to the step below it without a name",
        "commands: {HOURS: [hours]}\nsteps:\n  NAME: {ask: Your name?, max: 100, go: DONE}\n  \
             HOURS: {say: 9 to 5., resume: true}\n  DONE: {say: 'Bye {{ NAME }}.'}\n",
    ),
    (
        "a loop with a question in it",
        "steps:\n  MENU: {ask: What?, options: {more: More, done: Done}, when: {done: BYE}}\n  \
             SERVE: {say: 'Here: {{ MENU_label }}', go: MENU}\n  BYE: {say: Bye.}\n",
    ),
    (
        "a loop that only `stop` ends",
        "commands: {stop: [enough]}\nsteps:\n  MENU: {ask: What?}\n  SERVE: {say: Here., go: MENU}\n",
    ),
    (
        "both ways give the variable a value",
        "steps:\n  HOW: {ask: Fetch it?, type: yes_no, when: {\"yes\": SHOP}}\n  \
             HOME: {ask: Where to?, save: place, max: 200, go: DONE}\n  SHOP: {set: {place: our shop}}\n  \
             DONE: {say: 'At {{ place }}.'}\n",
    ),
    (
        "a skipped question has an answer, the empty text",
        "steps:\n  NOTE: {ask: A note?, optional: [skip], max: 800}\n  DONE: {say: '{{ NOTE }}'}\n",
    ),
    (
        "a `set` sees those above it, a condition sees the answer",
        "steps:\n  AGE: {ask: Age?, type: integer, if: [{is: AGE > 17, go: DONE}]}\n  \
             A: {set: {x: '{{ AGE }}', y: '{{ x }}'}}\n  DONE: {say: Done.}\n",
    ),
    (
        "built-in names and defaults are known everywhere",
        "otherwise: 'Hello {{ profile_name | default(\"you\") }} on {{ channel }}, say hello.'\n\
             ended: 'Bye {{ NAME | default(\"you\") }}.'\n\
             changed: 'All is new on {{ channel }}, {{ profile_name | default(\"friend\") }}.'\nsteps:\n  NAME: {ask: 'Name, {{ sender }}?', max: 100}\n",
    ),
    (
        "numbers that a variable may be, or become by way of another",
        "steps:\n  AGE: {ask: Age?, type: integer, optional: [skip], if: [{is: AGE == \"\" or AGE < 18, go: MORE}]}\n  \
             COPY: {set: {later: '{{ total | default(\"\") }}', total: '{{ AGE | default(0) }}', points: '{{ 3 }}'}}\n  \
             MORE: {say: '{{ later | default(0) }}', if: [{is: later | default(0) > 2 or points | default(1) >= 2, go: WORD}]}\n  \
             WORD: {ask: Word?, if: [{is: WORD | length > 3, go: BYE}]}\n  BYE: {say: Bye.}\n",
    ),
    (
        "the same word for one option three times",
        "steps:\n  SIZE: {ask: Size?, options: {small: Small, \"2\": Large}, words: {small: [SMALL]}}\n",
    ),
    (
        "a comment after a text",
        "steps:\n  NAME:\n    ask: Your name?  # a comment\n    max: 20 # another\n",
    ),
    (
        "texts that other YAML readers take for something else",
        "steps:\n  NAME: {ask: yes, error: ~, optional: [0x10, null, 1.0]}\n  DONE: {say: 'no'}\n",
    ),
    (
        "what a pattern matches is no longer than the pattern, and keeps a column's width",
        "steps:\n  CODE: {ask: Code?, match: '[A-Z]{3}-?[0-9]{1,4}', save: user_name}\n  \
             SHOWN: {set: {favorite_song: '{{ user_name | lower }} and {{ user_name }}'}}\n  \
             DONE: {say: '{{ user_name | upper }}, {{ favorite_song }}'}\n",
    ),
    (
        "letters that a language needs, and one that costs nothing where the text is short",
        "steps:\n  A: {ask: 'Привет! Как дела? Напишите, пожалуйста, что вы хотите заказать сегодня на обед или на ужин.'}\n  \
             B: {ask: It’s late. Where do you live?}\n  \
             C: {say: 'A picture is no SMS, and has no segments whatever stands beside it: “so it is”, however long.', media: [https://example.com/a.jpg]}\n",
    ),
    (
        "words that only begin as Twilio's do",
        "start: [stop it, start over]\ncommands: {restart: [start again], stop: [stop asking]}\n\
             steps:\n  A: {ask: A?, optional: [yes please, no help]}\n",
    ),
    (
        "a variable that becomes itself in other letters, or another and back, does not grow",
        "steps:\n  NAME: {ask: Name?, max: 100}\n  BIG: {set: {NAME: '{{ NAME | title }}', x: '{{ NAME }}'}}\n  \
             MORE: {ask: '{{ x }}?', type: yes_no, when: {\"yes\": BIG}}\n",
    ),
    (
        "a column's width is kept",
        "steps:\n  A: {ask: A?, save: user_name, max: 100}\n  B: {ask: B?, save: favorite_song, type: number}\n  \
             C: {set: {user_name: nobody}}\n",
    ),
];

#[test]
fn these_load_without_a_finding() {
    check(ACCEPTED);
}

#[test]
fn so_do_these_questions_of_the_types() {
    check(&[
        (
            "bounds that meet, or that only the day can tell",
            "steps:\n  A: {ask: Day?, type: date, min: today, max: today}\n  \
             B: {ask: Day?, type: date, after: 2026-12-30, before: 2027-01-01}\n  \
             C: {ask: Day?, type: date, min: today + 1 month, max: today + 30 days}\n  \
             D: {ask: Day?, type: date, after: today, before: 2020-01-01}\n  \
             E: {ask: Time?, type: time, after: 8:59, max: 09:00}\n",
        ),
        (
            "a stretch over midnight",
            "steps:\n  A: {ask: Time?, type: time, min: 18:00, max: 2:00}\n  \
             B: {ask: Time?, type: time, after: 22:00, before: 06:00}\n  \
             C: {ask: Time?, type: time, min: 23:59, max: 0:00}\n",
        ),
        (
            "a country that other YAML readers take for `false`",
            "steps:\n  A: {ask: Number?, type: phone, country: NO}\n",
        ),
        (
            "dates and times compared as they are kept",
            "steps:\n  DAY: {ask: Day?, type: date, optional: [any], if: [{is: 'DAY == \"\" or DAY < \"2026-12-24\"', go: TIME}]}\n  \
             NOW: {say: Today., if: [{is: DAY | date == now | date, go: TIME}]}\n  \
             TIME: {ask: Time?, type: time, if: [{is: 'TIME in [\"09:00\", \"12:00\"]', go: BYE}]}\n  \
             SET: {set: {when: '{{ DAY }}'}, if: [{is: when == \"soon\", go: BYE}]}\n  BYE: {say: Bye.}\n",
        ),
        (
            "a place has a label, as a choice has",
            "steps:\n  HERE: {ask: Where?, type: location, optional: [nowhere]}\n  \
             BYE: {say: '{{ HERE_label | default(HERE) }}'}\n",
        ),
        (
            "addresses that fit into their column",
            "steps:\n  A: {ask: A?, type: phone, save: user_name}\n  B: {ask: B?, type: location, save: favorite_song}\n",
        ),
    ]);
}

#[track_caller]
fn check(flows: &[(&str, &str)]) {
    for (why, rest) in flows {
        let start = if rest.starts_with("start:") { "" } else { "start: [hello]\n" };
        let text = format!("flow: right\n{start}{rest}");
        match Flows::load(&one(&text)) {
            Ok(loaded) => assert!(loaded.warnings.is_empty(), "{why}:\n{}", loaded.warnings),
            Err(findings) => panic!("{why}:\n{findings}"),
        }
    }
}

#[test]
fn positions_count_characters_after_a_mark_and_with_windows_line_ends() {
    for (text, line, column) in [
        ("flow: x\nstart: [hello]\nsteps:\n  N: {ask: 'Größe 🍕 {{ nope }}?'}\n", 4, 24),
        (
            "\u{feff}flow: x\r\nstart: [hello]\r\nsteps:\r\n  N: {ask: 'Größe {{ nope }}?'}\r\n",
            4,
            22,
        ),
        (
            "flow: x\nstart: [hello]\nsteps:\n  N:\n    ask: |\n      Größe,\n      {{ nope }}?\n",
            7,
            10,
        ),
    ] {
        let findings = Flows::load(&one(text)).unwrap_err();
        let places: Vec<_> = findings.iter().map(|f| (f.line, f.column)).collect();
        assert_eq!(places, [(line, column)], "{findings}");
    }
}
