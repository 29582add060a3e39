//! Flows for unit tests, put together without a file.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::chat_file::{self, ChatFile, Deployments};
use super::expression::Expression;
use super::flow::{
    Answer, Ask, Choice, Command, CommandTarget, Flow, Flows, Kind, OnFail, Origins, Silence, Step,
    StepId, Target, Verb,
};
use super::session::outcome;
use super::template::Template;
use super::words;

/// Parses a text.
pub(super) fn template(text: &str) -> Template {
    Template::parse(text).expect("a template")
}

/// Returns normalised words.
pub(super) fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| words::normalise(word)).collect()
}

/// Returns a flow whose `otherwise` is `Say START to begin.`. A step without a
/// `go` leads to the next one.
pub(super) fn flow(name: &str, start: &str, mut steps: Vec<Step>) -> Flow {
    let names: Vec<String> = steps.iter().map(|step| step.name.clone()).collect();
    let count = steps.len();
    for (id, step) in steps.iter_mut().enumerate() {
        let next = match id + 1 {
            next if next < count => Target::Step(next),
            _ => Target::End(outcome::COMPLETED.to_owned()),
        };
        if step.next == to("") {
            step.next = next;
        }
        resolve(&mut step.next, &names);
        step.when.iter_mut().for_each(|(_, target)| resolve(target, &names));
        step.branches.iter_mut().for_each(|(_, target)| resolve(target, &names));
        if let Verb::Ask(ask) = &mut step.verb
            && let Some(on_fail) = &mut ask.on_fail
        {
            resolve(&mut on_fail.target, &names);
        }
    }
    Flow {
        waits_for_callbacks: false,
        name: name.to_owned(),
        start: words(&[start]),
        start_any: false,
        otherwise: Some(template(&format!("Say {start} to begin."))),
        ended: None,
        changed: None,
        expired: None,
        expire: Duration::from_hours(24),
        on_expire: None,
        sends: false,
        quiet: None,
        quiet_after: BTreeMap::new(),
        commands: Vec::new(),
        secrets: Vec::new(),
        timezone: TimeZone::UTC,
        languages: Vec::new(),
        translations: Vec::new(),
        renamed: Vec::new(),
        moved: Vec::new(),
        steps,
        origins: Origins::default(),
    }
}

fn resolve(target: &mut Target, names: &[String]) {
    if let Target::End(name) = target
        && let Some(name) = name.strip_prefix('@')
    {
        *target = Target::Step(names.iter().position(|known| known == name).expect("a step"));
    }
}

/// Returns a target that leads to the step of this name, once it is part of a
/// flow.
pub(super) fn to(step: &str) -> Target {
    Target::End(format!("@{step}"))
}

fn step(name: &str, verb: Verb) -> Step {
    Step {
        name: name.to_owned(),
        verb,
        media: Vec::new(),
        resume: false,
        when: Vec::new(),
        branches: Vec::new(),
        next: to(""),
        known: Vec::new(),
    }
}

/// Returns a question of this kind. Its answer is saved under the step's name.
pub(super) fn ask(name: &str, text: &str, kind: Kind) -> Step {
    let ask = Ask {
        text: template(text),
        answer: Answer { kind, pattern: None },
        save: name.to_owned(),
        optional: Vec::new(),
        error: None,
        attachments: Vec::new(),
        on_fail: None,
        silence: Silence::default(),
    };
    step(name, Verb::Ask(Box::new(ask)))
}

pub(super) fn say(name: &str, text: &str) -> Step {
    step(name, Verb::Say(template(text)))
}

pub(super) fn set(name: &str, variable: &str, text: &str) -> Step {
    step(name, Verb::Set(vec![(variable.to_owned(), template(text))]))
}

pub(super) fn branch(name: &str) -> Step {
    step(name, Verb::Branch)
}

impl Step {
    pub(super) fn edit(mut self, edit: impl FnOnce(&mut Self)) -> Self {
        edit(&mut self);
        self
    }

    pub(super) fn edit_ask(mut self, edit: impl FnOnce(&mut Ask)) -> Self {
        if let Verb::Ask(ask) = &mut self.verb {
            edit(ask);
        }
        self
    }

    pub(super) fn go(self, target: Target) -> Self {
        self.edit(|step| step.next = target)
    }

    pub(super) fn when(self, answer: &str, target: Target) -> Self {
        self.edit(|step| step.when.push((answer.to_owned(), target)))
    }

    pub(super) fn branch(self, is: &str, target: Target) -> Self {
        let condition = Expression::parse(is).expect("an expression");
        self.edit(|step| step.branches.push((condition, target)))
    }

    pub(super) fn on_fail(self, tries: u32, target: Target) -> Self {
        self.edit_ask(|ask| ask.on_fail = Some(OnFail { tries, target }))
    }
}

impl Flow {
    pub(super) fn command(mut self, word: &str, target: CommandTarget) -> Self {
        self.commands.push(Command { words: words(&[word]), target });
        self
    }

    pub(super) fn id(&self, step: &str) -> StepId {
        self.step_named(step).expect("a step")
    }
}

pub(super) const TEXT: Kind = Kind::Text { min: 1, max: 100 };

/// Returns options by their id, label and one synonym.
pub(super) fn options(entries: &[(&str, &str, &str)]) -> Kind {
    let choices = entries.iter().map(|(id, label, synonym)| Choice {
        id: (*id).to_owned(),
        label: (*label).to_owned(),
        synonyms: words(&[synonym]),
    });
    Kind::Options(choices.collect())
}

/// Returns the built-in flow.
pub(super) fn favorite_song() -> Flow {
    let save = |name: &'static str| move |ask: &mut Ask| name.clone_into(&mut ask.save);
    let song = "Hello {{ user_name }}, what is your favorite song?";
    flow(
        "favorite-song",
        "hello",
        vec![
            ask("WAITING_FOR_NAME", "What is your name?", TEXT).edit_ask(save("user_name")),
            ask("WAITING_FOR_SONG", song, Kind::Text { min: 1, max: 200 })
                .edit_ask(save("favorite_song"))
                .edit(|step| step.known = vec!["user_name".to_owned()]),
            say("PLAYING", "Playing {{ favorite_song }}"),
        ],
    )
}

/// Returns a flow with a bit of everything.
pub(super) fn shop() -> Flow {
    let sizes = options(&[("small", "Small, 20 cm", "little"), ("large", "Large, 30 cm", "big")]);
    let mut shop = flow(
        "shop",
        "pizza",
        vec![
            ask("size", "Which size?", sizes),
            ask("count", "How many?", Kind::Integer { min: 1, max: 50 })
                .edit_ask(|ask| ask.error = Some(template("A number from 1 to 50, please.")))
                .on_fail(3, to("give_up"))
                .branch("count > 9", to("many")),
            ask("note", "Anything else? Say skip if not.", TEXT)
                .edit_ask(|ask| ask.optional = words(&["skip"])),
            ask("gift", "Is it a gift?", Kind::yes_no(words(&["si"]), vec![]))
                .when("no", to("done")),
            say("wrap", "We wrap it."),
            set("done", "total", "{{ count }}"),
            branch("sort").branch("size == \"large\"", to("big")),
            say("summary", "{{ total }} x {{ size_label }}. {{ note | default(\"No note.\") }}"),
            say("picture", "Like this:")
                .edit(|step| step.media = vec![template("https://example.com/{{ size }}.jpg")])
                .go(Target::End("ORDERED".to_owned())),
            say("big", "Big ones take an hour.").go(to("summary")),
            say("many", "So many! Please call us.").go(Target::End("CALLED".to_owned())),
            say("give_up", "Let us talk on the phone.").go(Target::End("GAVE_UP".to_owned())),
            say("help", "We sell pizza.").edit(|step| step.resume = true),
            say("human", "Someone will call you.").go(Target::End("CALLED".to_owned())),
        ],
    );
    shop.ended = Some(template("Your {{ size_label | default(\"pizza\") }} is on its way."));
    let help = CommandTarget::Step(shop.id("help"));
    let human = CommandTarget::Step(shop.id("human"));
    shop.command("menu", help)
        .command("human", human)
        .command("again", CommandTarget::Restart)
        .command("repeat", CommandTarget::Repeat)
        .command("forget it", CommandTarget::Stop)
}

pub(super) fn flows(flows: Vec<Flow>) -> Flows {
    Flows { flows }
}

/// Plays a chat against flows, and shows the mismatch if there is one.
#[track_caller]
pub(super) fn check(flows: &Flows, chat: &str) {
    let chat = ChatFile::parse("test.chat", chat).expect("a chat file");
    if let Some(mismatch) = chat_file::run(flows, &chat, &Deployments::new()).mismatch {
        panic!("{mismatch}");
    }
}
