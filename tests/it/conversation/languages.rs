//! Conversations in several languages.

use jiff::Timestamp;
use ringback::conversation::{Event, Flows, Session, Source, State, Value, step};
use ringback::message::Message;

use super::{check, load};

const ORDER: &str = "flow: order
start: [pizza, order]
otherwise: Say order{{ profile_name | default(\"\") }}.
ended: 'Done ({{ language }}).'
languages: [en, de, pt-BR]
commands: {restart: [again], HELP: [help me], GERMAN: [deutsch], WHICH: [language]}
steps:
  size: {ask: Which size?, options: {s: Small, l: Large}, words: {s: [tiny]}, optional: [any], error: Which one?}
  sure: {ask: '{{ size_label }}, sure?', type: yes_no}
  where: {run: address, keep: {street: line}}
  done: {say: '{{ size_label }} to {{ street }} in {{ language }}.', end: ORDERED}
  HELP: {say: Just answer., resume: true}
  GERMAN: {set: {language: de}, resume: true}
  WHICH: {run: speak, go: size}
";

const ORDER_DE: &str = "start: [pizza, bestellen]
otherwise: Sag bestellen.
ended: 'Fertig ({{ language }}).'
commands.restart: [nochmal]
commands.HELP: [hilfe]
size.ask: Welche Größe?
size.options.s: Klein
size.options.l: Groß
size.words.l: [riesig]
size.optional: [egal]
sure.ask: '{{ size_label }}, sicher?'
sure.words.yes: [ja]
done.say: '{{ size_label }} nach {{ street }} auf {{ language }}.'
";

const ORDER_PT: &str = "start: [pedido]\nsize.ask: Qual tamanho?\n";

const ADDRESS: &str = "flow: address
start: [move]
languages: [de, en]
ended: Weg.
steps:
  line: {ask: Welche Straße?}
";

const ADDRESS_EN: &str = "start: [move, moving]\nline.ask: Which street?\n";

const SPEAK: &str = "flow: speak
start: [speak]
languages: [en, de]
steps:
  language: {ask: Which language?, options: {de: Deutsch, en: English}, optional: [none]}
  told: {say: 'Now {{ language }}, {{ language_label }}.'}
";

const SPEAK_DE: &str = "told.say: 'Jetzt {{ language }}, {{ language_label }}.'\n";

fn sources() -> Vec<Source> {
    [
        ("order", ORDER),
        ("order.de", ORDER_DE),
        ("order.pt-BR", ORDER_PT),
        ("address", ADDRESS),
        ("address.en", ADDRESS_EN),
        ("speak", SPEAK),
        ("speak.de", SPEAK_DE),
    ]
    .map(|(name, text)| Source { name: format!("flows/{name}.yaml"), text: text.to_owned() })
    .into()
}

fn flows() -> Flows {
    load(&sources())
}

#[test]
fn the_start_word_chooses_the_language() {
    for chat in [
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n? language = en",
        "> Bestellen!\n< Welche Größe?\n< 1. Klein\n< 2. Groß\n? language = de",
        // A text that is missing comes in the first language.
        "> pedido\n< Qual tamanho?\n< 1. Small\n< 2. Large\n? language = pt-BR\n> 1\n< Small, sure?",
        // A word of several languages says nothing of it.
        "> pizza\n< Which size?\n< 1. Small\n< 2. Large\n? language = en",
        "> move\n< Welche Straße?\n? language = de",
        "> moving\n< Which street?\n? language = en",
    ] {
        check(&flows(), chat).unwrap();
    }
}

#[test]
fn everything_is_said_and_heard_in_the_language() {
    check(
        &flows(),
        "> bestellen\n< Welche Größe?\n< 1. Klein\n< 2. Groß\n\
         > small\n< Which one?\n< 1. Klein\n< 2. Groß\n\
         > again\n< Which one?\n< 1. Klein\n< 2. Groß\n\
         > nochmal\n< Welche Größe?\n< 1. Klein\n< 2. Groß\n\
         > any\n< Which one?\n< 1. Klein\n< 2. Groß\n\
         > Hilfe\n< Just answer.\n< Welche Größe?\n< 1. Klein\n< 2. Groß\n\
         # Words that are missing are those of the first language.\n\
         > tiny\n< Klein, sicher?\n> nochmal\n< Welche Größe?\n< 1. Klein\n< 2. Groß\n\
         > riesig\n< Groß, sicher?\n\
         > ja\n< Welche Straße?\n> Ring\n< Groß nach Ring auf de.\n= ORDERED\n? size = l\n\
         > danke\n< Fertig (de).\n\
         @wait 48h\n> was?\n< Fertig (de).",
    )
    .unwrap();
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n> tiny\n< Small, sure?\n\
         > jau\n< Small, sure?\n> ja\n< Which street?\n> Elm\n< Small to Elm in en.\n\
         > thanks\n< Done (en).",
    )
    .unwrap();
}

#[test]
fn the_language_can_change_at_any_question() {
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n\
         > 1\n< Small, sure?\n\
         # What was chosen is said in the new language, too.\n\
         > deutsch\n< Klein, sicher?\n= @order/sure\n? size_label = Klein\n? language = de\n\
         > ja\n< Welche Straße?\n> Ring\n< Klein nach Ring auf de.",
    )
    .unwrap();
    // From within a part, for the part and all around it.
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n> l\n< Large, sure?\n> y\n\
         < Which street?\n> deutsch\n< Welche Straße?\n= @address/line\n\
         > Ring\n< Groß nach Ring auf de.\n? size_label = Groß",
    )
    .unwrap();
}

/// A flow that runs another, which runs another; each asks for a choice.
fn nested() -> Flows {
    let flow = |name: &str, more: &str| {
        format!(
            "flow: {name}\nstart: [{name}]\nlanguages: [en, de]\n{more}  \
             {name}_done: {{say: '{name} {{{{ {name}_label }}}}'}}\n"
        )
    };
    let choice = |name: &str| format!("  {name}: {{ask: Which?, options: {{o: One}}}}\n");
    let german = |name: &str| {
        format!(
            "start: [d{name}]\n{name}.ask: Was?\n{name}.options.o: Eins\n{name}_done.say: '{name} {{{{ {name}_label }}}}'\n"
        )
    };
    let speak = "commands: {DE: [deutsch]}\nsteps:\n  first: {go: whole}\n  DE: {set: {language: de}, resume: true}\n";
    let files = [
        ("whole", flow("whole", &format!("{speak}{}  run: {{run: part}}\n", choice("whole")))),
        ("whole.de", german("whole")),
        ("part", flow("part", &format!("steps:\n{}  run: {{run: last}}\n", choice("part")))),
        ("part.de", german("part")),
        ("last", flow("last", &format!("steps:\n{}  more: {{ask: More?}}\n", choice("last")))),
        ("last.de", german("last")),
    ];
    let sources = files.map(|(name, text)| Source { name: format!("{name}.yaml"), text });
    Flows::load(&sources).unwrap_or_else(|findings| panic!("{findings}")).flows
}

#[test]
fn what_was_chosen_is_said_in_the_new_language_in_every_flow_around() {
    let chosen = "> whole\n< Which?\n< 1. One\n> 1\n< Which?\n< 1. One\n> 1\n< Which?\n< 1. One\n";
    let chat = format!(
        "{chosen}> deutsch\n< Was?\n< 1. Eins\n= @last/last\n> eins\n< More?\n> no\n\
         < last Eins\n< part Eins\n< whole Eins"
    );
    check(&nested(), &chat).unwrap();
    let later = format!(
        "{chosen}> 1\n< More?\n> deutsch\n< More?\n> no\n< last Eins\n< part Eins\n< whole Eins"
    );
    check(&nested(), &later).unwrap();
}

#[test]
fn a_question_may_choose_the_language_even_in_a_part() {
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n\
         > language\n< Which language?\n< 1. Deutsch\n< 2. English\n\
         > 1\n< Jetzt de, Deutsch.\n< Welche Größe?\n< 1. Klein\n< 2. Groß\n? language = de",
    )
    .unwrap();
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n> 1\n< Small, sure?\n\
         > language\n< Which language?\n< 1. Deutsch\n< 2. English\n\
         > 1\n< Jetzt de, Deutsch.\n< Welche Größe?\n< 1. Klein\n< 2. Groß\n? size_label = Klein",
    )
    .unwrap();
    // Who skips the question keeps the language.
    check(
        &flows(),
        "> pedido\n< Qual tamanho?\n< 1. Small\n< 2. Large\n\
         > language\n< Which language?\n< 1. Deutsch\n< 2. English\n? language = en\n\
         > none\n< Now en, .\n< Qual tamanho?\n< 1. Small\n< 2. Large\n? language = pt-BR",
    )
    .unwrap();
}

#[test]
fn the_language_stays_until_another_is_chosen() {
    check(
        &flows(),
        "> hm\n< Say order.\n\
         > bestellen\n< Welche Größe?\n< 1. Klein\n< 2. Groß\n\
         @wait 25h\n> hm\n< Sag bestellen.\n= INITIAL\n\
         > pizza\n< Welche Größe?\n< 1. Klein\n< 2. Groß\n\
         @wait 25h\n> order\n< Which size?\n< 1. Small\n< 2. Large\n\
         @wait 25h\n> pizza\n< Which size?\n< 1. Small\n< 2. Large\n\
         # A flow that does not speak it speaks its first.\n\
         @wait 25h\n> pedido\n< Qual tamanho?\n< 1. Small\n< 2. Large\n\
         @wait 25h\n> move\n< Welche Straße?\n? language = de\n\
         @wait 25h\n> pizza\n< Qual tamanho?\n< 1. Small\n< 2. Large",
    )
    .unwrap();
}

#[test]
fn the_session_keeps_the_language_and_the_answers_do_not() {
    let message = |text| Message::text("SM1", "+14155550100", "+14155550199", text).unwrap();
    let now = Timestamp::constant(1_795_405_200, 0);
    let say = |session: &Session, text| {
        step(&flows(), session, Event::Message(&message(text)), now).session
    };
    let asked =
        ["order", "language", "de"].iter().fold(Session::default(), |s, text| say(&s, text));
    assert_eq!(asked.language.as_deref(), Some("de"));
    assert!(!asked.answers.contains_key("language"));
    // Whatever a database says: tags are alike in capitals and small letters.
    let other = Session { language: Some("DE".to_owned()), ..Session::default() };
    assert_eq!(say(&other, "pizza").language.as_deref(), Some("DE"));
    for strange in ["fr", "", "de-AT"] {
        let other = Session { language: Some(strange.to_owned()), ..Session::default() };
        let turn = step(&flows(), &other, Event::Message(&message("pizza")), now);
        assert!(turn.replies[0].text.starts_with("Which size?"), "{strange}");
    }
    // A place that is lost takes the language along.
    let lost = Session {
        flow: Some("order".to_owned()),
        state: State::Waiting("gone".to_owned()),
        language: Some("de".to_owned()),
        ..Session::default()
    };
    let turn = step(&flows(), &lost, Event::Message(&message("hm")), now);
    assert!(turn.replies[0].text.contains("Welche"), "{:?}", turn.replies);
    assert_eq!(turn.session.language.as_deref(), Some("de"));
    // A label that is not what its question gives today stays as it is.
    let mut kept = say(&say(&Session::default(), "order"), "1");
    kept.answers.insert("size_label".to_owned(), Value::from("Tiny"));
    let turn = step(&flows(), &kept, Event::Message(&message("deutsch")), now);
    assert_eq!(turn.replies[0].text, "Tiny, sicher?");
    assert_eq!(turn.session.state, State::Waiting("sure".to_owned()));
}

#[test]
fn without_languages_it_is_a_variable_like_any_other() {
    let flows = super::written(&["flow: poll\nstart: [poll]\nsteps:\n  \
        language: {ask: Which do you write?}\n  done: {say: 'So {{ language }}.'}\n"]);
    check(&flows, "> poll\n< Which do you write?\n> Rust\n< So Rust.\n? language = Rust").unwrap();
}

#[test]
fn a_file_with_a_flow_in_it_is_no_language_file() {
    let flow = |name: &str, word: &str| Source {
        name: format!("flows/{name}.yaml"),
        text: format!("flow: {word}\nstart: [{word}]\nsteps:\n  a: {{ask: A?}}\n"),
    };
    let flows = load(&[flow("menu", "one"), flow("menu.de", "two"), flow("v.1.2", "three")]);
    check(&flows, "> two\n< A?").unwrap();
    check(&flows, "> three\n< A?").unwrap();
}
