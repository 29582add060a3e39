//! The schema for editors: what loads is valid by it, and what is plainly
//! wrong is not.

use jsonschema::Validator;
use ringback::conversation::{FLOW_SCHEMA, LANGUAGE_SCHEMA, Source};
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

use super::accepted::ACCEPTED;
use super::{one, repository, sources_in};

fn validator(schema: &str) -> Validator {
    let schema: Value = serde_json::from_str(schema).unwrap();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    jsonschema::draft7::new(&schema).unwrap()
}

/// A file as editors read it: by the core schema of YAML 1.2, in which a plain
/// scalar may be a number, `true` or `null`. `None` where it is no YAML.
fn as_editors_read(text: &str) -> Option<Value> {
    enum Open {
        List(Vec<Value>),
        Map(Map<String, Value>, Option<String>),
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let done = match event.ok()?.0 {
            Event::SequenceStart(..) => {
                stack.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                stack.push(Open::Map(Map::new(), None));
                continue;
            }
            Event::Scalar(text, ScalarStyle::Plain, ..) => plain(&text),
            Event::Scalar(text, ..) => Value::String(text.into_owned()),
            Event::SequenceEnd | Event::MappingEnd => match stack.pop()? {
                Open::List(items) => Value::Array(items),
                Open::Map(members, _) => Value::Object(members),
            },
            _ => continue,
        };
        match stack.last_mut() {
            None => root = Some(done),
            Some(Open::List(items)) => items.push(done),
            Some(Open::Map(members, key)) => match key.take() {
                // Keys are texts, whatever they look like.
                None => {
                    let text = done.as_str().map_or_else(|| done.to_string(), str::to_owned);
                    *key = Some(text);
                }
                Some(key) => drop(members.insert(key, done)),
            },
        }
    }
    root
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => {
            let is_number = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
            let number = is_number.then(|| serde_json::from_str(text).ok()).flatten();
            number.unwrap_or_else(|| Value::String(text.to_owned()))
        }
    }
}

/// What an editor complains of.
fn complaints(validator: &Validator, source: &Source) -> Vec<String> {
    let Some(file) = as_editors_read(&source.text) else { return vec!["no YAML".to_owned()] };
    let told =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(&file).map(told).collect()
}

#[test]
fn flows_that_load_are_valid() {
    let validator = validator(FLOW_SCHEMA);
    let mut sources = sources_in(&repository("flows"));
    sources.extend(sources_in(&repository("fixtures/flows/diagrams")));
    sources.retain(|source| !is_language_file(source));
    assert!(sources.len() > 6);
    for (why, rest) in ACCEPTED {
        // An editor takes `~` for nothing, as it takes a key without a value.
        let rest = rest.replace('~', "nothing").replace("null", "nothing");
        let mut file = one(&format!("flow: right\nstart: [hello]\n{rest}"));
        file[0].name = (*why).to_owned();
        sources.append(&mut file);
    }
    for source in sources {
        let complaints = complaints(&validator, &source);
        assert!(complaints.is_empty(), "{}: {complaints:#?}", source.name);
    }
}

#[test]
fn language_files_that_load_are_valid() {
    let validator = validator(LANGUAGE_SCHEMA);
    let sources = sources_in(&repository("flows"));
    let mut files: Vec<Source> = sources.into_iter().filter(is_language_file).collect();
    assert!(files.len() > 1);
    let every = "start: [1, x]\notherwise: x\nended: 2\ncommands.restart: [x]\ncommands.A: [true]\n\
                 A.ask: x\nA.say: ''\nA.error: 3\nA.optional: [x]\nA.media: ['{{ x }}', 'http://a.at']\n\
                 A.options.1.5: x\nA.words.yes: [x]\nA.set.x: x\n";
    files.extend(one(every));
    files.extend(one("# Nothing yet.\n{}\n"));
    for source in files {
        let complaints = complaints(&validator, &source);
        assert!(complaints.is_empty(), "{}: {complaints:#?}", source.name);
    }
    for wrong in ["A.ask: [x]", "A.optional: x", "A.media: [a.png]", "A.type: text", "A: {ask: x}"]
    {
        assert!(!complaints(&validator, &one(wrong)[0]).is_empty(), "{wrong}");
    }
}

/// Texts of another language stand in files of another shape: `order.de.yaml`.
fn is_language_file(source: &Source) -> bool {
    source.name.matches('.').count() > 1
}

/// Broken flows of which an editor knows, too, and what it says.
#[test]
fn what_an_editor_can_see_it_complains_of() {
    let (flow, language) = (validator(FLOW_SCHEMA), validator(LANGUAGE_SCHEMA));
    let mut sources = sources_in(&repository("fixtures/flows/broken"));
    sources.extend(sources_in(&repository("fixtures/flows/broken/language-file")));
    let seen: Vec<String> = sources
        .iter()
        .map(|source| {
            let validator = if is_language_file(source) { &language } else { &flow };
            (source, complaints(validator, source))
        })
        .filter(|(_, complaints)| !complaints.is_empty())
        .map(|(source, complaints)| format!("{}\n  {}\n", source.name, complaints.join("\n  ")))
        .collect();
    insta::assert_snapshot!(seen.concat());
}

#[test]
fn values_are_texts_however_they_look() {
    let validator = validator(FLOW_SCHEMA);
    let steps =
        |steps: &str| one(&format!("flow: 123\nstart: [1, true, no, 2.5]\nsteps:\n{steps}"));
    for (text, is_valid) in [
        (
            "  A: {ask: 1, options: {1: 1, yes: true}, words: {1: [01]}, when: {1: B}}\n  B: {say: 2.5}\n",
            true,
        ),
        ("  A: {ask: x, type: integer, min: -1, max: 1e3, tries: \"3\", on_fail: true}\n", true),
        ("  A: {ask: x, save: true, resume: true}\n", true),
        ("  A: {run: 12, keep: {a: b}, when: {GONE: A}}\n", true),
        ("  A: {say: x, when: {GONE: A}}\n", false),
        ("  A: {ask: x, keep: {a: b}}\n", false),
        ("  A: {ask: x, max: many}\n", true),
        ("  A: {ask: }\n", false),
        ("  A: {ask: [x]}\n", false),
        ("  A: {ask: x, tries: 3}\n", false),
        ("  A: {say: x, max: 3}\n", false),
        ("  A: {ask: x, tries: 0, on_fail: A}\n", false),
        ("  A: {ask: x, kind: y}\n", false),
        ("  1A: {ask: x}\n", false),
        ("  A: {say: x, end: Completed}\n", false),
        ("  A: {say: x, end: STOPPED}\n", false),
        ("  A: {say: x, media: [a.png]}\n", false),
        ("  A: {if: [{is: x}]}\n", false),
        ("  A: {say: x, quiet_after: 1h}\n", false),
        ("  A: {say: x, end: X, quiet_after: soon}\n", false),
        ("  A: {say: x, end: X, quiet_after: 90s}\n", true),
        ("  A: {}\n", false),
    ] {
        let complaints = complaints(&validator, &steps(text)[0]);
        assert_eq!(complaints.is_empty(), is_valid, "{text}: {complaints:#?}");
    }
}

/// The line binds the schema in editors with the YAML language server.
#[test]
fn shipped_flows_name_the_schema() {
    for source in sources_in(&repository("flows")) {
        let first = source.text.lines().next();
        let name = if is_language_file(&source) { "language" } else { "flow" };
        let bound = format!("# yaml-language-server: $schema=../docs/{name}.schema.json");
        assert_eq!(first, Some(bound.as_str()), "{}", source.name);
    }
}
