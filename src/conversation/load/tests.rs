//! The schemas for editors know the keys that are read here, and no others.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::read::{answer, translation};
use super::syntax::keys;
use crate::conversation::{FLOW_SCHEMA, LANGUAGE_SCHEMA};

fn schema() -> Value {
    serde_json::from_str(FLOW_SCHEMA).unwrap()
}

fn names<'a>(of: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    of.into_iter().map(str::to_owned).collect()
}

/// Every key that is read must be in the schema, and every key of the schema must
/// be read, or be one that is not supported yet.
#[track_caller]
fn assert_same(in_schema: &BTreeSet<String>, read: &[&str], not_yet: &[&str]) {
    let read = names(read.iter().copied());
    let missing: Vec<_> = read.difference(in_schema).collect();
    assert!(missing.is_empty(), "the schema lacks {missing:?}");
    let known = names(not_yet.iter().copied()).union(&read).cloned().collect();
    let unknown: Vec<_> = in_schema.difference(&known).collect();
    assert!(unknown.is_empty(), "nothing reads {unknown:?}");
}

fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_keys_of_a_file() {
    assert_same(&keys(&schema()["properties"]), &keys::OF_FILE, &keys::OF_FILE_NOT_YET);
}

#[test]
fn the_keys_of_a_step() {
    let in_schema = keys(&schema()["definitions"]["step"]["properties"]);
    assert_same(&in_schema, &keys::of_step(), &keys::OF_STEP_NOT_YET);
}

#[test]
fn the_types_of_answers() {
    let kind = &schema()["definitions"]["step"]["properties"]["type"];
    let in_schema = kind["enum"].as_array().unwrap();
    let explained = kind["enumDescriptions"].as_array().unwrap();
    assert_eq!(in_schema.len(), explained.len());
    let in_schema = names(in_schema.iter().map(|name| name.as_str().unwrap()));
    assert_same(&in_schema, &answer::type_names(), &[]);
}

#[test]
fn the_keys_of_a_language_file() {
    let schema: Value = serde_json::from_str(LANGUAGE_SCHEMA).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    // One of these is right for any key.
    let values = [json!("x"), json!(["https://example.com"])];
    let knows = |key: &str| values.iter().any(|value| validator.is_valid(&json!({ key: value })));
    let of_step = |key: &&str| format!("STEP.{key}");
    let texts = translation::TEXTS.iter().chain(&translation::LISTS).map(of_step);
    // The kinds of attachments are known, and nudges are named by times.
    let named = translation::NAMED.iter().map(|key| match *key {
        "attachment" => "STEP.attachment.voice".to_owned(),
        "nudges" => "STEP.nudges.10m".to_owned(),
        key => format!("STEP.{key}.name"),
    });
    let of_flow = translation::OF_FLOW.iter().map(|key| (*key).to_owned());
    let of_command = std::iter::once("commands.STEP".to_owned());
    let read: Vec<String> = texts.chain(named).chain(of_flow).chain(of_command).collect();
    for key in &read {
        assert!(knows(key), "the schema lacks `{key}`");
    }
    let count = keys(&schema["properties"]).len() + keys(&schema["patternProperties"]).len();
    assert_eq!(count, read.len(), "something that nothing reads");
    let of_steps: Vec<String> = keys::of_step().iter().map(of_step).collect();
    let others = ["flow", "steps", "STEP", "STEP.ask.more", "1.ask", "STEP.options."];
    let others = others.iter().map(|key| (*key).to_owned());
    for key in of_steps.into_iter().filter(|key| !read.contains(key)).chain(others) {
        assert!(!knows(&key), "nothing reads `{key}`");
    }
}

/// Draft-07 ignores everything beside a `$ref`.
#[test]
fn references_stand_alone_and_every_key_is_explained() {
    fn walk(at: &str, node: &Value) {
        match node {
            Value::Object(members) => {
                if members.contains_key("$ref") {
                    assert_eq!(members.len(), 1, "{at}");
                }
                if let Some(Value::Object(properties)) = members.get("properties") {
                    for (key, property) in properties {
                        assert!(property["description"].is_string(), "{at}/{key}");
                    }
                }
                members.iter().for_each(|(key, node)| walk(&format!("{at}/{key}"), node));
            }
            Value::Array(items) => items.iter().for_each(|node| walk(at, node)),
            _ => {}
        }
    }
    walk("", &schema());
    walk("", &serde_json::from_str(LANGUAGE_SCHEMA).unwrap());
}
