//! The output of templates, and the errors of texts that are not templates.

use std::fmt::Write;

use proptest::prelude::*;

use super::Template;
use crate::conversation::Value;
use crate::conversation::expression::Scope;

struct Person;

impl Scope for Person {
    fn get(&self, name: &str) -> Option<Value> {
        match name {
            "name" => Some(Value::from("{{ count }}")),
            "count" => Some(Value::Integer(3)),
            "weight" => Some(Value::Number(2.5)),
            _ => None,
        }
    }
}

#[test]
fn rendering() {
    for (text, rendered) in [
        ("", ""),
        ("Hello", "Hello"),
        ("Hello {{ name }}!", "Hello {{ count }}!"),
        ("{{count}}{{ weight }}", "32.5"),
        ("a }} b } c { d", "a }} b } c { d"),
        ("{{ \"{{\" }} name }}", "{{ name }}"),
        ("{{ '}}' }}", "}}"),
        ("{{ \"it's\" }}", "it's"),
        ("{{ unknown }}.", "."),
        ("{{ unknown | default(\"friend\") }}", "friend"),
        ("{{ count > 2 }}", "yes"),
        ("Two\nlines {{\n count\n}}", "Two\nlines 3"),
        ("100 % {count} #1", "100 % {count} #1"),
        ("¿{{ count }}? 🎉{{ count }}", "¿3? 🎉3"),
    ] {
        let template = Template::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(template.render(&Person, 1000), rendered, "{text}");
    }
}

#[test]
fn a_text_is_rendered_up_to_the_character_beyond_its_bound() {
    for (text, most, rendered) in [
        ("Hello", 5, "Hello"),
        ("Hello", 3, "Hell"),
        ("Hé{{ count }}", 1, "Hé"),
        ("Hé{{ count }}", 0, "H"),
        ("{{ weight }}{{ weight }}", 4, "2.52."),
        ("{{ weight }}{{ weight }}", 3, "2.52"),
        ("{{ name }}🎉🎉", 12, "{{ count }}🎉"),
        ("a{{ \"🎉🎉\" }}", 2, "a🎉"),
    ] {
        assert_eq!(Template::parse(text).unwrap().render(&Person, most), rendered, "{text}");
    }
}

#[test]
fn a_value_keeps_its_type_where_it_stands_alone() {
    let value = |text: &str| Template::parse(text).unwrap().value(&Person, 1000);
    assert_eq!(value("{{ count }}"), Value::Integer(3));
    assert_eq!(value("{{ weight }}"), Value::Number(2.5));
    assert_eq!(value("{{ count }} "), Value::from("3 "));
    assert_eq!(value("3"), Value::from("3"));
}

#[test]
fn names_tell_their_place_in_the_whole_text() {
    let text = "Héllo {{ name }} and {{ unknown | default(count) }}";
    let names = Template::parse(text).unwrap().names();
    let found: Vec<(&str, bool)> =
        names.iter().map(|name| (&text[name.at.clone()], name.has_default)).collect();
    assert_eq!(found, [("name", false), ("count", false), ("unknown", true)]);
}

#[test]
fn errors_say_what_to_write() {
    let mut report = String::new();
    for text in [
        "Hello {{ }}",
        "Hello {{}}",
        "Hello {{ name",
        "Hello {{ name }",
        "Hello {{ \"name }} there",
        "Hello {{ \"name",
        "{% if name %}Hello{% endif %}",
        "{% if name",
        "Hello {{ name.first }}",
        "Hello {{ name + 1 }}",
        "Hello {{ {{ name }} }}",
        "Hello {{ name | shout }} you",
        "Hello {{ first name }}",
    ] {
        match Template::parse(text) {
            Ok(_) => writeln!(report, "{text}\n  is a template\n").unwrap(),
            Err(error) => {
                let marks = " ".repeat(text[..error.at.start].chars().count())
                    + &"^".repeat(text[error.at].chars().count().max(1));
                let hint = error.hint.unwrap_or_default();
                writeln!(report, "{text}\n{marks} {}\n  {hint}\n", error.message).unwrap();
            }
        }
    }
    insta::assert_snapshot!(report);
}

proptest! {
    #[test]
    fn any_text_is_a_template_or_an_error_inside_it(text in r#"(\{\{|\}\}|\{%|["'a =|]|\PC){0,30}"#) {
        match Template::parse(&text) {
            Ok(template) => { template.render(&Person, 1000); }
            Err(error) => prop_assert!(text.get(error.at).is_some()),
        }
    }

    #[test]
    fn a_text_without_braces_stays_as_it_is(text in r"[^{]{0,60}") {
        prop_assert_eq!(Template::parse(&text).unwrap().render(&Person, text.len()), text);
    }
}
