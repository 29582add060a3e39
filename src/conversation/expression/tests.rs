//! The values of expressions, and the errors of texts that are not expressions.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

use super::types::Types;
use super::{Expression, NameUse, Scope};
use crate::conversation::Value;

struct Answers(BTreeMap<&'static str, Value>);

impl Scope for Answers {
    fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned()
    }
}

fn scope() -> Answers {
    Answers(BTreeMap::from([
        ("name", Value::from("Ann Lee")),
        ("size", Value::from("small")),
        ("count", Value::Integer(3)),
        ("weight", Value::Number(2.5)),
        ("zero", Value::Integer(0)),
        ("skipped", Value::from("")),
        ("accepted", Value::from("yes")),
        ("refused", Value::from("no")),
        ("now", Value::from("2026-11-23T03:40")),
    ]))
}

#[track_caller]
fn value(text: &str) -> Value {
    match Expression::parse(text) {
        Ok(expression) => expression.value(&scope()),
        Err(error) => panic!("{text}: {error:?}"),
    }
}

/// `count` and `weight` are numbers, `tip` may be either, `unset` is never there.
fn types(name: &str) -> Types {
    match name {
        "count" | "weight" => Types::NUMBER,
        "tip" => Types::ANY,
        "unset" => Types::default(),
        _ => Types::TEXT,
    }
}

#[test]
fn comparisons_of_a_text_with_a_number_are_found() {
    for (text, found) in [
        ("name < 18", vec![("name", 0)]),
        ("18 > name", vec![("name", 5)]),
        ("name == 3 or name != 4", vec![("name", 0), ("name", 13)]),
        ("not (name | lower == 3)", vec![("name", 5)]),
        ("name in ['a', 3, 4]", vec![("name", 0)]),
        ("name not in [count]", vec![("name", 0)]),
        ("count == '3'", vec![("count", 0)]),
        ("count in [1, '2']", vec![("count", 0)]),
        ("count | upper == '3'", vec![("count", 0)]),
        ("name == count", vec![("name", 0)]),
        ("name | length == size", vec![("size", 17)]),
        ("name | default(0) > 2", vec![("name", 0)]),
        ("count | default('x') > 'a'", vec![("count", 0)]),
        ("name | default((size == 3)) == 'yes'", vec![("size", 16)]),
        ("name == 'a'", vec![]),
        ("name | length > 3", vec![]),
        ("count == 3 and count < weight", vec![]),
        ("(count == 3) == 'yes'", vec![]),
        ("tip == 3 or tip == ''", vec![]),
        ("unset == 3 or unset == ''", vec![]),
        // Whether there is none is a question, too.
        ("name | default(0) == 0", vec![]),
        ("count | default('') == ''", vec![]),
        // No variable is at fault.
        ("1 == '1'", vec![]),
    ] {
        let mismatches = Expression::parse(text).unwrap().mismatches(&types);
        let places: Vec<(&str, usize)> =
            mismatches.iter().map(|found| (found.name.as_str(), found.at.start)).collect();
        assert_eq!(places, found, "{text}");
        for found in &mismatches {
            assert_eq!(found.is_text, types(&found.name) == Types::TEXT, "{text}");
        }
    }
}

#[test]
fn conditions() {
    for (text, holds) in [
        ("size == \"small\"", true),
        ("size == 'small'", true),
        ("size != 'small'", false),
        ("count == 3", true),
        ("count == 3.0", true),
        ("count > 2.5", true),
        ("count >= weight", true),
        ("weight < 3", true),
        ("count <= -1", false),
        ("-1 < zero", true),
        // A text and a number are never equal, nor is one before the other.
        ("count == \"3\"", false),
        ("count != \"3\"", true),
        ("count < \"4\"", false),
        ("count >= \"3\"", false),
        ("name < \"Bob\"", true),
        ("\"a\" < \"B\"", false),
        ("size in [\"small\", \"large\"]", true),
        ("size not in [\"small\", \"large\"]", false),
        ("count in [1, 3.0,]", true),
        ("count in []", false),
        ("size in [name, size]", true),
        // Truth of a bare value.
        ("name", true),
        ("count", true),
        ("zero", false),
        ("skipped", false),
        ("unknown", false),
        ("accepted", true),
        ("refused", false),
        ("not refused", true),
        ("not not name", true),
        // `and` binds tighter than `or`, `not` tighter than both, comparisons tightest.
        ("name or zero and zero", true),
        ("(name or zero) and zero", false),
        ("not zero and name", true),
        ("not (zero and name)", true),
        ("not count == 3", false),
        ("count > 1 and count < 5 and size == 'small'", true),
        ("(count == 3) == \"yes\"", true),
        ("unknown == \"\"", true),
        ("name | length > 6", true),
        ("name | upper == \"ANN LEE\"", true),
        ("1 == 2 or 1 != 2", true),
        ("9007199254740993 == 9007199254740992", false),
    ] {
        let expression =
            Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(expression.is_true(&scope()), holds, "{text}");
    }
}

#[test]
fn filters() {
    for (text, expected) in [
        ("name | upper", Value::from("ANN LEE")),
        ("name | lower", Value::from("ann lee")),
        ("\"mARY  ann-lou\" | title", Value::from("Mary  Ann-Lou")),
        ("name | length", Value::Integer(7)),
        ("\"é👍\" | length", Value::Integer(2)),
        ("count | upper", Value::Integer(3)),
        ("unknown | default(\"friend\")", Value::from("friend")),
        ("skipped | default('nothing')", Value::from("nothing")),
        ("skipped | default(unknown) | default(count)", Value::Integer(3)),
        ("zero | default(5)", Value::Integer(0)),
        ("refused | default(\"x\")", Value::from("no")),
        ("unknown | default(name | upper)", Value::from("ANN LEE")),
        ("now | date", Value::from("23 November 2026")),
        ("\"2026-02-01\" | date", Value::from("1 February 2026")),
        ("\"2026-02-30\" | date", Value::from("2026-02-30")),
        ("\"20260201\" | date", Value::from("20260201")),
        ("\"tomorrow\" | date", Value::from("tomorrow")),
        ("\"2026-é2-01\" | date", Value::from("2026-é2-01")),
        ("\"14:30\" | date", Value::from("14:30")),
        ("\"52.52,13.405\" | date", Value::from("52.52,13.405")),
        ("skipped | date | default('any day')", Value::from("any day")),
        ("\"2026-11-23\" | date == now | date", Value::from("yes")),
        ("count | date", Value::Integer(3)),
        ("unknown", Value::from("")),
        ("count == 3", Value::from("yes")),
        ("count == 4", Value::from("no")),
        ("1.50", Value::Number(1.5)),
        ("\"it's\"", Value::from("it's")),
        ("'{{ name }}'", Value::from("{{ name }}")),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn names_know_whether_default_stands_by() {
    let names = |text: &str| -> Vec<(String, bool)> {
        let names = Expression::parse(text).unwrap().names();
        names
            .into_iter()
            .map(|NameUse { name, at, has_default }| {
                assert_eq!(&text[at], name);
                (name, has_default)
            })
            .collect()
    };
    let of = |name: &str, has_default: bool| (name.to_owned(), has_default);
    assert_eq!(names("size"), [of("size", false)]);
    assert_eq!(names("size | default(\"x\")"), [of("size", true)]);
    assert_eq!(names("size | upper | default(\"x\")"), [of("size", true)]);
    assert_eq!(names("size | length | default(\"x\")"), [of("size", false)]);
    assert_eq!(names("size | default(name)"), [of("name", false), of("size", true)]);
    assert_eq!(names("size | default(name) | default('x')"), [of("name", true), of("size", true)]);
    assert_eq!(names("(size == name) | default('x')"), [of("size", false), of("name", false)]);
    assert_eq!(
        names("not a and b in [c, d | default(1)]"),
        [of("a", false), of("b", false), of("c", false), of("d", true)]
    );
}

/// Each error as its place, its words and its hint.
#[test]
fn errors_say_what_to_write() {
    let mut report = String::new();
    for text in [
        "",
        "size = \"small\"",
        "size && count",
        "size || count",
        "size <> count",
        "!size",
        "size AND count",
        "size is \"small\"",
        "accepted == true",
        "count + 1",
        "count -1",
        "count * 2",
        "name.first",
        "upper(name)",
        "today()",
        "size[0]",
        "size | shout",
        "size |",
        "size | upper()",
        "size | default",
        "size | default(",
        "size | default()",
        "size == \"small",
        "size == “small”",
        "size in \"small\"",
        "size not \"small\"",
        "size in [\"a\" \"b\"]",
        "size in [\"a\"",
        "size == [\"a\"]",
        "1 < count < 3",
        "size ==",
        "== size",
        "(size",
        "size)",
        "size count",
        "my name",
        "{{ size }} == 1",
        "size if count",
        "9223372036854775808",
        "größe",
    ] {
        match Expression::parse(text) {
            Ok(_) => writeln!(report, "{text}\n  is an expression\n").unwrap(),
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

#[test]
fn nesting_and_length_are_bounded() {
    let nested = |depth: usize| format!("{}name{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Expression::parse(&nested(32)).is_ok());
    assert!(Expression::parse(&nested(33)).is_err());
    assert!(Expression::parse(&format!("{}name", "not ".repeat(33))).is_err());
    let defaults = format!("{}name{}", "a|default(".repeat(33), ")".repeat(33));
    assert!(Expression::parse(&defaults).is_err());
    assert!(Expression::parse(&vec!["name"; 250].join(" or ")).is_ok());
    assert!(Expression::parse(&vec!["name"; 500].join(" or ")).is_err());
}

proptest! {
    #[test]
    fn any_text_is_an_expression_or_an_error_inside_it(text in r"([ -~]|é|\PC){0,60}") {
        match Expression::parse(&text) {
            Ok(expression) => { expression.is_true(&scope()); }
            Err(error) => prop_assert!(text.get(error.at).is_some()),
        }
    }

    #[test]
    fn any_tokens_in_any_order_do_no_harm(
        tokens in proptest::collection::vec(proptest::sample::select(vec![
            "name", "size", "3", "1.5", "\"a\"", "and", "or", "not", "in", "==", "<", "(", ")",
            "[", "]", ",", "|", "default", "upper", "date",
        ]), 0..40),
    ) {
        let text = tokens.join(" ");
        match Expression::parse(&text) {
            Ok(expression) => { expression.value(&scope()); }
            Err(error) => prop_assert!(text.get(error.at).is_some()),
        }
    }
}
